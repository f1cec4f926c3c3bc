import { plusMs, toDate, type Instant } from '../kernel/time.ts'
import type { Tx } from '../platform/postgres.ts'
import type { PaymentsDeps } from './deps.ts'
import { announce } from './events.ts'
import type { GatewayRefund } from './gateways/contract.ts'
import { refundCompleted, refundFailed, refundReinstated, refundReturned } from './ledger.ts'
import type { PostingContext } from './ledger-store.ts'
import { checkAgainAfterMs } from './payment.ts'
import { decideRefund, type Refund } from './refund.ts'

/**
 * Applies the gateway's truth to a refund that the caller has locked, in the caller's transaction: state, ledger and
 * event together. Applying the same truth again does nothing but put off the next look.
 */
export async function settleRefund(deps: PaymentsDeps, tx: Tx, refund: Refund, found: GatewayRefund, now: Instant): Promise<Refund> {
  const decision = decideRefund(refund, found)
  switch (decision.kind) {
    case 'complete':
      return completeRefund(deps, tx, refund, { providerRef: found.providerRefundRef, notedBy: null }, now)
    case 'complete_after_failure':
      await deps.store.enterPosting(tx, refundReinstated(refund.id, refund.amount), contextOf(refund, {}))
      await deps.records.closeWorkItem(tx, 'refund_failed', refund.id, toDate(now))
      return completeRefund(deps, tx, refund, { providerRef: found.providerRefundRef, notedBy: null }, now)
    case 'fail':
      return failRefund(deps, tx, { ...refund, providerRef: found.providerRefundRef }, decision.code, now)
    case 'mismatch':
      await deps.records.openWorkItem(tx, {
        kind: 'refund_mismatched',
        subjectId: refund.id,
        summary: 'The gateway gave back another amount than was asked. Settle the difference at the gateway.',
        details: {
          bookingId: refund.bookingId,
          expected: refund.amount.amount,
          found: found.amount.amount,
          currency: found.amount.currency,
          providerRef: found.providerRefundRef,
        },
      })
      return putOff(deps, tx, refund, null, now)
    case 'wait':
      return putOff(deps, tx, refund, found.providerRefundRef, now)
    case 'nothing':
      return refund
  }
}

/** Ends a refund that the caller has locked: the money is still, or again, with us, and a person decides what next. */
export async function failRefund(deps: PaymentsDeps, tx: Tx, refund: Refund, code: string, now: Instant): Promise<Refund> {
  const afterCompletion = refund.status === 'completed'
  const failed = await deps.store.updateRefund(
    tx,
    refund,
    { status: 'failed', failureCode: code, providerRef: refund.providerRef, checkAt: null },
    now,
  )
  const posting = afterCompletion ? refundReturned(refund.id, refund.amount) : refundFailed(refund.id, refund.amount)
  await deps.store.enterPosting(tx, posting, contextOf(failed, { code }))
  const facts = { refundId: refund.id, paymentId: refund.paymentId, bookingId: refund.bookingId, ...plain(refund), code, afterCompletion }
  await deps.records.openWorkItem(tx, {
    kind: 'refund_failed',
    severity: 'high',
    subjectId: refund.id,
    summary: 'A refund failed and the customer is still owed the money. Ask the customer for another way, or request it again.',
    details: { ...facts, reason: refund.reason, provider: refund.provider },
  })
  await announce(deps, tx, 'refund.failed', refund.id, facts, refund.provider)
  return failed
}

/** Moves the next look at a refund that the caller has locked further away; with a reference it is pending there. */
export async function putOff(deps: PaymentsDeps, tx: Tx, refund: Refund, providerRef: string | null, now: Instant): Promise<Refund> {
  const checkAt = plusMs(now, checkAgainAfterMs(refund.checks))
  const pending = providerRef === null ? {} : { status: 'pending' as const, providerRef }
  return deps.store.updateRefund(tx, refund, { ...pending, checks: refund.checks + 1, checkAt }, now)
}

/**
 * Completes a refund that the caller has locked: the money is on its way. `notedBy`: the person who says so; null where
 * the gateway does.
 */
export async function completeRefund(
  deps: PaymentsDeps,
  tx: Tx,
  refund: Refund,
  { providerRef, notedBy }: { readonly providerRef: string; readonly notedBy: string | null },
  now: Instant,
): Promise<Refund> {
  const completed = await deps.store.updateRefund(tx, refund, { status: 'completed', providerRef, completedAt: now, checkAt: null }, now)
  await deps.store.enterPosting(tx, refundCompleted(refund.id, refund.amount), contextOf(completed, notedBy === null ? {} : { notedBy }))
  await deps.records.closeWorkItem(tx, 'refund_stuck', refund.id, toDate(now))
  await announce(
    deps,
    tx,
    'refund.completed',
    refund.id,
    { refundId: refund.id, paymentId: refund.paymentId, bookingId: refund.bookingId, ...plain(refund) },
    notedBy ?? refund.provider,
  )
  return completed
}

function plain(refund: Refund): { amount: number; currency: string } {
  return { amount: refund.amount.amount, currency: refund.amount.currency }
}

function contextOf(refund: Refund, facts: { code?: string; notedBy?: string }): PostingContext {
  return {
    bookingId: refund.bookingId,
    paymentId: refund.paymentId,
    provider: refund.provider,
    externalRef: refund.providerRef,
    payload: { refundId: refund.id, ...facts },
  }
}
