import type { Instant } from '../../kernel/time.ts'
import type { ConnectionRisk, FlightOffer } from '../../travel/flight.ts'
import { joinTickets } from './join-tickets.ts'
import { hubCityOf, LEAST_MINUTES, minimumConnection, RISKS, riskOf } from './minimum-connection.ts'
import { toTickets, type Leg, type Ticket } from './ticket.ts'

export type TicketsToCombine = {
  /** From the origin to the hub. */
  readonly first: readonly Leg[]
  /** From the hub, or another airport of its city, to the destination. */
  readonly second: readonly Leg[]
  /** Journeys at most; 60 unless said. */
  readonly limit?: number
  /** The `itineraryKey`s of offers on one contract: the same flights are not offered again without its protection. */
  readonly protectedItineraries?: ReadonlySet<string>
}

/** What there is to say of two tickets that meet at a hub. */
type Merit = {
  readonly arrivalAirport: string
  readonly departureAirport: string
  /** Of the connection. */
  readonly minutes: number
  readonly minimumMinutes: number
  readonly risk: ConnectionRisk
  /** Both shown prices. */
  readonly price: number
  /** From the first departure to the last arrival; null where an offset is not stated. */
  readonly durationMinutes: number | null
}

export type Pair = Merit & { readonly first: Ticket; readonly second: Ticket }

const LIMIT = 60
const MINUTE_MS = 60_000
/** A longer wait is a stay. */
const LONGEST_MINUTES = 24 * 60
/** Of journeys that differ in nothing we compare, more are no choice; a timetable of equal fares has thousands. */
const EQUALS_MAX = 4

/**
 * Journeys of two tickets, cheapest first: the connection lasts at least what separate tickets need there and at most a
 * day, no airport is come to twice, and no other journey through the same hub is as good in price, duration and risk and
 * better in one of them. Of those as good as each other four are made. Durations that are not known are compared with
 * none. All shown prices must be of one currency; throws a RangeError otherwise.
 */
export function combineTickets(tickets: TicketsToCombine): readonly FlightOffer[] {
  const { limit = LIMIT, protectedItineraries = new Set() } = tickets
  const isProtected = (first: Ticket, second: Ticket) =>
    protectedItineraries.size > 0 && protectedItineraries.has(`${first.itinerary}+${second.itinerary}`)
  // The cheapest first: what they make beats most of the rest before it is looked at twice.
  const firsts = toTickets(tickets.first).toSorted((a, b) => a.price - b.price || compareTexts(a.itinerary, b.itinerary))
  const secondsByHub = groupByHub(toTickets(tickets.second))
  const best = new Map<string, Pair[]>()
  for (const first of firsts) {
    const hub = hubCityOf(first.last.destination)
    for (const second of departuresAfter(secondsByHub.get(hub) ?? [], first.arrives)) {
      const merit = meritOf(first, second)
      if (merit === null) continue
      const group = merit.durationMinutes === null ? `${hub} unknown` : hub
      const rivals = best.get(group) ?? []
      if (isBeaten(merit, rivals) || isProtected(first, second) || !leadsOn(first, second)) continue
      best.set(group, [...rivals.filter((rival) => !beats(merit, rival)), { ...merit, first, second }])
    }
  }
  return cheapestAndFastest([...best.values()].flat(), limit).map(joinTickets)
}

/** Those that leave late enough for any connection and soon enough for the longest, from a list in order of departure. */
function* departuresAfter(departures: readonly Ticket[], arrival: Instant): Generator<Ticket> {
  let [from, to] = [0, departures.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (departures[middle]!.departs < arrival + LEAST_MINUTES * MINUTE_MS) from = middle + 1
    else to = middle
  }
  const latest = arrival + LONGEST_MINUTES * MINUTE_MS
  for (let i = from; i < departures.length && departures[i]!.departs <= latest; i += 1) yield departures[i]!
}

/** What a connection of the two would be; null when it is too short, or no connection at all. */
function meritOf(first: Ticket, second: Ticket): Merit | null {
  const minutes = Math.floor((second.departs - first.arrives) / MINUTE_MS)
  const [arrivalAirport, departureAirport] = [first.last.destination, second.first.origin]
  const crossing = first.endsDomestic && second.beginsDomestic ? 'domestic' : 'international'
  const minimumMinutes = minimumConnection(arrivalAirport, departureAirport, crossing)
  const price = first.price + second.price
  if (minimumMinutes === null || minutes < minimumMinutes || !Number.isSafeInteger(price)) return null
  const isStated = first.statedDeparture !== null && second.statedArrival !== null
  return {
    arrivalAirport,
    departureAirport,
    minutes,
    minimumMinutes,
    risk: riskOf(minutes, minimumMinutes),
    price,
    durationMinutes: isStated ? Math.round((second.arrives - first.departs) / MINUTE_MS) : null,
  }
}

/** Whether no airport is come to twice, and the city of departure is left for good. */
function leadsOn(first: Ticket, second: Ticket): boolean {
  const isChange = first.last.destination !== second.first.origin
  const stops = [...first.stops, ...(isChange ? second.stops : second.stops.slice(1))]
  const home = hubCityOf(first.first.origin)
  return new Set(stops).size === stops.length && stops.every((stop, i) => i === 0 || hubCityOf(stop) !== home)
}

/** By one that is better, or by enough that are as good. */
function isBeaten(merit: Merit, rivals: readonly Merit[]): boolean {
  let equals = 0
  for (const rival of rivals) {
    if (beats(rival, merit)) return true
    if (rival.price === merit.price && lengthOf(rival) === lengthOf(merit) && rival.risk === merit.risk) equals += 1
  }
  return equals >= EQUALS_MAX
}

/** As good in everything, and better in something. */
function beats(a: Merit, b: Merit): boolean {
  if (a.price > b.price || lengthOf(a) > lengthOf(b)) return false
  const [risk, other] = [RISKS.indexOf(a.risk), RISKS.indexOf(b.risk)]
  return risk <= other && (a.price < b.price || lengthOf(a) < lengthOf(b) || risk < other)
}

/** Half of them the cheapest, the rest the fastest of the others, in order of price. */
function cheapestAndFastest(pairs: readonly Pair[], limit: number): Pair[] {
  const byCost = [...pairs].sort(byPrice)
  if (byCost.length <= limit) return byCost
  const cheap = Math.ceil(limit / 2)
  const fastest = byCost.slice(cheap).sort((a, b) => lengthOf(a) - lengthOf(b) || byPrice(a, b))
  return [...byCost.slice(0, cheap), ...fastest.slice(0, limit - cheap)].sort(byPrice)
}

/** Prices, then durations, then risks; then the flights, so that the order does not depend on who answered first. */
function byPrice(a: Pair, b: Pair): number {
  return (
    a.price - b.price ||
    lengthOf(a) - lengthOf(b) ||
    RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk) ||
    compareTexts(a.first.itinerary, b.first.itinerary) ||
    compareTexts(a.second.itinerary, b.second.itinerary)
  )
}

/** Unknown durations are of a group of their own, where they are all the same. */
function lengthOf(pair: Merit): number {
  return pair.durationMinutes ?? Number.MAX_SAFE_INTEGER
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function groupByHub(seconds: readonly Ticket[]): ReadonlyMap<string, readonly Ticket[]> {
  const groups = new Map<string, Ticket[]>()
  for (const second of seconds.toSorted((a, b) => a.departs - b.departs || compareTexts(a.itinerary, b.itinerary))) {
    const hub = hubCityOf(second.first.origin)
    const group = groups.get(hub)
    if (group === undefined) groups.set(hub, [second])
    else group.push(second)
  }
  return groups
}
