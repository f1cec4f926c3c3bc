import { sql, type Selectable } from 'kysely'
import { newId } from '../../kernel/ids.ts'
import { fromDate, parseInstant, plusMs, toDate, utcDate, type Instant, type LocalDate } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { DB } from '../../platform/tables.gen.ts'
import type { AnsweredChange, ChangeAnswer, ChangePart, ChangeSet } from './change-set.ts'
import type { ScheduleRules } from './judge-change.ts'

type AnswerRow = Selectable<DB['booking.schedule_change_answers']>

function toAnswer(row: AnswerRow): ChangeAnswer {
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

function toChange(row: Selectable<DB['booking.schedule_changes']>): ChangeSet {
  return {
    id: row.id,
    bookingId: row.booking_id,
    itemId: row.item_id,
    seq: row.seq,
    kind: row.kind as ChangeSet['kind'],
    isMaterial: row.is_material,
    parts: row.parts as unknown as ChangePart[],
    actions: row.actions as unknown as ChangeSet['actions'],
    respondBy: row.respond_by && fromDate(row.respond_by),
    defaultAction: row.default_action as ChangeSet['defaultAction'],
    foundAt: fromDate(row.found_at),
  }
}

/** The rules of a day: the latest that were valid by then. Throws when there are none. */
async function findRules(db: Db | Tx, now: Instant): Promise<ScheduleRules> {
  const row = await db
    .selectFrom('booking.schedule_change_rules')
    .selectAll()
    .select(sql<string>`valid_from::text`.as('valid_from_text'))
    .where('valid_from', '<=', sql<Date>`${utcDate(now)}::date`)
    .orderBy('valid_from', 'desc')
    .executeTakeFirstOrThrow()
  return {
    validFrom: row.valid_from_text as LocalDate,
    departureMovedMinutes: row.departure_moved_minutes,
    arrivalMovedMinutes: row.arrival_moved_minutes,
    asksAboutOtherAirport: row.asks_about_other_airport,
    asksAboutMoreStops: row.asks_about_more_stops,
    asksAboutOtherCarrier: row.asks_about_other_carrier,
    answerWithinHours: row.answer_within_hours,
    answerBeforeDepartureHours: row.answer_before_departure_hours,
  }
}

/** Every change set of a booking with the answer that counts, in the order of `seq`. */
async function listChanges(db: Db | Tx, bookingId: string): Promise<AnsweredChange[]> {
  const rows = await db
    .selectFrom('booking.schedule_changes as changes')
    .selectAll('changes')
    .select(
      sql<AnswerRow | null>`(select to_jsonb(answers) from booking.schedule_change_answers answers
        where answers.change_id = changes.id and answers.state <> 'rejected')`.as('answer'),
    )
    .where('changes.booking_id', '=', bookingId)
    .orderBy('changes.seq')
    .execute()
  return rows.map((row) => ({ ...toChange(row), answer: row.answer && toAnswer(withDates(row.answer)) }))
}

/** Times inside JSON come as text. */
function withDates(row: AnswerRow): AnswerRow {
  const date = (value: unknown): Date => toDate(parseInstant(String(value)))
  return { ...row, answered_at: date(row.answered_at), horizon_at: row.horizon_at && date(row.horizon_at) }
}

/**
 * Writes a change set under the next number of its booking, once: undefined when the same was found before, also by
 * another process at this moment.
 */
async function insertChange(
  tx: Tx,
  change: Omit<ChangeSet, 'id' | 'seq'> & { readonly fingerprint: string; readonly rulesValidFrom: LocalDate },
): Promise<ChangeSet | undefined> {
  for (let round = 1; ; round += 1) {
    const row = await tx
      .insertInto('booking.schedule_changes')
      .values({
        id: newId('sch'),
        booking_id: change.bookingId,
        item_id: change.itemId,
        seq: sql<number>`(select coalesce(max(seq), 0) + 1 from booking.schedule_changes where booking_id = ${change.bookingId})`,
        fingerprint: change.fingerprint,
        kind: change.kind,
        is_material: change.isMaterial,
        parts: JSON.stringify(change.parts),
        actions: JSON.stringify(change.actions),
        respond_by: change.respondBy === null ? null : toDate(change.respondBy),
        default_action: change.defaultAction,
        rules_valid_from: sql<Date>`${change.rulesValidFrom}::date`,
        found_at: toDate(change.foundAt),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
    if (row) return toChange(row)
    const known = await tx
      .selectFrom('booking.schedule_changes')
      .select('id')
      .where('item_id', '=', change.itemId)
      .where('fingerprint', '=', change.fingerprint)
      .executeTakeFirst()
    if (known) return undefined
    // Another item of the booking took the number meanwhile.
    if (round >= ROUNDS_MAX) throw new Error(`no number could be had for a change of ${change.bookingId}`)
  }
}

const ROUNDS_MAX = 8

/** Ids of change sets whose time to answer is over, by the database's clock, that are their item's latest and have no answer. */
async function listUnanswered(db: Db, limit: number): Promise<{ id: string; bookingId: string }[]> {
  const rows = await db
    .selectFrom('booking.schedule_changes as changes')
    .select(['changes.id', 'changes.booking_id'])
    .where('changes.respond_by', '<=', sql<Date>`platform.now()`)
    .where(
      sql<boolean>`not exists (select from booking.schedule_change_answers answers
        where answers.change_id = changes.id and answers.state <> 'rejected')`,
    )
    .where(
      sql<boolean>`not exists (select from booking.schedule_changes later where later.item_id = changes.item_id and later.seq > changes.seq)`,
    )
    .orderBy('changes.respond_by')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ id: row.id, bookingId: row.booking_id }))
}

export type NewAnswer = Pick<ChangeAnswer, 'changeId' | 'action' | 'answeredBy' | 'answeredAt'> & {
  /** When it is looked after if nobody has carried it out by then; null where there is nothing to carry out. */
  readonly nextStepAt: Instant | null
}

/** Notes an answer, which counts unless it is rejected. Fails on `schedule_change_answers_one` when another one counts. */
async function insertAnswer(tx: Tx, answer: NewAnswer): Promise<ChangeAnswer> {
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
async function takeAnswer(db: Db | Tx, id: string, sent: { nextStepAt: Instant; horizonAt: Instant }): Promise<ChangeAnswer | undefined> {
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
async function updateAnswer(tx: Db | Tx, id: string, outcome: AnswerOutcome): Promise<boolean> {
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
async function claimDueAnswers(
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

/** Looks after an item's flights from `firstLookAt` on; does nothing where they are looked after already. */
async function startWatch(db: Db | Tx, itemId: string, firstLookAt: Instant): Promise<void> {
  await db
    .insertInto('booking.item_watches')
    .values({ item_id: itemId, next_look_at: toDate(firstLookAt) })
    .onConflict((conflict) => conflict.column('item_id').doNothing())
    .execute()
}

/** Takes up to `limit` items that are due for a look, and puts each off by `leaseMs`: whoever dies over one only delays it. */
async function claimDueWatches(
  db: Db,
  options: { now: Instant; leaseMs: number; limit: number },
): Promise<{ itemId: string; bookingId: string; looks: number }[]> {
  const rows = await db
    .updateTable('booking.item_watches as watches')
    .from('booking.items as items')
    .set((eb) => ({ next_look_at: toDate(plusMs(options.now, options.leaseMs)), looks: eb('watches.looks', '+', 1) }))
    .whereRef('items.id', '=', 'watches.item_id')
    .where('watches.item_id', 'in', (due) =>
      due
        .selectFrom('booking.item_watches')
        .select('item_id')
        .where('next_look_at', '<=', toDate(options.now))
        .orderBy('next_look_at')
        .limit(options.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['watches.item_id', 'items.booking_id', 'watches.looks'])
    .execute()
  return rows.map((row) => ({ itemId: row.item_id, bookingId: row.booking_id, looks: row.looks }))
}

/** Says when an item is looked at next; null is never again. */
async function setNextLook(db: Db | Tx, itemId: string, nextLookAt: Instant | null): Promise<void> {
  await db
    .updateTable('booking.item_watches')
    .set({ next_look_at: nextLookAt === null ? null : toDate(nextLookAt) })
    .where('item_id', '=', itemId)
    .execute()
}

/** Ids of bookings of which something is being given back, and that nobody has touched since `untouchedSince`. */
async function listReturning(db: Db, filter: { untouchedSince: Instant; limit: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('booking.items as items')
    .innerJoin('booking.bookings as bookings', 'bookings.id', 'items.booking_id')
    .select('bookings.id')
    .distinct()
    .where('items.ticketing_status', '=', 'returning')
    .where('bookings.updated_at', '<', toDate(filter.untouchedSince))
    .limit(filter.limit)
    .execute()
  return rows.map((row) => row.id)
}

/** What is kept of changed schedules, in Postgres. */
export const scheduleChangeStore = {
  findRules,
  listChanges,
  insertChange,
  listUnanswered,
  insertAnswer,
  takeAnswer,
  updateAnswer,
  claimDueAnswers,
  startWatch,
  claimDueWatches,
  setNextLook,
  listReturning,
}

export type ScheduleChangeStore = Readonly<typeof scheduleChangeStore>
