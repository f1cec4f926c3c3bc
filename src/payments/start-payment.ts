import { isSameMoney, type Money } from '../kernel/money.ts'
import { plusMs, type Instant } from '../kernel/time.ts'
import type { PaymentsDeps } from './deps.ts'
import { expirePayment } from './expire-payment.ts'
import { paymentInitiated } from './ledger.ts'
import { openSession } from './open-session.ts'
import { checkAgainAfterMs, type Payment, type PaymentStatus } from './payment.ts'
import type { NewPayment } from './payment-store.ts'
import {
  bookingAlreadyPaid,
  paymentGatewayRefused,
  paymentGatewayUnavailable,
  paymentKeyReused,
  paymentUnderReview,
  paymentWindowClosed,
} from './problems.ts'

export type PaymentOrder = {
  readonly bookingId: string
  readonly amount: Money
  /** One line for the customer, on the gateway's page and the card statement's details. */
  readonly description: string
  readonly customerEmail: string
  /** The address of the customer's browser, which some gateways must be told. */
  readonly customerIp?: string | null
  readonly expiresAt: Instant
  /** Where the customer goes afterwards; a path, or an address of our own origin. Coming back proves nothing. */
  readonly returnUrl: string
  readonly cancelUrl: string
  /** Names the attempt within the booking: the same key is the same payment. */
  readonly attemptKey: string
}

/** `redirectUrl` is null once there is nothing left to pay. */
export type StartedPayment = {
  readonly paymentId: Payment['id']
  readonly status: PaymentStatus
  readonly amount: Money
  readonly redirectUrl: string | null
  readonly expiresAt: Instant
}

const ROUNDS = 4
/** So that the same request, sent again some minutes later, is still one the gateway accepts. */
const EXPIRY_MARGIN_MS = 10 * 60_000

/**
 * Opens a place for the customer to pay, and never a second one: while one is open for the booking, that is the answer.
 * The payment and its ledger posting are committed before the gateway is called. Throws problems: the window is closed,
 * the booking is paid, the gateway refuses, or does not answer (then the same call later continues this payment).
 */
export async function startPayment(deps: PaymentsDeps, order: PaymentOrder): Promise<StartedPayment> {
  if (order.amount.amount <= 0) throw new RangeError('a payment is of an amount above zero')
  for (let round = 1; round <= ROUNDS; round += 1) {
    const known = await deps.store.findPaymentByAttempt(deps.db, order.bookingId, order.attemptKey)
    if (known && !isSameMoney(known.amount, order.amount)) throw paymentKeyReused()
    if (known && known.status !== 'open') return toStarted(known)

    const payments = await deps.store.listPayments(deps.db, order.bookingId)
    const open = payments.find((payment) => payment.status === 'open')
    if (payments.some((payment) => payment.mismatchedAt !== null && payment.status !== 'captured'))
      throw paymentUnderReview({ moneyMoved: 'captured' })
    if (payments.some((payment) => payment.status === 'captured')) throw bookingAlreadyPaid({ moneyMoved: 'captured' })
    const now = deps.clock.now()
    if (open && isSameMoney(open.amount, order.amount) && open.expiresAt > now) return continuePayment(deps, open.id)
    if (order.expiresAt <= now) throw paymentWindowClosed({ moneyMoved: 'none' })
    if (open) {
      const { outcome } = await expirePayment(deps, open.id)
      if (outcome === 'already_paid') throw bookingAlreadyPaid({ moneyMoved: 'captured' })
      if (outcome === 'unknown') throw paymentGatewayUnavailable({ moneyMoved: 'unknown', retryable: true, retryAfterSeconds: 5 })
      continue
    }
    const payment = await writePayment(deps, order)
    if (payment) return continuePayment(deps, payment.id)
  }
  // Somebody else keeps opening and ending payments of this booking.
  throw paymentGatewayUnavailable({ moneyMoved: 'none', retryable: true, retryAfterSeconds: 1 })
}

async function continuePayment(deps: PaymentsDeps, paymentId: string): Promise<StartedPayment> {
  const { outcome, payment } = await openSession(deps, paymentId)
  if (outcome === 'unknown') throw paymentGatewayUnavailable({ moneyMoved: 'none', retryable: true, retryAfterSeconds: 5 })
  if (outcome === 'ended' && payment.status === 'failed')
    throw paymentGatewayRefused({ moneyMoved: 'none', more: { gateway_code: payment.failureCode } })
  return toStarted(payment)
}

/** The payment as committed, or undefined when another one of this booking was faster. */
function writePayment(deps: PaymentsDeps, order: PaymentOrder): Promise<Payment | undefined> {
  const gateway = deps.gateways[0]
  if (!gateway) throw new Error('no payment gateway is configured')
  const now = deps.clock.now()
  const earliest = plusMs(now, gateway.capabilities.expirySecondsMin * 1_000 + EXPIRY_MARGIN_MS)
  const latest = plusMs(now, gateway.capabilities.expirySecondsMax * 1_000)
  const expiresAt = order.expiresAt < latest ? order.expiresAt : latest
  const id = deps.records.newId('pay', deps.clock)
  const wanted: NewPayment = {
    id,
    clientRefOf: (number) => gateway.clientRef({ paymentId: id, number, createdAt: now }),
    bookingId: order.bookingId,
    attemptKey: order.attemptKey,
    attemptTurn: 1,
    provider: gateway.id,
    amount: order.amount,
    request: {
      description: order.description,
      customerEmail: order.customerEmail,
      customerIp: order.customerIp ?? null,
      returnUrl: ownAddress(deps, order.returnUrl),
      cancelUrl: ownAddress(deps, order.cancelUrl),
    },
    expiresAt,
    providerExpiresAt: expiresAt > earliest ? expiresAt : earliest,
    nextCheckAt: plusMs(now, checkAgainAfterMs(0)),
    createdAt: now,
  }
  return deps.records.transact(deps.db, async (tx) => {
    const payment = await deps.store.insertPayment(tx, wanted)
    if (!payment) return undefined
    await deps.store.enterPosting(tx, paymentInitiated(payment.id, payment.amount), {
      bookingId: payment.bookingId,
      paymentId: payment.id,
      provider: payment.provider,
      externalRef: null,
    })
    return payment
  })
}

function ownAddress(deps: PaymentsDeps, address: string): string {
  const url = new URL(address, deps.publicUrl)
  if (url.origin !== new URL(deps.publicUrl).origin) throw new RangeError(`customers are not sent to ${url.origin}`)
  return url.toString()
}

function toStarted(payment: Payment): StartedPayment {
  const redirectUrl = payment.status === 'open' ? payment.redirectUrl : null
  return { paymentId: payment.id, status: payment.status, amount: payment.amount, redirectUrl, expiresAt: payment.expiresAt }
}
