import type { Call, PriceReply, ShopReply, UnreadShop } from '../contract.ts'
import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import { ProviderError } from '../errors.ts'
import { parseToken } from './book.ts'
import { read, readRaw, type Deps } from './exchange.ts'
import { DUFFEL } from './faults.ts'
import { findSameFare } from './find-same-fare.ts'
import { readPrice, readShop, toReply } from './read-reply.ts'
import { toOfferRequest } from './to-wire.ts'

/** Duffel waits this much less for its airlines than we wait for Duffel, so that a slow airline costs only its own offers. */
const SUPPLIER_MARGIN_MS = 1_500

/** Asks for offers, which come back unread. Throws ProviderError when no reply arrives. */
export async function search(
  deps: Deps,
  { query, timeoutMs }: { readonly query: FlightQuery; readonly timeoutMs: number },
  call: Call,
): Promise<UnreadShop> {
  const supplierTimeout = Math.min(60_000, Math.max(2_000, timeoutMs - SUPPLIER_MARGIN_MS))
  const path = `/air/offer_requests?return_offers=true&supplier_timeout=${supplierTimeout}`
  const reply = await readRaw(deps, { method: 'POST', path, body: toOfferRequest(query), timeoutMs }, call)
  return { unread: reply.bytes, status: reply.status }
}

/** What a reply that a search left unread says. Throws ProviderError. */
export function readUnreadShop({ unread, status }: UnreadShop, query: FlightQuery): ShopReply {
  return readShop(toReply(status, Buffer.from(unread.buffer, unread.byteOffset, unread.byteLength).toString('utf8')), query)
}

/**
 * Duffel takes one order per offer request, and the searches that travellers choose from are shared. So whoever verifies
 * gets an offer request of their own, with the same question, and the offer in it that is the same to a traveller. Both
 * calls together keep to `readTimeoutMs`.
 */
export async function price(deps: Deps, offer: FlightOffer, call: Call): Promise<PriceReply> {
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
