import type { JsonValue } from '../platform/events.ts'
import type { Tx } from '../platform/postgres.ts'
import { writeOffReversed, writtenOff, type WriteOffChange, type WriteOffTurn } from './ledger.ts'
import { enterWriteOff, listWriteOffEntries } from './write-off-store.ts'

/** A difference between our books and somebody else's that people have accepted, and what is to change in ours by it. */
export type WriteOff = WriteOffTurn & {
  /** Null where the difference is about no booking we know: it goes to suspense then, and is no loss or gain yet. */
  readonly bookingId: string | null
  readonly paymentId: string | null
  /** Whose books ours differ from. */
  readonly source: string
  readonly externalRef: string | null
  /** At most one of a currency. */
  readonly changes: readonly WriteOffChange[]
  /** Who decided it and why, kept with the posting. */
  readonly facts: { readonly [key: string]: JsonValue }
}

/** What a ledger does about accepted differences, in the caller's transaction. Each is done once, however often it is asked for. */
export type WriteOffLedger = {
  readonly post: (tx: Tx, writeOff: WriteOff) => Promise<void>
  /** Takes a write-off back by postings of its own; does nothing about one that was never posted. */
  readonly reverse: (tx: Tx, turn: WriteOffTurn, facts: WriteOff['facts']) => Promise<void>
}

/** The ledger that write-offs are posted to. */
export const writeOffLedger: WriteOffLedger = { post: postWriteOff, reverse: reverseWriteOff }

async function postWriteOff(tx: Tx, { changes, source, facts, bookingId, paymentId, breakId, turn, externalRef }: WriteOff): Promise<void> {
  const against = bookingId === null ? 'suspense' : 'written_off'
  const context = { bookingId, paymentId, breakId, provider: source, externalRef, payload: facts }
  for (const change of changes) await enterWriteOff(tx, writtenOff({ breakId, turn }, change, against), context)
}

async function reverseWriteOff(tx: Tx, { breakId, turn }: WriteOffTurn, facts: WriteOff['facts']): Promise<void> {
  const entries = (await listWriteOffEntries(tx, breakId)).filter(({ postingId }) =>
    postingId.startsWith(`${breakId}:written-off:${turn}:`),
  )
  for (const postingId of new Set(entries.map((entry) => entry.postingId))) {
    const posted = entries.filter((entry) => entry.postingId === postingId)
    const { bookingId, paymentId, provider, externalRef } = posted[0]!
    const context = { bookingId, paymentId, breakId, provider, externalRef, payload: facts }
    await enterWriteOff(tx, writeOffReversed({ breakId, turn }, posted), context)
  }
}
