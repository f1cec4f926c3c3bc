import { isSameMoney } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { StayOffer } from '../../travel/stay.ts'
import type { Call, StayOrder, StayPriceReply, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { isFailure, read, write, type Deps } from './call.ts'
import { notSent, type WriteFailure } from './faults.ts'
import { itineraryIdOf, toReservation } from './from-wire-itinerary.ts'
import { readBooking, readItinerary, readPrice } from './read-reply.ts'
import { isUnsendable, toBooking } from './to-wire.ts'
import { newSession, parseToken, type ItineraryRef } from './token.ts'
import type { WireItinerary } from './wire.ts'

/** Asks live for the rate's price. The customer's session begins here, and goes on with the booking. */
export async function price(deps: Deps, offer: StayOffer, call: Call): Promise<StayPriceReply> {
  const token = parseToken(offer)
  const session = token.session ?? newSession()
  const { readTimeoutMs: timeoutMs } = deps.settings.limits
  return readPrice(await read(deps, { link: token.priceCheck, session, timeoutMs }, call), offer, { ...token, session })
}

/**
 * Books through the link of the last price check, which fixes the price: at another one Rapid refuses. An offer that was
 * never checked, or whose link has run out, is checked first, and at another price it is not booked.
 */
export async function book(deps: Deps, order: StayOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const { writeTimeoutMs: timeoutMs } = deps.settings.limits
  const startedAt = deps.clock.now()
  const body = toBooking(order, deps.settings.billing)
  if (isUnsendable(body)) return { outcome: 'rejected', reason: body.reason, code: 'unsendable', message: body.problem }
  const checked = await ensureChecked(deps, order.offer, call)
  if ('outcome' in checked) return checked
  const { book: link, session } = parseToken(checked)
  if (!link) return notSent('the price check brought no link to book with')
  const reply = await write(deps, { method: 'POST', link, session, body, timeoutMs }, call)
  if (isFailure(reply)) return reply
  const booked = readBooking(reply)
  if (booked.outcome !== 'ok') return booked
  const ref = toRef(booked.value, order, session ?? newSession())
  const leftMs = startedAt + timeoutMs - deps.clock.now()
  return { outcome: 'ok', value: await confirm(deps, { booked: booked.value, ref, leftMs }, call) }
}

async function ensureChecked(deps: Deps, offer: StayOffer, call: Call): Promise<StayOffer | WriteFailure> {
  const hasLink = parseToken(offer).book !== null
  if (hasLink && (offer.expiresAt === null || offer.expiresAt > deps.clock.now())) return offer
  try {
    const checked = await price(deps, offer, call)
    if (checked.outcome === 'gone')
      return {
        outcome: 'rejected',
        reason: checked.code === 'sold_out' ? 'sold_out' : 'offer_expired',
        code: checked.code,
        message: checked.message,
      }
    if (isSameMoney(checked.offer.total, offer.total)) return checked.offer
    return { outcome: 'rejected', reason: 'price_changed', code: 'price_changed', message: 'the price check says another total' }
  } catch (error) {
    if (error instanceof ProviderError) return notSent(error.message)
    throw error
  }
}

function toRef({ itinerary_id: id, links }: WireItinerary, { contact }: StayOrder, session: string): ItineraryRef {
  const itinerary = String(id)
  const retrieve = links?.['retrieve']?.href
  return retrieve ? { itinerary, session, retrieve } : { itinerary, session, email: contact.email }
}

type Booked = { readonly booked: WireItinerary; readonly ref: ItineraryRef; readonly leftMs: number }

/**
 * A created itinerary says nothing of its rooms, one of which may still be pending: so it is read once. It may not be
 * readable for a while, and then what its creation said holds: it was created, and not to be held.
 */
async function confirm(deps: Deps, { booked, ref, leftMs }: Booked, call: Call): Promise<Reservation> {
  const created: Reservation = { ...toReservation(booked, ref), status: booked.links?.['resume'] ? 'unknown' : 'active' }
  if (!('retrieve' in ref) || leftMs <= 0) return created
  try {
    const timeoutMs = Math.min(leftMs, deps.settings.limits.readTimeoutMs)
    const wire = readItinerary(await read(deps, { link: ref.retrieve, session: ref.session, timeoutMs }, call))
    const isWhole = (wire.rooms ?? []).length > 0 && itineraryIdOf(wire) === ref.itinerary
    return isWhole ? toReservation(wire, ref) : created
  } catch (error) {
    if (error instanceof ProviderError) return created
    throw error
  }
}
