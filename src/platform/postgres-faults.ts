/** There is no connection to be had, or the one in use was lost before anything it did was kept. */
export class DatabaseUnavailable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'DatabaseUnavailable'
  }
}

/**
 * The reply to a COMMIT was lost and nobody could say in time what became of it: the transaction's effect is there or not.
 * Ask by a natural key, or do the same again under it; never do it under another.
 */
export class CommitUnknown extends Error {
  constructor(transactionId: string | null, cause?: unknown) {
    super(`the reply to the commit of transaction ${transactionId ?? '(without an id)'} was lost`, { cause })
    this.name = 'CommitUnknown'
  }
}

/** A transaction whose COMMIT was lost on its way and which the database says it has rolled back. */
export class TransactionLost extends Error {
  constructor(transactionId: string, cause?: unknown) {
    super(`transaction ${transactionId} was rolled back with its connection`, { cause })
    this.name = 'TransactionLost'
  }
}

/**
 * SQLSTATE codes under which the server itself goes away or has no room (classes 08, 53 and 57P, operator intervention), and
 * those of what it gave up for the sake of others: write skew and deadlock time after time, a lock or an end that did not come
 * in time. Each says that nothing was kept.
 */
const UNAVAILABLE = /^(08|53)...$|^57P0[1-5]$|^(40001|40P01|55P03|57014)$/
/** Rolled back, and worth another try at once: write skew, deadlock, a connection ended by an operator, no connection free. */
const RETRYABLE = new Set(['40001', '40P01', '57P01', '53300'])
/** Disk full, out of memory, and input/output faults of the server's storage. */
const STORAGE = new Set(['53100', '53200', '58030'])

/** The SQLSTATE of an error of Postgres's; undefined for others, among which are all that have no code or one of the system's. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : undefined
}

/** True when the database could not be reached, has no room, is going away or gave it up for others: ask again later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return error instanceof DatabaseUnavailable || error instanceof TransactionLost || UNAVAILABLE.test(sqlStateOf(error) ?? '')
}

/** True when the transaction that threw it has surely been rolled back and may succeed when run again at once. */
export function isWorthAnotherTry(error: unknown): boolean {
  if (error instanceof TransactionLost) return true
  if (error instanceof DatabaseUnavailable) return error.cause === undefined ? false : isLostConnection(error.cause)
  return RETRYABLE.has(sqlStateOf(error) ?? '')
}

/** True when the server says that its storage is full or broken. */
export function isStorageFault(error: unknown): boolean {
  return STORAGE.has(sqlStateOf(error) ?? '')
}

/** A connection that broke, or that the server had no room for, as opposed to a server that is down. */
function isLostConnection(error: unknown): boolean {
  const { code, message = '' } = error as { code?: unknown; message?: string }
  if (typeof code === 'string') return ['ECONNRESET', 'EPIPE', '57P01', '53300'].includes(code)
  return message.startsWith('Connection terminated unexpectedly') || message.includes('not queryable')
}
