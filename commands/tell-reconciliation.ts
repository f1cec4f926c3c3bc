/** A run and its differences, as the API tells them. */
export type Told = {
  readonly runs: readonly {
    readonly id: string
    readonly day: string
    readonly state: string
    readonly opened: number
    readonly settled: number
    readonly error: string | null
    readonly sources: readonly {
      readonly source: string
      readonly state: string
      readonly statement: string | null
      readonly lines: number
      readonly matched: number
      readonly untold: number
      readonly error: string | null
    }[]
  }[]
  readonly breaks: readonly ToldBreak[]
}

/** A difference, as the API tells it. */
type ToldBreak = {
  readonly id: string
  readonly kind: string
  readonly source: string
  readonly state: string
  readonly our_ref: string | null
  readonly their_ref: string | null
  readonly resolved_by: string | null
  readonly ledger: readonly { posting_id: string; event_type: string; account: string; amount: { amount: string; currency: string } }[]
}

/** A run, and the differences of its day that are open or were written off. */
export type Outcome = { readonly run: Told['runs'][number]; readonly breaks: Told['breaks'] }

/** What people read: how each source was compared, what differs, and what was posted about it. */
export function tellReconciliation({ run, breaks }: Outcome): string {
  const sources = run.sources.map(({ source, state, statement, lines, matched, untold, error }) => {
    const how = statement === 'by_query' ? ', asked one by one: money unknown to us is not in it' : ''
    const rest = untold > 0 ? `, ${untold} could not be told` : ''
    const what =
      state === 'compared'
        ? `${matched} of ${lines} lines matched${rest}${how}`
        : state === 'no_statement'
          ? 'has no statement'
          : `failed: ${error}${how}`
    return `  ${source.padEnd(14)} ${what}`
  })
  const open = breaks.filter((one) => one.state === 'open')
  const differences = open.map(
    (one) => `  ${one.kind.padEnd(30)} ${one.source}  ours ${String(one.our_ref)}  theirs ${String(one.their_ref)}`,
  )
  const written = breaks
    .filter((one) => one.state === 'written_off')
    .flatMap((one) => [
      `  written off by ${String(one.resolved_by)}: ${one.kind}, ${one.source}, theirs ${String(one.their_ref)}`,
      ...one.ledger.map(({ posting_id, event_type, account, amount }) => {
        const what = `${event_type.padEnd(18)} ${account.padEnd(12)} ${amount.amount.padStart(14)} ${amount.currency}`
        return `    ${what}  ${posting_id}`
      }),
    ])
  const head = `${run.day}: ${run.state}, ${run.opened} new, ${run.settled} settled, ${open.length} open`
  return `${[head, ...sources, ...differences, ...written].join('\n')}\n`
}
