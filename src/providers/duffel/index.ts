import type { Clock } from '../../kernel/time.ts'
import type { PartnerReply, PartnerRequest, Send } from '../../platform/partner.ts'
import type {
  Call,
  Cancellation,
  FindQuery,
  FindReply,
  FlightOrder,
  PriceReply,
  Provider,
  ShopReply,
  UnreadShop,
  WriteOutcome,
} from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { nobody, NOWHERE, type ProviderModule } from '../module.ts'
import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { DUFFEL_LIMITS, toSettings, type DuffelConfig, type Settings } from './config.ts'
import { DUFFEL, findErrors, toLostWrite, toReadError, toTransportError, unknown, type WriteFailure } from './faults.ts'
import { findSameFare } from './find-same-fare.ts'
import { referenceOf, toCancellation } from './from-wire-order.ts'
import { errorCodesOf, readBooking, readCancellation, readOrder, readPrice, readShop, toReply, type Reply } from './read-reply.ts'
import { isUnsendable, toOfferRequest, toOrder, toOrderCancellation, toOrderSearch, type OfferToken } from './to-wire.ts'
import { translate } from './translate.ts'
import { wireOrderPage } from './wire.ts'

/** Duffel, an aggregator of airlines. */
export const duffel: ProviderModule = {
  id: DUFFEL,
  name: 'Duffel',
  environment: {
    DUFFEL_URL: { description: 'Duffel API', example: 'https://api.duffel.com' },
    DUFFEL_TOKEN: { description: 'Duffel access token' },
  },
  create: ({ read }, { clock, over }) => [
    over({ name: 'Duffel', concurrentMax: DUFFEL_LIMITS.concurrentMax }, (send) =>
      createDuffel({ config: { enabled: true, url: read('DUFFEL_URL'), accessToken: read('DUFFEL_TOKEN') }, send, clock }),
    ),
  ],
  createTranslator: (clock) => createDuffel({ config: { enabled: true, url: NOWHERE, accessToken: 'none' }, send: nobody, clock }),
}

type Deps = { readonly settings: Settings; readonly send: Send; readonly clock: Clock }

/** Duffel, REST v2. Orders are instant: paid from our balance and ticketed as they are made, so there is no `ticket`. */
export function createDuffel({ config, send, clock }: { config: DuffelConfig; send: Send; clock: Clock }): Provider {
  const deps: Deps = { settings: toSettings(config), send, clock }
  return {
    id: DUFFEL,
    name: 'Duffel',
    limits: deps.settings.limits,
    flights: {
      shop: (query, call) => search(deps, { query, timeoutMs: deps.settings.limits.shopTimeoutMs }, call),
      readShop: readUnreadShop,
      price: (offer, call) => price(deps, offer, call),
      book: (order, call) => book(deps, order, call),
      retrieve: async (supplierRef, call) =>
        readOrder(await read(deps, `/air/orders/${encodeURIComponent(supplierRef)}`, call)).reservation,
      find: (query, call) => find(deps, query, call),
      cancel: (reservation, call) => cancel(deps, reservation, call),
    },
    translate,
  }
}

/** Duffel waits this much less for its airlines than we wait for Duffel, so that a slow airline costs only its own offers. */
const SUPPLIER_MARGIN_MS = 1_500

async function search(
  deps: Deps,
  { query, timeoutMs }: { readonly query: FlightQuery; readonly timeoutMs: number },
  call: Call,
): Promise<UnreadShop> {
  const supplierTimeout = Math.min(60_000, Math.max(2_000, timeoutMs - SUPPLIER_MARGIN_MS))
  const path = `/air/offer_requests?return_offers=true&supplier_timeout=${supplierTimeout}`
  const reply = await deliver(deps, { method: 'POST', path, body: toOfferRequest(query), timeoutMs }, call).catch((error: unknown) => {
    throw toTransportError(error)
  })
  return { unread: reply.bytes, status: reply.status }
}

function readUnreadShop({ unread, status }: UnreadShop, query: FlightQuery): ShopReply {
  return readShop(toReply(status, Buffer.from(unread.buffer, unread.byteOffset, unread.byteLength).toString('utf8')), query)
}

/**
 * Duffel takes one order per offer request, and the searches that travellers choose from are shared. So whoever verifies
 * gets an offer request of their own, with the same question, and the offer in it that is the same to a traveller. Both
 * calls together keep to `readTimeoutMs`.
 */
async function price(deps: Deps, offer: FlightOffer, call: Call): Promise<PriceReply> {
  const { readTimeoutMs } = deps.settings.limits
  const startedAt = deps.clock.now()
  const token = parseToken(offer)
  const shared = readPrice(
    await read(deps, `/air/offers/${encodeURIComponent(token.offer)}?return_available_services=false`, call),
    offer.solution,
  )
  if (shared.outcome === 'gone') return shared
  const now = deps.clock.now()
  if (shared.offer.expiresAt !== null && shared.offer.expiresAt <= now)
    return { outcome: 'gone', code: 'offer_expired', message: 'the offer has expired' }
  if (!token.query) throw new ProviderError(DUFFEL, 'refused', 'the offer does not say which search it answers')
  const timeoutMs = Math.min(readTimeoutMs, Math.max(1, startedAt + readTimeoutMs - now))
  const { offers } = readUnreadShop(await search(deps, { query: token.query, timeoutMs }, call), token.query)
  const own = findSameFare(shared.offer, offers)
  if (!own) return { outcome: 'gone', code: 'not_offered_again', message: 'the same search made again does not bring this fare' }
  return { outcome: 'priced', offer: own }
}

async function book(deps: Deps, order: FlightOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const body = toOrder(order, parseToken(order.offer))
  if (isUnsendable(body)) return { outcome: 'rejected', reason: 'invalid_passenger', code: 'unsendable', message: body.problem }
  const reply = await write(deps, '/air/orders', body, call)
  return isFailure(reply) ? reply : readBooking(reply)
}

const FIND_PAGE_SIZE = 100
const FIND_PAGES_MAX = 20

/** Looks through the orders of the first passenger's family name for our reference; Duffel cannot be asked for it. */
async function find(deps: Deps, query: FindQuery, call: Call): Promise<FindReply> {
  const familyName = query.passengers[0]?.familyName ?? ''
  let after: string | null = null
  let cancelled: Reservation | null = null
  for (let page = 0; page < FIND_PAGES_MAX; page += 1) {
    const reply: Reply = await read(deps, `/air/orders?${toOrderSearch(familyName, FIND_PAGE_SIZE, after)}`, call)
    if (reply.status !== 200 || !wireOrderPage.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
    for (const wire of reply.body.data) {
      if (referenceOf(wire) !== query.reference) continue
      const { reservation } = readOrder({ status: 200, body: { data: wire } })
      if (reservation.status === 'active') return { outcome: 'found', reservation }
      cancelled ??= reservation
    }
    after = reply.body.meta?.after ?? null
    if (!after) return cancelled ? { outcome: 'found', reservation: cancelled } : { outcome: 'absent' }
  }
  throw new ProviderError(DUFFEL, 'refused', `more than ${FIND_PAGES_MAX * FIND_PAGE_SIZE} orders would have to be looked through`)
}

/** Asks for a quote and confirms it at once. Until the confirmation nothing is cancelled; its lost reply is unknown. */
async function cancel(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const quoted = await write(deps, '/air/order_cancellations', toOrderCancellation(reservation.supplierRef), call)
  if (isFailure(quoted)) return quoted
  if (isAlreadyCancelled(quoted)) return settleCancelled(deps, reservation, call)
  const quote = readCancellation(quoted)
  if (quote.outcome !== 'ok') return quote
  const confirmed = await write(
    deps,
    `/air/order_cancellations/${encodeURIComponent(quote.value.wire.id)}/actions/confirm`,
    undefined,
    call,
  )
  if (isFailure(confirmed)) return confirmed
  if (isAlreadyCancelled(confirmed)) return settleCancelled(deps, reservation, call)
  const done = readCancellation(confirmed)
  if (done.outcome !== 'ok') return done
  return done.value.wire.confirmed_at
    ? { outcome: 'ok', value: done.value.cancellation }
    : unknown('pending', 'the cancellation is not confirmed yet')
}

function isAlreadyCancelled(reply: Reply): boolean {
  return errorCodesOf(reply).includes('already_cancelled')
}

/** What was wanted is already so; the order says what it gave back. */
async function settleCancelled(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  try {
    const { reservation: current, wire } = readOrder(await read(deps, `/air/orders/${encodeURIComponent(reservation.supplierRef)}`, call))
    if (current.status !== 'cancelled') return unknown('unrecognised', 'Duffel calls the order cancelled and shows it active')
    return { outcome: 'ok', value: wire.cancellation ? toCancellation(wire.cancellation) : { refund: null } }
  } catch (error) {
    if (error instanceof ProviderError) return unknown('unrecognised', error.message)
    throw error
  }
}

function parseToken(offer: FlightOffer): OfferToken {
  return JSON.parse(offer.supplierToken) as OfferToken
}

type Exchange = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: object | undefined; readonly timeoutMs: number }

async function read(deps: Deps, path: string, call: Call): Promise<Reply> {
  return exchange(deps, { method: 'GET', path, timeoutMs: deps.settings.limits.readTimeoutMs }, call).catch((error: unknown) => {
    throw toTransportError(error)
  })
}

async function write(deps: Deps, path: string, body: object | undefined, call: Call): Promise<Reply | WriteFailure> {
  return exchange(deps, { method: 'POST', path, body, timeoutMs: deps.settings.limits.writeTimeoutMs }, call).catch(toLostWrite)
}

function isFailure(reply: Reply | WriteFailure): reply is WriteFailure {
  return 'outcome' in reply
}

async function exchange(deps: Deps, request: Exchange, call: Call): Promise<Reply> {
  const { status, body } = await deliver(deps, request, call)
  return toReply(status, body)
}

async function deliver(deps: Deps, { method, path, body, timeoutMs }: Exchange, call: Call): Promise<PartnerReply> {
  const { url, accessToken, version, limits } = deps.settings
  const request: PartnerRequest = {
    method,
    url: `${url}${path}`,
    headers: {
      authorization: `Bearer ${accessToken}`,
      'duffel-version': version,
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    timeoutMs,
    replyBytesMax: limits.replyBytesMax,
  }
  return deps.send(request, call.signal)
}
