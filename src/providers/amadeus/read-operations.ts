import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import type { FareRules } from '../../travel/fare-rules.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { SeatMap } from '../../travel/seat-map.ts'
import type { Call, PriceReply, UnreadShop } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, type Deps } from './deps.ts'
import { deliver, exchange, refused, replyOf, unanswered } from './exchange.ts'
import { isNoFare, isNoStoredFare, readRefusals } from './faults.ts'
import { readPnr, readPnrErrors, toLocator, type PnrView } from './read-pnr.ts'
import { inShapeOf, readPrice } from './read-price.ts'
import { readCheckRules, readMiniRulesReply } from './read-rules.ts'
import { readSeatMaps } from './read-seat-map.ts'
import { readStoredFares, totalOf } from './read-stored-fares.ts'
import { malformed } from './read-values.ts'
import { inSession, type Session } from './session.ts'
import { writeCheckRules, writeMiniRules, writePrice, writeSeatMap, writeShop } from './write-search.ts'
import { writeDisplayFares, writeRetrieve } from './write-servicing.ts'
import { segmentsOf } from './write-values.ts'

/** All fares for a query, as the reply that holds them. */
export async function shop(deps: Deps, query: FlightQuery, call: Call): Promise<UnreadShop> {
  const reply = await deliver(
    deps,
    {
      message: 'Fare_MasterPricerTravelBoardSearch',
      body: writeShop(deps.config, query),
      conversation: { place: 'stateless' },
      timeoutMs: deps.config.limits.shopTimeoutMs,
    },
    call.signal,
  )
  if ('kind' in reply) throw unanswered(reply)
  return { unread: reply.bytes, status: reply.status }
}

/** The live price of an offer, in the shape in which it was shown. MasterPricer is a cache: only this says what is sold now. */
export async function price(deps: Deps, offer: FlightOffer, call: Call): Promise<PriceReply> {
  const request = {
    message: 'Fare_InformativePricingWithoutPNR',
    body: writePrice(deps.config, offer),
    conversation: { place: 'stateless' },
    timeoutMs: deps.config.limits.readTimeoutMs,
  } as const
  const result = await exchange(deps, request, call.signal)
  if (result.kind === 'fault' && isNoFare(result.fault)) return { outcome: 'gone', ...result.fault }
  const reply = replyOf(result)
  const refusal = readRefusals(reply)[0]
  if (refusal) {
    if (isNoFare(refusal)) return { outcome: 'gone', ...refusal }
    throw refused(refusal)
  }
  const priced = readPrice(reply)
  if (priced.segments.length > 0 && priced.segments.length !== segmentsOf(offer).length)
    throw malformed('other flights were priced than were asked for')
  return { outcome: 'priced', offer: inShapeOf(priced, offer) }
}

/** The reservation as the host has it now: its flights, documents, and what the fares stored with it cost. */
export async function retrieve(deps: Deps, supplierRef: string, call: Call): Promise<Reservation> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  const locator = toLocator(supplierRef)
  return inSession(deps, call, budget, async (session) => (await withStoredFares(session, await retrievePnr(session, locator))).reservation)
}

/** Shows one record in a conversation. Throws ProviderError when it cannot be shown. */
export async function retrievePnr(session: Session, locator: string): Promise<PnrView> {
  const reply = replyOf(await session.ask('PNR_Retrieve', writeRetrieve(locator)))
  const view = readPnr(reply)
  if (view) return view
  const refusal = readPnrErrors(reply)[0]
  throw refusal ? refused(refusal) : malformed('the reply shows no record')
}

/** The record with the total of its stored fares, which not every release shows with it. A cancelled record has none. */
export async function withStoredFares(session: Session, view: PnrView): Promise<PnrView> {
  if (view.flights.length === 0 || view.reservation.total !== null) return view
  const result = await session.ask('Ticket_DisplayTST', writeDisplayFares())
  if (result.kind === 'fault' && isNoStoredFare(result.fault)) return view
  const reply = replyOf(result)
  const refusal = readRefusals(reply)[0]
  if (refusal) {
    if (isNoStoredFare(refusal)) return view
    throw refused(refusal)
  }
  return { ...view, reservation: { ...view.reservation, total: totalOf(readStoredFares(reply)) } }
}

/** The seats of each flight that has a map; a flight whose airline gives none is left out. Throws ProviderError when nobody answers. */
export async function seatMaps(deps: Deps, offer: FlightOffer, call: Call): Promise<readonly SeatMap[]> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  const maps: SeatMap[] = []
  for (const [index, segment] of segmentsOf(offer).entries()) {
    const request = {
      message: 'Air_RetrieveSeatMap',
      body: writeSeatMap(segment),
      conversation: { place: 'stateless' },
      timeoutMs: budget.leftMs(),
    } as const
    const reply = replyOf(await exchange(deps, request, call.signal))
    try {
      maps.push(...readSeatMaps(reply, index).slice(0, 1))
    } catch (error) {
      if (!(error instanceof ProviderError) || error.fault !== 'refused') throw error
    }
  }
  return maps
}

/** Components of one journey whose letters are asked for, so that twelve flights do not become twelve messages. */
const COMPONENTS_MAX = 4

/**
 * The rules of each fare component: as figures (mini rules) and in the letters that count. Both speak of what has been priced in
 * the same conversation.
 */
export async function fareRules(deps: Deps, offer: FlightOffer, call: Call): Promise<readonly FareRules[]> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  return inSession(deps, call, budget, async (session) => {
    const priced = replyOf(await session.ask('Fare_InformativePricingWithoutPNR', writePrice(deps.config, offer)))
    const refusal = readRefusals(priced)[0]
    if (refusal) throw refused(refusal)
    const figures = await askMiniRules(session)
    const letters = await askLetters(session)
    return merge(figures, letters)
  })
}

/** Mini rules are a product of their own, which an office may not have: without them the letters are all there is. */
async function askMiniRules(session: Session): Promise<readonly FareRules[]> {
  const result = await session.ask('MiniRule_GetFromPricing', writeMiniRules())
  if (result.kind === 'fault') return []
  try {
    return readMiniRulesReply(replyOf(result))
  } catch (error) {
    if (error instanceof ProviderError && error.fault === 'refused') return []
    throw error
  }
}

/** The letters of each component, until the host says that there is no such one. */
async function askLetters(session: Session): Promise<readonly FareRules[]> {
  const found: FareRules[] = []
  for (let component = 1; component <= COMPONENTS_MAX; component += 1) {
    try {
      const [rules] = readCheckRules(replyOf(await session.ask('Fare_CheckRules', writeCheckRules(component))))
      if (!rules) break
      found.push(rules)
    } catch (error) {
      if (component > 1 && error instanceof ProviderError && error.fault === 'refused') break
      throw error
    }
  }
  return found
}

function merge(figures: readonly FareRules[], letters: readonly FareRules[]): readonly FareRules[] {
  const used = new Set<FareRules>()
  const merged = letters.map((rules) => {
    const same = figures.find(
      (one) => !used.has(one) && one.fareBasis === rules.fareBasis && one.origin === rules.origin && one.destination === rules.destination,
    )
    if (same) used.add(same)
    return { ...rules, penalties: same?.penalties ?? rules.penalties }
  })
  // Of further passenger types the figures repeat the component; one that is new is told without letters.
  const rest = figures.filter((one) => !merged.some((rules) => rules.fareBasis === one.fareBasis && rules.origin === one.origin))
  return [...merged, ...rest]
}
