import { readFileSync } from 'node:fs'
import type { Clock } from '../../src/kernel/time.ts'
import type { FlightSupplier, Provider, ProviderLimits, ShopReply, UnreadShop } from '../../src/providers/contract.ts'
import { createTranslators } from '../../src/providers/index.ts'
import { listRoutes, offersOf, SUPPLIERS } from './data-set.ts'

/** Who answers cold searches: sellers with offers of the data set, or one that sends a large reply as it came. */
export type SellerOptions =
  | { readonly kind: 'offers'; readonly offers: number; readonly delayMs: number }
  | { readonly kind: 'reply'; readonly file: string; readonly delayMs: number }

export const LIMITS: ProviderLimits = {
  shopTimeoutMs: 5_000,
  readTimeoutMs: 5_000,
  writeTimeoutMs: 5_000,
  replyBytesMax: 10_000_000,
  concurrentMax: 64,
  retentionMs: 30 * 60_000,
  unknownHorizonMs: 30 * 60_000,
  hedging: null,
  looks: { perMinuteMax: null, perBookingMax: null },
}

/** Sellers that count how often they are asked. */
export function openSellers(options: SellerOptions, clock: Clock): { providers: Provider[]; calls: () => number } {
  let calls = 0
  const answering = (reply: () => ShopReply | UnreadShop) => async () => {
    calls += 1
    await new Promise((resolve) => setTimeout(resolve, options.delayMs))
    return reply()
  }
  return { providers: providersOf(options, clock, answering), calls: () => calls }
}

type Answering = (reply: () => ShopReply | UnreadShop) => FlightSupplier['shop']

function providersOf(options: SellerOptions, clock: Clock, answering: Answering): Provider[] {
  if (options.kind === 'reply') {
    const bytes = readFileSync(options.file)
    const travelport = createTranslators(clock).find((provider) => provider.id === 'travelport')
    if (travelport?.flights === undefined) throw new Error('nobody reads the replies of travelport')
    // A copy each time: whoever reads it takes the memory along.
    const shop = answering(() => ({ unread: new Uint8Array(bytes), status: 200 }))
    return [{ ...travelport, limits: LIMITS, flights: { ...travelport.flights, shop } }]
  }
  const bySupplier = offersOf(listRoutes(1)[0]!, Math.max(options.offers, SUPPLIERS.length), 1)
  const never = () => Promise.reject(new Error('the bench only shops'))
  return SUPPLIERS.map(({ id, name }): Provider => {
    const offers = bySupplier.get(id)!
    const others = { price: never, book: never, retrieve: never, find: never, cancel: never }
    const flights: FlightSupplier = { shop: answering(() => ({ solutions: offers.length, offers })), ...others }
    return { id, name, limits: LIMITS, flights, translate: () => ({ kind: 'offers', solutions: 0, offers: [] }) }
  })
}
