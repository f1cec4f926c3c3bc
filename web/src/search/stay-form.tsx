import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useState, type FormEvent } from 'react'
import { mostNights } from '../api/stay-rooms.ts'
import { parseStaySearch, type StaySearch } from '../api/stay-search.ts'
import { addDays, today } from '../ui/time-words.ts'
import { DateField, prepareCalendar } from './date-field.tsx'
import type { PlaceValue } from './form-state.ts'
import { PlaceField } from './place-field.tsx'
import { RoomsField } from './rooms-field.tsx'
import styles from './search.module.css'
import {
  findStayFaults,
  roomsText,
  toStayFormState,
  toStaySearch,
  withRoom,
  withRoomAdded,
  withRoomRemoved,
  type StayFormFaults,
  type StayFormState,
} from './stay-form-state.ts'

/** Hotels load rates about this far ahead. */
const daysAhead = 480

/** The search for hotels, filled from an address. A plain GET form: what it sends is the address of the results. */
export function StayForm(props: { search: StaySearch }) {
  const navigate = useNavigate()
  const [form, setForm] = useState<StayFormState>(() => toStayFormState(props.search))
  const [faults, setFaults] = useState<StayFormFaults>({})
  const [open, setOpen] = useState<'check_in' | 'check_out' | 'rooms' | null>(null)
  const [focus, setFocus] = useState<string | null>(null)
  const turn = useCallback((next: (before: StayFormState) => StayFormState) => {
    setForm(next)
    setFaults({})
  }, [])
  const setPlace = useCallback((place: PlaceValue) => turn((before) => ({ ...before, place })), [turn])
  const firstDay = today()
  const firstOut = addDays(form.checkIn === '' ? firstDay : form.checkIn, 1)

  useEffect(() => {
    const idle = window.requestIdleCallback as typeof window.requestIdleCallback | undefined
    if (idle !== undefined) idle(prepareCalendar, { timeout: 4000 })
  }, [])
  // A child's age is asked in what opens only now.
  useEffect(() => {
    if (focus === null) return
    document.getElementById(focus)?.focus()
    setFocus(null)
  }, [focus])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = findStayFaults(form, firstDay)
    setFaults(found)
    const first = Object.keys(found)[0]
    if (first === undefined) {
      void navigate({ to: '/stays', search: parseStaySearch(toStaySearch(form)) })
      return
    }
    if (first.startsWith('rooms.')) setOpen('rooms')
    setFocus(fieldIds[first] ?? first)
  }

  const chooseCheckIn = (checkIn: string) => {
    const isAfter = form.checkOut !== '' && form.checkOut <= checkIn
    turn((before) => ({ ...before, checkIn, ...(isAfter ? { checkOut: '' } : {}) }))
    setOpen(form.checkOut === '' || isAfter ? 'check_out' : null)
  }

  return (
    <form action="/stays" method="get" role="search" aria-label="Hotels" className={styles.form} onSubmit={submit} noValidate>
      <input type="hidden" name="rooms" value={roomsText(form)} />
      <div className={styles.fields} data-trip="stay">
        <PlaceField
          name="place"
          label="Where"
          placeholder="City or airport"
          value={form.place}
          error={faults['place']}
          onChange={setPlace}
        />
        <div className={styles.dates}>
          <DateField
            name="check_in"
            label="Check-in"
            value={form.checkIn}
            min={firstDay}
            max={addDays(firstDay, daysAhead)}
            error={faults['checkIn']}
            isOpen={open === 'check_in'}
            priceRoute={null}
            onOpen={(isOpen) => setOpen(isOpen ? 'check_in' : null)}
            onChange={chooseCheckIn}
          />
          <DateField
            name="check_out"
            label="Check-out"
            value={form.checkOut}
            min={firstOut}
            max={form.checkIn === '' ? addDays(firstDay, daysAhead + mostNights) : addDays(form.checkIn, mostNights)}
            error={faults['checkOut']}
            isOpen={open === 'check_out'}
            priceRoute={null}
            onOpen={(isOpen) => setOpen(isOpen ? 'check_out' : null)}
            onChange={(checkOut) => {
              turn((before) => ({ ...before, checkOut }))
              setOpen(null)
            }}
          />
        </div>
        <RoomsField
          rooms={form.rooms}
          faults={faults}
          isOpen={open === 'rooms'}
          onOpen={(isOpen) => setOpen(isOpen ? 'rooms' : null)}
          onChange={(id, change) => turn((before) => withRoom(before, id, change))}
          onAdd={() => turn(withRoomAdded)}
          onRemove={(id) => turn((before) => withRoomRemoved(before, id))}
        />
        <Button type="submit" size="md" className={styles.submit}>
          Search hotels
        </Button>
      </div>
    </form>
  )
}

const fieldIds: Record<string, string> = { place: 'place-place', checkIn: 'date-check_in', checkOut: 'date-check_out' }
