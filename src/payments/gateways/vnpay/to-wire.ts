import type { Instant } from '../../../kernel/time.ts'
import type { PaymentRef, PaymentRequest, RefundRequest } from '../contract.ts'
import { UnrepresentableAmount } from '../amounts.ts'
import { Refused } from '../json-call.ts'
import { hmacHex } from '../signing.ts'
import { toDong, toPlainText, toWallClock } from '../vietnam.ts'
import type { Money } from '../../../kernel/money.ts'
import type { VnpayConfig } from './config.ts'
import { SIGNED_FIELDS, signedFields, signedQuery } from './wire.ts'

const VERSION = '2.1.0'
const AMOUNT_DIGITS_MAX = 12
const ADDRESS_LENGTH_MAX = 255

/** The amount as VNPay writes it: a hundredth of a đồng is its unit, though nobody can pay one. */
export function toVnpayAmount(value: Money): string {
  const amount = String(BigInt(toDong(value)) * 100n)
  if (amount.length > AMOUNT_DIGITS_MAX) throw new UnrepresentableAmount(value, 'VNPay takes less than 10,000,000,000 VND at once')
  return amount
}

/**
 * The address of VNPay's page for this payment, signed. Nothing is sent anywhere: VNPay first hears of it from the customer's
 * browser. Pure: the same payment has the same address.
 */
export function toPayUrl(config: VnpayConfig, request: PaymentRequest): string {
  if (request.returnUrl.length > ADDRESS_LENGTH_MAX) throw new Refused('return_url_too_long', 'VNPay takes addresses of 255 characters')
  const query = signedQuery({
    vnp_Version: VERSION,
    vnp_Command: 'pay',
    vnp_TmnCode: config.tmnCode,
    vnp_Amount: toVnpayAmount(request.amount),
    vnp_CurrCode: 'VND',
    vnp_TxnRef: request.clientRef,
    vnp_OrderInfo: toPlainText(request.description, 200) || request.clientRef,
    vnp_OrderType: 'other',
    vnp_Locale: 'vn',
    vnp_ReturnUrl: request.returnUrl,
    vnp_IpAddr: request.customerIp ?? config.serverIp,
    vnp_CreateDate: toWallClock(request.createdAt),
    vnp_ExpireDate: toWallClock(request.expiresAt),
  })
  return `${config.payUrl}?${query}&vnp_SecureHash=${hmacHex('sha512', config.hashSecret, query)}`
}

/** The question what has become of a payment. It is found by our reference and the time it was created at. */
export function toQuery(config: VnpayConfig, ref: PaymentRef, requestId: string, now: Instant): Record<string, string> {
  return sign(config, 'querydr', {
    vnp_RequestId: requestId,
    vnp_Version: VERSION,
    vnp_Command: 'querydr',
    vnp_TmnCode: config.tmnCode,
    vnp_TxnRef: ref.clientRef,
    vnp_OrderInfo: `Query ${ref.clientRef}`,
    vnp_TransactionDate: toWallClock(ref.createdAt),
    vnp_CreateDate: toWallClock(now),
    vnp_IpAddr: config.serverIp,
  })
}

/** Our refund. Its reference is the request's own, and stands in its text, by which it is found when the reply is lost. */
export function toRefund(config: VnpayConfig, refund: RefundRequest, now: Instant): Record<string, string> {
  const isAll = refund.amount.amount === refund.payment.amount.amount
  return sign(config, 'refund', {
    vnp_RequestId: refund.clientRef,
    vnp_Version: VERSION,
    vnp_Command: 'refund',
    vnp_TmnCode: config.tmnCode,
    vnp_TransactionType: isAll ? '02' : '03',
    vnp_TxnRef: refund.payment.clientRef,
    vnp_Amount: toVnpayAmount(refund.amount),
    vnp_TransactionNo: refund.payment.providerPaymentRef,
    vnp_TransactionDate: toWallClock(refund.payment.createdAt),
    vnp_CreateBy: 'farewire',
    vnp_CreateDate: toWallClock(now),
    vnp_IpAddr: config.serverIp,
    vnp_OrderInfo: toRefundInfo(refund.clientRef),
  })
}

/** What a refund's text is, which VNPay tells again when it is asked. */
export function toRefundInfo(clientRef: string): string {
  return `Refund ${clientRef}`
}

/** Our reference of a refund whose text is ours; null for anybody else's. */
export function readRefundInfo(info: string): string | null {
  return /^Refund ([A-Za-z0-9]+)$/.exec(info)?.[1] ?? null
}

function sign(config: VnpayConfig, command: 'querydr' | 'refund', values: Record<string, string>): Record<string, string> {
  return { ...values, vnp_SecureHash: hmacHex('sha512', config.hashSecret, signedFields(values, SIGNED_FIELDS[command])) }
}
