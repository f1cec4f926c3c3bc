import { plusMs, toIso, type Instant } from '../../../kernel/time.ts'
import type { PaymentRequest, RefundRequest } from '../contract.ts'
import { toRupiah } from './amounts.ts'

const MINUTE_MS = 60_000
/** Snap's shortest page. */
export const PAGE_MINUTES_MIN = 5
const JAKARTA_MS = 7 * 3_600_000
const ITEM_NAME_MAX = 50

/** A time as Midtrans reads it: in Jakarta. */
export function toJakarta(at: Instant): string {
  return `${toIso(plusMs(at, JAKARTA_MS)).slice(0, 19).replace('T', ' ')} +0700`
}

/** For how many minutes a page that is opened now stays open. */
export function pageMinutes(request: PaymentRequest, now: Instant): number {
  return Math.max(PAGE_MINUTES_MIN, Math.floor((request.expiresAt - now) / MINUTE_MS))
}

/**
 * Our request as a page of Snap. The page and what is begun on it end together, or a customer who chose a way of paying in
 * the last minute could pay a day later. Pure.
 */
export function toSnap(request: PaymentRequest, now: Instant): object {
  const amount = toRupiah(request.amount)
  const minutes = pageMinutes(request, now)
  return {
    transaction_details: { order_id: request.clientRef, gross_amount: amount },
    item_details: [{ id: request.paymentId, price: amount, quantity: 1, name: request.description.slice(0, ITEM_NAME_MAX) }],
    customer_details: { email: request.customerEmail },
    credit_card: { secure: true },
    callbacks: { finish: request.returnUrl, error: request.cancelUrl },
    page_expiry: { duration: minutes, unit: 'minutes' },
    expiry: { start_time: toJakarta(now), duration: minutes, unit: 'minutes' },
  }
}

/** Our refund, under our key. Pure. */
export function toRefund(request: RefundRequest): object {
  return { refund_key: request.clientRef, amount: toRupiah(request.amount), reason: 'requested_by_customer' }
}
