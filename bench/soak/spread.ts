import { parseLocalDate, plusDays } from '../../src/kernel/time.ts'
import { CABIN_CLASSES, type FlightQuery } from '../../src/travel/flight.ts'
import { listRoutes } from '../search/data-set.ts'
import { SHOP_ROUTE } from '../search/shop-reply.ts'

/** The first day after the one that hot routes are asked for; the last is within the 361 days that airlines sell. */
const FIRST_DAY = parseLocalDate('2026-12-11')
const DAYS = 320
const ROUTES = listRoutes(208)
const TRAVELLERS: readonly FlightQuery['passengers'][] = [
  { adults: 1, children: 0, infants: 0 },
  { adults: 2, children: 0, infants: 0 },
  { adults: 1, children: 1, infants: 0 },
  { adults: 2, children: 2, infants: 0 },
  { adults: 2, children: 0, infants: 1 },
]

/** So many different queries there are. */
export const QUERIES_MAX = ROUTES.length * DAYS * TRAVELLERS.length * CABIN_CLASSES.length
/** So many different searches that are answered with a large reply. */
export const LARGE_MAX = DAYS * CABIN_CLASSES.length

/** Neighbours differ in everything, and any run of them is spread over the whole: steps of the golden section, in a ring. */
const STEP = coprimeNear(QUERIES_MAX, QUERIES_MAX * 0.618_033_988_75)

/** The n-th query: all of them valid, no two alike, and none a hot one. */
export function queryAt(n: number): FlightQuery {
  if (!Number.isInteger(n) || n < 0 || n >= QUERIES_MAX) throw new RangeError(`there are ${QUERIES_MAX} queries, no number ${n}`)
  // Both factors are below 2 ** 21: their product is exact.
  let rest = (n * STEP) % QUERIES_MAX
  const take = (count: number): number => {
    const digit = rest % count
    rest = (rest - digit) / count
    return digit
  }
  const cabin = CABIN_CLASSES[take(CABIN_CLASSES.length)]!
  const passengers = TRAVELLERS[take(TRAVELLERS.length)]!
  const departureDate = plusDays(FIRST_DAY, take(DAYS))
  const { origin, destination } = ROUTES[rest]!
  return { slices: [{ origin, destination, departureDate }], passengers, cabin }
}

/** The n-th search of the one route that a seller answers with a large reply. */
export function largeQueryAt(n: number): FlightQuery {
  if (!Number.isInteger(n) || n < 0 || n >= LARGE_MAX) throw new RangeError(`there are ${LARGE_MAX} large replies, no number ${n}`)
  const departureDate = plusDays(FIRST_DAY, n % DAYS)
  const cabin = CABIN_CLASSES[Math.floor(n / DAYS)]!
  return { slices: [{ ...SHOP_ROUTE, departureDate }], passengers: TRAVELLERS[0]!, cabin }
}

/** The query string of a one-way search, in its one spelling. */
export function textOf({ slices, passengers, cabin }: FlightQuery): string {
  const [slice] = slices
  const text = [`origin=${slice!.origin}&destination=${slice!.destination}&departure_date=${slice!.departureDate}`]
  if (passengers.adults !== 1) text.push(`adults=${passengers.adults}`)
  if (passengers.children !== 0) text.push(`children=${passengers.children}`)
  if (passengers.infants !== 0) text.push(`infants=${passengers.infants}`)
  if (cabin !== 'economy') text.push(`cabin=${cabin}`)
  return text.join('&')
}

function coprimeNear(count: number, wanted: number): number {
  let step = Math.round(wanted)
  while (divisor(step, count) !== 1) step += 1
  return step
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}
