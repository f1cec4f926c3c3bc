import { isComplete, passengerCounts, type FlightSearch } from '../api/flight-search.ts'

/** A place as typed or chosen; `code` is null until it is one the directory knows. */
export type PlaceValue = { code: string | null; text: string }

export type FormState = {
  origin: PlaceValue
  destination: PlaceValue
  isReturn: boolean
  departureDate: string
  returnDate: string
  adults: number
  children: number
  infants: number
  cabin: string
}

export type FormFaults = Partial<Record<'origin' | 'destination' | 'departureDate' | 'returnDate' | 'travellers', string>>

export const mostTravellers = 9

/** The form as an address describes it; an address without a search gives an empty return trip for one adult. */
export function toFormState(search: FlightSearch): FormState {
  const counts = passengerCounts(search)
  return {
    origin: { code: search.origin ?? null, text: '' },
    destination: { code: search.destination ?? null, text: '' },
    isReturn: search.return_date !== undefined || !isComplete(search),
    departureDate: search.departure_date ?? '',
    returnDate: search.return_date ?? '',
    ...counts,
    cabin: search.cabin ?? 'economy',
  }
}

/** The search the form asks for; call only when {@link findFaults} finds none. */
export function toSearch(form: FormState): FlightSearch {
  return {
    origin: form.origin.code ?? '',
    destination: form.destination.code ?? '',
    departure_date: form.departureDate,
    ...(form.isReturn ? { return_date: form.returnDate } : {}),
    adults: String(form.adults),
    children: String(form.children),
    infants: String(form.infants),
    cabin: form.cabin,
  }
}

/** What keeps the form from being a search, in words for each field; `today` is the first day that can be chosen. */
export function findFaults(form: FormState, today: string): FormFaults {
  const faults: FormFaults = {}
  if (form.origin.code === null)
    faults.origin = form.origin.text.trim() === '' ? 'Say where you leave from' : 'Choose a place from the list'
  if (form.destination.code === null)
    faults.destination = form.destination.text.trim() === '' ? 'Say where you go' : 'Choose a place from the list'
  if (form.origin.code !== null && form.origin.code === form.destination.code)
    faults.destination = 'Choose another place than the one you leave from'
  if (form.departureDate === '') faults.departureDate = 'Choose a day'
  else if (form.departureDate < today) faults.departureDate = 'This day has passed'
  if (form.isReturn) {
    if (form.returnDate === '') faults.returnDate = 'Choose a day, or one way'
    else if (form.returnDate < form.departureDate) faults.returnDate = 'The return is before the departure'
  }
  const travellers = travellersFault(form)
  if (travellers !== null) faults.travellers = travellers
  return faults
}

/** Why these travellers cannot travel together, null when they can. An infant sits on an adult's lap. */
export function travellersFault(form: Pick<FormState, 'adults' | 'children' | 'infants'>): string | null {
  if (form.adults < 1) return 'At least one adult must travel'
  if (form.infants > form.adults) return 'Each infant needs an adult’s lap: no more infants than adults'
  if (form.adults + form.children + form.infants > mostTravellers) return `At most ${mostTravellers} travellers in one booking`
  return null
}
