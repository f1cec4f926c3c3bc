import { isSameMoney } from '../../kernel/money.ts'
import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import type { Reservation, Ticket } from '../../travel/reservation.ts'
import { attribute, children, type XmlElement } from '../../platform/xml.ts'
import type { Call, FindQuery, FindReply, PriceReply, UnreadShop } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { ask, createBudget, type Budget, type Deps } from './deps.ts'
import { deliver, PROVIDER_ID, refused, replyOf, unanswered } from './exchange.ts'
import { isNoSeat, isNoTickets, isNothingFound } from './faults.ts'
import { isSameReference } from '../host-text.ts'
import { chooseSolution, inShapeOf, readPrice, type PricedSolution } from './read-price.ts'
import { readLocators, readRecord, writeLocators, type RecordView } from './read-reservation.ts'
import { readDocuments } from './read-tickets.ts'
import { malformed } from './read-values.ts'
import {
  FIND_PAGE,
  travellersOf,
  writeFind,
  writePrice,
  writeRetrieve,
  writeRetrieveDocuments,
  writeShop,
  type Traveller,
} from './to-wire.ts'
import { REFERENCE_REMARK, type Locators } from './wire.ts'

/** All fares for a query, as the reply that holds them. */
export async function shop(deps: Deps, query: FlightQuery, call: Call): Promise<UnreadShop> {
  const request = { service: 'AirService', envelope: writeShop(deps.config, query), timeoutMs: deps.config.limits.shopTimeoutMs } as const
  const reply = await deliver(deps.send, deps.config, request, call.signal)
  if ('kind' in reply) throw unanswered(reply)
  return { unread: reply.bytes, status: reply.status }
}

/** The live price of an offer, in the shape in which it was shown. */
export async function price(deps: Deps, offer: FlightOffer, call: Call): Promise<PriceReply> {
  const live = await priceLive(deps, offer, travellersOf(offer), call, createBudget(deps, deps.config.limits.readTimeoutMs))
  return 'gone' in live ? { outcome: 'gone', ...live.gone } : { outcome: 'priced', offer: live.priced.offer }
}

/** What a live pricing says: the one solution that is this offer, or why there is none any more. */
export type LivePrice = { readonly priced: PricedSolution } | { readonly gone: { readonly code: string; readonly message: string } }

/** Prices an offer for these travellers. Throws ProviderError when it cannot be known. */
export async function priceLive(
  deps: Deps,
  offer: FlightOffer,
  travellers: readonly Traveller[],
  call: Call,
  budget: Budget,
): Promise<LivePrice> {
  const request = { service: 'AirService', envelope: writePrice(deps.config, offer, travellers), expects: 'AirPriceRsp' } as const
  const reply = replyOf(await ask(deps, call, budget, request, deps.config.limits.readTimeoutMs))
  if ('fault' in reply) {
    if (isNothingFound(reply.fault) || isNoSeat(reply.fault)) return { gone: { code: reply.fault.code, message: reply.fault.message } }
    throw refused(reply.fault)
  }
  const solution = chooseSolution(readPrice(reply.body), offer)
  if (!solution) return { gone: { code: 'no_solution', message: 'the itinerary was not priced' } }
  const shaped = inShapeOf(solution.offer, offer)
  // The same money is the same offer: it keeps its id, and what has been said about it stays true.
  return { priced: { ...solution, offer: isSameMoney(shaped.total, offer.total) ? { ...shaped, id: offer.id } : shaped } }
}

/** The reservation as the host has it now, with its tickets. */
export async function retrieve(deps: Deps, supplierRef: string, call: Call): Promise<Reservation> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  const locators = readLocators(supplierRef)
  const view = await retrieveRecord(deps, locators.record, call, budget)
  return (await withDocuments(deps, view, locators.air, call, budget)).reservation
}

/** One universal record. Throws ProviderError. */
export async function retrieveRecord(deps: Deps, record: string, call: Call, budget: Budget): Promise<RecordView> {
  const view = readRecord(await retrieveReply(deps, record, call, budget))
  if (!view) throw malformed('the reply holds no universal record')
  return view
}

/** The reply that holds a universal record. Throws ProviderError. */
export async function retrieveReply(deps: Deps, record: string, call: Call, budget: Budget): Promise<XmlElement> {
  const request = {
    service: 'UniversalRecordService',
    envelope: writeRetrieve(deps.config, record),
    expects: 'UniversalRecordRetrieveRsp',
  } as const
  const reply = replyOf(await ask(deps, call, budget, request))
  if ('fault' in reply) throw refused(reply.fault)
  return reply.body
}

/**
 * The record with the tickets that the host has for it. The record's own list lags behind after ticketing, so the
 * documents are asked for; it is kept only where the documents say nothing. `air` is the air reservation's locator as
 * it was known before, because a cancelled record no longer tells it.
 */
export async function withDocuments(deps: Deps, view: RecordView, air: string, call: Call, budget: Budget): Promise<RecordView> {
  const locators = { ...view.locators, air: view.locators.air || air }
  if (locators.air === '') return view
  const tickets = await retrieveTickets(deps, locators, call, budget)
  return {
    ...view,
    locators,
    reservation: {
      ...view.reservation,
      supplierRef: writeLocators(locators),
      tickets: tickets.length === 0 ? view.reservation.tickets : tickets,
    },
  }
}

async function retrieveTickets(deps: Deps, locators: Locators, call: Call, budget: Budget): Promise<readonly Ticket[]> {
  const request = {
    service: 'AirService',
    envelope: writeRetrieveDocuments(deps.config, locators),
    expects: 'AirRetrieveDocumentRsp',
  } as const
  const reply = replyOf(await ask(deps, call, budget, request))
  if ('body' in reply) return readDocuments(reply.body).tickets
  if (isNoTickets(reply.fault)) return []
  throw refused(reply.fault)
}

/** Pages of a search that are read before it is called too wide to prove an absence. */
const FIND_PAGES_MAX = 5

/**
 * The reservation whose remark holds our reference. Candidates are searched by the first traveller's name and the first
 * flight's day and origin; an active one is preferred to a cancelled one. Throws ProviderError when a candidate could
 * not be read: it might have been the one.
 */
export async function find(deps: Deps, query: FindQuery, call: Call): Promise<FindReply> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  let other: RecordView | undefined
  for (const record of await searchFlights(deps, query, call, budget)) {
    const view = await retrieveRecord(deps, record, call, budget)
    if (!view.remarks.some((remark) => isOurs(remark, query.reference))) continue
    if (view.reservation.status === 'active')
      return { outcome: 'found', reservation: asFound(await withDocuments(deps, view, '', call, budget), query.offer) }
    other ??= view
  }
  return other ? { outcome: 'found', reservation: other.reservation } : { outcome: 'absent' }
}

/**
 * A record that lacks a flight, a seat or a stored fare cannot be ticketed: whoever finds it must not take it for a
 * booking that worked, so its status is unknown.
 */
function asFound(view: RecordView, offer: FlightOffer): Reservation {
  const { segments, tickets } = view.reservation
  const ordered = offer.slices.reduce((count, slice) => count + slice.segments.length, 0)
  const whole = view.hasStoredFare && segments.length >= ordered && segments.every((segment) => segment.status === 'confirmed')
  return whole || tickets.length > 0 ? view.reservation : { ...view.reservation, status: 'unknown' }
}

/** True when a remark of a record holds this reference of ours. */
export function isOurs(remark: string, reference: string): boolean {
  const at = remark.toUpperCase().indexOf(REFERENCE_REMARK)
  return at >= 0 && isSameReference(remark.slice(at + REFERENCE_REMARK.length), reference)
}

function searchFlights(deps: Deps, query: FindQuery, call: Call, budget: Budget): Promise<readonly string[]> {
  const who = query.passengers[0]
  const first = query.offer.slices[0]?.segments[0]
  if (!who || !first) throw malformed('nobody and no flight to look for')
  return searchRecords(deps, (startFrom) => writeFind(deps.config, who, first, startFrom), call, budget)
}

/** The locators of all records that a search finds, page by page. Throws ProviderError, also when there are too many to prove an absence. */
export async function searchRecords(
  deps: Deps,
  write: (startFrom: number) => string,
  call: Call,
  budget: Budget,
): Promise<readonly string[]> {
  const found = new Set<string>()
  for (let page = 0; page < FIND_PAGES_MAX; page += 1) {
    const envelope = write(page * FIND_PAGE + 1)
    const reply = replyOf(
      await ask(deps, call, budget, { service: 'UniversalRecordService', envelope, expects: 'UniversalRecordSearchRsp' }),
    )
    if ('fault' in reply) throw refused(reply.fault)
    for (const result of children(reply.body, 'UniversalRecordSearchResult')) {
      const record = attribute(result, 'UniversalRecordLocatorCode')
      if (record) found.add(record)
    }
    if (attribute(reply.body, 'MoreResults') !== 'true') return [...found]
  }
  throw new ProviderError(PROVIDER_ID, 'refused', `more than ${FIND_PAGES_MAX * FIND_PAGE} records match, so none can be ruled out`)
}
