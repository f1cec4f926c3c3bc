import type { Selectable } from 'kysely'
import { isCurrency } from '../../kernel/currency.ts'
import { money, type Money } from '../../kernel/money.ts'
import { fromDate, plusMs, toDate, type Instant, type LocalDate } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { DB } from '../../platform/tables.gen.ts'
import type { Side, StatementKind } from './sources.ts'

export type BreakState = 'open' | 'settled' | 'written_off'

/** A difference between us and somebody else's books. */
export type Break = {
  readonly id: string
  readonly side: Side
  readonly source: string
  readonly kind: string
  readonly key: string
  readonly day: LocalDate
  readonly ourRef: string | null
  readonly theirRef: string | null
  readonly ours: Money | null
  readonly theirs: Money | null
  readonly ourStatus: string | null
  readonly theirStatus: string | null
  readonly bookingId: string | null
  readonly paymentId: string | null
  readonly state: BreakState
  readonly firstSeenAt: Instant
  readonly lastSeenAt: Instant
  readonly resolvedAt: Instant | null
  readonly resolvedBy: string | null
  readonly resolution: string | null
  /** The money it is about, above zero; null where neither side says an amount. */
  readonly difference: Money | null
  /** How often it was written off. */
  readonly writeOffs: number
  /** The decision that last wrote it off. */
  readonly writeOffOrder: string | null
  /** What kind of statement told it; null of one that was found before that was kept. */
  readonly statement: StatementKind | null
}

function toMoney(amount: number | null, currency: string | null): Money | null {
  return amount === null || currency === null || !isCurrency(currency) ? null : money(amount, currency)
}

function toBreak(row: Selectable<DB['reporting.breaks']>): Break {
  const [ours, theirs] = [toMoney(row.our_amount, row.our_currency), toMoney(row.their_amount, row.their_currency)]
  return {
    id: row.id,
    side: row.side as Side,
    source: row.source,
    kind: row.kind,
    key: row.key,
    day: row.day as LocalDate,
    ourRef: row.our_ref,
    theirRef: row.their_ref,
    ours,
    theirs,
    ourStatus: row.our_status,
    theirStatus: row.their_status,
    bookingId: row.booking_id,
    paymentId: row.payment_id,
    state: row.state as BreakState,
    firstSeenAt: fromDate(row.first_seen_at),
    lastSeenAt: fromDate(row.last_seen_at),
    resolvedAt: row.resolved_at && fromDate(row.resolved_at),
    resolvedBy: row.resolved_by,
    resolution: row.resolution,
    difference: differenceOf(row.kind, ours, theirs),
    writeOffs: row.write_offs,
    writeOffOrder: row.write_off_order,
    statement: row.statement as StatementKind | null,
  }
}

/** What is at stake: the difference of two amounts of one currency, otherwise the larger story: theirs, or ours. */
function differenceOf(kind: string, ours: Money | null, theirs: Money | null): Money | null {
  const isPart = kind === 'amount_differs' && ours !== null && theirs !== null && ours.currency === theirs.currency
  const whole = theirs ?? ours
  if (isPart) return money(Math.abs(theirs.amount - ours.amount), ours.currency)
  return whole && money(Math.abs(whole.amount), whole.currency)
}

/** The break, or undefined. */
export async function findBreak(db: Db | Tx, id: string): Promise<Break | undefined> {
  const row = await db.selectFrom('reporting.breaks').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toBreak(row)
}

/** Breaks of a day, or of any, by id. */
export async function listBreaks(
  db: Db,
  filter: { day?: LocalDate; state?: BreakState; afterId?: string; limit: number },
): Promise<Break[]> {
  let query = db.selectFrom('reporting.breaks').selectAll().orderBy('id').limit(filter.limit)
  if (filter.day !== undefined) query = query.where('day', '=', filter.day)
  if (filter.state !== undefined) query = query.where('state', '=', filter.state)
  if (filter.afterId !== undefined) query = query.where('id', '>', filter.afterId)
  return (await query.execute()).map(toBreak)
}

/** Payments that differences of a gateway are about which may settle yet: open ones, and those that were written off. The newest first. */
export async function listWatchedPayments(db: Db, source: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('reporting.breaks')
    .select('payment_id')
    .where('side', '=', 'gateway')
    .where('source', '=', source)
    .where('state', 'in', ['open', 'written_off'])
    .where('payment_id', 'is not', null)
    .groupBy('payment_id')
    .orderBy((eb) => eb.fn.max('first_seen_at'), 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => row.payment_id!)
}

/** What does not settle by itself, money that is not in our books, and chargebacks go before a person at once. */
const AT_ONCE = ['missing_with_us', 'duplicate', 'live_at_supplier_but_refunded', 'currency_differs', 'amount_differs']

/** Takes open breaks that are old enough for a person, each once. */
export async function takeAgedBreaks(tx: Tx, options: { now: Instant; breakHours: number; limit: number }): Promise<Break[]> {
  const rows = await tx
    .updateTable('reporting.breaks')
    .set({ handed_over_at: toDate(options.now) })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('reporting.breaks')
        .select('id')
        .where('state', '=', 'open')
        .where('handed_over_at', 'is', null)
        .where((or) =>
          or.or([
            or('kind', 'in', AT_ONCE),
            or('their_status', '=', 'chargeback'),
            or('first_seen_at', '<=', toDate(plusMs(options.now, -options.breakHours * 3_600_000))),
          ]),
        )
        .orderBy('id')
        .limit(options.limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
  return rows.map(toBreak)
}

/** The break, locked until the transaction ends, or undefined. */
export async function lockBreak(tx: Tx, id: string): Promise<Break | undefined> {
  const row = await tx.selectFrom('reporting.breaks').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toBreak(row)
}

export type Acceptance = { readonly orderId: string; readonly by: string; readonly reason: string; readonly at: Instant }

/** Accepts a break if it is still open; undefined when it is not. */
export async function writeOffStored(tx: Tx, id: string, end: Acceptance): Promise<Break | undefined> {
  const row = await tx
    .updateTable('reporting.breaks')
    .set((eb) => ({
      ...{ state: 'written_off', resolved_at: toDate(end.at), resolved_by: end.by, resolution: end.reason },
      ...{ write_off_order: end.orderId, write_offs: eb('write_offs', '+', 1) },
    }))
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returningAll()
    .executeTakeFirst()
  return row && toBreak(row)
}
