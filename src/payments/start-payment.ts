import { isSameMoney, type Money } from '../kernel/money.ts'
import { Problem } from '../kernel/problems.ts'
import { plusMs, type Instant } from '../kernel/time.ts'
import { chooseGateways } from './choose-gateway.ts'
import type { PaymentsDeps } from './deps.ts'
import { expirePayment } from './expire-payment.ts'
import type { PaymentGateway } from './gateways/contract.ts'
import { giveUpPayment } from './give-up-payment.ts'
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
  /** Where the customer lives, ISO 3166-1 alpha-2: a gateway of that country comes first. */
  readonly country?: string | null
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

/** Enough for every gateway there is, and for others being faster now and then. */
const ROUNDS = 12
/** So that the same request, sent again some minutes later, is still one the gateway accepts. */
const EXPIRY_MARGIN_MS = 10 * 60_000

/**
 * Opens a place for the customer to pay, and never a second one: while one is open for the booking, that is the answer.
 * The payment and its ledger posting are committed before the gateway is called. A gateway that cannot open a page is followed
 * by the next that fits, as long as nobody can have been sent to pay. Throws problems: the window is closed,
 * the booking is paid, the gateway refuses, or does not answer (then the same call later continues this payment).
 */
export async function startPayment(deps: PaymentsDeps, order: PaymentOrder): Promise<StartedPayment> {
  if (order.amount.amount <= 0) throw new RangeError('a payment is of an amount above zero')
  const tried = new Set<string>()
  let refusal: Problem | null = null
  for (let round = 1; round <= ROUNDS; round += 1) {
    const payments = await deps.store.listPayments(deps.db, order.bookingId)
    // What the attempt has made, with the last gateway it came to.
    const known = payments.findLast((payment) => payment.attemptKey === order.attemptKey)
    if (known && !isSameMoney(known.amount, order.amount)) throw paymentKeyReused()
    // What this very call has passed on to the next gateway has ended, and is not the answer.
    if (known && known.status !== 'open' && refusal === null) return toStarted(known)

    const open = payments.find((payment) => payment.status === 'open')
    if (payments.some((payment) => payment.mismatchedAt !== null && payment.status !== 'captured'))
      throw paymentUnderReview({ moneyMoved: 'captured' })
    if (payments.some((payment) => payment.status === 'captured')) throw bookingAlreadyPaid({ moneyMoved: 'captured' })
    const now = deps.clock.now()
    if (open && isSameMoney(open.amount, order.amount) && open.expiresAt > now) {
      tried.add(open.provider)
      const opened = await continuePayment(deps, open, findNext(deps, order, tried) !== undefined)
      if (!(opened instanceof Problem)) return opened
      refusal = opened
      continue
    }
    if (order.expiresAt <= now) throw paymentWindowClosed({ moneyMoved: 'none' })
    if (open) {
      const { outcome } = await expirePayment(deps, open.id)
      if (outcome === 'already_paid') throw bookingAlreadyPaid({ moneyMoved: 'captured' })
      if (outcome === 'unknown') throw paymentGatewayUnavailable({ moneyMoved: 'unknown', retryable: true, retryAfterSeconds: 5 })
      continue
    }
    const gateway = findNext(deps, order, tried)
    if (!gateway) throw refusal ?? paymentGatewayRefused({ moneyMoved: 'none', more: { gateway_code: 'currency_not_supported' } })
    const turn = known ? known.attemptTurn + 1 : 1
    const payment = await writePayment(deps, order, gateway, turn)
    if (!payment) continue
    tried.add(gateway.id)
    const opened = await continuePayment(deps, payment, findNext(deps, order, tried) !== undefined)
    if (!(opened instanceof Problem)) return opened
    refusal = opened
  }
  // Somebody else keeps opening and ending payments of this booking.
  throw paymentGatewayUnavailable({ moneyMoved: 'none', retryable: true, retryAfterSeconds: 1 })
}

function findNext(deps: PaymentsDeps, order: PaymentOrder, tried: ReadonlySet<string>): PaymentGateway | undefined {
  const wanted = { currency: order.amount.currency, country: order.country ?? null, tried, order: deps.gatewayOrder ?? [] }
  return chooseGateways(deps.gateways, wanted, (gateway) => deps.health?.isWell(gateway) ?? true)[0]
}

/**
 * Opens the payment's page. Where it cannot be and another gateway is left, the payment has ended, its posting is taken back,
 * and the answer is what would have been said if there were none: nobody has been sent to pay it.
 */
async function continuePayment(deps: PaymentsDeps, known: Payment, hasNext: boolean): Promise<StartedPayment | Problem> {
  const { outcome, payment } = await openSession(deps, known)
  if (outcome === 'unknown') {
    const unavailable = paymentGatewayUnavailable({ moneyMoved: 'none', retryable: true, retryAfterSeconds: 5 })
    if (!hasNext) throw unavailable
    const given = await giveUpPayment(deps, payment, 'passed_on')
    if (given.outcome === 'given_up') return unavailable
    if (given.payment.status === 'captured') throw bookingAlreadyPaid({ moneyMoved: 'captured' })
    // Somebody else of us got the page's address after all; or the customer has begun to pay.
    if (given.payment.redirectUrl === null) throw unavailable
    return toStarted(given.payment)
  }
  if (outcome === 'ended' && payment.status === 'failed') {
    const refused = paymentGatewayRefused({ moneyMoved: 'none', more: { gateway_code: payment.failureCode } })
    if (!hasNext) throw refused
    return refused
  }
  return toStarted(payment)
}

/** The payment as committed, or undefined when another one of this booking was faster. */
function writePayment(deps: PaymentsDeps, order: PaymentOrder, gateway: PaymentGateway, turn: number): Promise<Payment | undefined> {
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
    attemptTurn: turn,
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
