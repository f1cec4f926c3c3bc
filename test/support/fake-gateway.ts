import { parseCurrency } from '../../src/kernel/currency.ts'
import type { Money } from '../../src/kernel/money.ts'
import type { GatewayRefund, PaymentGateway } from '../../src/payments/gateways/contract.ts'
import { plainAnswer } from '../../src/payments/gateways/plain-answer.ts'

/** A payment gateway in memory that keeps its own books, as the real one does, for comparing with ours. */
export type FakeGateway = PaymentGateway & {
  /** The customer pays; nothing is announced. */
  readonly pay: (paymentId: string) => void
  /** What was closed can be paid once more: money that comes late. */
  readonly reopen: (paymentId: string) => void
  /** What the gateway holds: taken and given back, in minor units. */
  readonly books: () => { captured: number; refunded: number }
}

type Session = { amount: Money; state: 'open' | 'paid' | 'expired' }

export function createFakeGateway(id = 'stripe'): FakeGateway {
  const sessions = new Map<string, Session>()
  const refunds = new Map<string, GatewayRefund>()
  const get = (paymentId: string): Session => {
    const session = sessions.get(paymentId)
    if (!session) throw new Error(`no session of ${paymentId}`)
    return session
  }
  return {
    id,
    capabilities: {
      currencies: ['EUR', 'USD', 'IDR', 'VND', 'JPY', 'KRW'].map(parseCurrency),
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
    create: async (request) => {
      if (!sessions.has(request.paymentId)) sessions.set(request.paymentId, { amount: request.amount, state: 'open' })
      return { outcome: 'ok', value: { providerRef: `cs_${request.paymentId}`, redirectUrl: `https://pay.example/${request.paymentId}` } }
    },
    query: async ({ paymentId }) => {
      const { state, amount } = get(paymentId)
      const providerPaymentRef = state === 'paid' ? `pi_${paymentId}` : null
      return { outcome: 'ok', value: { state, captured: state === 'paid' ? amount : null, providerPaymentRef, failureCode: null } }
    },
    expire: async ({ paymentId }) => {
      const session = get(paymentId)
      if (session.state === 'paid') return { outcome: 'ok', value: 'too_late' }
      session.state = 'expired'
      return { outcome: 'ok', value: 'expired' }
    },
    refund: async ({ refundId, amount }) => {
      const refund = refunds.get(refundId) ?? {
        state: 'succeeded' as const,
        amount,
        providerRefundRef: `re_${refundId}`,
        failureCode: null,
      }
      refunds.set(refundId, refund)
      return { outcome: 'ok', value: refund }
    },
    queryRefund: async ({ refundId }) => ({ outcome: 'ok', value: refunds.get(refundId) ?? null }),
    verify: () => ({ outcome: 'forged', reason: 'the fake gateway announces nothing' }),
    answer: plainAnswer,
    close: async () => undefined,
    reopen: (paymentId) => {
      get(paymentId).state = 'open'
    },
    pay: (paymentId) => {
      get(paymentId).state = 'paid'
    },
    books: () => ({
      captured: [...sessions.values()]
        .filter((session) => session.state === 'paid')
        .reduce((sum, session) => sum + session.amount.amount, 0),
      refunded: [...refunds.values()].reduce((sum, refund) => sum + refund.amount.amount, 0),
    }),
  }
}
