import { money, type Money } from '../../kernel/money.ts'
import { plusMs, type Clock } from '../../kernel/time.ts'
import type {
  GatewayOutcome,
  PaymentGateway,
  PaymentRef,
  PaymentRequest,
  RefundRef,
  RefundRequest,
  UnknownCause,
  WebhookDelivery,
} from './contract.ts'

/** What can be made to go wrong with a call. The last two take effect and lose the reply. */
export type CallFault =
  | 'timeout'
  | 'drop'
  | 'server_error'
  | 'garbage'
  | 'html'
  | 'bomb'
  | 'throttled'
  | 'unknown_code'
  | 'reset'
  | 'huge'
  | 'drop_after_effect'
  | 'hang_after_effect'

/** The call that is to go wrong. */
export type GatewayCall = 'create' | 'query' | 'expire' | 'refund' | 'query_refund'

/** A notification that is not what it should be. `future`: signed as of tomorrow. */
export type Forged = 'edited' | 'other_key' | 'unsigned' | 'future'

/**
 * `addressIsToldOnce`: who lost it has a payment at the provider and nowhere to send the customer. `isFirstHeardOfAtThePage`:
 * a payment that nobody has been to is as unknown to the provider as one that never was. `causes`: why else a call that meets a
 * fault may be unknown, since some of its replies are understood less. `repeatIsUnrecognised`: it does not say that it knows a
 * repeated refund, only that it will not have it.
 */
export type Oddities = {
  readonly addressIsToldOnce?: true
  readonly isFirstHeardOfAtThePage?: true
  readonly causes?: Readonly<Record<string, UnknownCause>>
  readonly repeatIsUnrecognised?: true
}

/** A gateway before a provider of our own that keeps books. */
export type GatewayBench = {
  readonly gateway: PaymentGateway
  readonly clock: Clock
  /** An amount that the provider takes; divisible by four. */
  readonly amount: Money
  /**
   * Arms the next call of this kind to go wrong, in one of the usual ways or in one of `ownFaults`; false where the gateway makes no
   * such call, or the provider cannot go wrong so.
   */
  readonly fault: (call: GatewayCall, kind: string) => boolean
  /** Ways to go wrong that only this provider has, each with why its call is unknown. */
  readonly ownFaults?: Readonly<Record<string, UnknownCause>>
  /** The same gateway before another address; whoever asks for it ends it. */
  readonly at: (apiUrl: string) => PaymentGateway
  /** Variables by which the provider knows us, each with why a call with another value is unknown. */
  readonly keys: Readonly<Record<string, UnknownCause>>
  /** The same gateway with another value of one of `keys`. */
  readonly withOther: (key: string) => PaymentGateway
  /** The customer pays; minor units. */
  readonly pay: (ref: PaymentRef, amount?: number) => void
  /** What the provider holds of this reference, in minor units; `opened` is how many payments it has of it. */
  readonly books: (ref: PaymentRef) => { readonly opened: number; readonly captured: number; readonly refunded: number }
  /** What the provider has announced of it so far. */
  readonly deliveries: (ref: PaymentRef) => readonly WebhookDelivery[]
  /** Something that looks like the last of these; null where the provider's way of signing has no such thing. */
  readonly forge: (ref: PaymentRef, how: Forged) => WebhookDelivery | null
  /** Lets refunds under way be done. */
  readonly settleRefunds: (ref: PaymentRef) => void
  /** What the provider's own protocol does not let it do. */
  readonly oddities?: Oddities
  readonly close: () => Promise<void>
}

const HALF_AN_HOUR_MS = 1_800_000
const TEN_MINUTES_MS = 600_000

export type Cases = ReturnType<typeof createCases>

/** Payments and refunds before a gateway, each another; numbered from `first`. */
export function createCases(bench: () => GatewayBench, first = 0) {
  let payments = first
  const refOf = (providerRef: string | null = null, number = (payments += 1)): PaymentRef => {
    const paymentId = `pay_conformance${number}`
    const createdAt = bench().clock.now()
    return {
      paymentId,
      clientRef: bench().gateway.clientRef({ paymentId, number, createdAt }),
      createdAt,
      amount: bench().amount,
      providerRef,
    }
  }
  const requestOf = (ref = refOf()): PaymentRequest => ({
    ...ref,
    description: 'Jakarta to Tokyo',
    customerEmail: 'budi@example.com',
    customerIp: '203.0.113.7',
    expiresAt: plusMs(ref.createdAt, HALF_AN_HOUR_MS + TEN_MINUTES_MS),
    returnUrl: 'https://shop.example/trips/1',
    cancelUrl: 'https://shop.example/trips/1/pay',
  })
  const open = async (): Promise<{ request: PaymentRequest; ref: PaymentRef }> => {
    const request = requestOf()
    const { providerRef } = ok(await bench().gateway.create(request))
    return { request, ref: { ...request, providerRef } }
  }
  const paid = async (amount?: number): Promise<PaymentRef & { readonly providerPaymentRef: string }> => {
    const { ref } = await open()
    bench().pay(ref, amount)
    const { providerPaymentRef } = ok(await bench().gateway.query(ref))
    if (providerPaymentRef === null) throw new Error('a paid payment has nothing to refund against')
    return { ...ref, providerPaymentRef }
  }
  const refundOf = (
    payment: PaymentRef & { readonly providerPaymentRef: string },
    amount: number = bench().amount.amount / 4,
  ): RefundRequest => {
    const refundId = `rfd_conformance${(payments += 1)}`
    const createdAt = bench().clock.now()
    const clientRef = bench().gateway.refundClientRef({ refundId, number: payments, createdAt })
    return { refundId, clientRef, createdAt, amount: money(amount, bench().amount.currency), payment }
  }
  const lost = (request: RefundRequest): RefundRef => ({ ...request, providerRefundRef: null })
  const hasRefunds = (): boolean => bench().gateway.capabilities.refund !== 'manual'
  return { refOf, requestOf, open, paid, refundOf, lost, hasRefunds }
}

/** What was answered; throws where it was not answered with success. */
export function ok<T>(reply: GatewayOutcome<T>): T {
  if (reply.outcome !== 'ok') throw new Error(`${reply.outcome} ${'code' in reply ? reply.code : reply.cause}: ${reply.message}`)
  return reply.value
}

/** Waits until there is something; at most five seconds. */
export async function until<T>(look: () => readonly T[]): Promise<readonly T[]> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const found = look()
    if (found.length > 0) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('nothing was announced within five seconds')
}
