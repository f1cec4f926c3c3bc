import { SUPPLIER_MOCKS } from '../../fixtures/mocks.ts'
import { parseCurrency } from '../../src/kernel/currency.ts'
import { plusDays, systemClock, utcDate } from '../../src/kernel/time.ts'
import { createProviders, readProviders, type Provider } from '../../src/providers/index.ts'
import { readShopReply } from '../../src/providers/contract.ts'
import type { FlightOffer, FlightQuery } from '../../src/travel/flight.ts'
import { operationsOf } from './operations.ts'

export type Timing = { readonly p50: number; readonly p95: number }
export type Measured = {
  readonly provider: string
  readonly flights: readonly string[]
  readonly stays: readonly string[]
  readonly shop: Timing | null
  readonly price: Timing | null
}

const ROUNDS = 12
const CALL_MS = 20_000

/** Asks each provider that a mock makes, over the wire and without the mock's artificial slowness. */
export async function measureMock(id: string): Promise<Measured[]> {
  const mock = await SUPPLIER_MOCKS.find((one) => one.id === id)!.start({
    port: 0,
    hasLatency: false,
    secret: (label) => `providers-${label}`,
  })
  try {
    const { providers, close } = createProviders(readProviders(mock.environment), { clock: systemClock, currency: parseCurrency('EUR') })
    try {
      const measured: Measured[] = []
      for (const provider of providers) measured.push(await measure(provider))
      return measured
    } finally {
      await close()
    }
  } finally {
    await mock.close()
  }
}

async function measure(provider: Provider): Promise<Measured> {
  const operations = operationsOf(provider)
  const times = { shop: [] as number[], price: [] as number[] }
  const timed = async <T>(into: number[], work: () => Promise<T>): Promise<T> => {
    const begun = performance.now()
    const result = await work()
    into.push(performance.now() - begun)
    return result
  }
  const { flights, stays } = provider
  for (let round = 0; round < ROUNDS; round += 1) {
    const signal = AbortSignal.timeout(CALL_MS)
    if (flights) {
      const query = flightQuery(round)
      const { offers } = await timed(times.shop, async () => readShopReply(provider, query, await flights.shop(query, { signal })))
      const offer: FlightOffer | undefined = offers[round % Math.max(1, offers.length)]
      if (offer) await timed(times.price, () => flights.price(offer, { signal }))
    } else if (stays) {
      const { properties } = await stays.content(null, { signal })
      const checkIn = plusDays(utcDate(systemClock.now()), 30 + round)
      const query = {
        properties: properties.slice(0, Math.min(50, stays.propertiesMax)).map(({ code }) => code),
        ...{ checkIn, checkOut: plusDays(checkIn, 2), rooms: [{ adults: 2, childAges: [] }], guestCountry: 'DE', currency: 'EUR' },
      }
      const { offers } = await timed(times.shop, async () => {
        const reply = await stays.shop(query, { signal })
        return 'unread' in reply ? stays.readShop!(reply, query) : reply
      })
      const offer = offers[round % Math.max(1, offers.length)]
      if (offer) await timed(times.price, () => stays.price(offer, { signal }))
    }
  }
  return { provider: provider.id, ...operations, shop: toTiming(times.shop), price: toTiming(times.price) }
}

function flightQuery(round: number): FlightQuery {
  const departureDate = plusDays(utcDate(systemClock.now()), 30 + round)
  return {
    slices: [{ origin: 'LHR', destination: 'JFK', departureDate }],
    passengers: { adults: 1, children: 0, infants: 0 },
    cabin: 'economy',
  }
}

function toTiming(times: readonly number[]): Timing | null {
  if (times.length === 0) return null
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]! * 10) / 10
  return { p50: at(0.5), p95: at(0.95) }
}
