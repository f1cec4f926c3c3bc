import { compareMoney } from '../kernel/money.ts'
import { plusMs } from '../kernel/time.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { Booking, BookingItem } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { providerOf } from './note-attempt.ts'
import { withBooking } from './with-booking.ts'

/** A supplier that does not answer this long leaves the traveller without the money and without a trip: then it goes back. */
const JUDGED_WITHIN_MS = 10 * 60_000

/**
 * Finds out, live, whether what late money was meant for is still sold for what was paid (semantics S7): if so the booking
 * is paid and goes on, otherwise all of the money goes back. Throws while a supplier does not answer, to be asked again.
 * Harmless to repeat, and when there is no late money.
 */
export async function judgeLatePayment(deps: BookingDeps, bookingId: string): Promise<void> {
  const booking = await deps.store.findBooking(deps.db, bookingId)
  const paymentId = booking?.latePaymentId
  if (!booking || paymentId == null) return
  const offers = await offersStillSold(deps, booking)
  await withBooking(deps, bookingId, async (_tx, current, write) => {
    if (current.latePaymentId !== paymentId) return
    if (offers) for (const [index, item] of current.items.entries()) await write.note(item.id, { offer: offers[index]! })
    await write.happen({ type: 'late_money_judged', paymentId, isStillSold: offers !== null })
  })
}

/** The offers as they are sold now, in the order of the items; null when one of them is gone or dearer, or nobody says in time. */
async function offersStillSold(deps: BookingDeps, booking: Booking): Promise<Offer[] | null> {
  if (deps.policy.latePayment === 'refund') return null
  const offers: Offer[] = []
  try {
    for (const item of booking.items) {
      const offer = await stillSold(deps, item)
      if (!offer) return null
      offers.push(offer)
    }
    return offers
  } catch (error) {
    if (deps.clock.now() >= plusMs(booking.updatedAt, JUDGED_WITHIN_MS)) return null
    throw error
  }
}

async function stillSold(deps: BookingDeps, item: BookingItem): Promise<Offer | null> {
  const { seller, limits } = providerOf(deps, item)
  const reply = await seller.price({ signal: deps.waits.deadline(limits.readTimeoutMs) })
  if (reply.outcome === 'gone' || compareMoney(deps.shownPrice(reply.offer), item.price) > 0) return null
  return isStay(reply.offer) && isStay(item.offer) ? { ...reply.offer, propertyName: item.offer.propertyName } : reply.offer
}
