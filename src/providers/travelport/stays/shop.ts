import pLimit from 'p-limit'
import { isSameMoney } from '../../../kernel/money.ts'
import type { StayOffer, StayQuery } from '../../../travel/stay.ts'
import type { XmlElement } from '../../../platform/xml.ts'
import type { Call, StayPriceReply, StayShopReply } from '../../contract.ts'
import { ProviderError } from '../../errors.ts'
import { ask, createBudget, type Budget, type Deps } from '../deps.ts'
import { refused, replyOf } from '../exchange.ts'
import { isNoHotel } from '../faults.ts'
import { malformed } from '../read-values.ts'
import { readHotelDetails, type AskedStay, type HotelDetails } from './read-details.ts'
import { readAvailableCodes, readNextReference } from './read-search.ts'
import { readStayToken } from './token.ts'
import { writeAvailableHotels, writeHotelDetails, type HotelWriting } from './write.ts'

/** The adapter's dependencies where hotels are sold. */
export type HotelDeps = Deps & { readonly config: Deps['config'] & HotelWriting }

/** How many properties one search may name. The schema takes 99, but each that has a room costs a message for its rates. */
export const PROPERTIES_MAX = 30
/** Rates that are asked for at a time. */
const AT_A_TIME = 6
/** Pages of an availability of at most that many properties. */
const PAGES_MAX = 5

/**
 * Which of the properties have a room, by one search, and then the rates of each that has: a search tells from-prices only,
 * which nobody can book. A property whose rates cannot be read costs itself; when none can be read it is thrown.
 */
export async function shopStays(deps: HotelDeps, query: StayQuery, call: Call): Promise<StayShopReply> {
  const codes = query.properties.slice(0, PROPERTIES_MAX).filter((code) => code.length > 2)
  if (codes.length === 0) return { solutions: 0, offers: [] }
  const budget = createBudget(deps, deps.config.limits.shopTimeoutMs)
  const available = await findAvailable(deps, { query, codes, budget }, call)
  const limit = pLimit(AT_A_TIME)
  const answers = await Promise.all(
    available.map((code) =>
      limit(async () => {
        try {
          return await askForRates(deps, { code, query, budget }, call)
        } catch (error) {
          if (error instanceof ProviderError) return error
          throw error
        }
      }),
    ),
  )
  const fault = answers.find((answer) => answer instanceof ProviderError)
  const found = answers.flatMap((answer) => (answer instanceof ProviderError ? [] : [answer.offers]))
  if (fault && found.every((offers) => offers.length === 0)) throw fault
  return { solutions: found.filter((offers) => offers.length > 0).length, offers: found.flat() }
}

/** The rate as it is now, and what booking it needs. */
export type LiveRate = { readonly offer: StayOffer; readonly hostToken: string | null }

/** Asks for the rates of the property once more and finds this one among them. Throws ProviderError when it cannot be known. */
export async function priceStayLive(deps: HotelDeps, offer: StayOffer, call: Call, budget: Budget): Promise<LiveRate | 'gone'> {
  const query = {
    checkIn: offer.checkIn,
    checkOut: offer.checkOut,
    rooms: offer.rooms.map((room) => room.occupancy),
    currency: offer.total.currency,
  }
  const { offers, hostToken } = await askForRates(deps, { code: offer.property, query, budget }, call)
  const live = offers.find((one) => isSameRate(one, offer))
  return live ? { offer: isSameMoney(live.total, offer.total) ? { ...live, id: offer.id } : live, hostToken } : 'gone'
}

/** The live price of an offer. */
export async function priceStay(deps: HotelDeps, offer: StayOffer, call: Call): Promise<StayPriceReply> {
  const live = await priceStayLive(deps, offer, call, createBudget(deps, deps.config.limits.readTimeoutMs))
  return live === 'gone'
    ? { outcome: 'gone', code: 'no_rate', message: 'the rate is no longer sold' }
    : { outcome: 'priced', offer: live.offer }
}

/** The offer id names a rate; without one, the same plan of the same supplier with the same board does. */
function isSameRate(one: StayOffer, other: StayOffer): boolean {
  const [a, b] = [readStayToken(one.supplierToken), readStayToken(other.supplierToken)]
  if (a.rate.rateOfferId !== null || b.rate.rateOfferId !== null) return a.rate.rateOfferId === b.rate.rateOfferId
  return a.rate.ratePlanType === b.rate.ratePlanType && a.rate.rateSupplier === b.rate.rateSupplier && one.board === other.board
}

type Asked = { readonly query: StayQuery; readonly codes: readonly string[]; readonly budget: Budget }

async function findAvailable(deps: HotelDeps, { query, codes, budget }: Asked, call: Call): Promise<readonly string[]> {
  const found = new Set<string>()
  let from: string | null = null
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const reply = await askHotels(
      deps,
      writeAvailableHotels(deps.config, codes, query, from),
      { budget, expects: 'HotelSearchAvailabilityRsp' },
      call,
    )
    if (reply === null) return [...found]
    for (const code of readAvailableCodes(reply)) if (codes.includes(code)) found.add(code)
    from = readNextReference(reply)
    if (from === null) return [...found]
  }
  throw malformed(`${codes.length} properties do not take more than ${PAGES_MAX} pages`)
}

type Rates = {
  readonly code: string
  readonly query: Pick<StayQuery, 'checkIn' | 'checkOut' | 'rooms' | 'currency'>
  readonly budget: Budget
}

async function askForRates(deps: HotelDeps, { code, query, budget }: Rates, call: Call): Promise<HotelDetails> {
  const envelope = writeHotelDetails(deps.config, code, query)
  const reply = await askHotels(deps, envelope, { budget, expects: 'HotelDetailsRsp' }, call)
  if (reply === null) return { offers: [], hostToken: null, hasMore: false }
  const asked: AskedStay = { checkIn: query.checkIn, checkOut: query.checkOut, rooms: query.rooms, now: deps.clock.now() }
  const details = readHotelDetails(reply, asked)
  return { ...details, offers: details.offers.filter((offer) => offer.property === code) }
}

/** The reply of the hotel service, or null when nothing is sold there then. Throws ProviderError. */
export async function askHotels(
  deps: HotelDeps,
  envelope: string,
  { budget, expects }: { readonly budget: Budget; readonly expects: string },
  call: Call,
): Promise<XmlElement | null> {
  const reply = replyOf(await ask(deps, call, budget, { service: 'HotelService', envelope, expects }))
  if ('body' in reply) return reply.body
  if (isNoHotel(reply.fault)) return null
  throw refused(reply.fault)
}
