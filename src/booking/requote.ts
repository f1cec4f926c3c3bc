import { compareMoney } from '../kernel/money.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import { attemptReference, type Attempt } from './attempt.ts'
import { itemOf, type Booking } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'
import { nextStep } from './machine/index.ts'
import { noteAttempt, providerOf, type Errand } from './note-attempt.ts'
import { withBooking } from './with-booking.ts'

/**
 * After "price changed" to a booking that had just been verified: asks for the live price once, and notes a new
 * attempt to be sent if the traveller has paid enough for it, else refunds. It happens once, so pricing and booking systems
 * that disagree cannot send us round in circles (semantics S2).
 */
export async function requote(deps: BookingDeps, booking: Booking, attempt: Attempt): Promise<Errand | null> {
  const { itemId } = attempt
  const offer = await coveredOffer(deps, booking, attempt)
  return withBooking(deps, booking.id, async (tx, current, write) => {
    const step = nextStep(current)
    if (step.do !== 'requote' || step.itemId !== itemId) return null
    await announce(deps, tx, 'booking.requoted', current.id, { itemId, attemptId: attempt.id, outcome: offer ? 'affordable' : 'gone' })
    await write.happen({ type: 'price_checked', itemId, isCovered: offer !== undefined })
    if (!offer) return null
    const sent = await write.happen({ type: 'write_sent', itemId, operation: 'book' })
    const item = itemOf(sent, itemId)
    const reference = attemptReference(sent.reference, sent.items.indexOf(item), item.bookings)
    return noteAttempt(deps, tx, sent, { itemId, operation: 'book', reference, offer, reservation: null })
  })
}

/** The offer at its live price, if the traveller's payment covers it; undefined when it is dearer, gone or cannot be asked for. */
async function coveredOffer(deps: BookingDeps, booking: Booking, attempt: Attempt): Promise<Offer | undefined> {
  const item = { ...itemOf(booking, attempt.itemId), offer: attempt.offer }
  const { seller, limits } = providerOf(deps, item)
  try {
    const reply = await seller.price({ signal: deps.waits.deadline(limits.readTimeoutMs) })
    if (reply.outcome === 'gone' || compareMoney(deps.shownPrice(reply.offer), item.price) > 0) return undefined
    // The house keeps the name under which it was chosen.
    return isStay(reply.offer) && isStay(attempt.offer) ? { ...reply.offer, propertyName: attempt.offer.propertyName } : reply.offer
  } catch {
    return undefined
  }
}
