/** Xendit's words, as far as we read them; everything else in a reply is ignored. https://docs.xendit.co */
import { decimal, fields, list, MalformedReply, text, textOrNull, type Fields } from '../wire-fields.ts'

export type WireInvoice = {
  readonly id: string
  readonly externalId: string
  readonly status: string
  readonly url: string | null
  readonly currency: string
  /** Decimal text; null unless money came. */
  readonly paidAmount: string | null
}

export type WireRefund = {
  readonly id: string
  readonly referenceId: string | null
  readonly status: string
  readonly amount: string
  readonly currency: string
  readonly failureCode: string | null
}

export type WireTransaction = {
  readonly id: string
  readonly productId: string | null
  readonly type: string
  readonly status: string
  readonly referenceId: string | null
  readonly amount: string
  readonly currency: string
  readonly fee: string | null
  readonly created: string
}

/** What a callback names. */
export type WireCallback = {
  readonly event: string
  readonly invoiceId: string | null
  readonly externalId: string | null
}

/** An invoice; throws {@link MalformedReply}. */
export function readInvoice(value: unknown): WireInvoice {
  const invoice = fields(value, 'invoice')
  return {
    id: text(invoice, 'id'),
    externalId: text(invoice, 'external_id'),
    status: text(invoice, 'status'),
    url: textOrNull(invoice, 'invoice_url'),
    currency: text(invoice, 'currency'),
    paidAmount: invoice['paid_amount'] === undefined || invoice['paid_amount'] === null ? null : decimal(invoice, 'paid_amount'),
  }
}

/** A list of invoices; throws {@link MalformedReply}. */
export function readInvoices(value: unknown): WireInvoice[] {
  if (!Array.isArray(value)) throw new MalformedReply('invoices')
  return value.map(readInvoice)
}

/** A refund; throws {@link MalformedReply}. */
export function readRefund(value: unknown): WireRefund {
  const refund = fields(value, 'refund')
  return {
    id: text(refund, 'id'),
    referenceId: textOrNull(refund, 'reference_id'),
    status: text(refund, 'status'),
    amount: decimal(refund, 'amount'),
    currency: text(refund, 'currency'),
    failureCode: textOrNull(refund, 'failure_code'),
  }
}

/** A page of refunds; throws {@link MalformedReply}. */
export function readRefunds(value: unknown): WireRefund[] {
  return list(fields(value, 'refunds'), 'data').map(readRefund)
}

/** A page of the books; throws {@link MalformedReply}. */
export function readTransactions(value: unknown): { readonly lines: WireTransaction[]; readonly hasMore: boolean } {
  const page = fields(value, 'transactions')
  return { lines: list(page, 'data').map(readTransaction), hasMore: page['has_more'] === true }
}

function readTransaction(value: unknown): WireTransaction {
  const line = fields(value, 'transaction')
  const fee = line['fee']
  return {
    id: text(line, 'id'),
    productId: textOrNull(line, 'product_id'),
    type: text(line, 'type'),
    status: text(line, 'status'),
    referenceId: textOrNull(line, 'reference_id'),
    amount: decimal(line, 'amount'),
    currency: text(line, 'currency'),
    fee: typeof fee === 'object' && fee !== null ? decimal(fee as Fields, 'xendit_fee') : null,
    created: text(line, 'created'),
  }
}

/** A callback of an invoice or of a refund; throws {@link MalformedReply}. */
export function readCallback(value: unknown): WireCallback {
  const body = fields(value, 'callback')
  const event = textOrNull(body, 'event')
  if (event === null) {
    return { event: `invoice.${text(body, 'status').toLowerCase()}`, invoiceId: text(body, 'id'), externalId: text(body, 'external_id') }
  }
  const data = fields(body['data'], 'data')
  return { event, invoiceId: textOrNull(data, 'invoice_id'), externalId: null }
}

/** The code of a refusal; null where the body has none. */
export function readErrorCode(value: unknown): { readonly code: string; readonly message: string } | null {
  if (typeof value !== 'object' || value === null) return null
  const body = value as Fields
  const code = body['error_code']
  if (typeof code !== 'string' || code === '') return null
  return { code, message: typeof body['message'] === 'string' ? body['message'] : code }
}
