import { ActionIcon, Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useState, type FormEvent } from 'react'
import { parseFlightSearch, type FlightSearch } from '../api/flight-search.ts'
import { SwapIcon } from '../ui/icons.tsx'
import { addDays, today } from '../ui/time-words.ts'
import { DateField, prepareCalendar } from './date-field.tsx'
import { findFaults, toFormState, toSearch, type FormFaults, type FormState, type PlaceValue } from './form-state.ts'
import { PlaceField } from './place-field.tsx'
import styles from './search.module.css'
import { TravellersField } from './travellers-field.tsx'

/** Suppliers load schedules about this far ahead. */
const daysAhead = 360

const fieldIds: Record<keyof FormFaults, string> = {
  origin: 'place-origin',
  destination: 'place-destination',
  departureDate: 'date-departure_date',
  returnDate: 'date-return_date',
  travellers: 'travellers',
}

/** The search, filled from an address. A plain GET form: what it sends is the address of the results. */
export function SearchForm(props: { search: FlightSearch }) {
  const navigate = useNavigate()
  const [form, setForm] = useState<FormState>(() => toFormState(props.search))
  const [faults, setFaults] = useState<FormFaults>({})
  const [openDate, setOpenDate] = useState<'departure' | 'return' | null>(null)
  const change = useCallback((part: Partial<FormState>) => {
    setForm((before) => ({ ...before, ...part }))
    setFaults({})
  }, [])
  const setOrigin = useCallback((origin: PlaceValue) => change({ origin }), [change])
  const setDestination = useCallback((destination: PlaceValue) => change({ destination }), [change])
  const firstDay = today()
  const lastDay = addDays(firstDay, daysAhead)

  useEffect(() => {
    const idle = window.requestIdleCallback as typeof window.requestIdleCallback | undefined
    if (idle !== undefined) idle(prepareCalendar, { timeout: 4000 })
  }, [])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = findFaults(form, firstDay)
    setFaults(found)
    const first = Object.keys(found)[0] as keyof FormFaults | undefined
    if (first !== undefined) {
      document.getElementById(fieldIds[first])?.focus()
      return
    }
    void navigate({ to: '/flights', search: parseFlightSearch(toSearch(form)) })
  }

  const chooseDeparture = (departureDate: string) => {
    change({ departureDate, ...(form.returnDate !== '' && form.returnDate < departureDate ? { returnDate: '' } : {}) })
    setOpenDate(form.isReturn && (form.returnDate === '' || form.returnDate < departureDate) ? 'return' : null)
  }

  return (
    <form action="/flights" method="get" role="search" aria-label="Flights" className={styles.form} onSubmit={submit} noValidate>
      <fieldset className={styles.trip}>
        <legend className="said">Trip</legend>
        {[
          [true, 'Return'],
          [false, 'One way'],
        ].map(([isReturn, label]) => (
          <label key={String(label)} className={styles.tripChoice}>
            <input
              type="radio"
              name="trip"
              value={isReturn === true ? 'return' : 'one_way'}
              checked={form.isReturn === isReturn}
              onChange={() => change({ isReturn: isReturn === true })}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <div className={styles.fields} data-return={form.isReturn}>
        <div className={styles.places}>
          <PlaceField
            name="origin"
            label="From"
            placeholder="City or airport"
            value={form.origin}
            error={faults.origin}
            onChange={setOrigin}
          />
          <ActionIcon
            variant="default"
            size={36}
            radius={18}
            className={styles.swap}
            aria-label="Swap from and to"
            onClick={() => change({ origin: form.destination, destination: form.origin })}
          >
            <SwapIcon />
          </ActionIcon>
          <PlaceField
            name="destination"
            label="To"
            placeholder="City or airport"
            value={form.destination}
            error={faults.destination}
            onChange={setDestination}
          />
        </div>
        <div className={styles.dates}>
          <DateField
            name="departure_date"
            label="Departure"
            value={form.departureDate}
            min={firstDay}
            max={lastDay}
            error={faults.departureDate}
            isOpen={openDate === 'departure'}
            onOpen={(isOpen) => setOpenDate(isOpen ? 'departure' : null)}
            onChange={chooseDeparture}
          />
          {form.isReturn ? (
            <DateField
              name="return_date"
              label="Return"
              value={form.returnDate}
              min={form.departureDate === '' ? firstDay : form.departureDate}
              max={lastDay}
              error={faults.returnDate}
              isOpen={openDate === 'return'}
              onOpen={(isOpen) => setOpenDate(isOpen ? 'return' : null)}
              onChange={(returnDate) => {
                change({ returnDate })
                setOpenDate(null)
              }}
            />
          ) : null}
        </div>
        <TravellersField value={form} error={faults.travellers} onChange={change} />
        <Button type="submit" size="md" className={styles.submit}>
          Search flights
        </Button>
      </div>
    </form>
  )
}
