import { instantOf, minuteOfDay, type Instant, type LocalDateTime } from '../../kernel/time.ts'
import { allianceOf } from '../../travel/alliances.ts'
import { CABIN_CLASSES, stopsOf, type FlightOffer, type Segment, type Slice } from '../../travel/flight.ts'
import { NONE, UNKNOWN, type ColumnSchema, type FacetColumn, type OfferRow } from '../engine/column-schema.ts'
import { bestRank, bagRank } from './flight-ranks.ts'
import { PRODUCT_COLUMNS } from './product-name.ts'

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
    every('carriers', { group: 'airlines', isReported: false, bySeller: true }),
    every('alliances', { unlisted: 'none' }),
    every('connections'),
    one('cabins', [...CABIN_CLASSES, 'mixed', 'unknown']),
    one('bags', ['0', '1', '2', 'unknown']),
    one('refundable', TRI_STATE),
    one('changeable', TRI_STATE),
    one('suppliers', 'frequency', { bySeller: true }),
    one('overnight', YES_NO),
    one('self_transfer', YES_NO),
    one('origin_airports', 'frequency'),
    one('destination_airports', 'frequency'),
  ],
  numbers: [
    { name: 'stops', group: 'stops' },
    // Some suppliers state durations and emissions that others do not.
    { name: 'duration', group: 'duration', bySeller: true },
    { name: 'longest_slice', group: 'duration', bySeller: true },
    { name: 'departure', group: 'departure' },
    { name: 'arrival', group: 'arrival' },
    ...slices.map((n) => ({ name: `departure_${n}`, group: `departure_${n}` })),
    ...slices.map((n) => ({ name: `arrival_${n}`, group: `arrival_${n}` })),
    { name: 'connection_min', group: 'connection_time' },
    { name: 'connection_max', group: 'connection_time' },
    { name: 'emissions', group: 'emissions', bySeller: true },
  ],
  product: PRODUCT_COLUMNS,
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

const DEPARTURES = slices.map((n) => `departure_${n}`)
const ARRIVALS = slices.map((n) => `arrival_${n}`)

/** The columns of one offer. Made for each of the thousands in a reply, so it goes through their segments once and makes no lists but sets. */
export function toFlightColumns(offer: FlightOffer): Pick<OfferRow, 'facets'> & { numbers: Record<string, number> } {
  const airlines: string[] = []
  const carriers: string[] = []
  const alliances: string[] = []
  const connections: string[] = []
  let [stops, duration, longest] = [0, 0, -Infinity]
  let [connectionMin, connectionMax, isOvernight] = [NONE, UNKNOWN, false]
  for (const slice of offer.slices) {
    stops = Math.max(stops, stopsOf(slice))
    const minutes = minutesOf(slice)
    duration = duration === UNKNOWN || minutes === UNKNOWN ? UNKNOWN : duration + minutes
    longest = longest === UNKNOWN || minutes === UNKNOWN ? UNKNOWN : Math.max(longest, minutes)
    let before: Segment | null = null
    for (const segment of slice.segments) {
      addTo(airlines, segment.carrier)
      addTo(carriers, segment.carrier)
      if (segment.operatingCarrier !== null) addTo(carriers, segment.operatingCarrier)
      addTo(alliances, allianceOf(segment.carrier) ?? 'none')
      if (before !== null) {
        addTo(connections, before.destination)
        addTo(connections, segment.origin)
        const wait = waitBetween(before, segment)
        connectionMin = Math.min(connectionMin, wait)
        connectionMax = Math.max(connectionMax, wait)
        isOvernight ||= dayOf(before.arrival.local) !== dayOf(segment.departure.local)
      }
      before = segment
    }
  }
  const outbound = offer.slices[0]!
  const facets = {
    stops: String(stops),
    airlines,
    carriers,
    alliances,
    connections,
    cabins: cabinOf(offer.slices),
    bags: bagsOf(offer.slices),
    refundable: triState(offer.refundable),
    changeable: triState(offer.changeable),
    suppliers: offer.provider,
    overnight: isOvernight ? 'yes' : 'no',
    self_transfer: (offer.selfTransfer ?? null) === null ? 'no' : 'yes',
    origin_airports: firstOf(outbound).origin,
    destination_airports: lastOf(outbound).destination,
  }
  const numbers: Record<string, number> = {
    stops,
    duration,
    longest_slice: longest,
    departure: clockMinutes(firstOf(outbound).departure.local),
    arrival: clockMinutes(lastOf(outbound).arrival.local),
    connection_min: connectionMin,
    connection_max: connections.length === 0 ? NONE : connectionMax,
    emissions: offer.emissionsKg ?? UNKNOWN,
  }
  for (let i = 0; i < offer.slices.length && i < SLICES_MAX; i += 1) {
    const slice = offer.slices[i]!
    numbers[DEPARTURES[i]!] = minuteOfDay(firstOf(slice).departure.local)
    numbers[ARRIVALS[i]!] = minuteOfDay(lastOf(slice).arrival.local)
  }
  return { facets, numbers }
}

function addTo(set: string[], value: string): void {
  if (!set.includes(value)) set.push(value)
}

/** Minutes between two segments, on the clock at the airport. */
function waitBetween(before: Segment, next: Segment): number {
  return clockMinutes(next.departure.local) - clockMinutes(before.arrival.local)
}

/** As the supplier says, or from the offsets it states; {@link UNKNOWN} when neither is known. */
function minutesOf(slice: Slice): number {
  if (slice.durationMinutes !== null) return slice.durationMinutes
  const departure = instantIfKnown(firstOf(slice).departure)
  const arrival = instantIfKnown(lastOf(slice).arrival)
  return departure === null || arrival === null ? UNKNOWN : Math.round((arrival - departure) / 60_000)
}

function cabinOf(slices: readonly Slice[]): string {
  let cabin: string | null = null
  let isMixed = false
  for (const { segments } of slices) {
    for (const segment of segments) {
      if (segment.cabin === null) return 'unknown'
      isMixed ||= cabin !== null && cabin !== segment.cabin
      cabin = segment.cabin
    }
  }
  return isMixed ? 'mixed' : (cabin ?? 'unknown')
}

/** Checked pieces on the segment with the fewest, from two on all the same; a segment that does not say makes all of it unknown. */
function bagsOf(slices: readonly Slice[]): string {
  let fewest = 2
  for (const { segments } of slices) {
    for (const segment of segments) {
      const pieces = checkedPieces(segment.baggage)
      if (pieces === null) return 'unknown'
      fewest = Math.min(fewest, pieces)
    }
  }
  return String(fewest)
}

function checkedPieces(baggage: Segment['baggage']): number | null {
  let sum: number | null = null
  for (const bag of baggage) {
    if (bag.kind !== 'checked') continue
    if (bag.pieces === null) return null
    sum = (sum ?? 0) + bag.pieces
  }
  return sum
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

function dayOf(local: LocalDateTime): string {
  return local.slice(0, 10)
}

/** When days begin, in minutes since 1 January 1970: a reply has thousands of times on a few days. */
const knownDays = new Map<string, number>()
const KNOWN_DAYS_MAX = 1_000

/** Minutes of a wall clock since its 1 January 1970: orders local times, and measures between two at one place. */
function clockMinutes(local: LocalDateTime): number {
  const day = dayOf(local)
  let begin = knownDays.get(day)
  if (begin === undefined) {
    if (knownDays.size === KNOWN_DAYS_MAX) knownDays.clear()
    begin = Date.parse(`${day}T00:00Z`) / 60_000
    knownDays.set(day, begin)
  }
  return begin + minuteOfDay(local)
}
