import { readFileSync } from 'node:fs'
import type { Clock } from '../../src/kernel/time.ts'
import type { FlightSupplier, Provider } from '../../src/providers/contract.ts'
import { createTranslators } from '../../src/providers/index.ts'
import type { FlightOffer, FlightQuery } from '../../src/travel/flight.ts'
import { passengerCode } from '../../src/travel/passenger.ts'
import { createRandom } from '../load/random.ts'
import { listRoutes, offersOf, SUPPLIERS } from '../search/data-set.ts'
import { LIMITS } from '../search/sellers.ts'
import { SHOP_ROUTE } from '../search/shop-reply.ts'

/** So many offers a seller has at least and at most; most queries find few, as in the field: a dozen on average. */
const OFFERS = { min: 6, max: 60 } as const
const SKEW = 8
const DELAY_MS = { min: 50, max: 300 } as const
/** Offers are drawn beforehand and take on the route that is asked for: making them is not what is measured. */
const READY = SUPPLIERS.length * (OFFERS.max + 400)

export type SoakSellers = {
  readonly providers: Provider[]
  /** How often a seller was asked. */
  readonly calls: () => number
}

export type SoakSellerOptions = {
  /** What the last of them answers about the shop route. */
  readonly replyFile: string
  readonly clock: Clock
}

/** Three sellers with offers for every query, and one that answers a single route, with a reply of 1.5 MB, unread as it came. */
export function openSoakSellers(options: SoakSellerOptions): SoakSellers {
  let calls = 0
  const counted = <T>(answer: (query: FlightQuery) => Promise<T>) => {
    return (query: FlightQuery): Promise<T> => {
      calls += 1
      return answer(query)
    }
  }
  const bySupplier = offersOf(listRoutes(1)[0]!, READY, 1)
  const sellers = SUPPLIERS.map(({ id, name }, place): Provider => {
    const ready = bySupplier.get(id)!
    const shop = counted(async (query: FlightQuery) => {
      const draw = drawFor(query, place)
      await wait(draw)
      const offers = offersFor(query, ready, draw)
      return { solutions: offers.length, offers }
    })
    return { id, name, limits: LIMITS, flights: { ...OTHERS, shop }, translate: () => ({ kind: 'offers', solutions: 0, offers: [] }) }
  })
  const travelport = createTranslators(options.clock).find((provider) => provider.id === 'travelport')
  if (travelport?.flights === undefined) throw new Error('nobody reads the replies of travelport')
  const bytes = readFileSync(options.replyFile)
  const shop = counted(async (query: FlightQuery) => {
    await wait(drawFor(query, SUPPLIERS.length))
    const { origin, destination } = query.slices[0]!
    const isLarge = origin === SHOP_ROUTE.origin && destination === SHOP_ROUTE.destination
    // A copy each time: whoever reads it takes the memory along.
    return isLarge ? { unread: new Uint8Array(bytes), status: 200 } : { solutions: 0, offers: [] }
  })
  return {
    providers: [...sellers, { ...travelport, limits: LIMITS, flights: { ...travelport.flights, shop } }],
    calls: () => calls,
  }
}

const never = () => Promise.reject(new Error('the bench only shops'))
const OTHERS: Omit<FlightSupplier, 'shop'> = { price: never, book: never, retrieve: never, find: never, cancel: never }

type Draw = () => number

/** The same for the same question to the same seller: a refresh finds what was there before. */
function drawFor({ slices, passengers, cabin }: FlightQuery, seller: number): Draw {
  const [slice] = slices
  const text = `${slice!.origin}${slice!.destination}${slice!.departureDate}${passengerCode(passengers)}${cabin}${seller}`
  let seed = 0
  for (let at = 0; at < text.length; at += 1) seed = (Math.imul(seed, 31) + text.charCodeAt(at)) | 0
  return createRandom(seed)
}

function wait(draw: Draw): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, DELAY_MS.min + draw() * (DELAY_MS.max - DELAY_MS.min)))
}

/** Some of the offers that lie ready, on the route asked for: whoever mixes up two searches shows another route. */
export function offersFor({ slices }: FlightQuery, ready: readonly FlightOffer[], draw: Draw): FlightOffer[] {
  const { origin, destination } = slices[0]!
  const count = OFFERS.min + Math.floor((OFFERS.max - OFFERS.min) * draw() ** SKEW)
  const first = Math.floor(draw() * (ready.length - count))
  return ready.slice(first, first + count).map((offer) => {
    const [slice] = offer.slices
    const segments = [...slice!.segments]
    segments[0] = { ...segments[0]!, origin }
    segments[segments.length - 1] = { ...segments[segments.length - 1]!, destination }
    return { ...offer, slices: [{ ...slice!, origin, destination, segments }] }
  })
}
