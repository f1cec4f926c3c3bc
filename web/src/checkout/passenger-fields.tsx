import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { countryChoices } from './countries.ts'
import styles from './checkout.module.css'
import { DatePartsField } from './date-parts-field.tsx'
import { fieldId, type Faults } from './draft-faults.ts'
import { ticketName, type PassengerDraft } from './draft.ts'
import { titleChoices } from './titles.ts'

const typeWords = { adult: 'adult', child: 'child, 2 to 11', infant: 'infant, under 2' } as const

const genders = [
  { value: '', label: 'Choose' },
  { value: 'female', label: 'Female (F)' },
  { value: 'male', label: 'Male (M)' },
  { value: 'unspecified', label: 'Unspecified (X)' },
]

type PassengerFieldsProps = { index: number; value: PassengerDraft; faults: Faults; onChange: (change: Partial<PassengerDraft>) => void }

/** One traveller, as the passport has them. */
export function PassengerFields(props: PassengerFieldsProps) {
  const { value, faults, onChange } = props
  const pointer = `/passengers/${props.index}`
  const isFirst = props.index === 0
  const field = (name: string) => ({ id: fieldId(`${pointer}/${name}`), error: faults[`${pointer}/${name}`] })
  const hasName = value.givenName.trim() !== '' && value.familyName.trim() !== ''
  return (
    <fieldset className={styles.passenger}>
      <legend>
        Traveller {props.index + 1}, {typeWords[value.type]}
      </legend>
      <div className={styles.names}>
        <NativeSelect
          {...field('title')}
          label="Title"
          data={titleChoices}
          value={value.title}
          onChange={(event) => onChange({ title: event.currentTarget.value })}
        />
        <TextInput
          {...field('given_name')}
          label="Given names"
          autoComplete={isFirst ? 'given-name' : 'off'}
          spellCheck={false}
          value={value.givenName}
          onChange={(event) => onChange({ givenName: event.currentTarget.value })}
        />
        <TextInput
          {...field('family_name')}
          label="Family name"
          autoComplete={isFirst ? 'family-name' : 'off'}
          spellCheck={false}
          value={value.familyName}
          onChange={(event) => onChange({ familyName: event.currentTarget.value })}
        />
      </div>
      <p className="small muted">
        {hasName ? (
          <>
            On the ticket: <span className="code">{ticketName(value)}</span>
          </>
        ) : (
          'All names exactly as in the passport. A wrong letter can cost the flight.'
        )}
      </p>
      <div className={styles.pair}>
        <DatePartsField
          {...field('born_on')}
          label="Date of birth"
          value={value.born}
          {...(isFirst ? { autoComplete: 'bday' as const } : {})}
          onChange={(born) => onChange({ born })}
        />
        <NativeSelect
          {...field('gender')}
          className={styles.beside}
          label="Gender in the passport"
          data={genders}
          value={value.gender}
          onChange={(event) => onChange({ gender: event.currentTarget.value })}
        />
      </div>
      <Checkbox
        label="Add the passport now"
        description="Optional here. Some routes need it before check-in."
        checked={value.hasPassport}
        onChange={(event) => onChange({ hasPassport: event.currentTarget.checked })}
      />
      {value.hasPassport ? (
        <div className={styles.pair}>
          <TextInput
            {...field('document/number')}
            label="Passport number"
            description="Not kept on this device."
            autoComplete="off"
            spellCheck={false}
            value={value.passportNumber}
            onChange={(event) => onChange({ passportNumber: event.currentTarget.value })}
          />
          <DatePartsField
            {...field('document/expires_on')}
            label="Valid until"
            value={value.passportEnds}
            onChange={(passportEnds) => onChange({ passportEnds })}
          />
          <NativeSelect
            {...field('document/issuing_country')}
            label="Issued by"
            data={countryChoices}
            value={value.issuingCountry}
            onChange={(event) => onChange({ issuingCountry: event.currentTarget.value })}
          />
          <NativeSelect
            {...field('document/nationality')}
            label="Nationality"
            data={countryChoices}
            value={value.nationality}
            onChange={(event) => onChange({ nationality: event.currentTarget.value })}
          />
        </div>
      ) : null}
    </fieldset>
  )
}
