/**
 * What Farewire asks of a payment service provider. Adapters keep no state and retry nothing. Customers pay on the
 * provider's own hosted page, so that no card number ever reaches us.
 */
import type { Currency } from '../../kernel/currency.ts'
import type { Money } from '../../kernel/money.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { PartnerState } from '../../platform/partner.ts'

/**
 * The outcome of a call. `rejected` only where it is proven that nothing happened; a time-out, a 5xx, garbage, a code
 * nobody knows is `unknown`, and is looked up by our reference or sent again under the same one.
 */
export type GatewayOutcome<T> =
  | { readonly outcome: 'ok'; readonly value: T }
  | { readonly outcome: 'rejected'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: UnknownCause; readonly message: string }

/** `in_flight`: the same request is being carried out right now on behalf of somebody else of us. */
export type UnknownCause =
  | 'timeout'
  | 'unreachable'
  | 'server_error'
  | 'malformed'
  | 'throttled'
  | 'unauthorised'
  | 'in_flight'
  | 'unrecognised'

/** A payment as we and the provider name it. Everything here is known before the provider is called. */
export type PaymentRef = {
  readonly paymentId: string
  /** Our reference in the provider's form, made once by `clientRef` and stored: what a lost payment is asked for by. */
  readonly clientRef: string
  readonly createdAt: Instant
  readonly amount: Money
  /** The provider's own; null while its first reply is missing. */
  readonly providerRef: string | null
}

/** What to collect. Asked twice with the same `paymentId` it must be the same in every field, and is the same payment. */
export type PaymentRequest = PaymentRef & {
  readonly description: string
  readonly customerEmail: string
  /** Null when the payment is not opened on behalf of a browser. */
  readonly customerIp: string | null
  /** When the provider stops taking money; within the capabilities' limits. */
  readonly expiresAt: Instant
  readonly returnUrl: string
  readonly cancelUrl: string
}

/** Where the customer pays. `redirectUrl` is null when there is nothing left to pay there. */
export type HostedPayment = { readonly providerRef: string; readonly redirectUrl: string | null }

/**
 * The truth about a payment. `processing`: the customer is done, the money is not there yet. `reversed`: debited at the
 * bank but not ours (VNPay 04). `suspicious`: held by the provider for fraud (VNPay 07). Both of the last go to a person,
 * never to a ticket.
 */
export type GatewayPayment = {
  readonly state: 'open' | 'processing' | 'paid' | 'failed' | 'expired' | 'reversed' | 'suspicious'
  /** What was really taken, which need not be what was asked. Null unless paid. */
  readonly captured: Money | null
  /** What refunds are made against; null while there is none. */
  readonly providerPaymentRef: string | null
  readonly failureCode: string | null
  /** Whatever customers' banks have contested of it, settled cases too; absent where the provider says nothing of disputes. */
  readonly disputes?: readonly GatewayDispute[]
  /** What was given back of it, whoever asked for that; absent where the provider says nothing of refunds when asked about a payment. */
  readonly refunds?: ToldRefunds
}

/** Refunds that the provider tells of with their payment. `isComplete`: there are no others. */
export type ToldRefunds = { readonly list: readonly ToldRefund[]; readonly isComplete: boolean }
export type ToldRefund = Pick<GatewayRefund, 'state' | 'amount' | 'providerRefundRef'> & {
  /** The reference under which it was asked for; null where the provider does not say. */
  readonly clientRef: string | null
}

/**
 * A payment that the customer's bank contests. `isWithdrawn`: the bank has the amount now, be it for the time of the case or
 * for good; a case that was won, or has only been announced, has taken nothing.
 */
export type GatewayDispute = {
  readonly id: string
  readonly amount: Money
  readonly isWithdrawn: boolean
  readonly state: 'open' | 'won' | 'lost'
  readonly reason: string
  /** Until when evidence is taken; null where there is nothing to answer. */
  readonly respondBy: Instant | null
}

export type RefundRequest = {
  readonly refundId: string
  /** The refund's own reference in the provider's form, stored (ZaloPay m_refund_id, VNPay RequestId). */
  readonly clientRef: string
  readonly createdAt: Instant
  readonly amount: Money
  readonly payment: PaymentRef & { readonly providerPaymentRef: string }
}

/** `pending` may last for days; only `succeeded` means that the money is on its way, and even that can fail later. */
export type GatewayRefund = {
  readonly state: 'pending' | 'succeeded' | 'failed'
  readonly amount: Money
  readonly providerRefundRef: string
  readonly failureCode: string | null
}

export type RefundRef = RefundRequest & { readonly providerRefundRef: string | null }

/** One delivery of the provider's, byte for byte. Header names are in lower case. */
export type WebhookDelivery = {
  readonly method: 'GET' | 'POST'
  /** Path and query as received. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly rawBody: Buffer
}

/**
 * What a genuine delivery is about. Everything in it but the key is a hint: which payment to ask the provider about.
 * `dedupeKey` names the event, however often it is delivered.
 */
export type WebhookHint = {
  readonly dedupeKey: string
  readonly eventType: string
  readonly paymentId: string | null
  /** For providers that echo only their own form of our reference. */
  readonly clientRef: string | null
  readonly providerRef: string | null
  readonly providerPaymentRef: string | null
}

/** `forged`: the signature or its time is wrong, nothing may be kept of it. `malformed`: signed, but not understood. */
export type VerifiedWebhook =
  | { readonly outcome: 'genuine'; readonly hint: WebhookHint }
  | { readonly outcome: 'forged' | 'malformed'; readonly reason: string }

/** What the provider wants to hear about a delivery. `later`: we could not store it now. */
export type WebhookVerdict = 'accepted' | 'duplicate' | 'about_nothing_of_ours' | 'forged' | 'malformed' | 'later'
export type WebhookAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }

export type GatewayCapabilities = {
  readonly currencies: readonly Currency[]
  /** Customers' countries it is the first choice for, ISO 3166-1 alpha-2; empty: any. */
  readonly countries: readonly string[]
  /** The provider refuses payments that end sooner; `expire` ends them earlier where `canExpireEarly`. */
  readonly expirySecondsMin: number
  /** The provider refuses payments that end later. */
  readonly expirySecondsMax: number
  readonly partialRefund: boolean
  /** `manual`: no refund API; a person pays back and notes it. */
  readonly refund: 'sync' | 'async_notify' | 'async_poll' | 'manual'
  readonly refundWindowDays: number | null
  readonly canExpireEarly: boolean
  /** Bank transfers may bring another amount than was asked. */
  readonly amountMayDiffer: boolean
  readonly notifyIntegrity: 'body_hmac' | 'fields_hmac' | 'fields_hash' | 'static_token'
}

/** A line of the provider's books for a day, for reconciliation. */
export type StatementLine = {
  readonly kind: 'payment' | 'refund' | 'chargeback'
  readonly lineId: string
  readonly clientRef: string | null
  readonly providerRef: string | null
  readonly gross: Money
  readonly fee: Money | null
  readonly at: Instant
}

export type PaymentGateway = {
  readonly id: string
  readonly capabilities: GatewayCapabilities
  /** Pure. `number` is unique per payment (a database sequence), for providers that want integers or short references. */
  readonly clientRef: (payment: { readonly paymentId: string; readonly number: number; readonly createdAt: Instant }) => string
  /** Pure, as {@link PaymentGateway.clientRef}. */
  readonly refundClientRef: (refund: { readonly refundId: string; readonly number: number; readonly createdAt: Instant }) => string
  /** Opens the hosted page. Write, repeatable under the same reference. */
  readonly create: (request: PaymentRequest) => Promise<GatewayOutcome<HostedPayment>>
  /** The provider's truth about a payment of this reference of ours; `rejected` when it knows no such payment. Read. */
  readonly query: (ref: PaymentRef) => Promise<GatewayOutcome<GatewayPayment>>
  /** Stops a payment from being paid. `too_late` is a normal answer: the customer was faster, or is about to be. Write. */
  readonly expire: (ref: PaymentRef) => Promise<GatewayOutcome<'expired' | 'too_late'>>
  /** Gives money back. Write, repeatable under the same reference. Never called where refunds are `manual`. */
  readonly refund: (request: RefundRequest) => Promise<GatewayOutcome<GatewayRefund>>
  /** The provider's truth about a refund, found by our reference where its own is not known; null when there is none. Read. */
  readonly queryRefund: (ref: RefundRef) => Promise<GatewayOutcome<GatewayRefund | null>>
  /** Checks a delivery in constant time, without I/O. */
  readonly verify: (delivery: WebhookDelivery, now: Instant) => VerifiedWebhook
  /** What the provider is answered about a delivery. Pure. */
  readonly answer: (verdict: WebhookVerdict) => WebhookAnswer
  /** The provider's books of a day (UTC), page by page; absent where it has none that can be asked for. Throws when they cannot be read. */
  readonly listSettled?: (day: LocalDate) => AsyncIterable<StatementLine>
  /** How the way to it is; absent where nothing is called. */
  readonly health?: () => PartnerState
  /** Ends its connections. */
  readonly close: () => Promise<void>
}
