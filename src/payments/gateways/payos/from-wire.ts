import type { GatewayPayment, HostedPayment, PaymentRef } from '../contract.ts'
import { MalformedReply } from '../wire-fields.ts'
import { fromDong, toDong } from '../vietnam.ts'
import type { WireLink, WireNewLink } from './wire.ts'

const ENDED: Readonly<Record<string, GatewayPayment['state']>> = {
  PENDING: 'open',
  PROCESSING: 'processing',
  EXPIRED: 'expired',
  CANCELLED: 'expired',
  FAILED: 'failed',
}

/** A link just made; throws {@link MalformedReply} when it is another than was asked for. */
export function toHostedPayment(ref: PaymentRef, link: WireNewLink): HostedPayment {
  assertOurs(ref, link)
  return { providerRef: link.id, redirectUrl: link.checkoutUrl }
}

/** A link that was there already. Its address is not told again, but it is made of its id. */
export function toExistingPayment(ref: PaymentRef, link: WireLink, payUrl: string): HostedPayment {
  assertOurs(ref, link)
  return { providerRef: link.id, redirectUrl: link.status === 'PENDING' ? `${payUrl}/web/${encodeURIComponent(link.id)}` : null }
}

/**
 * What a link says about our payment. Money that came by transfer is there whatever the link's state: too little, too much,
 * in several transfers, or to a link that has ended. So it is `paid`, with what truly came; whether that is what was asked
 * is for the caller to see. Throws {@link MalformedReply} for a state that nobody has thought of.
 */
export function toGatewayPayment(ref: PaymentRef, link: WireLink): GatewayPayment {
  assertOurs(ref, link)
  const nothing = { captured: null, providerPaymentRef: link.id, failureCode: null }
  const state = ENDED[link.status]
  if (state === 'processing') return { ...nothing, state }
  if (link.amountPaid > 0) {
    if (state === undefined && link.status !== 'PAID' && link.status !== 'UNDERPAID') throw new MalformedReply('status')
    return { ...nothing, state: 'paid', captured: fromDong(link.amountPaid) }
  }
  if (state === undefined) throw new MalformedReply('status')
  return { ...nothing, state, failureCode: state === 'failed' ? 'failed' : null }
}

function assertOurs(ref: PaymentRef, link: { orderCode: number; amount: number }): void {
  if (String(link.orderCode) !== ref.clientRef) throw new MalformedReply('orderCode')
  if (link.amount !== toDong(ref.amount)) throw new MalformedReply('amount')
}
