import type { Instant } from '../kernel/time.ts'
import type { Tx } from '../platform/postgres.ts'
import { toDate } from '../kernel/time.ts'
import type { PaymentsDeps } from './deps.ts'
import { announce } from './events.ts'
import type { GatewayPayment } from './gateways/contract.ts'
import { paymentFailed, paymentRevived, paymentSucceeded } from './ledger.ts'
import type { PostingContext } from './ledger-store.ts'
import { decide, type Payment } from './payment.ts'

/** What has become of a payment, in one word. `unchanged`: nothing that was not known. */
export type Settled = 'captured' | 'mismatched' | 'failed' | 'expired' | 'unchanged'

/**
 * Applies the gateway's truth to a payment that the caller has locked, in the caller's transaction: state, ledger and
 * event together. Applying the same truth again does nothing.
 */
export async function settlePayment(
  deps: PaymentsDeps,
  tx: Tx,
  payment: Payment,
  found: GatewayPayment,
  now: Instant,
): Promise<{ settled: Settled; payment: Payment }> {
  const decision = decide(payment, found)
  switch (decision.kind) {
    case 'capture':
      return { settled: 'captured', payment: await capture(deps, tx, payment, found, decision.late, now) }
    case 'mismatch':
      return { settled: 'mismatched', payment: await setAside(deps, tx, payment, found, decision.why, now) }
    case 'end':
      return { settled: decision.status, payment: await endPayment(deps, tx, payment, decision.status, decision.code, now) }
    case 'nothing':
      return { settled: 'unchanged', payment }
  }
}

/** Ends an open payment that the caller has locked: no money came and none will. */
export async function endPayment(
  deps: PaymentsDeps,
  tx: Tx,
  payment: Payment,
  status: 'failed' | 'expired',
  code: string,
  now: Instant,
): Promise<Payment> {
  const ended = await deps.store.updatePayment(tx, payment, { status, failureCode: code, request: null, checkAt: null }, now)
  await deps.store.enterPosting(tx, paymentFailed(payment.id, payment.amount), contextOf(ended))
  await announce(
    deps,
    tx,
    'payment.failed',
    payment.id,
    { paymentId: payment.id, bookingId: payment.bookingId, status, code },
    payment.provider,
  )
  return ended
}

/** Whose postings the payment's are. */
export function contextOf(payment: Payment): PostingContext {
  return {
    bookingId: payment.bookingId,
    paymentId: payment.id,
    provider: payment.provider,
    externalRef: payment.providerPaymentRef ?? payment.providerRef,
  }
}

async function capture(deps: PaymentsDeps, tx: Tx, payment: Payment, found: GatewayPayment, late: boolean, now: Instant): Promise<Payment> {
  const captured = await deps.store.updatePayment(
    tx,
    payment,
    { status: 'captured', capturedLate: late, capturedAt: now, providerPaymentRef: found.providerPaymentRef, request: null, checkAt: null },
    now,
  )
  if (late) await deps.store.enterPosting(tx, paymentRevived(payment.id, payment.amount), contextOf(captured))
  await deps.store.enterPosting(tx, paymentSucceeded(payment.id, payment.amount), { ...contextOf(captured), payload: { late } })
  if (payment.mismatchedAt !== null)
    for (const { kind } of Object.values(ASIDE)) await deps.records.closeWorkItem(tx, kind, payment.id, toDate(now))
  const { amount, currency } = payment.amount
  await announce(
    deps,
    tx,
    'payment.captured',
    payment.id,
    { paymentId: payment.id, bookingId: payment.bookingId, amount, currency, late },
    payment.provider,
  )
  return captured
}

/** Why a payment waits for a person, and what the person is told. */
const ASIDE = {
  amount: {
    kind: 'payment_mismatched',
    summary: 'The gateway holds another amount than was asked for. Decide: give it back at the gateway, or have the difference settled.',
  },
  reversed: {
    kind: 'payment_reversed',
    summary:
      "The customer's bank took the money and the gateway does not have it. Ask the gateway when it goes back, and tell the customer.",
  },
  suspicious: {
    kind: 'payment_suspicious',
    summary: 'The gateway holds the money because it suspects fraud. Decide with the gateway: release it, or have it given back.',
  },
} as const

async function setAside(
  deps: PaymentsDeps,
  tx: Tx,
  payment: Payment,
  found: GatewayPayment,
  why: keyof typeof ASIDE,
  now: Instant,
): Promise<Payment> {
  const aside = await deps.store.updatePayment(
    tx,
    payment,
    { mismatchedAt: now, providerPaymentRef: found.providerPaymentRef, checkAt: null },
    now,
  )
  const facts = {
    paymentId: payment.id,
    bookingId: payment.bookingId,
    expected: payment.amount.amount as number,
    expectedCurrency: payment.amount.currency as string,
    captured: (found.captured?.amount ?? null) as number | null,
    capturedCurrency: (found.captured?.currency ?? null) as string | null,
  }
  await deps.records.openWorkItem(tx, {
    ...ASIDE[why],
    subjectId: payment.id,
    details: { ...facts, provider: payment.provider, providerRef: payment.providerRef },
    severity: 'high',
  })
  await announce(deps, tx, 'payment.mismatched', payment.id, facts, payment.provider)
  return aside
}
