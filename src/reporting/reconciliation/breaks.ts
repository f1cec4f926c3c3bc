import { formatMoney, isSameMoney, toMoneyText, type Money } from '../../kernel/money.ts'
import type { Clock } from '../../kernel/time.ts'
import { inTransaction, type Db, type Tx } from '../../platform/postgres.ts'
import { forgetDecision, openWorkItem } from '../../platform/work-items.ts'
import { announce } from '../events.ts'
import { breakNotOpen, breakUnknown, writeOffDiffers } from '../problems.ts'
import { findBreak, lockBreak, takeAgedBreaks, writeOffStored, type Break } from './break-store.ts'
import type { ReconciliationDeps } from './deps.ts'
import { changesOf } from './write-off.ts'

/** The kind of work item of a difference that did not settle by itself. */
export const RECONCILIATION_BREAK = 'reconciliation_break'

const BATCH = 100

/** A decision to accept a difference. */
export type WriteOffOrder = {
  readonly breakId: string
  /** The decision: carried out again, it does nothing. */
  readonly orderId: string
  readonly reason: string
  readonly by: string
  /** What was agreed to give up, above zero; null where the difference was told without an amount. */
  readonly agreed: Money | null
}

/** What people do about differences. */
export type Breaks = {
  readonly find: (breakId: string) => Promise<Break | undefined>
  readonly writeOff: (order: WriteOffOrder) => Promise<Break>
}

/**
 * Accepts a difference, whole and as it was agreed to: on the break, in the audit trail, and in the ledger, which agrees with the
 * other side from then on. All in one transaction; the same decision again does nothing. Throws break-unknown, break-not-open,
 * write-off-differs.
 */
export async function writeOff(deps: Pick<ReconciliationDeps, 'db' | 'clock' | 'ledger'>, order: WriteOffOrder): Promise<Break> {
  return inTransaction(deps.db, async (tx) => {
    const known = await lockBreak(tx, order.breakId)
    if (!known) throw breakUnknown({ moneyMoved: 'none' })
    if (known.writeOffOrder === order.orderId || known.state === 'written_off') return known
    assertAgreed(known, order.agreed)
    const written = await writeOffStored(tx, order.breakId, { ...order, at: deps.clock.now() })
    if (!written) throw breakNotOpen({ moneyMoved: 'none' })
    const { id, writeOffs, bookingId, paymentId, source, theirRef, day, kind, difference } = written
    await deps.ledger.post(tx, {
      ...{ breakId: id, turn: writeOffs, bookingId, paymentId, source, externalRef: theirRef, changes: changesOf(written) },
      facts: { day, kind, reason: order.reason, by: order.by, order: order.orderId },
    })
    const facts = { breakId: id, reason: order.reason, amount: difference?.amount ?? null, currency: difference?.currency ?? null }
    await announce(tx, 'reconciliation.written_off', id, facts, order.by)
    return written
  })
}

/** Refuses what is more than the difference, or less: people have agreed to another one. */
function assertAgreed(known: Break, agreed: Money | null): void {
  const { difference } = known
  const isSame = agreed === null || difference === null ? agreed === difference : isSameMoney(agreed, difference)
  if (isSame || known.state !== 'open') return
  const more = { agreed: agreed && toMoneyText(agreed), difference: difference && toMoneyText(difference) }
  throw writeOffDiffers({ moneyMoved: 'none', more })
}

/**
 * Takes back, in the transaction of the run that has found it out, the write-off of a difference that is gone or has become another:
 * what was lost is with us after all, or was another amount. The first posting stays; a second one undoes it.
 */
export async function takeBackWriteOff(deps: Pick<ReconciliationDeps, 'ledger'>, tx: Tx, breakId: string): Promise<void> {
  const one = await findBreak(tx, breakId)
  if (!one) return
  const reason = one.state === 'open' ? 'the difference is another now' : 'both sides agree now'
  await deps.ledger.reverse(tx, { breakId, turn: one.writeOffs }, { day: one.day, kind: one.kind, reason })
  // Whoever closed the case decided about what is no more; it may come before a person again.
  await forgetDecision(tx, RECONCILIATION_BREAK, breakId)
  await announce(tx, 'reconciliation.write_off_reversed', breakId, { breakId, reason })
}

/** Puts differences that are old enough before a person. Returns how many. */
export async function handOver(deps: { db: Db; clock: Clock; breakHours: number }): Promise<number> {
  let total = 0
  for (;;) {
    const taken = await inTransaction(deps.db, async (tx) => {
      const breaks = await takeAgedBreaks(tx, { now: deps.clock.now(), breakHours: deps.breakHours, limit: BATCH })
      for (const one of breaks)
        await openWorkItem(tx, {
          kind: RECONCILIATION_BREAK,
          subjectId: one.id,
          summary: summaryOf(one),
          details: {
            ...{ breakKind: one.kind, side: one.side, source: one.source, day: one.day, ourRef: one.ourRef, theirRef: one.theirRef },
            ...{ ours: one.ours && formatMoney(one.ours), theirs: one.theirs && formatMoney(one.theirs) },
            ...{ bookingId: one.bookingId, paymentId: one.paymentId },
          },
          severity: 'high',
        })
      return breaks.length
    })
    total += taken
    if (taken < BATCH) return total
  }
}

const SAYS: Readonly<Record<string, string>> = {
  missing_with_us: 'has a line that is not in our books. Find out whose it is.',
  missing_at_gateway: 'does not show money that is in our ledger. Ask where it is.',
  amount_differs: 'shows another amount than we do. Settle the difference.',
  currency_differs: 'shows another currency than we do. Settle the difference.',
  duplicate: 'shows the same thing twice. Have one of them given back.',
  missing_at_supplier: 'does not show a reservation that a traveller counts on. Ask them at once.',
  live_at_supplier_but_refunded: 'still holds a reservation of a booking that has ended. It is being cancelled; see to it if it stays.',
  status_differs: 'says that it went otherwise than we believe. It has been asked again; decide if that did not help.',
}

function summaryOf(one: Break): string {
  const amount = one.difference ? ` (${formatMoney(one.difference)})` : ''
  return `${one.day}: ${one.source} ${SAYS[one.kind] ?? one.kind}${amount}`
}
