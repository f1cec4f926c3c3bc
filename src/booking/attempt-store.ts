import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import { newId } from '../kernel/ids.ts'
import { fromDate, plusMs, toDate, type Instant } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import { statement, type Given } from '../platform/statement.ts'
import type { DB } from '../platform/tables.gen.ts'
import type { Offer } from '../travel/offer.ts'
import type { Reservation } from '../travel/reservation.ts'
import type { Attempt, AttemptState } from './attempt.ts'
import type { Operation } from './machine/index.ts'

type AttemptTable = DB['booking.attempts']

function toAttempt(row: Selectable<AttemptTable>): Attempt {
  return {
    id: row.id as Attempt['id'],
    bookingId: row.booking_id as Attempt['bookingId'],
    itemId: row.item_id,
    operation: row.operation as Operation,
    provider: row.provider,
    reference: row.reference,
    offer: row.offer as unknown as Offer,
    state: row.state as AttemptState,
    reservation: row.reservation as unknown as Reservation | null,
    reason: row.reason,
    sentAt: fromDate(row.sent_at),
    answeredAt: row.answered_at && fromDate(row.answered_at),
    probes: row.probes,
    nextProbeAt: row.next_probe_at && fromDate(row.next_probe_at),
    horizonAt: fromDate(row.horizon_at),
  }
}

export type NewAttempt = Pick<
  Attempt,
  'bookingId' | 'itemId' | 'operation' | 'provider' | 'reference' | 'offer' | 'reservation' | 'sentAt' | 'horizonAt'
> & {
  /** When a missing answer becomes suspicious: the call's own deadline and a margin. */
  readonly overdueAt: Instant
}

/** Notes, before the call, that a write is about to be sent. Fails on its unique index while another one is undecided. */
export async function insertAttempt(tx: Tx, attempt: NewAttempt): Promise<Attempt> {
  const { overdueAt, ...noted } = attempt
  const id = newId('att')
  await insertRow(tx, {
    id,
    booking_id: attempt.bookingId,
    item_id: attempt.itemId,
    operation: attempt.operation,
    provider: attempt.provider,
    reference: attempt.reference,
    offer: JSON.stringify(attempt.offer),
    state: 'sent',
    reservation: attempt.reservation && JSON.stringify(attempt.reservation),
    sent_at: toDate(attempt.sentAt),
    next_probe_at: toDate(overdueAt),
    horizon_at: toDate(attempt.horizonAt),
  })
  return { ...noted, id, state: 'sent', reason: null, answeredAt: null, probes: 0, nextProbeAt: overdueAt }
}

const insertRow = statement((tx, row: Given<Insertable<AttemptTable>>) => tx.insertInto('booking.attempts').values(row))

/**
 * All attempts of a booking, in the order in which each item came to them: reservation by reservation, and of each the
 * booking, the ticketing, the cancellation. Never by `sent_at`: it is of the clock of whoever sent, and those differ.
 */
export async function listAttempts(db: Db | Tx, bookingId: string): Promise<Attempt[]> {
  const { rows } = await selectOfBooking(db, { bookingId })
  return rows.map(toAttempt)
}

const selectOfBooking = statement((db, { bookingId }: Given<{ bookingId: string }>) =>
  db
    .selectFrom('booking.attempts')
    .selectAll()
    .where('booking_id', '=', bookingId)
    .orderBy(sql`length(reference)`)
    .orderBy('reference')
    .orderBy(sql`array_position(array['book', 'ticket', 'cancel'], operation)`),
)

/**
 * Takes up again an attempt that provably never reached the supplier: the same write under the same reference, undecided
 * as before. Undefined when somebody else has taken it up already.
 */
export async function reopenAttempt(
  tx: Tx,
  id: string,
  again: { sentAt: Instant; overdueAt: Instant; horizonAt: Instant },
): Promise<Attempt | undefined> {
  const row = await tx
    .updateTable('booking.attempts')
    .set((eb) => ({
      state: 'sent',
      reason: null,
      answered_at: null,
      probes: eb('probes', '+', 1),
      sent_at: toDate(again.sentAt),
      next_probe_at: toDate(again.overdueAt),
      horizon_at: toDate(again.horizonAt),
    }))
    .where('id', '=', id)
    .where('state', '=', 'rejected')
    .where('reason', '=', 'not_sent')
    .returningAll()
    .executeTakeFirst()
  return row && toAttempt(row)
}

export type AttemptAnswer = {
  readonly state: AttemptState
  readonly answeredAt: Instant
  readonly reservation?: Reservation | null
  readonly reason?: string
  readonly nextProbeAt?: Instant | null
}

/**
 * Stores what became of an undecided attempt and returns it; undefined when it was decided before, which means that
 * somebody else has already acted on it and the caller must not.
 */
export async function answerAttempt(tx: Tx, id: string, answer: AttemptAnswer): Promise<Attempt | undefined> {
  const { rows } = await answerRow(tx, {
    id,
    state: answer.state,
    answered_at: toDate(answer.answeredAt),
    next_probe_at: answer.nextProbeAt == null ? null : toDate(answer.nextProbeAt),
    ...(answer.reservation !== undefined && { reservation: answer.reservation && JSON.stringify(answer.reservation) }),
    ...(answer.reason !== undefined && { reason: answer.reason }),
  })
  return rows[0] && toAttempt(rows[0])
}

const answerRow = statement((tx, { id, ...row }: Given<Updateable<AttemptTable> & { id: string }>) =>
  tx.updateTable('booking.attempts').set(row).where('id', '=', id).where('state', 'in', ['sent', 'unknown']).returningAll(),
)

/**
 * Takes up to `limit` attempts whose next probe is due and puts it off by `leaseMs`, so that no other process asks at
 * the same time and a process that dies while asking only delays the question.
 */
export async function claimDueAttempts(db: Db, options: { now: Instant; leaseMs: number; limit: number }): Promise<Attempt[]> {
  const rows = await db
    .updateTable('booking.attempts')
    .set({ next_probe_at: toDate(plusMs(options.now, options.leaseMs)) })
    .where('id', 'in', (attempts) =>
      attempts
        .selectFrom('booking.attempts')
        .select('id')
        .where('state', 'in', ['sent', 'unknown'])
        .where('next_probe_at', '<=', toDate(options.now))
        .orderBy('next_probe_at')
        .limit(options.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
  return rows.map(toAttempt)
}

/** Notes that the supplier was asked without a decision, and when to ask again. */
export async function postponeProbe(tx: Db | Tx, id: string, probes: number, nextProbeAt: Instant): Promise<void> {
  await tx
    .updateTable('booking.attempts')
    .set({ state: 'unknown', probes, next_probe_at: toDate(nextProbeAt) })
    .where('id', '=', id)
    .where('state', 'in', ['sent', 'unknown'])
    .execute()
}
