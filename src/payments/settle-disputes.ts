import { compareMoney, money, subtractMoney, sumMoney, type Money } from '../kernel/money.ts'
import { toDate, toIso, type Instant } from '../kernel/time.ts'
import type { Tx } from '../platform/postgres.ts'
import type { PaymentsDeps } from './deps.ts'
import { announce } from './events.ts'
import type { GatewayDispute } from './gateways/contract.ts'
import { chargebackReversed, chargedBack, type LedgerEntry } from './ledger.ts'
import type { Payment } from './payment.ts'
import { contextOf } from './settle-payment.ts'

/** The kind of work item of a payment that the customer's bank contests; its subject is the case. */
const CHARGEBACK = 'chargeback'

/**
 * Applies what the gateway says banks have contested of a payment that the caller has locked: posts what was taken, or
 * came back, beyond what is posted already, and puts each open case before a person. Applying it again does nothing.
 * Nothing is cancelled and nothing is refunded because of it: whether the ticket stands is for a person.
 */
export async function settleDisputes(
  deps: PaymentsDeps,
  tx: Tx,
  payment: Payment,
  disputes: readonly GatewayDispute[],
  now: Instant,
): Promise<void> {
  if (disputes.length === 0 || payment.status !== 'captured') return
  const entries = await chargebackEntries(deps, tx, payment)
  for (const dispute of disputes) await settleDispute(deps, tx, { payment, dispute, entries, now })
}

type Case = {
  readonly payment: Payment
  readonly dispute: GatewayDispute
  readonly entries: readonly LedgerEntry[]
  readonly now: Instant
}

async function settleDispute(deps: PaymentsDeps, tx: Tx, { payment, dispute, entries, now }: Case): Promise<void> {
  const posted = entries.filter((entry) => entry.externalRef === dispute.id)
  const { currency } = dispute.amount
  const taken = takenIn(posted, currency)
  const isTaken = dispute.isWithdrawn ? dispute.amount : money(0, currency)
  const turn = { id: dispute.id, turn: posted.length }
  const context = { ...contextOf(payment), externalRef: dispute.id, payload: { state: dispute.state, reason: dispute.reason } }
  const order = compareMoney(isTaken, taken)
  if (order > 0) await deps.store.enterPosting(tx, chargedBack(payment.id, turn, subtractMoney(isTaken, taken)), context)
  if (order < 0) await deps.store.enterPosting(tx, chargebackReversed(payment.id, turn, subtractMoney(taken, isTaken)), context)
  await tellPerson(deps, tx, payment, dispute)
  if (dispute.state === 'won') await deps.records.closeWorkItem(tx, CHARGEBACK, dispute.id, toDate(now))
  if (order === 0) return
  const body = {
    paymentId: payment.id,
    bookingId: payment.bookingId,
    disputeId: dispute.id,
    amount: isTaken.amount as number,
    currency: currency as string,
    state: dispute.state,
    respondBy: dispute.respondBy && toIso(dispute.respondBy),
  }
  await announce(deps, tx, 'payment.charged_back', payment.id, body, payment.provider)
}

function tellPerson(deps: PaymentsDeps, tx: Tx, payment: Payment, dispute: GatewayDispute): Promise<void> {
  const until = dispute.respondBy === null ? '' : ` until ${toIso(dispute.respondBy).slice(0, 16)}Z`
  return deps.records.openWorkItem(tx, {
    kind: CHARGEBACK,
    subjectId: dispute.id,
    summary: `The customer's bank contests a payment (${dispute.reason}). Send evidence to the gateway${until}, or accept it and decide what becomes of the booking: nothing was cancelled.`,
    details: {
      bookingId: payment.bookingId,
      paymentId: payment.id,
      disputeId: dispute.id,
      provider: payment.provider,
      amount: dispute.amount.amount,
      currency: dispute.amount.currency,
      isWithdrawn: dispute.isWithdrawn,
      respondBy: dispute.respondBy && toIso(dispute.respondBy),
    },
  })
}

/** What banks hold of the payment now, by the ledger. */
export async function chargedBackOf(deps: Pick<PaymentsDeps, 'store'>, tx: Tx, payment: Payment): Promise<Money> {
  return takenIn(await chargebackEntries(deps, tx, payment), payment.amount.currency)
}

/** What the gateway gave up, or got back, in cases of the banks; an entry of each move. */
async function chargebackEntries(deps: Pick<PaymentsDeps, 'store'>, tx: Tx, payment: Payment): Promise<LedgerEntry[]> {
  const entries = await deps.store.listEntries(tx, payment.bookingId)
  return entries.filter((entry) => entry.paymentId === payment.id && entry.eventType === 'CHARGEBACK' && entry.account === 'gateway')
}

function takenIn(entries: readonly LedgerEntry[], currency: string): Money {
  const held = sumMoney(
    entries.map((entry) => entry.amount),
    currency,
  )
  return money(held.amount === 0 ? 0 : -held.amount, currency)
}
