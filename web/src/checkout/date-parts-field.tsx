import { Input, TextInput } from '@mantine/core'
import styles from './checkout.module.css'
import type { DateParts } from './draft.ts'

type DatePartsFieldProps = {
  id: string
  label: string
  hint?: string
  value: DateParts
  error: string | undefined
  autoComplete?: 'bday'
  onChange: (value: DateParts) => void
}

const parts = [
  { key: 'day', label: 'Day', width: 2 },
  { key: 'month', label: 'Month', width: 2 },
  { key: 'year', label: 'Year', width: 4 },
] as const

/** A known date, typed: quicker and surer than leafing a calendar back through decades. The first part has the field's id. */
export function DatePartsField(props: DatePartsFieldProps) {
  const errorId = `${props.id}-error`
  const hintId = `${props.id}-hint`
  const described = [props.hint === undefined ? null : hintId, props.error === undefined ? null : errorId]
    .filter((id) => id !== null)
    .join(' ')
  return (
    <fieldset className={styles.dateParts} aria-describedby={described === '' ? undefined : described}>
      <legend>{props.label}</legend>
      {props.hint === undefined ? null : (
        <p id={hintId} className="small muted">
          {props.hint}
        </p>
      )}
      <div className={styles.parts}>
        {parts.map((part) => (
          <TextInput
            key={part.key}
            id={part.key === 'day' ? props.id : `${props.id}-${part.key}`}
            label={part.label}
            inputMode="numeric"
            maxLength={part.width}
            autoComplete={props.autoComplete === undefined ? 'off' : `${props.autoComplete}-${part.key}`}
            value={props.value[part.key]}
            aria-invalid={props.error !== undefined}
            error={props.error !== undefined}
            data-part={part.key}
            onChange={(event) => props.onChange({ ...props.value, [part.key]: event.currentTarget.value.replace(/\D/g, '') })}
          />
        ))}
      </div>
      {props.error === undefined ? null : (
        <Input.Error id={errorId} size="md">
          {props.error}
        </Input.Error>
      )}
    </fieldset>
  )
}
