import { createHash } from 'node:crypto'
import { money } from '../../src/kernel/money.ts'
import { plusDays, type LocalDate, type LocalDateTime, type ZonedTime } from '../../src/kernel/time.ts'
import type { FlightOffer, Segment } from '../../src/travel/flight.ts'
import { between, createRandom, pick, type Random } from '../load/random.ts'

/** Where a search goes; the bench asks about one day only. */
export type Route = { readonly origin: string; readonly destination: string; readonly departureDate: LocalDate }

/** Who sells, in the order in which their offers lie in a superset, and in what currency. */
export const SUPPLIERS = [
  { id: 'alpha', name: 'Alpha', currency: 'USD', rate: 1 },
  { id: 'bravo', name: 'Bravo', currency: 'EUR', rate: 0.9 },
  { id: 'charlie', name: 'Charlie', currency: 'SGD', rate: 1.3 },
] as const

/** The day the bench believes it is, so that nothing in it depends on when it runs. */
export const TODAY = '2026-11-21T08:00:00Z'
const DEPARTURE = '2026-12-10' as LocalDate

const CARRIERS = ['GA', 'SQ', 'MH', 'TG', 'CX', 'JL', 'NH', 'KE', 'OZ', 'CI', 'BR', 'VN', 'PR', 'CZ', 'MU', 'QF', 'EK', 'QR']
const HUBS = ['SIN', 'KUL', 'BKK', 'HKG', 'TPE', 'ICN', 'MNL', 'SGN', 'CAN', 'PVG', 'DOH', 'DXB']
const ORIGINS = ['CGK', 'DPS', 'SUB', 'KNO', 'UPG', 'LHR', 'CDG', 'FRA', 'AMS', 'MAD', 'JFK', 'LAX', 'SFO', 'ORD', 'SYD', 'MEL']
const DESTINATIONS = ['NRT', 'KIX', 'CTS', 'FUK', 'DEL', 'BOM', 'PEK', 'AKL', 'PER', 'BNE', 'CMB', 'DAC', 'KTM']
const EQUIPMENT = ['333', '359', '77W', '789', '738', '32N']

/** So many different routes, the ones most asked for first. */
export function listRoutes(count: number): Route[] {
  const all = DESTINATIONS.flatMap((destination) => ORIGINS.map((origin) => ({ origin, destination, departureDate: DEPARTURE })))
  if (count > all.length) throw new RangeError(`there are ${all.length} routes, not ${count}`)
  return all.slice(0, count)
}

/**
 * What each supplier sells on a route, `count` offers in all: nonstops, one and two connections, one carrier or several,
 * prices at round figures so that many are equal, facts that some suppliers do not state. The same for the same seed.
 */
export function offersOf(route: Route, count: number, seed: number): ReadonlyMap<string, readonly FlightOffer[]> {
  const random = createRandom(seed)
  const bySupplier = new Map<string, FlightOffer[]>(SUPPLIERS.map(({ id }) => [id, []]))
  for (let i = 0; i < count; i += 1) {
    const supplier = SUPPLIERS[i % SUPPLIERS.length]!
    bySupplier.get(supplier.id)!.push(toOffer(route, i, supplier, random))
  }
  return bySupplier
}

/** Names a data set: equal texts, equal offers. */
export function hashOf(offers: Iterable<readonly FlightOffer[]>): string {
  const hash = createHash('sha256')
  for (const list of offers) hash.update(JSON.stringify(list))
  return hash.digest('hex').slice(0, 12)
}

function toOffer(route: Route, i: number, supplier: (typeof SUPPLIERS)[number], random: Random): FlightOffer {
  const connections = random() < 0.25 ? 0 : random() < 0.75 ? 1 : 2
  const segments = toSegments(route, i, connections, random)
  const dollars = 180 + between(random, 0, 120) * 10 + (connections === 0 ? 150 : 0)
  const minor = Math.round(dollars * 100 * supplier.rate)
  const total = money(minor, supplier.currency)
  const minutes = segments.reduce((sum, segment) => sum + segment.durationMinutes!, 0) + connections * 90
  return {
    id: `${supplier.id}-${i}`,
    provider: supplier.id,
    solution: i,
    total,
    base: money(Math.round(minor * 0.8), supplier.currency),
    taxes: money(minor - Math.round(minor * 0.8), supplier.currency),
    passengers: [{ type: 'adult', count: 1, total, base: null, taxes: null }],
    validatingCarrier: segments[0]!.carrier,
    refundable: pick(random, [true, false, false, null]),
    changeable: pick(random, [true, true, false, null]),
    penalties: [],
    lastTicketingAt: '2026-12-01',
    expiresAt: null,
    slices: [{ origin: route.origin, destination: route.destination, durationMinutes: random() < 0.02 ? null : minutes, segments }],
    emissionsKg: random() < 0.2 ? null : between(random, 250, 900),
    selfTransfer: null,
    supplierToken: `${supplier.id}:${i}:${Math.floor(random() * 2 ** 32).toString(36)}`,
  }
}

function toSegments(route: Route, i: number, connections: number, random: Random): Segment[] {
  const stops = [route.origin, ...pickHubs(route, connections, random), route.destination]
  const carrier = pick(random, CARRIERS)
  const isMixed = random() < 0.3
  const cabin = random() < 0.9 ? 'economy' : pick(random, ['premium_economy', null] as const)
  const pieces = pick(random, [0, 1, 1, 2, null])
  let clock = between(random, 0, 287) * 5
  return stops.slice(1).map((destination, leg) => {
    const flown = between(random, 14, 100) * 5
    const departure = toTime(route.departureDate, clock)
    const arrival = toTime(route.departureDate, clock + flown)
    clock += flown + between(random, 9, 120) * 5
    const marketing = isMixed ? pick(random, CARRIERS) : carrier
    return {
      carrier: marketing,
      // Every offer is another journey: a supplier that says the same twice is heard once.
      flightNumber: String(100 + ((i * 7 + leg * 13) % 9_000)),
      operatingCarrier: random() < 0.15 ? pick(random, CARRIERS) : marketing,
      origin: stops[leg]!,
      originTerminal: leg === 0 ? '3' : null,
      destination,
      destinationTerminal: null,
      departure,
      arrival,
      durationMinutes: flown,
      equipment: pick(random, EQUIPMENT),
      cabin,
      bookingClass: pick(random, ['Y', 'M', 'K', 'V']),
      fareBasis: `${pick(random, ['Y', 'M', 'K', 'V'])}LOW${between(random, 10, 99)}ID`,
      brand: pick(random, ['Economy Lite', 'Economy Value', 'Economy Flex']),
      baggage: [{ kind: 'checked', pieces, weightKg: pieces === 0 || pieces === null ? null : 23 }],
    }
  })
}

function pickHubs(route: Route, count: number, random: Random): string[] {
  const hubs = new Set<string>()
  while (hubs.size < count) {
    const hub = pick(random, HUBS)
    if (hub !== route.origin && hub !== route.destination) hubs.add(hub)
  }
  return [...hubs]
}

/** All clocks of the bench show the same: what differs in zones is the same work. */
function toTime(date: LocalDate, minutes: number): ZonedTime {
  const day = plusDays(date, Math.floor(minutes / 1_440))
  const [hour, minute] = [Math.floor((minutes % 1_440) / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return { local: `${day}T${hour}:${minute}` as LocalDateTime, offset: '+08:00' }
}
