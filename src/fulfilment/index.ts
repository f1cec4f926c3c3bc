import type { Storage } from '../platform/storage.ts'
import { issueDocuments, type DocumentInput } from './issue-documents.ts'

export { renderETicket, type ETicketInput } from './e-ticket/e-ticket.ts'
export type { DocumentInput } from './issue-documents.ts'
export type { VoucherInput } from './voucher/voucher.ts'
export type { TicketedPassenger } from './e-ticket/passengers.ts'

/** Turns tickets into documents and finds them again. */
export type Fulfilment = {
  /** Writes and keeps the documents of a ticketed booking; harmless to repeat. */
  readonly issueDocuments: (input: DocumentInput) => Promise<{ key: string }>
  /** The document under a key, or undefined when there is none. Throws a RangeError for what is no key. */
  readonly readDocument: (key: string) => Promise<Buffer | undefined>
}

/** Documents kept in the given storage. */
export function createFulfilment(deps: { storage: Storage }): Fulfilment {
  return {
    issueDocuments: (input) => issueDocuments(deps, input),
    readDocument: (key) => deps.storage.get(key),
  }
}
