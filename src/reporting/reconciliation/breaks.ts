import { formatMoney } from '../../kernel/money.ts'
import type { Clock } from '../../kernel/time.ts'
import { inTransaction, type Db } from '../../platform/postgres.ts'
import { openWorkItem } from '../../platform/work-items.ts'
import { announce } from '../events.ts'
import { breakNotOpen, breakUnknown } from '../problems.ts'
import { findBreak, takeAgedBreaks, writeOffStored, type Break } from './break-store.ts'

/** The kind of work item of a difference that did not settle by itself. */
export const RECONCILIATION_BREAK = 'reconciliation_break'

const BATCH = 100

/** What people do about differences. */
export type Breaks = {
  readonly find: (breakId: string) => Promise<Break | undefined>
  readonly writeOff: (order: { breakId: string; reason: string; by: string }) => Promise<Break>
}

/**
 * Accepts a difference. Recorded on the break and in the audit trail only: the ledger's accounts have none for a loss, and
 * nothing in it is changed. Doing it again is doing it once. Throws break-unknown, break-not-open.
 */
export async function writeOff(deps: { db: Db; clock: Clock }, order: { breakId: string; reason: string; by: string }): Promise<Break> {
  return inTransaction(deps.db, async (tx) => {
    const written = await writeOffStored(tx, order.breakId, { by: order.by, reason: order.reason, at: deps.clock.now() })
    if (written) {
      const { difference } = written
      const facts = {
        breakId: written.id,
        reason: order.reason,
        amount: difference?.amount ?? null,
        currency: difference?.currency ?? null,
      }
      await announce(tx, 'reconciliation.written_off', written.id, facts, order.by)
      return written
    }
    const known = await findBreak(tx, order.breakId)
    if (!known) throw breakUnknown({ moneyMoved: 'none' })
    if (known.state !== 'written_off') throw breakNotOpen({ moneyMoved: 'none' })
    return known
  })
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
