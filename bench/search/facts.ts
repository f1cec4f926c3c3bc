import type { Money } from '../../src/kernel/money.ts'
import { minuteOfDay, type LocalDateTime } from '../../src/kernel/time.ts'
import { allianceOf } from '../../src/travel/alliances.ts'
import type { CabinClass, FlightOffer, Segment, Slice } from '../../src/travel/flight.ts'
import type { TEXTS } from '../../test/support/reference-columns.ts'

export type ShownOffer = { readonly offer: FlightOffer; readonly shown: Money }

/** An offer with what is asked of it, read out once. */
export type Facts = ShownOffer & {
  readonly index: number
  readonly texts: Readonly<Record<keyof typeof TEXTS, readonly string[]>>
  readonly numbers: Readonly<Record<string, number | null | 'nothing'>>
  /** Of all slices together. */
  readonly minutes: number | null
}

const YES = ['yes']
const NO = ['no']
const UNKNOWN = ['unknown']

/** Reads everything in one walk over the segments: the peers are not to lose for a clumsy start. */
export function toFacts({ offer, shown }: ShownOffer, index: number): Facts {
  const [airlines, carriers, alliances, connections]: string[][] = [[], [], [], []]
  let stops = 0
  let minutes: number | null = 0
  let longest: number | null = 0
  let bags: number | null = 2
  let cabin: CabinClass | 'mixed' | 'unknown' | null = null
  let [shortestWait, longestWait] = [Infinity, -Infinity]
  let isOvernight = false
  for (const slice of offer.slices) {
    stops = Math.max(stops, slice.segments.length - 1)
    const taken = minutesOf(slice)
    minutes = minutes === null || taken === null ? null : minutes + taken
    longest = longest === null || taken === null ? null : Math.max(longest, taken)
    let before: Segment | null = null
    for (const segment of slice.segments) {
      add(airlines!, segment.carrier)
      add(carriers!, segment.carrier)
      if (segment.operatingCarrier !== null) add(carriers!, segment.operatingCarrier)
      add(alliances!, allianceOf(segment.carrier) ?? 'none')
      if (segment.cabin === null) cabin = 'unknown'
      else if (cabin === null) cabin = segment.cabin
      else if (cabin !== segment.cabin && cabin !== 'unknown') cabin = 'mixed'
      const pieces = checkedPieces(segment)
      bags = bags === null || pieces === null ? null : Math.min(bags, pieces)
      if (before !== null) {
        add(connections!, before.destination)
        add(connections!, segment.origin)
        const wait = clockMinutes(segment.departure.local) - clockMinutes(before.arrival.local)
        shortestWait = Math.min(shortestWait, wait)
        longestWait = Math.max(longestWait, wait)
        isOvernight ||= before.arrival.local.slice(0, 10) !== segment.departure.local.slice(0, 10)
      }
      before = segment
    }
  }
  const outbound = offer.slices[0]!
  return {
    offer,
    shown,
    index,
    minutes,
    texts: {
      stops: [String(stops)],
      airlines: airlines!,
      carriers: carriers!,
      alliances: alliances!,
      connections: connections!,
      cabins: [cabin ?? 'unknown'],
      bags: bags === null ? UNKNOWN : [String(bags)],
      refundable: triState(offer.refundable),
      changeable: triState(offer.changeable),
      suppliers: [offer.provider],
      overnight: isOvernight ? YES : NO,
      self_transfer: offer.selfTransfer === null ? NO : YES,
      origin_airports: [outbound.segments[0]!.origin],
      destination_airports: [outbound.segments.at(-1)!.destination],
    },
    numbers: {
      stops,
      longest_slice: longest,
      connection_min: shortestWait === Infinity ? 'nothing' : shortestWait,
      connection_max: longestWait === -Infinity ? 'nothing' : longestWait,
      emissions: offer.emissionsKg,
      departure_1: minuteOfDay(outbound.segments[0]!.departure.local),
      arrival_1: minuteOfDay(outbound.segments.at(-1)!.arrival.local),
    },
  }
}

function add(values: string[], value: string): void {
  if (!values.includes(value)) values.push(value)
}

const triState = (fact: boolean | null): readonly string[] => (fact === null ? UNKNOWN : fact ? YES : NO)

function minutesOf({ durationMinutes, segments }: Slice): number | null {
  if (durationMinutes !== null) return durationMinutes
  const [departure, arrival] = [segments[0]!.departure, segments.at(-1)!.arrival]
  if (departure.offset === null || arrival.offset === null) return null
  return Math.round((Date.parse(`${arrival.local}:00${arrival.offset}`) - Date.parse(`${departure.local}:00${departure.offset}`)) / 60_000)
}

function checkedPieces(segment: Segment): number | null {
  let pieces: number | null = null
  for (const bag of segment.baggage) {
    if (bag.kind !== 'checked') continue
    if (bag.pieces === null) return null
    pieces = (pieces ?? 0) + bag.pieces
  }
  return pieces
}

export function clockMinutes(local: LocalDateTime): number {
  return Date.parse(`${local}Z`) / 60_000
}
