import { plusMs } from '../kernel/time.ts'
import { failpoint } from '../platform/failpoint.ts'
import { checkRefund } from './check-refund.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import { giveUpPayment } from './give-up-payment.ts'
import { openSession } from './open-session.ts'
import { checkAgainAfterMs, toPaymentRef, type Payment } from './payment.ts'
import { withPayment } from './with-payment.ts'
import { paymentUnknown } from './problems.ts'
import { settleDisputes } from './settle-disputes.ts'
import { settlePayment, type Settled } from './settle-payment.ts'

const GIVE_UP_AFTER_MS = 2 * 60_000

/** `unknown`: the gateway could not be asked; it will be, later. */
export type Synced = { readonly outcome: Settled | 'unknown'; readonly payment: Payment }

/**
 * Asks the gateway what has become of the payment and its refunds, and makes that so here: state, ledger and events in
 * one transaction. Safe to repeat and to run many times at once. Throws the problem payment-unknown for an unknown id.
 */
export async function syncPayment(deps: PaymentsDeps, paymentId: string): Promise<Synced> {
  const known = await deps.store.findPayment(deps.db, paymentId)
  if (!known) throw paymentUnknown()
  // One that has ended without a page that we know of is asked for by our reference: money may have come to it all the same.
  const ref = known.providerRef ?? (known.status === 'open' ? await openLostSession(deps, known) : null)
  if (typeof ref === 'object' && ref !== null) return ref

  const reply = await getGateway(deps, known.provider).query({ ...toPaymentRef(known), providerRef: ref })
  if (reply.outcome !== 'ok') {
    if (ref === null) return { outcome: 'unchanged', payment: await stopChecking(deps, known) }
    const payment = await checkLater(deps, known, reply.outcome === 'rejected' ? reply.code : null)
    return { outcome: 'unknown', payment }
  }
  // Before the payment is taken off the list: nobody would come back for a refund that was not looked at.
  const areRefundsSeen = await checkRefunds(deps, paymentId)
  const result = await withPayment(deps, paymentId, async (tx, payment) => {
    const now = deps.clock.now()
    const { settled, payment: after } = await settlePayment(deps, tx, payment, reply.value, now)
    await settleDisputes(deps, tx, after, reply.value.disputes ?? [], now)
    if (settled !== 'unchanged') return { outcome: settled, payment: after }
    const isWaiting = (after.status === 'open' && after.mismatchedAt === null) || !areRefundsSeen
    if (!isWaiting && after.nextCheckAt === null) return { outcome: settled, payment: after }
    const checks = isWaiting ? after.checks + 1 : after.checks
    const checkAt = isWaiting ? plusMs(now, checkAgainAfterMs(after.checks)) : null
    return { outcome: settled, payment: await deps.store.updatePayment(tx, after, { checks, checkAt }, now) }
  })
  if (result.outcome === 'captured') failpoint('payment-captured')
  return result
}

/** Asks about the payment's refunds. False when one has to be asked about again that nobody looks after by itself: a completed one. */
async function checkRefunds(deps: PaymentsDeps, paymentId: string): Promise<boolean> {
  let areSeen = true
  for (const refund of await deps.store.listRefundsOfPayment(deps.db, paymentId)) {
    if (refund.sendings === 0 || refund.status === 'failed') continue
    const { outcome } = await checkRefund(deps, refund.id)
    if (outcome === 'unknown' && refund.status === 'completed') areSeen = false
  }
  return areSeen
}

/** The gateway's reference of a payment whose creation was never answered, or what to say when there is none. */
async function openLostSession(deps: PaymentsDeps, known: Payment): Promise<string | Synced> {
  const { outcome, payment: opened } = await openSession(deps, known)
  if (opened.providerRef !== null) return opened.providerRef
  if (outcome === 'ended') return { outcome: opened.status === 'failed' ? 'failed' : 'unchanged', payment: opened }
  const now = deps.clock.now()
  if (now < plusMs(known.createdAt, GIVE_UP_AFTER_MS)) return { outcome: 'unknown', payment: await checkLater(deps, opened, null) }
  // A gateway repeats its first reply to a key, even a 500, so this payment would block the booking for no reason.
  const { outcome: ended, payment } = await giveUpPayment(deps, opened, 'never_opened')
  if (payment.status === 'captured') return { outcome: 'captured', payment }
  return { outcome: ended === 'given_up' ? 'failed' : 'unchanged', payment }
}

function stopChecking(deps: PaymentsDeps, known: Payment): Promise<Payment> {
  return withPayment(deps, known.id, async (tx, payment) =>
    payment.nextCheckAt === null || payment.status === 'open'
      ? payment
      : deps.store.updatePayment(tx, payment, { checkAt: null }, deps.clock.now()),
  )
}

function checkLater(deps: PaymentsDeps, known: Payment, refusal: string | null): Promise<Payment> {
  return withPayment(deps, known.id, async (tx, payment) => {
    const now = deps.clock.now()
    if (refusal !== null) {
      await deps.records.openWorkItem(tx, {
        kind: 'payment_not_at_gateway',
        severity: 'high',
        subjectId: payment.id,
        summary: 'The gateway does not know a payment that it opened for us. Find out which account it was made with.',
        details: { provider: payment.provider, providerRef: payment.providerRef, code: refusal, bookingId: payment.bookingId },
      })
    }
    // An ended payment too: what prompted this may be money that came late.
    return deps.store.updatePayment(
      tx,
      payment,
      { checks: payment.checks + 1, checkAt: plusMs(now, checkAgainAfterMs(payment.checks)) },
      now,
    )
  })
}
