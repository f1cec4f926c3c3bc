import { ActionIcon, Button, Checkbox } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useState, type FormEvent } from 'react'
import { parseFlightSearch, type FlightSearch } from '../api/flight-search.ts'
import type { CalendarRoute } from '../api/prices.ts'
import { SwapIcon } from '../ui/icons.tsx'
import { addDays, daysBetween, today } from '../ui/time-words.ts'
import { DateField, prepareCalendar } from './date-field.tsx'
import {
  findFaults,
  nearbyKm,
  sliceText,
  toFormState,
  toSearch,
  withSlice,
  withSliceAdded,
  withSliceRemoved,
  withTrip,
  type FormFaults,
  type FormState,
  type PlaceValue,
  type SliceValue,
  type Trip,
} from './form-state.ts'
import { PlaceField } from './place-field.tsx'
import styles from './search.module.css'
import { SlicesField } from './slices-field.tsx'
import { TravellersField } from './travellers-field.tsx'

/** Suppliers load schedules about this far ahead. */
const daysAhead = 360

const trips: { value: Trip; label: string }[] = [
  { value: 'return', label: 'Return' },
  { value: 'one_way', label: 'One way' },
  { value: 'multi_city', label: 'Multi-city' },
]

/** The search, filled from an address. A plain GET form: what it sends is the address of the results. */
export function SearchForm(props: { search: FlightSearch }) {
  const navigate = useNavigate()
  const [form, setForm] = useState<FormState>(() => toFormState(props.search))
  const [faults, setFaults] = useState<FormFaults>({})
  const [openDate, setOpenDate] = useState<string | null>(null)
  const turn = useCallback((next: (before: FormState) => FormState) => {
    setForm(next)
    setFaults({})
  }, [])
  const change = useCallback((part: Partial<FormState>) => turn((before) => ({ ...before, ...part })), [turn])
  const setOrigin = useCallback((origin: PlaceValue) => change({ origin }), [change])
  const setDestination = useCallback((destination: PlaceValue) => change({ destination }), [change])
  const changeSlice = useCallback(
    (id: number, part: Partial<Omit<SliceValue, 'id'>>) => turn((before) => withSlice(before, id, part)),
    [turn],
  )
  const firstDay = today()
  const lastDay = addDays(firstDay, daysAhead)
  const isReturn = form.trip === 'return'

  useEffect(() => {
    const idle = window.requestIdleCallback as typeof window.requestIdleCallback | undefined
    if (idle !== undefined) idle(prepareCalendar, { timeout: 4000 })
  }, [])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = findFaults(form, firstDay)
    setFaults(found)
    const first = Object.keys(found)[0]
    if (first !== undefined) {
      document.getElementById(fieldId(first))?.focus()
      return
    }
    void navigate({ to: '/flights', search: parseFlightSearch(toSearch(form)) })
  }

  const chooseDeparture = (departureDate: string) => {
    const isAfterReturn = form.returnDate !== '' && form.returnDate < departureDate
    change({ departureDate, ...(isAfterReturn ? { returnDate: '' } : {}) })
    setOpenDate(isReturn && (form.returnDate === '' || isAfterReturn) ? 'return' : null)
  }

  return (
    <form action="/flights" method="get" role="search" aria-label="Flights" className={styles.form} onSubmit={submit} noValidate>
      <fieldset className={styles.trip}>
        <legend className="said">Trip</legend>
        {trips.map(({ value, label }) => (
          <label key={value} className={styles.tripChoice}>
            <input
              type="radio"
              name="trip"
              value={value}
              checked={form.trip === value}
              onChange={() => turn((before) => withTrip(before, value))}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <div className={styles.fields} data-trip={form.trip}>
        {form.trip === 'multi_city' ? (
          <>
            {sliceText(form)
              .split(',')
              .map((slice, i) => (
                <input key={i} type="hidden" name="slice" value={slice} />
              ))}
            <SlicesField
              slices={form.slices}
              faults={faults}
              min={firstDay}
              max={lastDay}
              openDate={openDate}
              onOpenDate={setOpenDate}
              onChange={changeSlice}
              onAdd={() => turn(withSliceAdded)}
              onRemove={(id) => turn((before) => withSliceRemoved(before, id))}
            />
          </>
        ) : (
          <>
            <div className={styles.places}>
              <PlaceField
                name="origin"
                label="From"
                placeholder="City or airport"
                value={form.origin}
                error={faults['origin']}
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
                error={faults['destination']}
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
                error={faults['departureDate']}
                isOpen={openDate === 'departure'}
                priceRoute={priceRouteOf(form)}
                onOpen={(isOpen) => setOpenDate(isOpen ? 'departure' : null)}
                onChange={chooseDeparture}
              />
              {isReturn ? (
                <DateField
                  name="return_date"
                  label="Return"
                  value={form.returnDate}
                  min={form.departureDate === '' ? firstDay : form.departureDate}
                  max={lastDay}
                  error={faults['returnDate']}
                  isOpen={openDate === 'return'}
                  priceRoute={null}
                  onOpen={(isOpen) => setOpenDate(isOpen ? 'return' : null)}
                  onChange={(returnDate) => {
                    change({ returnDate })
                    setOpenDate(null)
                  }}
                />
              ) : null}
            </div>
          </>
        )}
        <TravellersField value={form} error={faults['travellers']} onChange={change} />
        <Button type="submit" size="md" className={styles.submit}>
          Search flights
        </Button>
      </div>
      {form.trip === 'multi_city' ? null : (
        <div className={styles.widely}>
          <Checkbox
            name="nearby_km"
            value={form.nearbyKm === '' ? nearbyKm : form.nearbyKm}
            checked={form.nearbyKm !== ''}
            onChange={(event) => change({ nearbyKm: event.currentTarget.checked ? nearbyKm : '' })}
            label={`Nearby airports, up to ${form.nearbyKm === '' ? nearbyKm : form.nearbyKm} km`}
          />
          {form.trip === 'one_way' ? (
            <Checkbox
              name="self_transfer"
              value="include"
              checked={form.combinesTickets}
              onChange={(event) => change({ combinesTickets: event.currentTarget.checked })}
              label="Also combine separate tickets"
            />
          ) : null}
        </div>
      )}
    </form>
  )
}

/** Where to put the focus for a fault: "slices.1.date" is the button of the second flight's date. */
function fieldId(fault: string): string {
  const [, index, field] = /^slices\.(\d+)\.(\w+)$/.exec(fault) ?? []
  if (index !== undefined && field !== undefined) {
    const name = `flight-${Number(index) + 1}-${field}`
    return field === 'date' ? `date-${name}` : `place-${name}`
  }
  const ids: Record<string, string> = {
    origin: 'place-origin',
    destination: 'place-destination',
    departureDate: 'date-departure_date',
    returnDate: 'date-return_date',
  }
  return ids[fault] ?? fault
}

/** What the calendar's prices are asked for: a return's depend on the nights between, so both its days must be chosen. */
function priceRouteOf(form: FormState): CalendarRoute | null {
  const { origin, destination, trip, adults, children, infants, cabin } = form
  if (origin.code === null || destination.code === null || (trip === 'return' && (form.departureDate === '' || form.returnDate === '')))
    return null
  return {
    ...parseFlightSearch({
      origin: origin.code,
      destination: destination.code,
      adults: String(adults),
      children: String(children),
      infants: String(infants),
      cabin,
    }),
    ...(trip === 'return' ? { nights: String(daysBetween(form.departureDate, form.returnDate)) } : {}),
  }
}
