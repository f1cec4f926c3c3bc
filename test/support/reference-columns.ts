import { daysBetween, instantOf, minuteOfDay, parseLocalDate, type ZonedTime } from '../../src/kernel/time.ts'
import { allianceOf } from '../../src/travel/alliances.ts'
import { stopsOf, type FlightOffer, type Segment, type Slice } from '../../src/travel/flight.ts'

/*
 * What can be asked of a flight offer, read off the offer itself, under the names of the columns. The helpers come first
 * here: they say what an offer is like.
 */

const allSegments = (offer: FlightOffer): Segment[] => offer.slices.flatMap((slice) => slice.segments)
export const once = <T>(values: readonly T[]): T[] => [...new Set(values)]
const yesNo = (fact: boolean): string => (fact ? 'yes' : 'no')
const yesNoUnknown = (fact: boolean | null): string => (fact === null ? 'unknown' : yesNo(fact))
export const firstOf = (slice: Slice): Segment => slice.segments[0]!
export const lastOf = (slice: Slice): Segment => slice.segments[slice.segments.length - 1]!

/** The most connections in any slice. */
export const mostStops = (offer: FlightOffer): number => Math.max(...offer.slices.map(stopsOf))

/** Two segments of one slice that follow each other. */
function connectionsOf(offer: FlightOffer): { arriving: Segment; leaving: Segment }[] {
  return offer.slices.flatMap(({ segments }) => segments.slice(1).map((leaving, i) => ({ arriving: segments[i]!, leaving })))
}

/** Between the two readings of the clock there. */
function minutesOfConnection({ arriving, leaving }: { arriving: Segment; leaving: Segment }): number {
  return clockMinutes(leaving.departure) - clockMinutes(arriving.arrival)
}

/** What the clock and the calendar on the wall show, as minutes since the clock there showed 1 January 1970, 00:00. */
export function clockMinutes({ local }: ZonedTime): number {
  return daysBetween(parseLocalDate('1970-01-01'), parseLocalDate(local.slice(0, 10))) * 1_440 + minuteOfDay(local)
}

/** Whether the calendar there changes between arriving and leaving. */
const changesDate = ({ arriving, leaving }: { arriving: Segment; leaving: Segment }): boolean =>
  arriving.arrival.local.slice(0, 10) !== leaving.departure.local.slice(0, 10)

/** Whether the traveller waits somewhere past midnight. */
export const isOvernight = (offer: FlightOffer): boolean => connectionsOf(offer).some(changesDate)

/** As the supplier says, or from the offsets it states; null when neither is known. */
function minutesOfSlice(slice: Slice): number | null {
  if (slice.durationMinutes !== null) return slice.durationMinutes
  const [{ departure }, { arrival }] = [firstOf(slice), lastOf(slice)]
  if (departure.offset === null || arrival.offset === null) return null
  const from = instantOf({ local: departure.local, offset: departure.offset })
  const to = instantOf({ local: arrival.local, offset: arrival.offset })
  return Math.round((to - from) / 60_000)
}

/** What `combine` makes of the values; null when one of them is not known. */
function allKnown(values: readonly (number | null)[], combine: (values: readonly number[]) => number): number | null {
  return values.some((value) => value === null) ? null : combine(values as readonly number[])
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
/** Of all slices together; null when one is not known. */
export const totalMinutes = (offer: FlightOffer): number | null => allKnown(offer.slices.map(minutesOfSlice), sum)

/** The one cabin of all segments, "mixed", or "unknown" when one of them is not stated. */
function cabinOf(offer: FlightOffer): string {
  const cabins = once(allSegments(offer).map((segment) => segment.cabin))
  if (cabins.includes(null)) return 'unknown'
  return cabins.length === 1 ? cabins[0]! : 'mixed'
}

/** The least pieces of checked baggage on any segment: "0", "1", "2" for two or more, "unknown" when one does not say. */
export function bagsOf(offer: FlightOffer): string {
  const pieces = allSegments(offer).map((segment) => {
    const checked = segment.baggage.filter((bag) => bag.kind === 'checked').map((bag) => bag.pieces)
    return checked.length === 0 ? null : allKnown(checked, sum)
  })
  const least = allKnown(pieces, (known) => Math.min(...known))
  return least === null ? 'unknown' : String(Math.min(least, 2))
}

/** What a family is called, whoever spells it; the fare basis where it has no name, null where it has neither. */
function familyOf({ brand, fareBasis }: Segment): string | null {
  const letters = [...(brand ?? '').toLowerCase()].filter((letter) => /[\p{L}\p{N}]/u.test(letter)).join('')
  return letters === '' ? fareBasis && `basis ${fareBasis}` : `brand ${letters}`
}

/** How many bags are checked; what is not counted, by its weights. */
function checkedOf({ baggage }: Segment): unknown {
  const checked = baggage.filter((bag) => bag.kind === 'checked')
  const pieces =
    checked.length === 0
      ? null
      : allKnown(
          checked.map((bag) => bag.pieces),
          sum,
        )
  return pieces ?? checked.map((bag) => `${bag.pieces} ${bag.weightKg}`).toSorted()
}

/** What is sold: equal for offers that a traveller would take for one. Null for what is sold as nothing else is. */
export function productOf(offer: FlightOffer): string | null {
  if (offer.selfTransfer !== null || allSegments(offer).some((segment) => familyOf(segment) === null)) return null
  const slices = offer.slices.map(({ segments }) =>
    segments.map((one) => [
      ...[one.carrier, one.flightNumber, one.origin, one.destination, one.departure.local, one.arrival.local],
      ...[one.cabin, familyOf(one), checkedOf(one)],
    ]),
  )
  return JSON.stringify([slices, offer.refundable, offer.changeable])
}

/** `group`: filters of one group do not narrow the counts of that group. An offer has one value or several, each once. */
export type TextColumn = { readonly group: string; readonly values: (offer: FlightOffer) => readonly string[] }

const marketing = (offer: FlightOffer): string[] => once(allSegments(offer).map((segment) => segment.carrier))
const operating = (offer: FlightOffer): string[] => allSegments(offer).flatMap((segment) => segment.operatingCarrier ?? [])

export const TEXTS = {
  stops: { group: 'stops', values: (offer) => [String(mostStops(offer))] },
  airlines: { group: 'airlines', values: marketing },
  carriers: { group: 'airlines', values: (offer) => once([...marketing(offer), ...operating(offer)]) },
  alliances: {
    group: 'alliances',
    values: (offer) => once(marketing(offer).map((carrier) => allianceOf(carrier) ?? 'none')),
  },
  connections: {
    group: 'connections',
    values: (offer) => once(connectionsOf(offer).flatMap(({ arriving, leaving }) => [arriving.destination, leaving.origin])),
  },
  cabins: { group: 'cabins', values: (offer) => [cabinOf(offer)] },
  bags: { group: 'bags', values: (offer) => [bagsOf(offer)] },
  refundable: { group: 'refundable', values: (offer) => [yesNoUnknown(offer.refundable)] },
  changeable: { group: 'changeable', values: (offer) => [yesNoUnknown(offer.changeable)] },
  suppliers: { group: 'suppliers', values: (offer) => [offer.provider] },
  overnight: { group: 'overnight', values: (offer) => [yesNo(isOvernight(offer))] },
  self_transfer: { group: 'self_transfer', values: (offer) => [yesNo(offer.selfTransfer !== null)] },
  origin_airports: { group: 'origin_airports', values: (offer) => [firstOf(offer.slices[0]!).origin] },
  destination_airports: { group: 'destination_airports', values: (offer) => [lastOf(offer.slices[0]!).destination] },
} as const satisfies Record<string, TextColumn>

/** Null: not known, no bound is met. "nothing": there is nothing to measure, every bound is met. */
export type NumberColumn = { readonly group: string; readonly value: (offer: FlightOffer) => number | null | 'nothing' }

/** Whole numbers; times of day are minutes on the clock there. */
export const NUMBERS: Readonly<Record<string, NumberColumn>> = {
  stops: { group: 'stops', value: mostStops },
  longest_slice: { group: 'duration', value: (offer) => allKnown(offer.slices.map(minutesOfSlice), (known) => Math.max(...known)) },
  connection_min: { group: 'connection_time', value: (offer) => connectionTime(offer, (minutes) => Math.min(...minutes)) },
  connection_max: { group: 'connection_time', value: (offer) => connectionTime(offer, (minutes) => Math.max(...minutes)) },
  emissions: { group: 'emissions', value: (offer) => offer.emissionsKg },
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6].map((n) => [`departure_${n}`, clockColumn(n, `departure_${n}`, (slice) => firstOf(slice).departure)]),
  ),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`arrival_${n}`, clockColumn(n, `arrival_${n}`, (slice) => lastOf(slice).arrival)])),
}

function clockColumn(nth: number, group: string, time: (slice: Slice) => ZonedTime): NumberColumn {
  return {
    group,
    value: (offer) => {
      const slice = offer.slices[nth - 1]
      return slice === undefined ? null : minuteOfDay(time(slice).local)
    },
  }
}

function connectionTime(offer: FlightOffer, combine: (minutes: readonly number[]) => number): number | 'nothing' {
  const connections = connectionsOf(offer)
  return connections.length === 0 ? 'nothing' : combine(connections.map(minutesOfConnection))
}
