import { toRequest } from '../load/connection.ts'
import { between, createRandom, createZipf, pick } from '../load/random.ts'
import type { Route } from './data-set.ts'

/** What travellers do besides looking at the first page and moving the price slider. */
export const POPULAR_FILTERS = [
  'max_stops=0',
  'max_stops=1',
  'sort=best',
  'sort=duration',
  'bags=1,2',
  'refundable=yes',
  'alliances=star',
  'airlines=SQ,GA',
  'exclude_airlines=MU,CZ',
  'departure_after=06:00&departure_before=12:00',
  'arrival_after=18:00&arrival_before=02:00',
  'max_stops=1&bags=1,2',
  'max_duration=900',
  'exclude_connections=DOH,DXB',
  'overnight=no&sort=duration',
  'suppliers=alpha',
  'max_emissions=600',
  'min_connection=60&max_connection=300',
  'sort=departure',
  'sort=price_with_bag',
] as const

/** Of 100 requests: the page everybody sees first, a popular filter, and the rest the slider at a place of its own. */
const DEFAULT_SHARE = 0.6
const POPULAR_SHARE = 0.25
const SLIDER_CENTS = [30_000, 160_000] as const

export function pathOf(route: Route, filters = ''): string {
  const query = `origin=${route.origin}&destination=${route.destination}&departure_date=${route.departureDate}`
  return `/v1/flights/offers?${query}${filters === '' ? '' : `&${filters}`}`
}

/** Draws of the mix, and how many of them had been drawn before. */
export type Draws = { readonly path: () => string; readonly request: () => Buffer; readonly repeated: () => number }

/**
 * Zipf over the routes, 60 % default page, 25 % popular filters, 15 % the price slider to the cent. Never a list that
 * comes round again: what a cache of answers finds is what it would find.
 */
export function createDraws(routes: readonly Route[], seed: number): Draws {
  const random = createRandom(seed)
  const zipf = createZipf(random, routes.length)
  const seen = new Set<string>()
  let [count, repeated] = [0, 0]
  const path = () => {
    const drawn = pathOf(routes[zipf()]!, drawFilters(random))
    count += 1
    if (seen.has(drawn)) repeated += 1
    else seen.add(drawn)
    return drawn
  }
  return { path, request: () => toRequest(path()), repeated: () => (count === 0 ? 0 : repeated / count) }
}

function drawFilters(random: () => number): string {
  const kind = random()
  if (kind < DEFAULT_SHARE) return ''
  if (kind < DEFAULT_SHARE + POPULAR_SHARE) return pick(random, POPULAR_FILTERS)
  return `max_price=${(between(random, ...SLIDER_CENTS) / 100).toFixed(2)}`
}
