import type { BookingStore } from '../../../src/booking/index.ts'
import { plusMs } from '../../../src/kernel/time.ts'
import type { MemoryDeps } from './memory-deps.ts'
import { findCell, insert, list, lock, read, take, write } from './transactions.ts'

type OrphanStore = Pick<BookingStore, 'noteOrphan' | 'listOrphans' | 'claimDueOrphans' | 'updateOrphan'>

/** What ended bookings may have left with their suppliers, in memory. */
export function createOrphanStore({ database, tables, now }: MemoryDeps): OrphanStore {
  const { statement } = database
  return {
    noteOrphan: (tx, { nextLookAt, ...wanted }) =>
      statement(tx, 'noteOrphan', (own) => {
        const cell = findCell(
          own,
          tables.orphans,
          ({ orphan }) => orphan.bookingId === wanted.bookingId && orphan.reference === wanted.reference,
        )
        if (!cell) {
          const orphan = { ...wanted, state: 'looking' as const, looks: 0, version: 1, createdAt: now() }
          insert(own, tables.orphans, { orphan, nextLookAt }, [
            { name: 'orphans_pkey', of: (row) => `${row.orphan.bookingId} ${row.orphan.reference}` },
          ])
          return
        }
        const { orphan } = lock(own, cell)!
        const again = { state: 'looking' as const, supplierRef: wanted.supplierRef ?? orphan.supplierRef, version: orphan.version + 1 }
        write(own, cell, { orphan: { ...orphan, ...again }, nextLookAt })
      }),
    listOrphans: (handle, bookingId) =>
      statement(handle, 'listOrphans', (tx) =>
        list(tx, tables.orphans, ({ orphan }) => orphan.bookingId === bookingId).map(({ orphan }) => orphan),
      ),
    claimDueOrphans: (db, options) =>
      statement(db, 'claimDueOrphans', (tx) =>
        take(tx, tables.orphans, {
          isWanted: ({ nextLookAt }) => nextLookAt !== null && nextLookAt <= options.now,
          by: ({ nextLookAt }) => nextLookAt!,
          limit: options.limit,
        }).map((cell) => {
          const row = read(tx, cell)!
          write(tx, cell, { ...row, nextLookAt: plusMs(options.now, options.leaseMs) })
          return row.orphan
        }),
      ),
    updateOrphan: (handle, orphan, change) =>
      statement(handle, 'updateOrphan', (tx) => {
        const cell = findCell(
          tx,
          tables.orphans,
          (row) => row.orphan.bookingId === orphan.bookingId && row.orphan.reference === orphan.reference,
        )
        const row = cell && lock(tx, cell)
        if (!row || row.orphan.version !== orphan.version) return undefined
        const { state, looks, supplierRef = row.orphan.supplierRef } = change
        const next = { ...row.orphan, state, looks, supplierRef, version: orphan.version + 1 }
        write(tx, cell, { orphan: next, nextLookAt: change.nextLookAt })
        return next
      }),
  }
}
