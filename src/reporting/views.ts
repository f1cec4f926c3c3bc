import { toMoneyText } from '../kernel/money.ts'
import { toIso, type Instant } from '../kernel/time.ts'
import type { Break } from './reconciliation/break-store.ts'
import type { BreakEntry } from './reconciliation/posting-store.ts'
import type { Run } from './reconciliation/run-store.ts'
import type { BreakView, RunView } from './schemas.ts'

/** Whole seconds between the two. */
export function secondsSince(at: Instant, now: Instant): number {
  return Math.max(0, Math.round((now - at) / 1_000))
}

/** A run as operators, and the command, tell it. */
export function toRunView(run: Run): RunView {
  return {
    id: run.id,
    day: run.day,
    state: run.state,
    asked_by: run.askedBy,
    requested_at: toIso(run.requestedAt),
    finished_at: run.finishedAt && toIso(run.finishedAt),
    opened: run.opened,
    settled: run.settled,
    error: run.error,
    sources: run.sources.map((source) => ({ ...source })),
  }
}

/** Differences as operators, and the command, see them, each with what it has made in the ledger: `entries` of any of them. */
export function toBreakViews(breaks: readonly Break[], entries: readonly BreakEntry[], now: Instant): BreakView[] {
  return breaks.map((one) =>
    toBreakView(
      one,
      entries.filter((entry) => entry.breakId === one.id),
      now,
    ),
  )
}

function toBreakView(one: Break, entries: readonly BreakEntry[], now: Instant): BreakView {
  return {
    id: one.id,
    day: one.day,
    side: one.side,
    source: one.source,
    kind: one.kind,
    state: one.state,
    our_ref: one.ourRef,
    their_ref: one.theirRef,
    ours: one.ours && toMoneyText(one.ours),
    theirs: one.theirs && toMoneyText(one.theirs),
    our_status: one.ourStatus,
    their_status: one.theirStatus,
    booking_id: one.bookingId,
    payment_id: one.paymentId,
    first_seen_at: toIso(one.firstSeenAt),
    last_seen_at: toIso(one.lastSeenAt),
    age_seconds: secondsSince(one.firstSeenAt, one.resolvedAt ?? now),
    resolved_at: one.resolvedAt && toIso(one.resolvedAt),
    resolved_by: one.resolvedBy,
    resolution: one.resolution,
    statement: one.statement,
    ledger: entries.map(({ postingId, eventType, account, amount, at }) => ({
      ...{ posting_id: postingId, event_type: eventType, account, amount: toMoneyText(amount), at: toIso(at) },
    })),
  }
}
