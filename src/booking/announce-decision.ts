import { plusMs } from '../kernel/time.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Refund } from '../payments/index.ts'
import { firstItem, itemOf, type Booking } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'
import type { Announcement, BookingEvent, Decision } from './machine/index.ts'
import { refundName } from './refund-name.ts'
import type { EventFacts } from './with-booking.ts'

type Decided = {
  readonly before: Booking
  readonly after: Booking
  readonly decision: Extract<Decision, { outcome: 'decided' }>
  readonly event: BookingEvent
  readonly facts: EventFacts
}

/** The kind of work item of a reservation that may have been left behind. */
export const ORPHAN_RESERVATION = 'orphan_reservation'

const FIRST_LOOK_AFTER_MS = 60_000

type Deps = Pick<BookingDeps, 'store' | 'records' | 'payments'>

/** Carries out the rest of a decision in its transaction: money owed back, events, and a person where something may be left over. */
export async function announceDecision(deps: Deps, tx: Tx, decided: Decided): Promise<void> {
  const { after, decision } = decided
  let refund: Refund | null = null
  for (const { paymentId, amount, reason, ofItem } of decision.ledger)
    refund = await deps.payments.requestRefund(tx, { paymentId, bookingId: after.id, amount, reason: refundName(reason, ofItem) })
  await openLeftOver(deps, tx, decided)
  for (const name of decision.events) await tell(deps, tx, name, decided, refund)
}

async function tell(
  deps: Deps,
  tx: Tx,
  name: Announcement,
  { after, decision, event, facts }: Decided,
  refund: Refund | null,
): Promise<void> {
  const paymentId = 'paymentId' in event ? event.paymentId : null
  const refundId = facts.refundId ?? refund?.id ?? ''
  const { id } = after
  switch (name) {
    case 'payment_started':
      return announce(deps, tx, 'booking.payment_started', id, {}, facts.actor)
    case 'paid':
      return announce(deps, tx, 'booking.paid', id, { paymentId }, facts.actor)
    case 'ticketed': {
      const tickets = after.items.reduce((count, item) => count + item.tickets.length, 0)
      const pnr = after.items.find((item) => item.pnr !== null)?.pnr ?? firstItem(after).id
      return announce(deps, tx, 'booking.ticketed', id, { pnr, tickets })
    }
    case 'cancellation_agreed':
      return announce(deps, tx, 'booking.cancellation_agreed', id, { itemId: itemOfEvent(event) }, facts.actor)
    case 'cancellation_refused':
      await openNotTakenBack(deps, tx, after, itemOfEvent(event))
      return announce(deps, tx, 'booking.cancellation_refused', id, { itemId: itemOfEvent(event) })
    case 'refund_pending':
      return announce(deps, tx, 'booking.refund_pending', id, { reason: decision.ledger[0]!.reason, refundId })
    case 'refund_completed':
      return announce(deps, tx, 'booking.refund_completed', id, { refundId }, facts.actor)
    case 'refund_failed':
      return announce(deps, tx, 'booking.refund_failed', id, { refundId }, facts.actor)
    case 'late_payment_arrived':
      return announce(deps, tx, 'booking.late_payment_arrived', id, { paymentId: paymentId! }, facts.actor)
    case 'late_payment_returned':
      return announce(deps, tx, 'booking.late_payment', id, { paymentId: paymentId!, refundId }, facts.actor)
    case 'reinstated':
      return announce(deps, tx, 'booking.reinstated', id, { paymentId: paymentId! })
    case 'cancelled':
      return announce(deps, tx, 'booking.cancelled', id, { reason: after.failureReason === null ? 'not_paid' : 'not_confirmed' })
  }
}

function itemOfEvent(event: BookingEvent): string {
  return 'itemId' in event ? event.itemId : ''
}

/** The traveller has let go of a ticket that its supplier keeps: somebody has to talk to the supplier. */
function openNotTakenBack(deps: Deps, tx: Tx, booking: Booking, itemId: string): Promise<void> {
  const { provider } = itemOf(booking, itemId)
  return deps.records.openWorkItem(tx, {
    kind: 'ticket_not_taken_back',
    subjectId: itemId,
    summary: `The traveller of ${booking.reference} gives a changed ticket back, and ${provider} did not take it. Have it cancelled, or agree on another flight.`,
    details: { bookingId: booking.id, itemId, provider },
  })
}

/**
 * A write that was never answered, or a reservation that could not be given back, may leave something on the supplier's
 * side: the orphan sweep looks for it, and a person is told (semantics S4).
 */
async function openLeftOver(deps: Deps, tx: Tx, { before, after }: Decided): Promise<void> {
  const wasThere = new Set(before.items.filter((item) => item.position === 'left_over').map((item) => item.id))
  const left = after.items.filter((item) => item.position === 'left_over' && !wasThere.has(item.id))
  if (left.length === 0) return
  const attempts = (await deps.store.listAttempts(tx, after.id)).filter((attempt) => left.some((item) => item.id === attempt.itemId))
  for (const item of left) {
    const last = attempts.findLast((attempt) => attempt.itemId === item.id)
    if (last)
      await deps.store.noteOrphan(tx, {
        ...{ bookingId: after.id, reference: last.reference, provider: last.provider },
        supplierRef: last.reservation?.supplierRef ?? null,
        // What the supplier is still working on may appear a little later.
        nextLookAt: plusMs(after.updatedAt, FIRST_LOOK_AFTER_MS),
      })
  }
  const providers = [...new Set(left.map((item) => item.provider))]
  await deps.records.openWorkItem(tx, {
    kind: ORPHAN_RESERVATION,
    subjectId: after.id,
    summary: `${after.reference} is being refunded, but ${providers.join(' and ')} may still hold a reservation for it. Look it up and cancel it.`,
    details: {
      provider: providers.join(','),
      references: [...new Set(attempts.map((attempt) => attempt.reference))],
      supplierRef: attempts.findLast((attempt) => attempt.reservation !== null)?.reservation?.supplierRef ?? null,
    },
    severity: 'high',
  })
}
