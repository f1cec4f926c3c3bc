import type { Call, ContentPage, Provider, ProviderLimits, StayShopReply, StaySupplier } from '../../src/providers/contract.ts'
import { mergeHouse } from '../../src/search/stays/content/house.ts'
import type { Houses } from '../../src/search/stays/content/houses.ts'
import { metresBetween } from '../../src/travel/great-circle.ts'
import type { Property } from '../../src/travel/property.ts'
import type { StayOffer, StayQuery } from '../../src/travel/stay.ts'
import { fakeSeller } from './fake-seller.ts'
import { stayOffer } from './stay-offers.ts'

/** A hotel in the middle of Barcelona, with whatever a test needs changed. */
export function property(changes: Partial<Property> = {}): Property {
  return {
    provider: 'alpha',
    code: '1',
    name: 'Hotel Uno',
    stars: 4,
    latitude: 41.385,
    longitude: 2.173,
    address: 'Plaça 1',
    city: 'Barcelona',
    country: 'ES',
    district: 'Eixample',
    type: 'hotel',
    amenities: ['wifi'],
    rating: 8.4,
    images: ['https://images.example/1.jpg'],
    description: 'A house.',
    checkInFrom: '15:00',
    checkOutUntil: '11:00',
    ...changes,
  }
}

/** The id of a house as it is spelt, from a word of at most ten letters. */
export function houseId(word: string): string {
  return `hse_${word.replaceAll(/[^0-9a-hjkmnp-tv-z]/g, '0').padEnd(26, '0')}`
}

/** Houses by id, each with what suppliers say of it. */
export function housesOf(byId: Readonly<Record<string, readonly Property[]>>): Houses {
  const sold = (properties: readonly Property[], providers: readonly string[]) =>
    properties.filter((one) => providers.includes(one.provider))
  return {
    near: async (area, providers) => ({
      centre: area,
      houses: Object.entries(byId)
        .map(([id, all]) => [id, sold(all, providers)] as const)
        .filter(([, properties]) => properties.length > 0)
        .map(([id, properties]) => mergeHouse(id, properties))
        .map((house) => ({ ...house, distanceM: Math.round(metresBetween(area, house)) }))
        .filter((house) => house.distanceM <= area.radiusKm * 1_000)
        .sort((a, b) => a.distanceM - b.distanceM),
    }),
    find: async (id, providers) => {
      const properties = sold(byId[id] ?? [], providers)
      return properties.length === 0 ? null : mergeHouse(id, properties)
    },
    findProperty: async (provider, code) =>
      Object.values(byId)
        .flat()
        .find((one) => one.provider === provider && one.code === code) ?? null,
  }
}

export type FakeStaySeller = Provider & { readonly stays: StaySupplier; readonly asked: StayQuery[] }

type Rates = (query: StayQuery, call: Call) => Promise<readonly StayOffer[]>

/** A supplier of stays that can only shop, and remembers what it was asked. */
export function fakeStaySeller(
  id: string,
  rates: Rates,
  options: { readonly limits?: Partial<ProviderLimits>; readonly propertiesMax?: number; readonly content?: StaySupplier['content'] } = {},
): FakeStaySeller {
  const seller = fakeSeller(id, () => Promise.reject(new Error('sells no flights')), options.limits)
  const { flights: _flights, ...rest } = seller
  const never = () => Promise.reject(new Error(`${id} can only shop`))
  const asked: StayQuery[] = []
  const stays: StaySupplier = {
    propertiesMax: options.propertiesMax ?? 100,
    shop: async (query, call): Promise<StayShopReply> => {
      asked.push(query)
      const offers = await rates(query, call)
      return { solutions: new Set(offers.map((offer) => offer.property)).size, offers }
    },
    content: options.content ?? never,
    price: never,
    book: never,
    retrieve: never,
    find: never,
    cancel: never,
  }
  return { ...rest, stays, asked }
}

/** A rate for what is asked, of one property. */
export function rateFor(query: StayQuery, code: string, changes: Partial<StayOffer> = {}): StayOffer {
  return stayOffer({
    property: code,
    checkIn: query.checkIn,
    checkOut: query.checkOut,
    rooms: query.rooms.map((occupancy) => ({ name: 'Double room', code: 'DBL', occupancy })),
    ...changes,
  })
}

/** Sells these rates by property code, of those it is asked for. */
export function staySellerOf(
  id: string,
  rates: Readonly<Record<string, readonly Partial<StayOffer>[]>>,
  options: Parameters<typeof fakeStaySeller>[2] = {},
): FakeStaySeller {
  return fakeStaySeller(
    id,
    async (query) => query.properties.flatMap((code) => (rates[code] ?? []).map((one) => rateFor(query, code, { provider: id, ...one }))),
    options,
  )
}

/** Pages of content, by their cursors; "" is the first. */
export function contentOf(
  pages: Readonly<Record<string, ContentPage>>,
): ((cursor: string | null) => Promise<ContentPage>) & { readonly asked: (string | null)[] } {
  const asked: (string | null)[] = []
  const content = async (cursor: string | null) => {
    asked.push(cursor)
    const page = pages[cursor ?? '']
    if (page === undefined) throw new Error(`there is no page "${cursor}"`)
    return page
  }
  return Object.assign(content, { asked })
}
