import { cpus } from 'node:os'
import { listPairs, padTable } from './table.ts'

/** One figure of a benchmark. `met` is null where there is nothing to hold it against, or it was not measured. */
export type Row = {
  readonly name: string
  /** Null: not measured, `detail` says why. */
  readonly figure: number | null
  /** What it should be: "<= 2.5", ">= 300", "= 1"; null for a figure that only informs. */
  readonly goal: string | null
  readonly met: boolean | null
  /** "x" for a ratio. */
  readonly unit: string
  /** Everything else worth knowing, one short thing after the other. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}

export type Machine = {
  readonly cpu: string
  readonly cores: number
  readonly node: string
  readonly platform: string
  /** Whether the servers had a core of their own. */
  readonly pinned: boolean
  /** Whether the bare server's own figures were too far apart for the others to mean much. */
  readonly noisy: boolean
}

/** What every benchmark of the project answers with. */
export type Report = { readonly machine: Machine; readonly rows: readonly Row[] }

const GOAL = /^(<=|>=|=|<|>) (\d+(?:\.\d+)?)$/

/** A row with the goal judged. Throws a RangeError for a goal it cannot read. */
export function toRow(row: Omit<Row, 'met'>): Row {
  return { ...row, figure: row.figure === null ? null : significant(row.figure), met: isMet(row.figure, row.goal) }
}

/** A row whose figure could not be had. */
export function notMeasured(name: string, goal: string | null, unit: string, reason: string): Row {
  return { name, figure: null, goal, met: null, unit, detail: { 'not measured': reason } }
}

export function isMet(figure: number | null, goal: string | null): boolean | null {
  if (goal === null) return null
  const [, comparison, bound] = GOAL.exec(goal) ?? []
  if (comparison === undefined) throw new RangeError(`"${goal}" is no goal such as "<= 2.5"`)
  if (figure === null) return null
  const limit = Number(bound)
  return { '<=': figure <= limit, '>=': figure >= limit, '=': figure === limit, '<': figure < limit, '>': figure > limit }[comparison]!
}

/** Four digits: nothing measured here is truer than that. */
export function significant(value: number): number {
  return Number(value.toPrecision(4))
}

export function describeMachine(facts: { pinned: boolean; noisy: boolean }): Machine {
  const all = cpus()
  return {
    cpu: all[0]?.model ?? 'unknown',
    cores: all.length,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    ...facts,
  }
}

/** The report for a person. */
export function toTable({ machine, rows }: Report): string {
  const judged = rows.filter((row) => row.met !== null)
  const head = ['', 'figure', 'goal', '', 'how it came about']
  const lines = rows.map((row) => [
    row.name,
    row.figure === null ? '–' : `${row.figure} ${row.unit}`,
    row.goal ?? '',
    row.met === null ? (row.figure === null ? 'not measured' : '') : row.met ? 'met' : 'NOT MET',
    listPairs(row.detail),
  ])
  const noise = machine.noisy ? '\nNOISY: the bare server itself varied by more than a quarter; run again on a quiet machine.' : ''
  const place = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${machine.pinned ? ', servers pinned to one core' : ', NOT pinned'}`
  return `${padTable([head, ...lines])}\n\n${judged.filter((row) => row.met).length} of ${judged.length} goals met · ${place}${noise}\n`
}
