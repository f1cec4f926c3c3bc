import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { significant, type Report, type Row } from './report.ts'

/**
 * What a change may not fall below. Only ratios are in it: they hold on any machine. `atLeast` is 80 % of what was
 * measured where more is better, `atMost` the same part the other way round where less is.
 */
export type Floor = { readonly measured: string; readonly rows: Readonly<Record<string, Bound>> }
export type Bound = { readonly atLeast: number } | { readonly atMost: number }

const FILE = fileURLToPath(new URL('floor.json', import.meta.url))
const SHARE = 0.8

export function readFloor(): Floor {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Floor
}

export function writeFloor(floor: Floor): void {
  writeFileSync(FILE, `${JSON.stringify(floor, null, 2)}\n`)
}

/** One line for each row that has fallen below its floor, or is not there any more. */
export function findFallen(floor: Floor, rows: readonly Row[]): string[] {
  return Object.entries(floor.rows).flatMap(([name, bound]) => {
    const row = rows.find((one) => one.name === name)
    if (row === undefined || row.figure === null) return [`${name}: not measured, the floor expects ${describe(bound)}`]
    if ('atLeast' in bound ? row.figure >= bound.atLeast : row.figure <= bound.atMost) return []
    return [`${name}: ${row.figure} ${row.unit}, the floor is ${describe(bound)}`]
  })
}

/**
 * The floor that a report makes: its ratios that have a goal. Figures in other units depend on the machine, and tails on its
 * neighbours: they are told, and hold nobody up.
 */
export function toFloor(report: Report, measured: string): Floor {
  const rows = report.rows.flatMap((row): [string, Bound][] => {
    if (row.figure === null || row.goal === null || !row.unit.startsWith('x') || row.name.endsWith('.p99')) return []
    if (row.goal.startsWith('>')) return [[row.name, { atLeast: significant(row.figure * SHARE) }]]
    return [[row.name, { atMost: significant(row.figure / SHARE) }]]
  })
  return { measured, rows: Object.fromEntries(rows) }
}

function describe(bound: Bound): string {
  return 'atLeast' in bound ? `at least ${bound.atLeast}` : `at most ${bound.atMost}`
}
