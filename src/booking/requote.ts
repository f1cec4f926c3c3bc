import { compareMoney } from '../kernel/money.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import { attemptReference, type Attempt } from './attempt.ts'
import type { Booking } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'
import { nextStep } from './next-step.ts'
import { noteAttempt, providerOf, type Errand } from './note-attempt.ts'
import { startRefund } from './start-refund.ts'
import { withBooking } from './with-booking.ts'

/**
 * After "price changed" to a booking that had just been verified: asks for the live price once, and notes a new
 * attempt to be sent if the traveller has paid enough for it, else refunds. It happens once, so pricing and booking systems
 * that disagree cannot send us round in circles (semantics S2).
 */
export async function requote(deps: BookingDeps, booking: Booking, attempt: Attempt): Promise<Errand | null> {
  const offer = await affordableOffer(deps, booking, attempt)
  return withBooking(deps, booking.id, async (tx, current, change) => {
    if (nextStep(current, await deps.store.listAttempts(tx, current.id)).do !== 'requote') return null
    await announce(deps, tx, 'booking.requoted', current.id, { attemptId: attempt.id, outcome: offer ? 'affordable' : 'gone' })
    if (offer)
      return noteAttempt(deps, tx, await change({}), {
        operation: 'book',
        reference: attemptReference(current.reference, 2),
        offer,
        reservation: null,
      })
    await startRefund(deps, tx, current, change, 'price_changed')
    return null
  })
}

/** The offer at its live price, if the traveller's payment covers it; undefined when it is dearer, gone or cannot be asked for. */
async function affordableOffer(deps: BookingDeps, booking: Booking, attempt: Attempt): Promise<Offer | undefined> {
  const { seller, limits } = providerOf(deps, { ...booking, offer: attempt.offer })
  try {
    const reply = await seller.price({ signal: deps.waits.deadline(limits.readTimeoutMs) })
    if (reply.outcome === 'gone' || compareMoney(deps.shownPrice(reply.offer), booking.total) > 0) return undefined
    // The house keeps the name under which it was chosen.
    return isStay(reply.offer) && isStay(attempt.offer) ? { ...reply.offer, propertyName: attempt.offer.propertyName } : reply.offer
  } catch {
    return undefined
  }
}
