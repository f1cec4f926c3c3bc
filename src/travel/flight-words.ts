import { daysBetween, instantOf, minuteOfDay, parseLocalDate, toIso, type Instant, type LocalDate, type ZonedTime } from '../kernel/time.ts'
import type { Baggage, CabinClass, PassengerFare, Segment, Slice } from './flight.ts'
import { baggageOfType, isSameAllowance } from './passenger-baggage.ts'
import type { PassengerType } from './passenger.ts'

/** How places and carriers are called; undefined for a code nobody knows, which is then shown as it is. */
export type FlightNames = { readonly carrier: (code: string) => string | undefined; readonly place: (code: string) => string | undefined }

/** "Jakarta (CGK)", or the bare code when the place has no name. */
export function placeWords(names: FlightNames, code: string): string {
  const name = names.place(code)
  return name === undefined ? code : `${name} (${code})`
}

/** "Garuda Indonesia GA 880". */
export function flightWords(names: FlightNames, segment: Pick<Segment, 'carrier' | 'flightNumber'>): string {
  const code = `${segment.carrier} ${segment.flightNumber}`
  const name = names.carrier(segment.carrier)
  return name === undefined ? code : `${name} ${code}`
}

/** What the clock at the place shows: "18:35". */
export function clockWords(time: ZonedTime): string {
  return time.local.slice(11, 16)
}

const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const EPOCH = '1970-01-01' as LocalDate

/** "Tue 1 Dec 2026". */
export function dateWords(date: LocalDate): string {
  const [year, month, day] = date.split('-')
  const weekday = WEEKDAYS[((daysBetween(EPOCH, date) % 7) + 7) % 7]
  return `${weekday} ${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`
}

/** The calendar day at the place of a departure or arrival. */
export function dayOf(time: ZonedTime): LocalDate {
  return parseLocalDate(time.local.slice(0, 10))
}

/** Calendar days at the two places between leaving and arriving: 1 is "+1", -1 happens across the date line. */
export function dayShift(departure: ZonedTime, arrival: ZonedTime): number {
  return daysBetween(dayOf(departure), dayOf(arrival))
}

/** "+1, arrives next day"; empty when it arrives on the day it leaves. */
export function dayShiftWords(days: number): string {
  if (days === 0) return ''
  if (days === 1) return '+1, arrives next day'
  if (days === -1) return '-1, arrives the day before'
  return days > 0 ? `+${days}, arrives ${days} days later` : `${days}, arrives ${-days} days earlier`
}

/** "12 h 5 min". */
export function durationWords(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

/** "Direct", "1 stop: Singapore (SIN)", "Direct, stops in Denpasar (DPS) without change of plane". */
export function stopsWords(names: FlightNames, slice: Slice): string {
  const places = slice.segments.slice(0, -1).map((segment) => placeWords(names, segment.destination))
  const changes = places.length === 0 ? 'Direct' : `${places.length} ${places.length === 1 ? 'stop' : 'stops'}: ${places.join(', ')}`
  const technical = technicalStopsWords(names, slice.segments)
  return technical === '' ? changes : `${changes}, ${technical}`
}

/** "stops in Denpasar (DPS) without change of plane"; empty when no flight is said to. */
export function technicalStopsWords(names: FlightNames, segments: readonly Pick<Segment, 'technicalStops'>[]): string {
  const places = segments.flatMap((segment) => segment.technicalStops ?? []).map((code) => placeWords(names, code))
  return places.length === 0 ? '' : `stops in ${places.join(' and ')} without change of plane`
}

/** Minutes between two flights that follow each other; null when their clocks cannot be compared. */
export function connectionMinutes(arriving: Segment, leaving: Segment): number | null {
  const { arrival } = arriving
  const { departure } = leaving
  if (arrival.offset !== null && departure.offset !== null) {
    const between =
      instantOf({ local: departure.local, offset: departure.offset }) - instantOf({ local: arrival.local, offset: arrival.offset })
    return between < 0 ? null : Math.round(between / 60_000)
  }
  if (arriving.destination !== leaving.origin) return null
  const between = daysBetween(dayOf(arrival), dayOf(departure)) * 1_440 + minuteOfDay(departure.local) - minuteOfDay(arrival.local)
  return between < 0 ? null : between
}

/** What a traveller must do between two flights: "Connection of 2 h 10 min in Singapore (SIN), from terminal 1 to terminal 3". */
export function connectionWords(names: FlightNames, arriving: Segment, leaving: Segment): string {
  const minutes = connectionMinutes(arriving, leaving)
  const length = minutes === null ? 'Connection' : `Connection of ${durationWords(minutes)}`
  if (arriving.destination !== leaving.origin) {
    return `${length}. Change airports: you arrive at ${placeWords(names, arriving.destination)} and leave from ${placeWords(names, leaving.origin)}`
  }
  const terminals = [arriving.destinationTerminal, leaving.originTerminal]
  const change =
    terminals[0] !== null && terminals[1] !== null && terminals[0] !== terminals[1]
      ? `, from terminal ${terminals[0]} to terminal ${terminals[1]}`
      : ''
  return `${length} in ${placeWords(names, leaving.origin)}${change}`
}

const CABINS: Readonly<Record<CabinClass, string>> = {
  economy: 'Economy',
  premium_economy: 'Premium economy',
  business: 'Business',
  first: 'First',
}

/** "Premium economy"; "Cabin not stated" when the supplier does not say. */
export function cabinWords(cabin: CabinClass | null): string {
  return cabin === null ? 'Cabin not stated' : CABINS[cabin]
}

const BAGS = {
  personal: ['personal item', 'personal items'],
  carry_on: ['cabin bag', 'cabin bags'],
  checked: ['checked bag', 'checked bags'],
} as const

/** "1 checked bag of 23 kg, no cabin bag"; what the supplier does not say is "not stated" and never "none". */
export function baggageWords(baggage: readonly Baggage[]): string {
  if (baggage.length === 0) return 'not stated, ask the airline'
  const parts = baggage.map(allowanceWords)
  if (!baggage.some((bag) => bag.kind === 'checked')) parts.push('checked bags not stated')
  return parts.join(', ')
}

/** What one type of passengers may bring. */
export type TypeAllowance = { readonly type: PassengerType; readonly baggage: readonly Baggage[] }

/** For each segment in the order flown, the types whose allowance is another than the segment's own. */
export function otherAllowances(
  fares: readonly Pick<PassengerFare, 'type' | 'baggage'>[],
  slices: readonly Slice[],
): readonly (readonly TypeAllowance[])[] {
  const byType = fares.map((fare) => ({ type: fare.type, allowances: baggageOfType(fare, slices) }))
  return slices
    .flatMap((slice) => slice.segments)
    .map((segment, i) =>
      byType
        .map(({ type, allowances }) => ({ type, baggage: allowances[i]! }))
        .filter((one) => !isSameAllowance(one.baggage, segment.baggage)),
    )
}

function allowanceWords(bag: Baggage): string {
  const [one, many] = BAGS[bag.kind]
  if (bag.pieces === 0) return `no ${one}`
  if (bag.pieces === null) return bag.weightKg === null ? `${many}, number not stated` : `${many} up to ${bag.weightKg} kg`
  const weight = bag.weightKg === null ? '' : ` of ${bag.weightKg} kg${bag.pieces > 1 ? ' each' : ''}`
  return `${bag.pieces} ${bag.pieces === 1 ? one : many}${weight}`
}

/** "Outbound", "Return", "Journey 2 of 3", or "Your journey" when there is only one. */
export function sliceTitle(slices: readonly Slice[], index: number): string {
  if (slices.length === 1) return 'Your journey'
  const [first, second] = slices
  if (slices.length === 2 && first?.origin === second?.destination && first?.destination === second?.origin)
    return index === 0 ? 'Outbound' : 'Return'
  return `Journey ${index + 1} of ${slices.length}`
}

/** A moment in words that mean the same everywhere: "Fri 3 Dec 2026, 15:10 UTC". */
export function momentWords(at: Instant): string {
  const iso = toIso(at)
  return `${dateWords(parseLocalDate(iso.slice(0, 10)))}, ${iso.slice(11, 16)} UTC`
}
