import { Button } from '@mantine/core'
import { useCallback } from 'react'
import { mostSlices } from '../api/flight-search.ts'
import { CloseIcon } from '../ui/icons.tsx'
import { DateField } from './date-field.tsx'
import type { FormFaults, PlaceValue, SliceValue } from './form-state.ts'
import { PlaceField } from './place-field.tsx'
import styles from './slices-field.module.css'

type SlicesFieldProps = {
  slices: readonly SliceValue[]
  faults: FormFaults
  min: string
  max: string
  openDate: string | null
  onOpenDate: (name: string | null) => void
  onChange: (id: number, change: Partial<Omit<SliceValue, 'id'>>) => void
  onAdd: () => void
  onRemove: (id: number) => void
}

/** The flights of a multi-city journey, two to six. */
export function SlicesField(props: SlicesFieldProps) {
  return (
    <div className={styles.slices}>
      <ol className={styles.sliceList}>
        {props.slices.map((slice, i) => (
          <SliceRow key={slice.id} {...props} slice={slice} index={i} earliest={props.slices[i - 1]?.date ?? ''} />
        ))}
      </ol>
      {props.slices.length >= mostSlices ? (
        <p className="small muted">{mostSlices} flights are the most one booking holds.</p>
      ) : (
        <Button variant="subtle" onClick={props.onAdd}>
          Add a flight
        </Button>
      )}
    </div>
  )
}

function SliceRow(props: SlicesFieldProps & { slice: SliceValue; index: number; earliest: string }) {
  const { slice, index, faults, onChange } = props
  const { id } = slice
  const name = `flight-${index + 1}`
  const setOrigin = useCallback((origin: PlaceValue) => onChange(id, { origin }), [id, onChange])
  const setDestination = useCallback((destination: PlaceValue) => onChange(id, { destination }), [id, onChange])
  return (
    <li>
      <div className={styles.slice} role="group" aria-label={`Flight ${index + 1}`}>
        <PlaceField
          name={`${name}-origin`}
          label="From"
          placeholder="City or airport"
          value={slice.origin}
          error={faults[`slices.${index}.origin`]}
          onChange={setOrigin}
        />
        <PlaceField
          name={`${name}-destination`}
          label="To"
          placeholder="City or airport"
          value={slice.destination}
          error={faults[`slices.${index}.destination`]}
          onChange={setDestination}
        />
        <DateField
          name={`${name}-date`}
          label="Departure"
          value={slice.date}
          min={props.earliest === '' ? props.min : props.earliest}
          max={props.max}
          error={faults[`slices.${index}.date`]}
          isOpen={props.openDate === name}
          priceRoute={null}
          onOpen={(isOpen) => props.onOpenDate(isOpen ? name : null)}
          onChange={(date) => {
            onChange(id, { date })
            props.onOpenDate(null)
          }}
        />
        {props.slices.length <= 2 ? null : (
          <button type="button" className={styles.removeSlice} onClick={() => props.onRemove(id)}>
            <CloseIcon /> Remove <span className="said">flight {index + 1}</span>
          </button>
        )}
      </div>
    </li>
  )
}
