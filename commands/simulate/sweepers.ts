import { relayEvents, requeueReactions } from '../../src/platform/outbox.ts'
import { plusMs, type Instant } from '../../src/kernel/time.ts'
import type { System } from './system.ts'

/** Work that runs by the clock, as src/workers/schedules.ts lists it. */
export type Sweeper = {
  readonly name: string
  readonly run: (system: System) => Promise<unknown>
  /** When there is next something for it to do; infinity for never. It runs all the same, but need not be run before. */
  readonly dueAt: (system: System) => number
}

const RESUME_AFTER_MS = 30_001
const REQUEUE_AFTER_MS = 15_001

export const SWEEPERS: readonly Sweeper[] = [
  {
    name: 'relay',
    run: ({ outbox }) => relayEvents(outbox),
    dueAt: ({ tables }) => (tables.events.cells.some(({ committed }) => committed && !committed.isPublished) ? 0 : Infinity),
  },
  {
    name: 'settleInDoubt',
    run: ({ bookings }) => bookings.settleInDoubt(),
    dueAt: ({ tables }) =>
      earliest(tables.attempts.cells, (attempt) => (attempt.state === 'sent' || attempt.state === 'unknown' ? attempt.nextProbeAt : null)),
  },
  {
    name: 'syncOpen',
    run: ({ payments }) => payments.syncOpen(),
    dueAt: ({ tables }) => earliest(tables.payments.cells, ({ payment }) => payment.nextCheckAt),
  },
  {
    name: 'pollRefunds',
    run: ({ payments }) => payments.pollRefunds(),
    dueAt: ({ tables }) =>
      earliest(tables.refunds.cells, ({ refund, nextCheckAt }) =>
        refund.status === 'requested' || refund.status === 'pending' ? nextCheckAt : null,
      ),
  },
  {
    name: 'resume',
    run: ({ bookings }) => bookings.resume(),
    dueAt: ({ tables }) =>
      earliest(tables.bookings.cells, ({ booking }) =>
        booking.status === 'PAID' || booking.status === 'PENDING_TICKET' || booking.latePaymentId !== null
          ? plusMs(booking.updatedAt, RESUME_AFTER_MS)
          : null,
      ),
  },
  {
    name: 'expire',
    run: ({ bookings }) => bookings.expire(),
    dueAt: ({ tables }) =>
      earliest(tables.bookings.cells, ({ booking }) =>
        booking.status === 'INIT' || booking.status === 'PENDING_PAYMENT' ? plusMs(booking.paymentRequiredBy, 1) : null,
      ),
  },
  {
    name: 'sweepOrphans',
    run: ({ bookings }) => bookings.sweepOrphans(),
    dueAt: ({ tables }) => earliest(tables.orphans.cells, ({ nextLookAt }) => nextLookAt),
  },
  {
    name: 'requeue',
    run: ({ outbox }) => requeueReactions(outbox),
    dueAt: ({ tables }) => earliest(tables.pending.cells, (row) => plusMs(row.queuedAt, REQUEUE_AFTER_MS)),
  },
]

function earliest<Row>(cells: readonly { readonly committed: Row | undefined }[], of: (row: Row) => Instant | null): number {
  let first = Infinity
  for (const { committed } of cells) {
    const at = committed === undefined ? null : of(committed)
    if (at !== null && at < first) first = at
  }
  return first
}
