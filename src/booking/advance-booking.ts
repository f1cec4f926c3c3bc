import { plusMs } from '../kernel/time.ts'
import { isUniqueViolation, type Tx } from '../platform/postgres.ts'
import { attemptReference, type Attempt } from './attempt.ts'
import { moveTo, type Booking } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'
import { liveTickets, nextStep } from './next-step.ts'
import { noteAttempt, noteResend, type Errand } from './note-attempt.ts'
import { requote } from './requote.ts'
import { sendToSupplier } from './send-to-supplier.ts'
import { startRefund } from './start-refund.ts'
import { withBooking } from './with-booking.ts'

/** At most this many supplier calls in one go: book, requote, book, ticket, cancel and one to spare. */
const STEPS_MAX = 6

/**
 * Takes a paid booking as far as it will go without waiting: reserves, tickets, completes, or gives back and refunds.
 * Each write to the supplier is noted in its own transaction before it is sent and is sent by whoever noted it, once.
 * Safe to call at any time, any number of times, by several processes.
 */
export async function advanceBooking(deps: BookingDeps, bookingId: string): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const taken = await takeStep(deps, bookingId)
    const errand = taken && 'requote' in taken ? await requote(deps, taken.requote.booking, taken.requote.attempt) : taken
    if (!errand) return
    await sendToSupplier(deps, errand.booking, errand.attempt)
  }
}

/** A supplier that could not be reached is not tried again at once. */
const RESEND_AFTER_MS = 15_000

/** Writes the next step into the database; what is then to be done outside it is returned. */
async function takeStep(deps: BookingDeps, bookingId: string): Promise<Errand | { requote: Errand } | null> {
  try {
    return await withBooking(deps, bookingId, async (tx, booking, change) => {
      const attempts = await deps.store.listAttempts(tx, bookingId)
      const step = nextStep(booking, attempts)
      switch (step.do) {
        case 'nothing':
        case 'wait':
          return null
        case 'requote':
          return { requote: { booking, attempt: attempts.at(-1)! } }
        case 'book': {
          const moved =
            booking.status === 'PAID'
              ? moveTo(booking, 'PENDING_TICKET', { answerPromisedBy: plusMs(deps.clock.now(), deps.policy.answerMinutes * 60_000) })
              : {}
          const reference = attemptReference(booking.reference, step.number)
          return await noteAttempt(deps, tx, await change(moved), { operation: 'book', reference, offer: booking.offer, reservation: null })
        }
        case 'resend': {
          // The sweeper comes by again; by then the way to the supplier may be open.
          if (step.attempt.answeredAt !== null && deps.clock.now() < step.attempt.answeredAt + RESEND_AFTER_MS) return null
          return await noteResend(deps, tx, await change({}), step.attempt)
        }
        case 'ticket':
        case 'cancel': {
          const offer = attempts.at(-1)!.offer
          return await noteAttempt(deps, tx, await change({}), {
            operation: step.do,
            reference: step.reference,
            offer,
            reservation: step.reservation,
          })
        }
        case 'complete': {
          const tickets = liveTickets(step.reservation)
          await change(moveTo(booking, 'TICKETED', { pnr: step.reservation.pnr, tickets }))
          await announce(deps, tx, 'booking.ticketed', booking.id, { pnr: step.reservation.pnr, tickets: tickets.length })
          return null
        }
        case 'refund':
          await openOrphanItem(deps, tx, booking, attempts)
          await startRefund(deps, tx, booking, change, step.reason)
          return null
      }
    })
  } catch (error) {
    // Another process noted the same write first, and sends it.
    if (isUniqueViolation(error, 'attempts_undecided') || isUniqueViolation(error, 'attempts_reference_operation_key')) return null
    throw error
  }
}

/**
 * A refund after a write that was never answered, or a reservation that could not be given back, may leave something
 * on the supplier's side: a person, and later the orphan sweep, looks for it (semantics S4).
 */
async function openOrphanItem(deps: BookingDeps, tx: Tx, booking: Booking, attempts: readonly Attempt[]): Promise<void> {
  const left = attempts.filter(
    (attempt) => attempt.state === 'abandoned' || (attempt.operation === 'cancel' && attempt.state === 'rejected'),
  )
  if (left.length === 0) return
  await deps.records.openWorkItem(tx, {
    kind: 'orphan_reservation',
    subjectId: booking.id,
    summary: `${booking.reference} is being refunded, but ${booking.provider} may still hold a reservation for it. Look it up and cancel it.`,
    details: {
      provider: booking.provider,
      references: left.map((attempt) => attempt.reference),
      supplierRef: left.at(-1)!.reservation?.supplierRef ?? null,
    },
  })
}
