import type { Attempt } from '../../../src/booking/attempt.ts'
import type { Orphan } from '../../../src/booking/orphan-store.ts'
import type { Booking } from '../../../src/booking/booking.ts'
import type { VerifiedOffer } from '../../../src/booking/verified-offer-store.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import type { InboxItem } from '../../../src/payments/inbox-store.ts'
import type { LedgerEntry } from '../../../src/payments/ledger.ts'
import type { Payment } from '../../../src/payments/payment.ts'
import type { Refund } from '../../../src/payments/refund.ts'
import type { EventRecord } from '../../../src/platform/events.ts'
import type { WorkItem } from '../../../src/platform/work-items.ts'
import { createTable, type Table } from './transactions.ts'

/** `writes` counts what was written since the insert, whoever wrote it and whatever version was claimed. */
export type BookingRow = {
  readonly booking: Booking
  readonly placedBy: string
  readonly duplicateKey?: string | undefined
  readonly writes: number
}
export type OfferRow = { readonly verified: VerifiedOffer; readonly bookingId: string | null }
export type PaymentRow = { readonly payment: Payment; readonly writes: number }
export type RefundRow = { readonly refund: Refund; readonly nextCheckAt: Instant | null; readonly writes: number }
export type EntryRow = LedgerEntry & { readonly bookingId: string }
export type EventRow = EventRecord & { readonly id: string; readonly occurredAt: Instant; readonly isPublished: boolean }
export type PendingRow = { readonly eventId: string; readonly reaction: string; readonly queuedAt: Instant }
export type WorkItemRow = WorkItem & { readonly state: 'open' | 'done' }
export type OrphanRow = { readonly orphan: Orphan; readonly nextLookAt: Instant | null }
export type NoticeRow = { readonly bookingId: string; readonly kind: string }

/** Everything that is kept. */
export type Tables = {
  readonly bookings: Table<BookingRow>
  readonly attempts: Table<Attempt>
  readonly offers: Table<OfferRow>
  readonly notices: Table<NoticeRow>
  readonly orphans: Table<OrphanRow>
  readonly payments: Table<PaymentRow>
  readonly refunds: Table<RefundRow>
  readonly inbox: Table<InboxItem>
  readonly entries: Table<EntryRow>
  readonly events: Table<EventRow>
  readonly pending: Table<PendingRow>
  readonly workItems: Table<WorkItemRow>
}

export function createTables(): Tables {
  return {
    bookings: createTable(),
    attempts: createTable(),
    offers: createTable(),
    notices: createTable(),
    orphans: createTable(),
    payments: createTable(),
    refunds: createTable(),
    inbox: createTable(),
    entries: createTable(),
    events: createTable(),
    pending: createTable(),
    workItems: createTable(),
  }
}

/** Forgets everything. */
export function emptyTables(tables: Tables): void {
  for (const table of Object.values(tables)) table.cells.length = 0
}

/** What is committed, in the order of its making. */
export function committed<Row>(table: Table<Row>): Row[] {
  const rows: Row[] = []
  for (const cell of table.cells) if (cell.committed !== undefined) rows.push(cell.committed)
  return rows
}
