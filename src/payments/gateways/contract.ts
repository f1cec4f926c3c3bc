/**
 * What Farewire asks of a payment service provider. Adapters keep no state and retry nothing. Customers pay on the
 * provider's own hosted page, so that no card number ever reaches us.
 */
import type { Money } from '../../kernel/money.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'

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

/** What to collect. Asked twice with the same `paymentId` it must be the same in every field, and is the same payment. */
export type PaymentRequest = {
  readonly paymentId: string
  readonly amount: Money
  readonly description: string
  readonly customerEmail: string
  /** When the provider stops taking money; within the capabilities' limits. */
  readonly expiresAt: Instant
  readonly returnUrl: string
  readonly cancelUrl: string
}

/** Where the customer pays. `redirectUrl` is null when there is nothing left to pay there. */
export type HostedPayment = { readonly providerRef: string; readonly redirectUrl: string | null }

/** A payment as the provider names it: by our reference and by its own. */
export type PaymentRef = { readonly paymentId: string; readonly providerRef: string }

/** The truth about a payment. `processing`: the customer is done, the money is not there yet. */
export type GatewayPayment = {
  readonly state: 'open' | 'processing' | 'paid' | 'failed' | 'expired'
  /** What was really taken, which need not be what was asked. Null unless paid. */
  readonly captured: Money | null
  /** What refunds are made against; null while there is none. */
  readonly providerPaymentRef: string | null
  readonly failureCode: string | null
}

export type RefundRequest = {
  readonly refundId: string
  readonly paymentId: string
  readonly providerPaymentRef: string
  readonly amount: Money
}

/** `pending` may last for days; only `succeeded` means that the money is on its way, and even that can fail later. */
export type GatewayRefund = {
  readonly state: 'pending' | 'succeeded' | 'failed'
  readonly amount: Money
  readonly providerRefundRef: string
  readonly failureCode: string | null
}

export type RefundRef = { readonly refundId: string; readonly providerPaymentRef: string; readonly providerRefundRef: string | null }

/** One delivery of the provider's, byte for byte. Header names are in lower case. */
export type WebhookDelivery = {
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
  readonly providerRef: string | null
  readonly providerPaymentRef: string | null
}

/** `forged`: the signature or its time is wrong, nothing may be kept of it. `malformed`: signed, but not understood. */
export type VerifiedWebhook =
  | { readonly outcome: 'genuine'; readonly hint: WebhookHint }
  | { readonly outcome: 'forged' | 'malformed'; readonly reason: string }

export type GatewayCapabilities = {
  /** The provider refuses payments that end sooner; `expire` ends them earlier all the same. */
  readonly expirySecondsMin: number
  /** The provider refuses payments that end later. */
  readonly expirySecondsMax: number
  readonly partialRefund: boolean
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
  /** Opens the hosted page. Write, repeatable under the same payment id. */
  readonly create: (request: PaymentRequest) => Promise<GatewayOutcome<HostedPayment>>
  /** The provider's truth about a payment of this reference of ours; `rejected` when it knows no such payment. Read. */
  readonly query: (ref: PaymentRef) => Promise<GatewayOutcome<GatewayPayment>>
  /** Stops a payment from being paid. `too_late` is a normal answer: the customer was faster, or is about to be. Write. */
  readonly expire: (ref: PaymentRef) => Promise<GatewayOutcome<'expired' | 'too_late'>>
  /** Gives money back. Write, repeatable under the same refund id. */
  readonly refund: (request: RefundRequest) => Promise<GatewayOutcome<GatewayRefund>>
  /** The provider's truth about a refund, found by our reference where its own is not known; null when there is none. Read. */
  readonly queryRefund: (ref: RefundRef) => Promise<GatewayOutcome<GatewayRefund | null>>
  /** Checks a delivery in constant time, without I/O. */
  readonly verify: (delivery: WebhookDelivery, now: Instant) => VerifiedWebhook
  /** The provider's books of a day (UTC), page by page; absent where it has none that can be asked for. Throws when they cannot be read. */
  readonly listSettled?: (day: LocalDate) => AsyncIterable<StatementLine>
  /** Ends its connections. */
  readonly close: () => Promise<void>
}
