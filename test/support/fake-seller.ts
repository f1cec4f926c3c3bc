import type { Call, FlightSupplier, Provider, ProviderLimits, ShopReply } from '../../src/providers/contract.ts'
import type { FlightOffer, FlightQuery } from '../../src/travel/flight.ts'

const LIMITS: ProviderLimits = {
  shopTimeoutMs: 2_000,
  readTimeoutMs: 2_000,
  writeTimeoutMs: 2_000,
  replyBytesMax: 1_000_000,
  concurrentMax: 4,
  retentionMs: 30 * 60_000,
  unknownHorizonMs: 30 * 60_000,
  hedging: null,
  looks: { perMinuteMax: null, perBookingMax: null },
}

export type FakeSeller = Provider & { readonly asked: FlightQuery[] }

/** A supplier that can only shop, and remembers what it was asked. */
export function fakeSeller(
  id: string,
  shop: (query: FlightQuery, call: Call) => Promise<ShopReply>,
  limits: Partial<ProviderLimits> = {},
): FakeSeller {
  const asked: FlightQuery[] = []
  const never = () => Promise.reject(new Error(`${id} can only shop`))
  const flights: FlightSupplier = {
    shop: (query, call) => {
      asked.push(query)
      return shop(query, call)
    },
    price: never,
    book: never,
    retrieve: never,
    find: never,
    cancel: never,
  }
  return {
    id,
    name: id[0]!.toUpperCase() + id.slice(1),
    limits: { ...LIMITS, ...limits },
    flights,
    asked,
    translate: () => ({ kind: 'offers', solutions: 0, offers: [] }),
  }
}

/** A supplier that answers with these offers after `delayMs`. */
export function sellerOf(id: string, offers: readonly FlightOffer[], delayMs = 0, limits: Partial<ProviderLimits> = {}): FakeSeller {
  return fakeSeller(
    id,
    async () => {
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
      return { solutions: offers.length, offers: offers.map((offer) => ({ ...offer, provider: id })) }
    },
    limits,
  )
}
