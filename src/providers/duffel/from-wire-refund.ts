import { compareMoney, money, subtractMoney, type Money } from '../../kernel/money.ts'
import { parseInstant } from '../../kernel/time.ts'
import type { RefundQuote } from '../contract.ts'
import { toCancellation } from './from-wire-order.ts'
import type { WireCancellation } from './wire.ts'

/** What a refund quote's `supplierToken` holds: the cancellation to confirm. */
export type RefundToken = { readonly cancellation: string }

/**
 * Their quote for a cancellation as ours; `paid` is what the order cost, null where only the message is known. An order
 * that was never paid for gives back nothing and costs no penalty. Throws a RangeError.
 */
export function toRefundQuote(wire: WireCancellation, paid: Money | null): RefundQuote {
  const { refund } = toCancellation(wire)
  const token: RefundToken = { cancellation: wire.id }
  const spent = wire.refund_to === 'awaiting_payment' && paid ? money(0, paid.currency) : paid
  return {
    paid: spent,
    penalty:
      spent && refund && spent.currency === refund.currency && compareMoney(spent, refund) >= 0 ? subtractMoney(spent, refund) : null,
    refund,
    expiresAt: wire.expires_at ? parseInstant(wire.expires_at) : null,
    supplierToken: JSON.stringify(token),
  }
}
