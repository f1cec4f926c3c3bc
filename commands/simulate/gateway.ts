import { parseCurrency } from '../../src/kernel/currency.ts'
import { money, type Money } from '../../src/kernel/money.ts'
import type { GatewayOutcome, GatewayRefund, PaymentGateway, WebhookHint } from '../../src/payments/gateways/contract.ts'
import type { CallResult, Scheduler } from './scheduler.ts'

/** What befalls a call on its way to a partner and back. */
export type CallFault =
  | 'none'
  | 'timeout_before'
  | 'timeout_after'
  | 'error_before'
  | 'error_after'
  | 'refused'
  | 'in_flight'
  | 'partner_says_pending'

/** A payment page of the gateway's, in its own books. `captured` is what the customer really paid, by this page. */
export type Session = {
  readonly provider: string
  readonly paymentId: string
  readonly amount: Money
  state: 'open' | 'processing' | 'paid' | 'failed' | 'expired'
  captured: number
  refunded: number
}

/** A refund in the gateway's books. */
export type RefundEntry = {
  readonly key: string
  readonly session: Session
  readonly amount: Money
  state: GatewayRefund['state']
  readonly ref: string
}

/** An announcement that the gateway repeats until it is told 2xx. */
export type Announcement = { readonly provider: string; readonly hint: WebhookHint; deliveries: number }

export type GatewayBooks = {
  readonly sessions: Session[]
  readonly refunds: RefundEntry[]
  readonly announcements: Announcement[]
}

export type SimulatedGateway = {
  /** Two, so that a payment may fall back from one to the other. They are of one house and share its books. */
  readonly gateways: readonly PaymentGateway[]
  readonly books: GatewayBooks
  /** The customer hands the money over; it is there later, or now. */
  readonly submit: (session: Session) => void
  /** The money of a session arrives, whatever its state: a page that was closed may have been used just before. */
  readonly capture: (session: Session, amount: number) => void
  readonly decline: (session: Session) => void
  readonly move: (refund: RefundEntry, state: 'succeeded' | 'failed') => void
  readonly reset: () => void
}

export type GatewayOptions = {
  readonly scheduler: Scheduler
  readonly faultOf: (label: string, fault: number) => CallFault
  /** Told of each change of the books. */
  readonly onChange: () => void
}

const UNKNOWN_TIMEOUT = { outcome: 'unknown', cause: 'timeout', message: 'no answer' } as const
const UNKNOWN_ERROR = { outcome: 'unknown', cause: 'server_error', message: '500' } as const
const UNKNOWN_IN_FLIGHT = { outcome: 'unknown', cause: 'in_flight', message: 'the same request is being carried out' } as const

/**
 * A payment service provider with books of its own. It recognises a repeated write by our id, as the contract says, and
 * by nothing else: a refund under another id is another refund, even of money that is gone.
 */
export function createGateway({ scheduler, faultOf, onChange }: GatewayOptions): SimulatedGateway {
  const books: GatewayBooks = { sessions: [], refunds: [], announcements: [] }
  let announced = 0
  let refundsMade = 0

  const announce = (eventType: string, session: Session): void => {
    announced += 1
    books.announcements.push({
      provider: session.provider,
      hint: {
        dedupeKey: `whe_${announced}`,
        eventType,
        paymentId: session.paymentId,
        clientRef: session.paymentId,
        providerRef: `cs_${session.paymentId}`,
        providerPaymentRef: session.captured > 0 ? `pi_${session.paymentId}` : null,
      },
      deliveries: 0,
    })
    onChange()
  }
  const sessionOf = (paymentId: string): Session | undefined => books.sessions.find((session) => session.paymentId === paymentId)

  /** A call whose effect and whose reply are two turns: whoever dies in between has had the effect. */
  function exchange<T>(label: string, effect: (fault: CallFault) => GatewayOutcome<T>): Promise<GatewayOutcome<T>> {
    let reply: GatewayOutcome<T> | undefined
    return scheduler.call('gateway', label, (number): CallResult<GatewayOutcome<T>> => {
      if (reply) return { value: reply }
      const fault = number === 0 ? 'none' : faultOf(label, number)
      if (fault === 'timeout_before') return { value: UNKNOWN_TIMEOUT }
      if (fault === 'error_before') return { value: UNKNOWN_ERROR }
      if (fault === 'in_flight') return { value: UNKNOWN_IN_FLIGHT }
      const answer = effect(fault)
      reply = fault === 'timeout_after' ? UNKNOWN_TIMEOUT : fault === 'error_after' ? UNKNOWN_ERROR : answer
      return number === 0 ? { value: reply } : 'again'
    })
  }

  const gatewayOf = (id: string): PaymentGateway => ({
    id,
    capabilities: {
      currencies: [parseCurrency('USD')],
      countries: [],
      expirySecondsMin: 1_800,
      expirySecondsMax: 86_400,
      partialRefund: true,
      refund: 'sync',
      refundWindowDays: null,
      canExpireEarly: true,
      amountMayDiffer: false,
      notifyIntegrity: 'body_hmac',
    },
    clientRef: ({ paymentId }) => paymentId,
    refundClientRef: ({ refundId }) => refundId,
    create: (request) =>
      exchange('create', (fault) => {
        if (fault === 'refused') return { outcome: 'rejected', code: 'not_accepted', message: 'refused' }
        if (!sessionOf(request.paymentId)) {
          books.sessions.push({
            provider: id,
            paymentId: request.paymentId,
            amount: request.amount,
            state: 'open',
            captured: 0,
            refunded: 0,
          })
          onChange()
        }
        return {
          outcome: 'ok',
          value: { providerRef: `cs_${request.paymentId}`, redirectUrl: `https://pay.example/${request.paymentId}` },
        }
      }),
    query: ({ paymentId }) =>
      exchange('query', () => {
        const session = sessionOf(paymentId)
        if (!session) return { outcome: 'rejected', code: 'unknown_payment', message: 'no such payment' }
        const isPaid = session.state === 'paid'
        return {
          outcome: 'ok',
          value: {
            state: session.state,
            captured: isPaid ? money(session.captured, session.amount.currency) : null,
            providerPaymentRef: isPaid ? `pi_${paymentId}` : null,
            failureCode: session.state === 'failed' ? 'declined' : null,
          },
        }
      }),
    expire: ({ paymentId }) =>
      exchange('expire', () => {
        const session = sessionOf(paymentId)
        if (!session) return { outcome: 'rejected', code: 'unknown_payment', message: 'no such payment' }
        if (session.state === 'paid' || session.state === 'processing') return { outcome: 'ok', value: 'too_late' }
        if (session.state === 'open') {
          session.state = 'expired'
          announce('session.expired', session)
        }
        return { outcome: 'ok', value: 'expired' }
      }),
    refund: (request) =>
      exchange('refund', (fault) => {
        const known = books.refunds.find((refund) => refund.key === request.refundId)
        if (known) return { outcome: 'ok', value: toRefund(known) }
        if (fault === 'refused') return { outcome: 'rejected', code: 'insufficient_balance', message: 'refused' }
        const session = books.sessions.find((one) => `pi_${one.paymentId}` === request.payment.providerPaymentRef)
        if (!session) return { outcome: 'rejected', code: 'unknown_payment', message: 'no such payment' }
        refundsMade += 1
        const refund: RefundEntry = {
          key: request.refundId,
          session,
          amount: request.amount,
          state: fault === 'partner_says_pending' ? 'pending' : 'succeeded',
          ref: `re_${refundsMade}`,
        }
        books.refunds.push(refund)
        session.refunded += request.amount.amount
        onChange()
        return { outcome: 'ok', value: toRefund(refund) }
      }),
    queryRefund: ({ refundId, providerRefundRef }) =>
      exchange('queryRefund', () => {
        const found = books.refunds.find((refund) => refund.key === refundId || refund.ref === providerRefundRef)
        return { outcome: 'ok', value: found ? toRefund(found) : null }
      }),
    answer: () => ({ status: 200, headers: {}, body: '' }),
    verify: (delivery) => ({ outcome: 'genuine', hint: delivery.headers as unknown as WebhookHint }),
    close: async () => undefined,
  })

  return {
    gateways: ['stripe', 'xendit'].map(gatewayOf),
    books,
    submit: (session) => {
      session.state = 'processing'
      onChange()
    },
    capture: (session, amount) => {
      session.state = 'paid'
      session.captured = amount
      announce('payment.succeeded', session)
    },
    decline: (session) => {
      session.state = 'failed'
      announce('payment.failed', session)
    },
    move: (refund, state) => {
      if (state === 'failed') refund.session.refunded -= refund.amount.amount
      refund.state = state
      announce('refund.updated', refund.session)
    },
    reset: () => {
      books.sessions.length = books.refunds.length = books.announcements.length = 0
      announced = refundsMade = 0
    },
  }
}

function toRefund(refund: RefundEntry): GatewayRefund {
  return {
    state: refund.state,
    amount: refund.amount,
    providerRefundRef: refund.ref,
    failureCode: refund.state === 'failed' ? 'account_closed' : null,
  }
}
