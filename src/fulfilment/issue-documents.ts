import { createHash } from 'node:crypto'
import type { Storage } from '../platform/storage.ts'
import { renderETicket, type ETicketInput } from './e-ticket/e-ticket.ts'
import { renderVoucher, type VoucherInput } from './voucher/voucher.ts'

/** The document of a sold item: an e-ticket for flights, a voucher for a stay. */
export type DocumentInput = ({ readonly kind: 'e-ticket' } & ETicketInput) | ({ readonly kind: 'voucher' } & VoucherInput)

/**
 * Writes the document and keeps it; resolves to the key it is found under. Issuing the same again gives the same key and
 * the same bytes. The key ends in a part of the document's hash: a changed document never overwrites an older one.
 */
export async function issueDocuments(deps: { storage: Storage }, input: DocumentInput): Promise<{ key: string }> {
  const bytes = await (input.kind === 'voucher' ? renderVoucher(input) : renderETicket(input))
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const key = `${input.kind}s/${input.bookingReference}-${hash}.pdf`
  if (!(await deps.storage.has(key))) await deps.storage.put(key, bytes, 'application/pdf')
  return { key }
}
