import type { Repetition } from './run-row.ts'
import type { Row } from './row.ts'

/** One line of the document that `--json` prints. */
export type RowReport = {
  readonly id: string
  readonly fault: string
  readonly runs: number
  readonly violations: number
  readonly heal_ms_p50: number | null
  readonly heal_ms_p99: number | null
  readonly duplicates_suppressed: number
  readonly work_items: number
  readonly lost: number
  readonly not_run_because: string | null
  /** With --controls: whether the row notices that its guard is off; null where it has none. */
  readonly control_found?: boolean | null
  readonly figures?: Readonly<Record<string, number>>
}

export type Report = {
  readonly seed: string
  readonly violations: number
  readonly rows: readonly RowReport[]
  readonly broken?: readonly { readonly row: string; readonly invariant: string; readonly subject: string; readonly detail: string }[]
}

/** What a row came to over all its repetitions. */
export function reportRow(
  row: Row,
  repetitions: readonly Repetition[],
  notRunBecause: string | null,
  controlFound?: boolean | null,
): RowReport {
  const sum = (of: (one: Repetition) => number): number => repetitions.reduce((total, one) => total + of(one), 0)
  const heal = repetitions.flatMap(({ healMs }) => healMs).toSorted((a, b) => a - b)
  const figures = repetitions.reduce<Record<string, number>>((all, one) => ({ ...all, ...one.figures }), {})
  return {
    id: row.id,
    fault: row.fault,
    runs: repetitions.length,
    violations: sum(({ violations }) => violations.length),
    heal_ms_p50: quantile(heal, 0.5),
    heal_ms_p99: quantile(heal, 0.99),
    duplicates_suppressed: sum((one) => one.duplicatesSuppressed),
    work_items: sum((one) => one.workItems),
    lost: sum((one) => one.lost),
    not_run_because: notRunBecause,
    ...(controlFound !== undefined && { control_found: controlFound }),
    ...(Object.keys(figures).length > 0 && { figures }),
  }
}

function quantile(sorted: readonly number[], q: number): number | null {
  return sorted.length === 0 ? null : Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * q) - 1)]!)
}

/** The report as a person reads it. */
export function tableOf({ rows, violations, seed }: Report): string {
  const cells = rows
    .filter(({ not_run_because: reason }) => reason === null)
    .map((row) => [
      row.id,
      String(row.runs),
      String(row.violations),
      row.heal_ms_p50 === null ? '-' : `${(row.heal_ms_p50 / 1_000).toFixed(1)} s`,
      row.heal_ms_p99 === null ? '-' : `${(row.heal_ms_p99 / 1_000).toFixed(1)} s`,
      String(row.duplicates_suppressed),
      String(row.work_items),
      String(row.lost),
      ...(row.control_found === undefined ? [] : [row.control_found === null ? '-' : row.control_found ? 'found' : 'NOT FOUND']),
      row.fault,
    ])
  const hasControls = rows.some(({ control_found: found }) => found !== undefined)
  const head = [
    'row',
    'runs',
    'violations',
    'healed p50',
    'p99',
    'duplicates',
    'cases',
    'lost',
    ...(hasControls ? ['control'] : []),
    'fault',
  ]
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)))
  const lineOf = (line: readonly string[]): string =>
    line.map((cell, at) => (at === head.length - 1 ? cell : cell.padEnd(widths[at]!))).join('  ')
  const notRun = rows.filter(({ not_run_because: reason }) => reason !== null)
  return [
    lineOf(head),
    ...cells.map(lineOf),
    ...(notRun.length > 0
      ? ['', 'Not run:', ...notRun.map(({ id, fault, not_run_because: reason }) => `  ${id.padEnd(4)} ${fault}: ${reason}`)]
      : []),
    '',
    `${violations} violations · seed ${seed} · one machine, mocks of our own, no power cut, no real network`,
  ].join('\n')
}
