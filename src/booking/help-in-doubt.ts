import { advanceBooking } from './advance-booking.ts'
import type { Attempt } from './attempt.ts'
import { itemOf, ticketsNeeded, type Booking } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { isTicketed } from './reservation-state.ts'
import { providerOf } from './note-attempt.ts'
import { bookingUnknown, nothingInDoubt, reservationNotOurs } from './problems.ts'
import { storeAnswer } from './send-to-supplier.ts'
import { giveUp, settleAttempt } from './settle-in-doubt.ts'
import { isStay } from '../travel/offer.ts'
import { isSameMoney } from '../kernel/money.ts'
import type { Reservation } from '../travel/reservation.ts'
import { isUnwanted, sweepOrphansOf, type Swept } from './sweep-orphans.ts'

/** How a booking stands after a person has helped it on. */
export type Helped = { readonly booking: Booking; readonly isStillInDoubt: boolean }

/** Asks the supplier now about the write whose answer is missing, and carries on. Throws booking-unknown, nothing-in-doubt. */
export async function probeBooking(deps: BookingDeps, bookingId: string): Promise<Helped> {
  const { attempt } = await undecidedOf(deps, bookingId)
  await settleAttempt(deps, attempt)
  return helped(deps, bookingId)
}

/**
 * Takes a reservation that a person has found at the supplier for the answer that is missing, once the supplier shows it
 * live, it fits what was sold, and no other booking has it. Throws booking-unknown, nothing-in-doubt, reservation-not-ours.
 */
export async function attachReservation(deps: BookingDeps, input: { bookingId: string; supplierRef: string }): Promise<Helped> {
  const { booking, attempt } = await undecidedOf(deps, input.bookingId)
  const reservation = await retrieveOurs(deps, booking, attempt, input.supplierRef)
  const isDone =
    attempt.operation === 'ticket' ? isTicketed(reservation, ticketsNeeded(booking, attempt.offer)) : reservation.status === 'active'
  if (attempt.operation === 'cancel' || !isDone)
    throw reservationNotOurs({ detail: `The supplier shows the reservation as ${reservation.status}; that is not what was asked for.` })
  await storeAnswer(deps, attempt, { outcome: 'ok', value: reservation })
  await advanceBooking(deps, booking.id)
  return helped(deps, booking.id)
}

/** A person decides that the missing answer will not come: the money goes back. Throws booking-unknown, nothing-in-doubt. */
export async function giveUpBooking(deps: BookingDeps, bookingId: string): Promise<Helped> {
  const { attempt } = await undecidedOf(deps, bookingId)
  await giveUp(deps, attempt, 'no_answer', deps.clock.now())
  await advanceBooking(deps, bookingId)
  return helped(deps, bookingId)
}

/**
 * Has a reservation that a person found for what a booking could not have cancelled at the supplier, or looks by our reference
 * where none is named. Throws booking-unknown, nothing-in-doubt, reservation-not-ours.
 */
export async function cancelOrphan(deps: BookingDeps, input: { bookingId: string; supplierRef: string | null }): Promise<Swept[]> {
  const booking = await deps.store.findBooking(deps.db, input.bookingId)
  if (!booking) throw bookingUnknown({ more: { booking_id: input.bookingId } })
  const unwanted = booking.items.filter((item) => isUnwanted(booking, item))
  if (unwanted.length === 0) throw nothingInDoubt({ detail: `Everything that was booked for ${booking.reference} is still wanted.` })
  const { supplierRef } = input
  if (supplierRef !== null) {
    const attempts = await deps.store.listAttempts(deps.db, booking.id)
    const last = unwanted.flatMap((item) => attempts.findLast((attempt) => attempt.itemId === item.id) ?? [])
    const attempt = await firstThatFits(deps, booking, last, supplierRef)
    const orphan = { bookingId: booking.id, reference: attempt.reference, provider: attempt.provider, supplierRef }
    await deps.records.transact(deps.db, (tx) => deps.store.noteOrphan(tx, { ...orphan, nextLookAt: deps.clock.now() }))
  }
  return sweepOrphansOf(deps, booking.id)
}

async function firstThatFits(deps: BookingDeps, booking: Booking, attempts: readonly Attempt[], supplierRef: string): Promise<Attempt> {
  let refusal: unknown = nothingInDoubt({ detail: `Nothing was ever sent to a supplier for ${booking.reference}.` })
  for (const attempt of attempts) {
    try {
      await retrieveOurs(deps, booking, attempt, supplierRef)
      return attempt
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}

async function undecidedOf(deps: BookingDeps, bookingId: string): Promise<{ booking: Booking; attempt: Attempt }> {
  const booking = await deps.store.findBooking(deps.db, bookingId)
  if (!booking) throw bookingUnknown({ more: { booking_id: bookingId } })
  const attempt = (await deps.store.listAttempts(deps.db, bookingId)).find((one) => one.state === 'sent' || one.state === 'unknown')
  if (!attempt) throw nothingInDoubt()
  return { booking, attempt }
}

async function retrieveOurs(deps: BookingDeps, booking: Booking, attempt: Attempt, supplierRef: string): Promise<Reservation> {
  const { seller, limits } = providerOf(deps, itemOf(booking, attempt.itemId))
  if (await deps.store.isSupplierRefTaken(deps.db, { id: booking.id, provider: attempt.provider }, supplierRef))
    throw reservationNotOurs({ detail: 'Another booking of ours has this reservation.' })
  const reservation = await seller.retrieve(supplierRef, { signal: deps.waits.deadline(limits.readTimeoutMs) }).catch((error: unknown) => {
    throw reservationNotOurs({ detail: `The supplier does not show it: ${error instanceof Error ? error.message : String(error)}` })
  })
  const fault = differenceTo(attempt, reservation)
  if (fault !== null) throw reservationNotOurs({ detail: fault })
  return reservation
}

/** Why the reservation cannot be the attempt's, or null. */
function differenceTo({ offer }: Attempt, reservation: Reservation): string | null {
  if (isStay(offer)) {
    const isOther = reservation.total !== null && !isSameMoney(reservation.total, offer.total) && reservation.status === 'active'
    return isOther ? 'It costs another amount than the stay that was sold.' : null
  }
  const flightsOf = (list: readonly { carrier: string; flightNumber: string }[]) =>
    list.map(({ carrier, flightNumber }) => `${carrier}${flightNumber}`).join(' ')
  const [sold, found] = [flightsOf(offer.slices.flatMap((slice) => slice.segments)), flightsOf(reservation.segments)]
  return sold === found ? null : `It is for ${found || 'no flight'}, and ${sold} was sold.`
}

async function helped(deps: BookingDeps, bookingId: string): Promise<Helped> {
  const booking = await deps.store.findBooking(deps.db, bookingId)
  if (!booking) throw bookingUnknown({ more: { booking_id: bookingId } })
  const attempts = await deps.store.listAttempts(deps.db, bookingId)
  return { booking, isStillInDoubt: attempts.some((one) => one.state === 'sent' || one.state === 'unknown') }
}
