import type { Instant } from '../../../kernel/time.ts'
import type { PaymentRequest } from '../contract.ts'
import { hmacHex } from '../signing.ts'
import { toDong, toShortDate } from '../vietnam.ts'

const NUMBERS_PER_DAY = 1_000_000_000

/**
 * `orderCode`, an integer: the date at GMT+7 and the payment's number, 261125000000042. The date keeps a second installation
 * with the same account from meeting our codes again.
 */
export function toOrderCode(payment: { readonly number: number; readonly createdAt: Instant }): string {
  return String(Number(toShortDate(payment.createdAt)) * NUMBERS_PER_DAY + (payment.number % NUMBERS_PER_DAY))
}

/** What PayOS signs of an order: five of its fields, sorted, as they are. */
export function orderSignature(key: string, order: Readonly<Record<string, string | number>>): string {
  const { amount, cancelUrl, description, orderCode, returnUrl } = order
  const signed = `amount=${amount}&cancelUrl=${cancelUrl}&description=${description}&orderCode=${orderCode}&returnUrl=${returnUrl}`
  return hmacHex('sha256', key, signed)
}

/** Our payment as a link to pay at. Pure: the same payment is the same order. */
export function toOrder(key: string, request: PaymentRequest): Record<string, string | number> {
  const order = {
    orderCode: Number(request.clientRef),
    amount: toDong(request.amount),
    description: toTransferText(request.clientRef),
    cancelUrl: request.cancelUrl,
    returnUrl: request.returnUrl,
    expiredAt: Math.floor(request.expiresAt / 1_000),
  }
  return { ...order, signature: orderSignature(key, order) }
}

/** What stands on the customer's transfer. Nine characters, because banks that PayOS only listens to take no more. */
function toTransferText(orderCode: string): string {
  return `FW${(Number(orderCode) % NUMBERS_PER_DAY).toString(36).toUpperCase()}`.slice(0, 9)
}
