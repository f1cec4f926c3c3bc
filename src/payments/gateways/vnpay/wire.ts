/**
 * VNPay's words, PAY 2.1.0. https://sandbox.vnpayment.vn/apis/docs/thanh-toan-pay/pay.html and
 * https://sandbox.vnpayment.vn/apis/docs/truy-van-hoan-tien/querydr&refund.html
 */
import { fields, MalformedReply, type Fields } from '../wire-fields.ts'
import { hmacHex, isSameText } from '../signing.ts'

/** The fields under a signature of the API, in the order in which they are joined with "|". */
export const SIGNED_FIELDS = {
  querydr: [
    'vnp_RequestId',
    'vnp_Version',
    'vnp_Command',
    'vnp_TmnCode',
    'vnp_TxnRef',
    'vnp_TransactionDate',
    'vnp_CreateDate',
    'vnp_IpAddr',
    'vnp_OrderInfo',
  ],
  refund: [
    'vnp_RequestId',
    'vnp_Version',
    'vnp_Command',
    'vnp_TmnCode',
    'vnp_TransactionType',
    'vnp_TxnRef',
    'vnp_Amount',
    'vnp_TransactionNo',
    'vnp_TransactionDate',
    'vnp_CreateBy',
    'vnp_CreateDate',
    'vnp_IpAddr',
    'vnp_OrderInfo',
  ],
  refundReply: [
    'vnp_ResponseId',
    'vnp_Command',
    'vnp_ResponseCode',
    'vnp_Message',
    'vnp_TmnCode',
    'vnp_TxnRef',
    'vnp_Amount',
    'vnp_BankCode',
    'vnp_PayDate',
    'vnp_TransactionNo',
    'vnp_TransactionType',
    'vnp_TransactionStatus',
    'vnp_OrderInfo',
  ],
  querydrReply: [
    'vnp_ResponseId',
    'vnp_Command',
    'vnp_ResponseCode',
    'vnp_Message',
    'vnp_TmnCode',
    'vnp_TxnRef',
    'vnp_Amount',
    'vnp_BankCode',
    'vnp_PayDate',
    'vnp_TransactionNo',
    'vnp_TransactionType',
    'vnp_TransactionStatus',
    'vnp_OrderInfo',
    'vnp_PromotionCode',
    'vnp_PromotionAmount',
  ],
} as const

/** A reply whose signature is VNPay's. What it does not say is ''. */
export type WireReply = {
  readonly code: string
  readonly message: string
  readonly txnRef: string
  readonly amount: string
  readonly transactionNo: string
  readonly transactionType: string
  readonly transactionStatus: string
  readonly orderInfo: string
}

/** What is signed of a redirect, a return or an IPN: no empty values, sorted by name, encoded as a form. */
export function signedQuery(values: Readonly<Record<string, string>>): string {
  const names = Object.keys(values).filter((name) => name !== 'vnp_SecureHash' && name !== 'vnp_SecureHashType' && values[name] !== '')
  return new URLSearchParams(names.sort().map((name): [string, string] => [name, values[name]!])).toString()
}

/**
 * What is signed of a call or a reply. Throws {@link MalformedReply} for a value that holds a "|" itself: of such a text
 * nobody can say where one field ends.
 */
export function signedFields(values: Readonly<Record<string, string>>, names: readonly string[]): string {
  for (const name of names) if (values[name]?.includes('|')) throw new MalformedReply(name)
  return names.map((name) => values[name] ?? '').join('|')
}

/** Reads a reply to `command`; throws {@link MalformedReply}, also where the signature is missing, wrong or another's. */
export function readReply(value: unknown, command: 'querydr' | 'refund', config: { tmnCode: string; hashSecret: string }): WireReply {
  const names = SIGNED_FIELDS[`${command}Reply`]
  const reply = fields(value, 'reply')
  const values = Object.fromEntries([...names, 'vnp_SecureHash'].map((name) => [name, scalarOf(reply, name)]))
  const expected = hmacHex('sha512', config.hashSecret, signedFields(values, names))
  if (!isSameText(expected, values['vnp_SecureHash']!.toLowerCase())) throw new MalformedReply('vnp_SecureHash')
  if (values['vnp_Command'] !== command) throw new MalformedReply('vnp_Command')
  if (values['vnp_TmnCode'] !== '' && values['vnp_TmnCode'] !== config.tmnCode) throw new MalformedReply('vnp_TmnCode')
  return {
    code: values['vnp_ResponseCode']!,
    message: values['vnp_Message']!,
    txnRef: values['vnp_TxnRef']!,
    amount: values['vnp_Amount']!,
    transactionNo: values['vnp_TransactionNo']!,
    transactionType: values['vnp_TransactionType']!,
    transactionStatus: values['vnp_TransactionStatus']!,
    orderInfo: values['vnp_OrderInfo']!,
  }
}

/** VNPay writes numbers with and without quotes. Either is the same text under the signature. */
function scalarOf(from: Fields, name: string): string {
  const value = Object.hasOwn(from, name) ? from[name] : undefined
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (Number.isSafeInteger(value)) return String(value)
  throw new MalformedReply(name)
}
