import { plusMs, toDate, type Instant } from '../kernel/time.ts'
import type { Reservation } from '../travel/reservation.ts'
import { advanceBooking } from './advance-booking.ts'
import { probeDelayMs, type Attempt } from './attempt.ts'
import { itemOf, ticketsNeeded, type Booking } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { providerOf } from './note-attempt.ts'
import { isTicketed } from './reservation-state.ts'
import { openTravellers, storeAnswer, UNKNOWN_OUTCOME } from './send-to-supplier.ts'
import { withBooking } from './with-booking.ts'

const BATCH = 20
/** Longer than any read deadline: while a probe is under way nobody else starts one. */
const PROBE_LEASE_MS = 60_000

/**
 * Asks the suppliers about every write whose answer is missing and due to be asked for, and carries on with the
 * bookings that this settles. Returns how many were asked about.
 */
export async function settleInDoubt(deps: BookingDeps): Promise<number> {
  const due = await deps.store.claimDueAttempts(deps.db, { now: deps.clock.now(), leaseMs: PROBE_LEASE_MS, limit: BATCH })
  const settled = await Promise.allSettled(due.map((attempt) => settleAttempt(deps, attempt)))
  const failed = settled.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return due.length
}

/** Asks the supplier about one write, stores what that decides, and carries on with its booking. */
export async function settleAttempt(deps: BookingDeps, attempt: Attempt): Promise<void> {
  const booking = await deps.store.findBooking(deps.db, attempt.bookingId)
  if (!booking) throw new Error(`there is no booking ${attempt.bookingId}`)
  const finding = await lookUp(deps, booking, attempt)
  const now = deps.clock.now()
  if (finding.outcome === 'decided') await storeAnswer(deps, attempt, { outcome: 'ok', value: finding.reservation })
  else if (finding.outcome === 'no_effect' && now >= attempt.horizonAt) await giveUp(deps, attempt, 'not_found', now)
  else if (isPastPromise(booking, now)) await giveUp(deps, attempt, 'no_answer', now)
  else {
    if (now >= attempt.horizonAt) await askPerson(deps, booking, attempt)
    await deps.store.postponeProbe(deps.db, attempt.id, attempt.probes + 1, plusMs(now, probeDelayMs(attempt.probes + 1)))
    return
  }
  await advanceBooking(deps, booking.id)
}

/** `no_effect`: the supplier shows no trace of the write, which proves something only after its horizon. */
type Finding =
  | { readonly outcome: 'decided'; readonly reservation: Reservation }
  | { readonly outcome: 'no_effect' }
  | { readonly outcome: 'no_answer' }

async function lookUp(deps: BookingDeps, booking: Booking, attempt: Attempt): Promise<Finding> {
  const { seller, limits } = providerOf(deps, itemOf(booking, attempt.itemId))
  const call = { signal: deps.waits.deadline(limits.readTimeoutMs) }
  try {
    if (attempt.operation === 'book') {
      const found = await seller.find(
        {
          reference: attempt.reference,
          offer: attempt.offer,
          travellers: openTravellers(deps, booking, attempt.offer),
          contact: booking.contact,
        },
        call,
      )
      return found.outcome === 'found' ? { outcome: 'decided', reservation: found.reservation } : { outcome: 'no_effect' }
    }
    const reservation = await seller.retrieve(attempt.reservation!.supplierRef, call)
    const isDone =
      attempt.operation === 'ticket' ? isTicketed(reservation, ticketsNeeded(booking, attempt.offer)) : reservation.status === 'cancelled'
    return isDone ? { outcome: 'decided', reservation } : { outcome: 'no_effect' }
  } catch {
    return { outcome: 'no_answer' }
  }
}

function isPastPromise(booking: Booking, now: Instant): boolean {
  return booking.answerPromisedBy !== null && now >= booking.answerPromisedBy
}

/**
 * Decides without the supplier's word: past its horizon "not there" counts, and at the promised time the traveller is
 * refunded in any case. A ticketing becomes rejected, because that leads through a cancellation, which voids what may be there.
 */
export async function giveUp(deps: BookingDeps, attempt: Attempt, reason: 'not_found' | 'no_answer', now: Instant): Promise<void> {
  const state = attempt.operation === 'ticket' ? 'rejected' : 'abandoned'
  await withBooking(deps, attempt.bookingId, async (tx, booking, write) => {
    if (!(await deps.store.answerAttempt(tx, attempt.id, { state, answeredAt: now, reason }))) return
    await write.happen({
      type: 'write_given_up',
      itemId: attempt.itemId,
      operation: attempt.operation,
      isProvenAbsent: reason === 'not_found',
    })
    await deps.records.closeWorkItem(tx, UNKNOWN_OUTCOME, booking.id, toDate(now))
  })
}

async function askPerson(deps: BookingDeps, booking: Booking, attempt: Attempt): Promise<void> {
  await withBooking(deps, booking.id, (tx) =>
    deps.records.openWorkItem(tx, {
      kind: UNKNOWN_OUTCOME,
      severity: 'high',
      subjectId: booking.id,
      summary: `${attempt.provider} has not said what became of "${attempt.operation}" for ${booking.reference}. Ask them; the traveller is refunded at the promised time.`,
      details: { operation: attempt.operation, reference: attempt.reference, probes: attempt.probes },
    }),
  )
}
