import { formatAmount, type Money } from '../../kernel/money.ts'
import { toIso, type LocalDate } from '../../kernel/time.ts'
import type { Db } from '../../platform/postgres.ts'
import { listBreaks, type Break } from './break-store.ts'
import { listBreakEntries, type BreakEntry } from './posting-store.ts'

const PAGE = 500

type Cell = string | null

const COLUMNS: readonly (readonly [string, (one: Break, entries: readonly BreakEntry[]) => Cell])[] = [
  ['break', (one) => one.id],
  ['day', (one) => one.day],
  ['side', (one) => one.side],
  ['source', (one) => one.source],
  ['kind', (one) => one.kind],
  ['state', (one) => one.state],
  ['our_reference', (one) => one.ourRef],
  ['their_reference', (one) => one.theirRef],
  ['our_amount', (one) => amountOf(one.ours)],
  ['our_currency', (one) => one.ours?.currency ?? null],
  ['their_amount', (one) => amountOf(one.theirs)],
  ['their_currency', (one) => one.theirs?.currency ?? null],
  ['our_status', (one) => one.ourStatus],
  ['their_status', (one) => one.theirStatus],
  ['booking', (one) => one.bookingId],
  ['payment', (one) => one.paymentId],
  ['first_seen_at', (one) => toIso(one.firstSeenAt)],
  ['last_seen_at', (one) => toIso(one.lastSeenAt)],
  ['resolved_at', (one) => one.resolvedAt && toIso(one.resolvedAt)],
  ['resolved_by', (one) => one.resolvedBy],
  ['resolution', (one) => one.resolution],
  ['statement', (one) => one.statement],
  ['postings', (_one, entries) => [...new Set(entries.map((entry) => entry.postingId))].join(' ')],
]

/** The differences of a day as CSV (RFC 4180), page by page. */
export async function* writeCsv(db: Db, day: LocalDate): AsyncGenerator<string> {
  yield toLine(COLUMNS.map(([name]) => name))
  let afterId: string | undefined
  for (;;) {
    const breaks = await listBreaks(db, { day, limit: PAGE, ...(afterId !== undefined && { afterId }) })
    const entries = await listBreakEntries(
      db,
      breaks.map((one) => one.id),
    )
    for (const one of breaks) {
      const own = entries.filter((entry) => entry.breakId === one.id)
      yield toLine(COLUMNS.map(([, cell]) => cell(one, own)))
    }
    if (breaks.length < PAGE) return
    afterId = breaks.at(-1)!.id
  }
}

function amountOf(value: Money | null): string | null {
  return value && formatAmount(value)
}

function toLine(cells: readonly Cell[]): string {
  return `${cells.map((cell) => toCell(cell ?? '')).join(',')}\r\n`
}

/**
 * One cell. What a spreadsheet would take for a formula gets an apostrophe before it, because references and names come from
 * outside; a plain number stays one. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function toCell(text: string): string {
  const isFormula = /^\s*[=+\-@\t\r\n]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text)
  const safe = isFormula ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
