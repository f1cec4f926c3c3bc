import { LRUCache } from 'lru-cache'
import type { Currency } from '../../kernel/currency.ts'
import type { Provider, StayShopReply } from '../../providers/contract.ts'
import type { StayQuery } from '../../travel/stay.ts'
import type { Trade } from '../suppliers/trade.ts'
import type { Houses, NearHouse, NearHouses } from './content/houses.ts'
import { toHouseView } from './house-view.ts'
import { toHouseColumns, type HouseColumns } from './stay-columns.ts'
import type { BroadStayQuery } from './stay-search.ts'

/** One shop call of one supplier, and what is known of the houses it asks for, by the supplier's codes. */
export type StayQuestion = { readonly query: StayQuery; readonly homes: ReadonlyMap<string, HouseColumns> }

export type StayTrade = Trade<BroadStayQuery, StayQuestion, StayShopReply>

/** Searches whose suppliers are being asked. All suppliers of one look at the same houses, looked up once. */
const AREAS_MAX = 64
const AREAS_MS = 60_000

/**
 * Stays: every supplier is asked for those of its properties that lie in the area, in as many calls as it takes. A
 * supplier that has none there is not asked. `providers` are all that sell stays.
 */
export function createStayTrade(deps: {
  readonly houses: Houses
  readonly providers: readonly string[]
  readonly currency: Currency
}): StayTrade {
  const areas = new LRUCache<BroadStayQuery, Promise<NearHouses>>({ max: AREAS_MAX, ttl: AREAS_MS })
  const columns = new WeakMap<NearHouse, HouseColumns>()

  function nearOf(query: BroadStayQuery): Promise<NearHouses> {
    const known = areas.get(query)
    if (known !== undefined) return known
    const near = deps.houses.near(query.area, deps.providers)
    areas.set(query, near)
    near.catch(() => areas.delete(query))
    return near
  }

  function columnsOf(house: NearHouse): HouseColumns {
    let known = columns.get(house)
    if (known === undefined) columns.set(house, (known = toHouseColumns(house, JSON.stringify(toHouseView(house)))))
    return known
  }

  return {
    sells: (provider) => provider.stays !== undefined,
    nothing: { packageOnly: 0 },
    async questions(provider, query) {
      const { houses } = await nearOf(query)
      const homes = houses.flatMap((house) =>
        house.properties.filter((property) => property.provider === provider.id).map(({ code }) => [code, columnsOf(house)] as const),
      )
      return chunksOf(homes, provider.stays!.propertiesMax).map((chunk) => ({
        query: toStayQuery(
          query,
          chunk.map(([code]) => code),
          deps.currency,
        ),
        homes: new Map(chunk),
      }))
    },
    shop: (provider, { query }, call) => provider.stays!.shop(query, call),
  }
}

/** What a supplier's reply says, read here and now if it was not yet. Throws ProviderError. */
export function readStayShop(
  provider: Pick<Provider, 'id' | 'stays'>,
  query: StayQuery,
  reply: Awaited<ReturnType<StayTrade['shop']>>,
): StayShopReply {
  if (!('unread' in reply)) return reply
  if (!provider.stays?.readShop) throw new Error(`${provider.id} leaves replies unread that it cannot read`)
  return provider.stays.readShop(reply, query)
}

function toStayQuery(
  { checkIn, checkOut, rooms, guestCountry }: BroadStayQuery,
  properties: readonly string[],
  currency: Currency,
): StayQuery {
  return { properties, checkIn, checkOut, rooms, guestCountry, currency }
}

/** In pieces as equal as can be, so that no call waits for a much larger one. */
function chunksOf<T>(values: readonly T[], sizeMax: number): T[][] {
  const count = Math.ceil(values.length / Math.max(1, sizeMax))
  const size = Math.ceil(values.length / Math.max(1, count))
  return Array.from({ length: count }, (_, i) => values.slice(i * size, (i + 1) * size)).filter((chunk) => chunk.length > 0)
}
