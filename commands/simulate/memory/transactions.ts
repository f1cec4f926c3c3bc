import type { Db, Tx } from '../../../src/platform/postgres.ts'
import { Blocked, type Scheduler, type Task } from '../scheduler.ts'

/**
 * One row with what is committed and what the transaction that holds it would make of it. `undefined` is "no such row".
 * Rows are never changed in place: whoever has read one keeps what was true then.
 */
export type Cell<Row> = { committed: Row | undefined; pending: Row | undefined; owner: Transaction | null }

export type Transaction = {
  readonly task: Task | null
  readonly cells: Cell<unknown>[]
  /** A statement failed: nothing more is done, and the commit undoes everything. */
  isAborted: boolean
  isEnded: boolean
  waitsFor: Transaction | null
  readonly undo: () => void
}

/** What can befall a statement or a commit, by the number that the scheduler gives. */
export type RecordFault = 'none' | 'lost_before' | 'lost_after'

/** An error as the driver reports it. */
export class DatabaseFault extends Error {
  readonly code: string | undefined
  readonly constraint: string | undefined

  constructor(message: string, facts: { code?: string; constraint?: string } = {}) {
    super(message)
    this.code = facts.code
    this.constraint = facts.constraint
  }
}

/** A unique constraint or index is violated. */
export function uniqueViolation(constraint: string): DatabaseFault {
  return new DatabaseFault(`duplicate key value violates unique constraint "${constraint}"`, { code: '23505', constraint })
}

export type Database = {
  /** Stands for the pool: a statement on it is a transaction of its own. */
  readonly db: Db
  readonly transact: <T>(db: Db, work: (tx: Tx) => Promise<T>) => Promise<T>
  /** A statement: `body` is carried out when its turn comes, wholly, and again from the start when it had to wait for a row. */
  readonly statement: <T>(handle: Db | Tx, label: string, body: (tx: Transaction) => T) => Promise<T>
}

export type DatabaseOptions = {
  readonly scheduler: Scheduler
  /** Reads what befalls a statement or commit from the number that came with its turn. */
  readonly faultOf: (kind: 'statement' | 'commit', fault: number) => RecordFault
  /** Told of each commit, before anybody can see it. */
  readonly onCommit: () => void
}

const RETRYABLE = new Set(['40001', '40P01'])
const LOST = 'Connection terminated unexpectedly'

/**
 * Transactions with the promises of Postgres at READ COMMITTED that production code relies on: others see nothing before
 * the commit and everything after it, a row that is written or locked makes others wait, deadlocks are found, a failed
 * statement spoils its transaction, and a connection may be lost with the commit done or not done.
 */
export function createDatabase(options: DatabaseOptions): Database {
  const { scheduler } = options
  const db = { name: 'records in memory' } as unknown as Db

  function begin(task: Task | null): Transaction {
    const tx: Transaction = {
      task,
      cells: [],
      isAborted: false,
      isEnded: false,
      waitsFor: null,
      undo: () => rollback(tx),
    }
    return tx
  }

  function finish(tx: Transaction): void {
    tx.isEnded = true
    tx.waitsFor = null
    const undo = tx.task?.undo
    if (undo) undo.splice(undo.indexOf(tx.undo), 1)
    if (scheduler.blockedCount() > 0) scheduler.wake(tx)
  }

  function rollback(tx: Transaction): void {
    if (tx.isEnded) return
    for (const cell of tx.cells) {
      cell.owner = null
      cell.pending = undefined
    }
    finish(tx)
  }

  function commit(tx: Transaction): void {
    if (tx.isAborted) return rollback(tx)
    for (const cell of tx.cells) {
      cell.committed = cell.pending
      cell.owner = null
      cell.pending = undefined
    }
    if (tx.cells.length > 0) options.onCommit()
    finish(tx)
  }

  /** Carries a statement out inside its transaction; what it throws spoils that. */
  function execute<T>(tx: Transaction, body: (tx: Transaction) => T): { value: T } {
    if (tx.isAborted) throw new DatabaseFault('current transaction is aborted', { code: '25P02' })
    tx.waitsFor = null
    try {
      return { value: body(tx) }
    } catch (error) {
      if (!(error instanceof Blocked)) {
        tx.isAborted = true
        throw error
      }
      const owner = error.by as Transaction
      for (let other: Transaction | null = owner; other !== null; other = other.waitsFor) {
        if (other !== tx) continue
        tx.isAborted = true
        throw new DatabaseFault('deadlock detected', { code: '40P01' })
      }
      tx.waitsFor = owner
      throw error
    }
  }

  function lose(tx: Transaction): never {
    rollback(tx)
    tx.isAborted = true
    throw new DatabaseFault(LOST)
  }

  return {
    db,
    statement: (handle, label, body) => {
      const open = (handle as unknown) === db ? null : (handle as unknown as Transaction)
      return scheduler.call('statement', label, (fault) => {
        const fate = fault === 0 ? 'none' : options.faultOf('statement', fault)
        if (open !== null) return fate === 'none' ? execute(open, body) : lose(open)
        const tx = begin(null)
        if (fate === 'lost_before') throw new DatabaseFault(LOST)
        try {
          const result = execute(tx, body)
          commit(tx)
          if (fate === 'lost_after') throw new DatabaseFault(LOST)
          return result
        } catch (error) {
          rollback(tx)
          throw error
        }
      })
    },
    transact: async (_db, work) => {
      for (let attempt = 1; ; attempt += 1) {
        const task = scheduler.current()
        const tx = begin(task)
        task?.undo.push(tx.undo)
        try {
          const result = await work(tx as unknown as Tx)
          await scheduler.call('commit', 'commit', (fault) => {
            const fate = fault === 0 ? 'none' : options.faultOf('commit', fault)
            if (fate === 'lost_before') lose(tx)
            commit(tx)
            if (fate === 'lost_after') throw new DatabaseFault(LOST)
            return { value: undefined }
          })
          return result
        } catch (error) {
          rollback(tx)
          if (attempt > 3 || !RETRYABLE.has((error as DatabaseFault).code ?? '')) throw error
        }
      }
    },
  }
}

/** What the transaction sees of the row. */
export function read<Row>(tx: Transaction, cell: Cell<Row>): Row | undefined {
  return cell.owner === tx ? cell.pending : cell.committed
}

/** Takes the row for the transaction and returns it as it is now; throws {@link Blocked} while another one has it. */
export function lock<Row>(tx: Transaction, cell: Cell<Row>): Row | undefined {
  if (cell.owner === tx) return cell.pending
  if (cell.owner !== null) throw new Blocked(cell.owner)
  cell.owner = tx
  cell.pending = cell.committed
  tx.cells.push(cell as Cell<unknown>)
  return cell.pending
}

/** Writes the row; throws {@link Blocked} while another transaction has it. */
export function write<Row>(tx: Transaction, cell: Cell<Row>, row: Row | undefined): void {
  lock(tx, cell)
  cell.pending = row
}

/** Rows in the order of their making. Few: everything is found by looking at all of them. */
export type Table<Row> = { readonly cells: Cell<Row>[] }

export function createTable<Row>(): Table<Row> {
  return { cells: [] }
}

/** Adds the row, having checked each unique key: `keys` gives the same value for rows that may not both be there, null for none. */
export function insert<Row>(tx: Transaction, table: Table<Row>, row: Row, unique: readonly UniqueKey<Row>[] = []): void {
  const violated = violatedKey(tx, table, row, unique)
  if (violated) throw uniqueViolation(violated)
  const cell: Cell<Row> = { committed: undefined, pending: row, owner: tx }
  tx.cells.push(cell as Cell<unknown>)
  table.cells.push(cell)
}

/** A unique constraint or index of a table. */
export type UniqueKey<Row> = { readonly name: string; readonly of: (row: Row) => string | null }

/**
 * The name of the first key that the row would violate. A row that another transaction has written and not committed
 * makes this one wait for it, as an index does.
 */
export function violatedKey<Row>(
  tx: Transaction,
  table: Table<Row>,
  row: Row,
  unique: readonly UniqueKey<Row>[],
  except?: Cell<Row>,
): string | undefined {
  for (const key of unique) {
    const value = key.of(row)
    if (value === null) continue
    for (const cell of table.cells) {
      if (cell === except) continue
      const mine = cell.owner === tx
      const seen = mine ? cell.pending : cell.committed
      if (seen !== undefined && key.of(seen) === value) {
        // Another transaction may be about to take the value away; the index waits for it to say.
        if (cell.owner !== null && !mine) throw new Blocked(cell.owner)
        return key.name
      }
      if (!mine && cell.owner !== null && cell.pending !== undefined && key.of(cell.pending) === value) throw new Blocked(cell.owner)
    }
  }
  return undefined
}

/** The first cell whose row, as the transaction sees it, is wanted. */
export function findCell<Row>(tx: Transaction, table: Table<Row>, isWanted: (row: Row) => boolean): Cell<Row> | undefined {
  for (const cell of table.cells) {
    const row = cell.owner === tx ? cell.pending : cell.committed
    if (row !== undefined && isWanted(row)) return cell
  }
  return undefined
}

/** All rows, as the transaction sees them, that are wanted. */
export function list<Row>(tx: Transaction, table: Table<Row>, isWanted: (row: Row) => boolean): Row[] {
  const rows: Row[] = []
  for (const cell of table.cells) {
    const row = cell.owner === tx ? cell.pending : cell.committed
    if (row !== undefined && isWanted(row)) rows.push(row)
  }
  return rows
}

/** FOR UPDATE SKIP LOCKED: takes up to `limit` wanted rows that no other transaction has, the smallest `by` first. */
export function take<Row>(
  tx: Transaction,
  table: Table<Row>,
  options: { readonly isWanted: (row: Row) => boolean; readonly by: (row: Row) => number; readonly limit: number },
): Cell<Row>[] {
  const found: Cell<Row>[] = []
  for (const cell of table.cells) {
    if (cell.owner !== null && cell.owner !== tx) continue
    const row = read(tx, cell)
    if (row !== undefined && options.isWanted(row)) found.push(cell)
  }
  if (found.length > 1) found.sort((a, b) => options.by(read(tx, a)!) - options.by(read(tx, b)!))
  if (found.length > options.limit) found.length = options.limit
  for (const cell of found) lock(tx, cell)
  return found
}

/** The row with the defined values of the change. */
export function changed<Row extends object>(row: Row, change: Partial<NoInfer<Row>>): Row {
  const next: Row = { ...row }
  for (const key of Object.keys(change) as (keyof Row)[]) {
    const value = (change as Partial<Row>)[key]
    if (value !== undefined) next[key] = value
  }
  return next
}
