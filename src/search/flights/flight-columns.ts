import { instantOf, minuteOfDay, type Instant, type LocalDateTime } from '../../kernel/time.ts'
import { allianceOf } from '../../travel/alliances.ts'
import { CABIN_CLASSES, stopsOf, type FlightOffer, type Segment, type Slice } from '../../travel/flight.ts'
import { NONE, UNKNOWN, type ColumnSchema, type FacetColumn, type OfferRow } from '../engine/column-schema.ts'
import { bestRank, bagRank } from './flight-ranks.ts'

/** As many slices as a search may have. */
export const SLICES_MAX = 6

const YES_NO = ['yes', 'no'] as const
const TRI_STATE = ['yes', 'no', 'unknown'] as const
const one = (name: string, order: FacetColumn['order'], more: Partial<FacetColumn> = {}): FacetColumn => ({
  ...{ name, kind: 'one', group: name, order, isReported: true },
  ...more,
})
const every = (name: string, more: Partial<FacetColumn> = {}): FacetColumn => one(name, 'frequency', { kind: 'every', ...more })
const slices = Array.from({ length: SLICES_MAX }, (_, i) => i + 1)

/** What flights are filtered, counted and sorted by. README.md says exactly what each means. */
export const FLIGHT_COLUMNS: ColumnSchema = {
  kind: 'flight',
  facets: [
    one('stops', 'number'),
    every('airlines'),
    // Who sells a segment and who flies it: whoever does not want an airline does not want to sit in its aircraft either.
    every('carriers', { group: 'airlines', isReported: false }),
    every('alliances', { unlisted: 'none' }),
    every('connections'),
    one('cabins', [...CABIN_CLASSES, 'mixed', 'unknown']),
    one('bags', ['0', '1', '2', 'unknown']),
    one('refundable', TRI_STATE),
    one('changeable', TRI_STATE),
    one('suppliers', 'frequency'),
    one('overnight', YES_NO),
    one('self_transfer', YES_NO),
    one('origin_airports', 'frequency'),
    one('destination_airports', 'frequency'),
  ],
  numbers: [
    { name: 'stops', group: 'stops' },
    { name: 'duration', group: 'duration' },
    { name: 'longest_slice', group: 'duration' },
    { name: 'departure', group: 'departure' },
    { name: 'arrival', group: 'arrival' },
    ...slices.map((n) => ({ name: `departure_${n}`, group: `departure_${n}` })),
    ...slices.map((n) => ({ name: `arrival_${n}`, group: `arrival_${n}` })),
    { name: 'connection_min', group: 'connection_time' },
    { name: 'connection_max', group: 'connection_time' },
    { name: 'emissions', group: 'emissions' },
  ],
  reports: [
    { name: 'duration', least: 'longest_slice', greatest: 'longest_slice' },
    { name: 'emissions', least: 'emissions', greatest: 'emissions' },
    { name: 'connection_minutes', least: 'connection_min', greatest: 'connection_max' },
  ],
  sorts: [
    { name: 'best', by: 'rank', rank: bestRank },
    { name: 'duration', by: 'number', column: 'duration' },
    { name: 'departure', by: 'number', column: 'departure' },
    { name: 'arrival', by: 'number', column: 'arrival' },
    { name: 'price_with_bag', by: 'rank', rank: bagRank },
  ],
}

/** The columns of one offer. */
export function toFlightColumns(offer: FlightOffer): Pick<OfferRow, 'facets' | 'numbers'> {
  const segments = offer.slices.flatMap((slice) => slice.segments)
  const waits = offer.slices.flatMap(connectionsOf)
  const marketing = segments.map((segment) => segment.carrier)
  const operating = segments.flatMap((segment) => segment.operatingCarrier ?? [])
  const durations = offer.slices.map(minutesOf)
  const stops = Math.max(...offer.slices.map(stopsOf))
  const outbound = offer.slices[0]!
  const facets = {
    stops: String(stops),
    airlines: marketing,
    carriers: [...marketing, ...operating],
    alliances: marketing.map((carrier) => allianceOf(carrier) ?? 'none'),
    connections: waits.flatMap((wait) => wait.airports),
    cabins: cabinOf(segments),
    bags: bagsOf(segments),
    refundable: triState(offer.refundable),
    changeable: triState(offer.changeable),
    suppliers: offer.provider,
    overnight: waits.some((wait) => wait.isOvernight) ? 'yes' : 'no',
    self_transfer: (offer.selfTransfer ?? null) === null ? 'no' : 'yes',
    origin_airports: firstOf(outbound).origin,
    destination_airports: lastOf(outbound).destination,
  }
  const numbers: Record<string, number> = {
    stops,
    duration: durations.reduce<number>((sum, minutes) => (sum === UNKNOWN || minutes === UNKNOWN ? UNKNOWN : sum + minutes), 0),
    longest_slice: durations.includes(UNKNOWN) ? UNKNOWN : Math.max(...durations),
    departure: clockMinutes(firstOf(outbound).departure.local),
    arrival: clockMinutes(lastOf(outbound).arrival.local),
    connection_min: waits.length === 0 ? NONE : Math.min(...waits.map((wait) => wait.minutes)),
    connection_max: waits.length === 0 ? NONE : Math.max(...waits.map((wait) => wait.minutes)),
    emissions: offer.emissionsKg ?? UNKNOWN,
  }
  offer.slices.slice(0, SLICES_MAX).forEach((slice, i) => {
    numbers[`departure_${i + 1}`] = minuteOfDay(firstOf(slice).departure.local)
    numbers[`arrival_${i + 1}`] = minuteOfDay(lastOf(slice).arrival.local)
  })
  return { facets, numbers }
}

type Connection = { readonly airports: readonly string[]; readonly minutes: number; readonly isOvernight: boolean }

/** Between two segments, on the clock at the airport. A change of airport is at both. */
export function connectionsOf(slice: Slice): Connection[] {
  return slice.segments.slice(1).map((next, i) => {
    const before = slice.segments[i]!
    return {
      airports: before.destination === next.origin ? [next.origin] : [before.destination, next.origin],
      minutes: clockMinutes(next.departure.local) - clockMinutes(before.arrival.local),
      isOvernight: before.arrival.local.slice(0, 10) !== next.departure.local.slice(0, 10),
    }
  })
}

/** As the supplier says, or from the offsets it states; {@link UNKNOWN} when neither is known. */
function minutesOf(slice: Slice): number {
  if (slice.durationMinutes !== null) return slice.durationMinutes
  const departure = instantIfKnown(firstOf(slice).departure)
  const arrival = instantIfKnown(lastOf(slice).arrival)
  return departure === null || arrival === null ? UNKNOWN : Math.round((arrival - departure) / 60_000)
}

function cabinOf(segments: readonly Segment[]): string {
  const cabins = new Set(segments.map((segment) => segment.cabin))
  if (cabins.has(null)) return 'unknown'
  return cabins.size === 1 ? segments[0]!.cabin! : 'mixed'
}

/** Checked pieces on the segment with the fewest; a segment that does not say makes all of it unknown. */
export function bagsOf(segments: readonly Segment[]): string {
  const pieces = segments.map((segment) => {
    const checked = segment.baggage.filter((bag) => bag.kind === 'checked')
    if (checked.length === 0 || checked.some((bag) => bag.pieces === null)) return null
    return checked.reduce((sum, bag) => sum + bag.pieces!, 0)
  })
  const known = pieces.filter((count) => count !== null)
  return known.length < pieces.length ? 'unknown' : String(Math.min(2, ...known))
}

function triState(value: boolean | null): 'yes' | 'no' | 'unknown' {
  return value === null ? 'unknown' : value ? 'yes' : 'no'
}

function firstOf(slice: Slice): Segment {
  return slice.segments[0]!
}

function lastOf(slice: Slice): Segment {
  return slice.segments[slice.segments.length - 1]!
}

function instantIfKnown(time: Segment['departure']): Instant | null {
  return time.offset === null ? null : instantOf({ local: time.local, offset: time.offset })
}

/** Minutes of a wall clock since its 1 January 1970: orders local times, and measures between two at one place. */
function clockMinutes(local: LocalDateTime): number {
  return Math.round(Date.parse(`${local}Z`) / 60_000)
}
