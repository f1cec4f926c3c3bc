import { sql, type Selectable } from 'kysely'
import { newId } from '../../kernel/ids.ts'
import { fromDate, parseInstant, toDate, utcDate, type Instant, type LocalDate } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { DB } from '../../platform/tables.gen.ts'
import { toAnswer, type AnswerRow } from './answer-store.ts'
import type { AnsweredChange, ChangePart, ChangeSet } from './change-set.ts'
import type { ScheduleRules } from './judge-change.ts'

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
export async function findRules(db: Db | Tx, now: Instant): Promise<ScheduleRules> {
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
export async function listChanges(db: Db | Tx, bookingId: string): Promise<AnsweredChange[]> {
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
export async function insertChange(
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
export async function listUnanswered(db: Db, limit: number): Promise<{ id: string; bookingId: string }[]> {
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
