import { isSameMoney } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { StayOffer, StayQuery } from '../../travel/stay.ts'
import type { Call, FindReply, StayOrder, StayPriceReply, UnreadShop } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import type { Deps } from './deps.ts'
import { callSoap, deliver, isSuccess, messageOf, replyOf, unanswered, understand, unsaid } from './exchange.ts'
import { isNoReservation, refused } from './faults.ts'
import { readAvail } from './read-avail.ts'
import { readReservations, type ReadReservation } from './read-reservation.ts'
import { availabilityIn } from './read-shop-reply.ts'
import { malformed } from './read-values.ts'
import { queryOf, readToken, writeAvail, writePrice } from './to-wire.ts'
import { writeFind, writeRetrieve } from './write-reservation.ts'
import { PROVIDER_ID } from './wire.ts'

/** All rates for a query, as the reply that holds them. */
export async function shop(deps: Deps, query: StayQuery, call: Call): Promise<UnreadShop> {
  const reply = await deliver(deps, 'OTA_HotelAvailRQ', writeAvail(deps.config, query), deps.config.limits.shopTimeoutMs, call)
  if ('kind' in reply) throw unanswered(reply)
  return { unread: reply.bytes, status: reply.status }
}

/** The live price of an offer: its very rates, asked for by their codes. */
export async function price(deps: Deps, offer: StayOffer, call: Call): Promise<StayPriceReply> {
  const reply = await deliver(deps, 'OTA_HotelAvailRQ', writePrice(deps.config, offer), deps.config.limits.readTimeoutMs, call)
  if ('kind' in reply) throw unanswered(reply)
  const message = availabilityIn(understand(reply, ['HotelAvailRS']))
  const live = message ? readAvail(message, { query: queryOf(deps.config, offer), now: deps.clock.now() }).offers : []
  const same = chooseSame(live, offer)
  if (!same) return { outcome: 'gone', code: 'no_rate', message: 'the rate is no longer sold' }
  // The same money is the same offer: it keeps its id, and what has been said about it stays true.
  const named = same.propertyName === same.property ? { ...same, propertyName: offer.propertyName } : same
  return {
    outcome: 'priced',
    offer: { ...named, id: isSameMoney(same.total, offer.total) ? offer.id : `${offer.id.split('~')[0]}~${same.total.amount}` },
  }
}

/**
 * The offer among the live ones that has the same rates. Some sellers give a rate another id with every search; then it is
 * the only one that is the same to a guest.
 */
function chooseSame(live: readonly StayOffer[], offer: StayOffer): StayOffer | undefined {
  const wanted = JSON.stringify(readToken(offer).rooms)
  const exact = live.find((one) => JSON.stringify(readToken(one).rooms) === wanted)
  if (exact) return exact
  const like = live.filter((one) => essenceOf(one) === essenceOf(offer))
  return like.length === 1 ? like[0] : undefined
}

function essenceOf({ rooms, board, ratePlan, payAt }: StayOffer): string {
  return JSON.stringify([rooms.map((room) => [room.name, room.occupancy]), board, ratePlan?.name ?? null, payAt])
}

/** The reservation as the seller has it now. */
export async function retrieve(deps: Deps, supplierRef: string, call: Call): Promise<Reservation> {
  const { readTimeoutMs } = deps.config.limits
  const message = messageOf(await callSoap(deps, 'read', writeRetrieve(deps.config, supplierRef), readTimeoutMs, call))
  const found = readReservations(message, null).find((one) => one.numbers.includes(supplierRef))
  if (!found) throw isSuccess(message) ? malformed(`the reply does not hold the reservation ${supplierRef}`) : unsaid(message)
  return { ...found.reservation, supplierRef }
}

/**
 * The reservation that has our reference. Absent is what the seller says in so many words, or an empty list; a reservation
 * that does not name our reference proves neither. One that is held is preferred to a cancelled one.
 */
export async function find(deps: Deps, { reference }: StayOrder, call: Call): Promise<FindReply> {
  const reply = replyOf(await callSoap(deps, 'read', writeFind(deps.config, reference), deps.config.limits.readTimeoutMs, call))
  if (reply.kind === 'errors') {
    if (isNoReservation(reply.errors)) return { outcome: 'absent' }
    throw refused(reply.errors)
  }
  const all = readReservations(reply.message, reference)
  const ours = all.filter((one) => isOurs(one, reference))
  if (ours.length > 0)
    return { outcome: 'found', reservation: (ours.find((one) => one.reservation.status === 'active') ?? ours[0]!).reservation }
  if (all.length > 0)
    throw new ProviderError(PROVIDER_ID, 'malformed', 'the seller answers with a reservation that does not name our reference')
  if (!isSuccess(reply.message)) throw unsaid(reply.message)
  return { outcome: 'absent' }
}

/** Case does not count: a hotel's system may change it. */
function isOurs({ numbers }: ReadReservation, reference: string): boolean {
  return numbers.some((number) => number.toUpperCase() === reference.toUpperCase())
}
