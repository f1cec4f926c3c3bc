import { combinesTickets, isComplete, mostSlices, passengerCounts, slicesOf, writeSlices, type FlightSearch } from '../api/flight-search.ts'

/** A place as typed or chosen; `code` is null until it is one the directory knows. */
export type PlaceValue = { code: string | null; text: string }

export type Trip = 'return' | 'one_way' | 'multi_city'

/** One flight of a multi-city journey. `id` tells it from the others while they come and go. */
export type SliceValue = { id: number; origin: PlaceValue; destination: PlaceValue; date: string }

export type FormState = {
  trip: Trip
  origin: PlaceValue
  destination: PlaceValue
  departureDate: string
  returnDate: string
  /** The flights of a multi-city journey, two at least. */
  slices: readonly SliceValue[]
  adults: number
  children: number
  infants: number
  cabin: string
  /** Kilometres round origin and destination in which other airports count too; empty is none. */
  nearbyKm: string
  combinesTickets: boolean
}

/** Faults by field: "origin", "departureDate", "travellers"; of multi-city flights "slices.0.date". */
export type FormFaults = Record<string, string>

export const mostTravellers = 9
/** How far "nearby" reaches when it is switched on here. */
export const nearbyKm = '100'
const fewestSlices = 2

const noPlace: PlaceValue = { code: null, text: '' }
const placeOf = (code: string): PlaceValue => ({ code: code === '' ? null : code, text: '' })

/** The form as an address describes it; an address without a search gives an empty return trip for one adult. */
export function toFormState(search: FlightSearch): FormState {
  const slices = slicesOf(search)
  const [first] = slices
  const values = slices.slice(0, mostSlices).map((slice, id) => ({
    id,
    origin: placeOf(slice.origin),
    destination: placeOf(slice.destination),
    date: slice.date,
  }))
  return {
    trip: search.slice !== undefined ? 'multi_city' : search.return_date !== undefined || !isComplete(search) ? 'return' : 'one_way',
    origin: placeOf(first?.origin ?? ''),
    destination: placeOf(first?.destination ?? ''),
    departureDate: first?.date ?? '',
    returnDate: search.return_date ?? '',
    slices: withFewest(values),
    ...passengerCounts(search),
    cabin: search.cabin ?? 'economy',
    nearbyKm: search.nearby_km ?? '',
    combinesTickets: combinesTickets(search),
  }
}

/** The form for another kind of trip; what was filled in is carried over as far as it fits. */
export function withTrip(form: FormState, trip: Trip): FormState {
  if (trip === form.trip) return form
  if (trip !== 'multi_city') {
    const first = form.slices[0]
    if (form.trip !== 'multi_city' || first === undefined) return { ...form, trip }
    return { ...form, trip, origin: first.origin, destination: first.destination, departureDate: first.date }
  }
  const outbound = { id: 0, origin: form.origin, destination: form.destination, date: form.departureDate }
  const inbound = { id: 1, origin: form.destination, destination: form.origin, date: form.returnDate }
  return { ...form, trip, slices: withFewest(form.trip === 'return' && form.returnDate !== '' ? [outbound, inbound] : [outbound]) }
}

/** The form with one more flight, from where the last one ends; the same when there are as many as can be. */
export function withSliceAdded(form: FormState): FormState {
  if (form.slices.length >= mostSlices) return form
  const id = Math.max(-1, ...form.slices.map((slice) => slice.id)) + 1
  return { ...form, slices: [...form.slices, { id, origin: form.slices.at(-1)?.destination ?? noPlace, destination: noPlace, date: '' }] }
}

/** The form without this flight; two always stay. */
export function withSliceRemoved(form: FormState, id: number): FormState {
  return form.slices.length <= fewestSlices ? form : { ...form, slices: form.slices.filter((slice) => slice.id !== id) }
}

/** The form with one flight changed. What follows begins where this one ends, unless something else was chosen there. */
export function withSlice(form: FormState, id: number, change: Partial<Omit<SliceValue, 'id'>>): FormState {
  const at = form.slices.findIndex((slice) => slice.id === id)
  const slices = form.slices.map((slice, i) => {
    if (i === at) return { ...slice, ...change }
    const isOpen = slice.origin.code === null && slice.origin.text === ''
    return i === at + 1 && isOpen && change.destination?.code != null ? { ...slice, origin: change.destination } : slice
  })
  return { ...form, slices }
}

function withFewest(slices: readonly SliceValue[]): SliceValue[] {
  const filled = [...slices]
  while (filled.length < fewestSlices)
    filled.push({ id: filled.length, origin: filled.at(-1)?.destination ?? noPlace, destination: noPlace, date: '' })
  return filled
}

/** The search the form asks for; call only when {@link findFaults} finds none. */
export function toSearch(form: FormState): FlightSearch {
  const { adults, children, infants, cabin, trip } = form
  const journey: FlightSearch =
    trip === 'multi_city'
      ? { slice: sliceText(form) }
      : {
          origin: form.origin.code ?? '',
          destination: form.destination.code ?? '',
          departure_date: form.departureDate,
          ...(trip === 'return' ? { return_date: form.returnDate } : {}),
          ...(form.nearbyKm === '' ? {} : { nearby_km: form.nearbyKm }),
          ...(trip === 'one_way' && form.combinesTickets ? { self_transfer: 'include' } : {}),
        }
  return { ...journey, adults: String(adults), children: String(children), infants: String(infants), cabin }
}

/** The flights of a multi-city journey as the address holds them. */
export function sliceText(form: FormState): string {
  return writeSlices(
    form.slices.map(({ origin, destination, date }) => ({ origin: origin.code ?? '', destination: destination.code ?? '', date })),
  )
}

/** What keeps the form from being a search, in words for each field; `today` is the first day that can be chosen. */
export function findFaults(form: FormState, today: string): FormFaults {
  const faults: FormFaults = {}
  if (form.trip === 'multi_city') {
    for (const [i, slice] of form.slices.entries()) {
      placeFaults(faults, slice, `slices.${i}.`)
      const before = form.slices[i - 1]?.date ?? ''
      const fault = dateFault(slice.date, today) ?? (slice.date < before ? 'This is before the flight above' : null)
      if (fault !== null) faults[`slices.${i}.date`] = fault
    }
  } else {
    placeFaults(faults, form, '')
    const fault = dateFault(form.departureDate, today)
    if (fault !== null) faults['departureDate'] = fault
  }
  if (form.trip === 'return') {
    if (form.returnDate === '') faults['returnDate'] = 'Choose a day, or one way'
    else if (form.returnDate < form.departureDate) faults['returnDate'] = 'The return is before the departure'
  }
  const travellers = travellersFault(form)
  if (travellers !== null) faults['travellers'] = travellers
  return faults
}

function placeFaults(faults: FormFaults, { origin, destination }: Pick<FormState, 'origin' | 'destination'>, prefix: string): void {
  if (origin.code === null)
    faults[`${prefix}origin`] = origin.text.trim() === '' ? 'Say where you leave from' : 'Choose a place from the list'
  if (destination.code === null)
    faults[`${prefix}destination`] = destination.text.trim() === '' ? 'Say where you go' : 'Choose a place from the list'
  else if (origin.code === destination.code) faults[`${prefix}destination`] = 'Choose another place than the one you leave from'
}

function dateFault(date: string, today: string): string | null {
  if (date === '') return 'Choose a day'
  return date < today ? 'This day has passed' : null
}

/** Why these travellers cannot travel together, null when they can. An infant sits on an adult's lap. */
export function travellersFault(form: Pick<FormState, 'adults' | 'children' | 'infants'>): string | null {
  if (form.adults < 1) return 'At least one adult must travel'
  if (form.infants > form.adults) return 'Each infant needs an adult’s lap: no more infants than adults'
  if (form.adults + form.children + form.infants > mostTravellers) return `At most ${mostTravellers} travellers in one booking`
  return null
}
