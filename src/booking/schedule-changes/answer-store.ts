import type { Selectable } from 'kysely'
import { newId } from '../../kernel/ids.ts'
import { fromDate, plusMs, toDate, type Instant } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { DB } from '../../platform/tables.gen.ts'
import type { ChangeAnswer } from './change-set.ts'

/** An answer as its table has it. */
export type AnswerRow = Selectable<DB['booking.schedule_change_answers']>

/** The answer of a row. */
export function toAnswer(row: AnswerRow): ChangeAnswer {
  return {
    id: row.id,
    changeId: row.change_id,
    action: row.action as ChangeAnswer['action'],
    answeredBy: row.answered_by as ChangeAnswer['answeredBy'],
    state: row.state as ChangeAnswer['state'],
    answeredAt: fromDate(row.answered_at),
    sendings: row.sendings,
    probes: row.probes,
    horizonAt: row.horizon_at && fromDate(row.horizon_at),
  }
}

export type NewAnswer = Pick<ChangeAnswer, 'changeId' | 'action' | 'answeredBy' | 'answeredAt'> & {
  /** When it is looked after if nobody has carried it out by then; null where there is nothing to carry out. */
  readonly nextStepAt: Instant | null
}

/** Notes an answer, which counts unless it is rejected. Fails on `schedule_change_answers_one` when another one counts. */
export async function insertAnswer(tx: Tx, answer: NewAnswer): Promise<ChangeAnswer> {
  const row = await tx
    .insertInto('booking.schedule_change_answers')
    .values({
      id: newId('sca'),
      change_id: answer.changeId,
      action: answer.action,
      answered_by: answer.answeredBy,
      state: answer.nextStepAt === null ? 'ok' : 'noted',
      answered_at: toDate(answer.answeredAt),
      ended_at: answer.nextStepAt === null ? toDate(answer.answeredAt) : null,
      next_step_at: answer.nextStepAt === null ? null : toDate(answer.nextStepAt),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toAnswer(row)
}

/** Takes a noted answer to send it, which is the right of one: undefined when somebody else has it. */
export async function takeAnswer(
  db: Db | Tx,
  id: string,
  sent: { nextStepAt: Instant; horizonAt: Instant },
): Promise<ChangeAnswer | undefined> {
  const row = await db
    .updateTable('booking.schedule_change_answers')
    .set((eb) => ({
      state: 'sent',
      sendings: eb('sendings', '+', 1),
      next_step_at: toDate(sent.nextStepAt),
      horizon_at: toDate(sent.horizonAt),
    }))
    .where('id', '=', id)
    .where('state', '=', 'noted')
    .returningAll()
    .executeTakeFirst()
  return row && toAnswer(row)
}

/** What became of an answer that was sent. `nextStepAt`: when it is looked after again; null for never. */
export type AnswerOutcome = {
  readonly state: 'noted' | 'unknown' | 'ok' | 'rejected'
  readonly reason: string | null
  readonly probes: number
  readonly nextStepAt: Instant | null
  readonly endedAt: Instant | null
}

/** Stores what became of an answer under way; false when it has been decided before, and the caller must not act on it. */
export async function updateAnswer(tx: Db | Tx, id: string, outcome: AnswerOutcome): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('booking.schedule_change_answers')
    .set({
      state: outcome.state,
      reason: outcome.reason,
      probes: outcome.probes,
      next_step_at: outcome.nextStepAt && toDate(outcome.nextStepAt),
      ended_at: outcome.endedAt && toDate(outcome.endedAt),
    })
    .where('id', '=', id)
    .where('state', 'in', ['sent', 'unknown'])
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Takes up to `limit` answers under way that are due, and puts each off by `leaseMs` so that nobody else looks meanwhile. */
export async function claimDueAnswers(
  db: Db,
  options: { now: Instant; leaseMs: number; limit: number },
): Promise<(ChangeAnswer & { bookingId: string })[]> {
  const rows = await db
    .updateTable('booking.schedule_change_answers as answers')
    .from('booking.schedule_changes as changes')
    .set({ next_step_at: toDate(plusMs(options.now, options.leaseMs)) })
    .whereRef('changes.id', '=', 'answers.change_id')
    .where('answers.id', 'in', (due) =>
      due
        .selectFrom('booking.schedule_change_answers')
        .select('id')
        .where('state', 'in', ['noted', 'sent', 'unknown'])
        .where('next_step_at', '<=', toDate(options.now))
        .orderBy('next_step_at')
        .limit(options.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll('answers')
    .returning('changes.booking_id')
    .execute()
  return rows.map((row) => ({ ...toAnswer(row), bookingId: row.booking_id }))
}
