import { isSameMoney } from '../../kernel/money.ts'
import type { FareRules } from '../../travel/fare-rules.ts'
import type { FlightOffer, FlightQuery, Segment } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { SeatMap } from '../../travel/seat-map.ts'
import type { Call, FindQuery, FindReply, PriceReply, UnreadShop } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, deliver, exchange, messageOf, unanswered, type Budget, type Deps } from './exchange.ts'
import { findGone, isNoOrder, refused } from './faults.ts'
import { all, malformed, value } from './elements.ts'
import { partsOf, type Message } from './message.ts'
import { readFareRules } from './read-fare-rules.ts'
import { pricedOffersOf, readOffers } from './read-offers.ts'
import { readOrder, readRef, type OrderRef, type OrderView } from './read-order.ts'
import { readSeatMaps } from './read-seats.ts'
import { writerOf } from './to-wire.ts'
import { REFERENCE_REMARK, type OfferToken } from './wire.ts'

/** A search reply as it came. `provider` goes with it, because in a reading thread one reader serves all airlines. */
export type UnreadNdcShop = UnreadShop & { readonly provider: string }

/** All offers of the airline for a query, as the reply that holds them. */
export async function shop(deps: Deps, query: FlightQuery, call: Call): Promise<UnreadNdcShop> {
  const { config, provider } = deps
  const text = writerOf(config.version).shop(config, query)
  const reply = await deliver(deps, { request: 'AirShopping', text }, config.limits.shopTimeoutMs, call)
  if ('kind' in reply) throw unanswered(provider, reply)
  return { unread: reply.bytes, status: reply.status, provider }
}

/** The live price of an offer. The airline may answer with a new offer, which is then the one to book. */
export async function price(deps: Deps, offer: FlightOffer, call: Call): Promise<PriceReply> {
  const message = await askPrice(deps, offer, call)
  if ('gone' in message) return { outcome: 'gone', ...message.gone }
  const { offers } = readOffers(message, deps.provider, pricedOffersOf(message))
  const priced = offers.find((one) => one.id === offer.id) ?? offers[0]
  if (!priced) return { outcome: 'gone', code: 'not_priced', message: 'the airline did not price the offer' }
  if (flightsOf(priced) !== flightsOf(offer))
    return { outcome: 'gone', code: 'schedule_changed', message: 'the offer is for other flights now' }
  return { outcome: 'priced', offer: inShapeOf(priced, offer) }
}

/** The penalties of an offer as its price states them, by fare component. */
export async function fareRules(deps: Deps, offer: FlightOffer, call: Call): Promise<readonly FareRules[]> {
  const message = await askPrice(deps, offer, call)
  if ('gone' in message) throw new ProviderError(deps.provider, 'refused', message.gone.message, { code: message.gone.code })
  return readFareRules(message)
}

async function askPrice(
  deps: Deps,
  offer: FlightOffer,
  call: Call,
): Promise<Message | { readonly gone: { code: string; message: string } }> {
  const { config, provider } = deps
  const text = writerOf(config.version).price(config, tokenOf(deps, offer))
  const budget = createBudget(deps, config.limits.readTimeoutMs)
  const message = messageOf(provider, await exchange(deps, call, budget, { request: 'OfferPrice', text, expects: ['OfferPriceRS'] }))
  if (pricedOffersOf(message).length > 0) return message
  const gone = findGone(message.errors)
  if (gone) return { gone: { code: gone.code, message: gone.text || 'the offer is no longer sold' } }
  if (message.errors.length > 0) throw refused(provider, message.errors)
  throw malformed('the reply holds neither an offer nor an error')
}

/** The airline's own words for the offer, whose owner it is when the offer did not name one. Throws ProviderError for a token that is not ours. */
export function tokenOf({ config }: Deps, offer: FlightOffer): OfferToken {
  try {
    const token = JSON.parse(offer.supplierToken) as OfferToken
    if (token.v === 1) return { ...token, owner: token.owner || config.airline }
  } catch (error) {
    throw malformed('the offer has no token of this adapter', error)
  }
  throw malformed('the offer has a token of another version')
}

/** What an offer flies, regardless of how it is called. */
export function flightsOf(offer: FlightOffer): string {
  return offer.slices
    .flatMap((slice) => slice.segments.map((s) => `${s.carrier}${s.flightNumber}.${s.origin}${s.destination}.${s.departure.local}`))
    .join('+')
}

/** The priced offer with what its message does not repeat about the same flights: brand, baggage, terminals, who flies. */
function inShapeOf(priced: FlightOffer, shown: FlightOffer): FlightOffer {
  const before = shown.slices.flatMap((slice) => slice.segments)
  let at = 0
  const keep = (now: Segment): Segment => {
    const was = before[at]!
    at += 1
    return {
      ...now,
      operatingCarrier: now.operatingCarrier ?? was.operatingCarrier,
      originTerminal: now.originTerminal ?? was.originTerminal,
      destinationTerminal: now.destinationTerminal ?? was.destinationTerminal,
      durationMinutes: now.durationMinutes ?? was.durationMinutes,
      equipment: now.equipment ?? was.equipment,
      cabin: now.cabin ?? was.cabin,
      bookingClass: now.bookingClass ?? was.bookingClass,
      fareBasis: now.fareBasis ?? was.fareBasis,
      brand: now.brand ?? was.brand,
      baggage: now.baggage.length > 0 ? now.baggage : was.baggage,
    }
  }
  const segments = priced.slices.flatMap((slice) => slice.segments).map(keep)
  let from = 0
  const slices = shown.slices.map((slice) => {
    const own = segments.slice(from, (from += slice.segments.length))
    return { ...slice, segments: own }
  })
  return {
    ...priced,
    // The same money is the same offer: it keeps its id, and what has been said about it stays true.
    id: isSameMoney(priced.total, shown.total) ? shown.id : priced.id,
    solution: shown.solution,
    slices,
    validatingCarrier: priced.validatingCarrier ?? shown.validatingCarrier,
    refundable: priced.refundable ?? shown.refundable,
    changeable: priced.changeable ?? shown.changeable,
    penalties: priced.penalties.length > 0 ? priced.penalties : shown.penalties,
  }
}

/** The order as the airline has it now, with its tickets. */
export async function retrieve(deps: Deps, supplierRef: string, call: Call): Promise<Reservation> {
  const view = await retrieveOrder(deps, readRef(supplierRef), call, createBudget(deps, deps.config.limits.readTimeoutMs))
  return view.reservation
}

/** One order. Throws ProviderError. */
export async function retrieveOrder(deps: Deps, ref: OrderRef, call: Call, budget: Budget): Promise<OrderView> {
  const { config, provider } = deps
  const text = writerOf(config.version).retrieve(config, ref)
  const expects = ['OrderViewRS', 'OrderRetrieveRS']
  const message = messageOf(provider, await exchange(deps, call, budget, { request: 'OrderRetrieve', text, expects }))
  const view = readOrder(message)
  if (view) return view
  if (message.errors.length > 0) throw refused(provider, message.errors)
  throw malformed('the reply holds no order')
}

/** Orders that are looked at one by one before a search is called too wide to prove an absence. */
const CANDIDATES_MAX = 20

/**
 * The order whose remark holds our reference. Candidates are listed by the first passenger and the first day of travel; an
 * active one is preferred to a cancelled one. Throws ProviderError when a candidate could not be read: it might be the one.
 */
export async function find(deps: Deps, query: FindQuery, call: Call): Promise<FindReply> {
  const { config, provider } = deps
  const budget = createBudget(deps, config.limits.readTimeoutMs)
  const text = writerOf(config.version).list(config, query)
  const message = messageOf(provider, await exchange(deps, call, budget, { request: 'OrderList', text, expects: ['OrderListRS'] }))
  if (isNoOrder(message.errors)) return { outcome: 'absent' }
  if (message.errors.length > 0) throw refused(provider, message.errors)
  const candidates = candidatesOf(message)
  if (candidates.length > CANDIDATES_MAX)
    throw new ProviderError(provider, 'refused', `more than ${CANDIDATES_MAX} orders match, so none can be ruled out`)
  let other: Reservation | undefined
  for (const candidate of candidates) {
    const view = await retrieveOrder(deps, { ...candidate, owner: candidate.owner || tokenOf(deps, query.offer).owner }, call, budget)
    if (!view.remarks.some((remark) => isOurs(remark, query.reference))) continue
    const reservation = asFound(view.reservation, query.offer)
    if (reservation.status !== 'cancelled') return { outcome: 'found', reservation }
    other ??= reservation
  }
  return other ? { outcome: 'found', reservation: other } : { outcome: 'absent' }
}

function candidatesOf(message: Message): readonly OrderRef[] {
  const matched = [
    ...partsOf(message, 'MatchedOrder'),
    ...partsOf(message, 'Orders').flatMap((list) => all(list, 'Order')),
    ...partsOf(message, 'Order'),
  ]
  const refs = matched.flatMap((one): readonly OrderRef[] => {
    const order = value(one, 'OrderRefID', 'OrderID')
    return order === undefined ? [] : [{ order, owner: value(one, 'Owner', 'OwnerCode') ?? '', pnr: order, pax: [] }]
  })
  return refs.filter((ref, i) => refs.findIndex((other) => other.order === ref.order) === i)
}

/** An order that lacks a flight, or has one that is not confirmed, must not be taken for a booking that worked. */
function asFound(reservation: Reservation, offer: FlightOffer): Reservation {
  if (reservation.status !== 'active' || reservation.tickets.length > 0) return reservation
  const ordered = offer.slices.reduce((count, slice) => count + slice.segments.length, 0)
  const isWhole = reservation.segments.length >= ordered && reservation.segments.every((segment) => segment.status === 'confirmed')
  return isWhole ? reservation : { ...reservation, status: 'unknown' }
}

function isOurs(remark: string, reference: string): boolean {
  const start = remark.toUpperCase().indexOf(REFERENCE_REMARK)
  const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return start >= 0 && plain(reference) !== '' && plain(remark.slice(start + REFERENCE_REMARK.length)) === plain(reference)
}

/** The seats of the flights that have a map. */
export async function seatMaps(deps: Deps, offer: FlightOffer, call: Call): Promise<readonly SeatMap[]> {
  const { config, provider } = deps
  const token = tokenOf(deps, offer)
  const text = writerOf(config.version).seats(config, token)
  const budget = createBudget(deps, config.limits.readTimeoutMs)
  const message = messageOf(
    provider,
    await exchange(deps, call, budget, { request: 'SeatAvailability', text, expects: ['SeatAvailabilityRS'] }),
  )
  const maps = readSeatMaps(message, token.segments)
  if (maps.length === 0 && message.errors.length > 0) throw refused(provider, message.errors)
  return maps
}
