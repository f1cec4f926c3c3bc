import { sql } from 'kysely'
import { toDate, type LocalDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/postgres.ts'
import type { MoneyLine, Side, StatementKind, SupplierLine } from './sources.ts'

/** Whose lines of which day a run is about. */
export type Scope = { readonly runId: string; readonly side: Side; readonly source: string; readonly day: LocalDate }

/** With what is known of the statement: of which kinds of lines it speaks, and which of ours (by our reference) it could not tell. */
export type MoneyScope = Scope & {
  readonly statement: StatementKind
  readonly tells: readonly string[]
  readonly untold: readonly string[]
}

type NewLine = {
  readonly line_id: string
  readonly kind: string
  readonly status: string | null
  readonly client_ref: string | null
  readonly provider_ref: string | null
  readonly amount: number | null
  readonly currency: string | null
  readonly fee: number | null
  readonly at: Date
}

export function toMoneyRow(line: MoneyLine): NewLine {
  return {
    line_id: line.lineId,
    kind: line.kind,
    status: null,
    client_ref: line.clientRef,
    provider_ref: line.providerRef,
    amount: line.gross.amount,
    currency: line.gross.currency,
    fee: line.fee !== null && line.fee.currency === line.gross.currency ? line.fee.amount : null,
    at: toDate(line.at),
  }
}

export function toSupplierRow(line: SupplierLine): NewLine {
  return {
    line_id: line.lineId,
    kind: 'reservation',
    status: line.status,
    client_ref: line.reference,
    provider_ref: line.supplierRef,
    amount: line.amount?.amount ?? null,
    currency: line.amount?.currency ?? null,
    fee: null,
    at: toDate(line.at),
  }
}

/**
 * Writes lines of the statement, new ones and known ones as they are now told. A line told twice in one statement is one, and one that
 * is told again on a later day stays of the day on which it was told first.
 */
export async function writeLines(tx: Tx, scope: Scope, lines: readonly NewLine[]): Promise<void> {
  const unique = [...new Map(lines.map((line) => [line.line_id, line])).values()]
  if (unique.length === 0) return
  const { side, source, day, runId } = scope
  await tx
    .insertInto('reporting.statement_lines')
    .values(unique.map((line) => ({ ...line, side, source, day, run_id: runId })))
    .onConflict((conflict) =>
      conflict.columns(['side', 'source', 'line_id']).doUpdateSet((eb) => ({
        kind: eb.ref('excluded.kind'),
        status: eb.ref('excluded.status'),
        client_ref: eb.ref('excluded.client_ref'),
        provider_ref: eb.ref('excluded.provider_ref'),
        amount: eb.ref('excluded.amount'),
        currency: eb.ref('excluded.currency'),
        fee: eb.ref('excluded.fee'),
        at: eb.ref('excluded.at'),
        run_id: eb.ref('excluded.run_id'),
        fact_id: null,
        matched_by: null,
      })),
    )
    .execute()
}

/** Forgets lines of the day that the statement no longer has. Call it when all have come. */
export async function forgetOldLines(tx: Tx, { runId, side, source, day }: Scope): Promise<void> {
  await tx
    .deleteFrom('reporting.statement_lines')
    .where('side', '=', side)
    .where('source', '=', source)
    .where('day', '=', day)
    .where('run_id', '<>', runId)
    .execute()
}

/** How many lines of the day there are, and how many are matched. */
export async function countLines(tx: Tx, { side, source, day }: Scope): Promise<{ lines: number; matched: number }> {
  const row = await tx
    .selectFrom('reporting.statement_lines')
    .select([sql<number>`count(*)`.as('lines'), sql<number>`count(fact_id)`.as('matched')])
    .where('side', '=', side)
    .where('source', '=', source)
    .where('day', '=', day)
    .executeTakeFirstOrThrow()
  return row
}
