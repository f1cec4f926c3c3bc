import type { Report, RowReport } from './report.ts'
import { reportRow } from './report.ts'
import type { Row } from './row.ts'
import { createRowRunner, type Repetition, type RowRunner } from './run-row.ts'
import { seededBy } from './seeded.ts'
import { startChaosStack } from './stack.ts'

export type ChaosOptions = {
  readonly rows: readonly Row[]
  readonly seed: string
  /** Goes on with the rows, in any order, until so many minutes are over; null runs each once. */
  readonly minutes: number | null
  readonly scale: number
  readonly hasControls: boolean
  readonly say: (line: string) => void
}

/** The row that is all the others in any order; its violations are counted with the rows that were played in it. */
const SOAK = 'F46'

function reportSoak(row: Row, soak: readonly Repetition[]): RowReport {
  const sum = (of: (one: Repetition) => number): number => soak.reduce((total, one) => total + of(one), 0)
  const figures = { faults: soak.length, audits: sum((one) => one.audits), bookings: sum((one) => one.bookings) }
  return reportRow(
    row,
    soak.map((one) => ({ ...one, figures })),
    null,
  )
}

/** Runs the rows on a stack of its own and tells what became of everything. */
export async function runChaos(options: ChaosOptions): Promise<Report> {
  const { rows, seed, minutes, say } = options
  const begun = performance.now()
  const seconds = (): string => `${((performance.now() - begun) / 1_000).toFixed(0).padStart(4)} s`
  const stack = await startChaosStack({ apis: 2, workers: 2, onStep: (what) => say(`${seconds()}  ${what}`) })
  try {
    const runner = createRowRunner(stack, { seed, scale: options.scale, say: (what) => say(`${seconds()}       ${what}`) })
    const done = new Map<string, Repetition[]>()
    const reasons = new Map<string, string>()
    const soak: Repetition[] = []
    const play = async (row: Row, isSoak: boolean): Promise<void> => {
      const before = done.get(row.id) ?? []
      say(`${seconds()}  ${row.id.padEnd(4)} ${row.fault}`)
      const repetition = await runner.run(row, before.length + 1, { isSoak })
      if (isSoak) soak.push(repetition)
      done.set(row.id, [...before, repetition])
      for (const { invariant, subject, detail } of repetition.violations)
        say(`${seconds()}       VIOLATED ${invariant} ${subject}: ${detail}`)
    }
    for (const row of rows) {
      const reason = (await row.notRunBecause?.(stack)) ?? null
      if (row.id === SOAK) reasons.set(row.id, minutes === null ? 'it takes --minutes' : 'no time was left when each row had been run once')
      else if (reason === null) await play(row, false)
      else reasons.set(row.id, reason)
    }
    const again = rows.filter(({ id, isAlone }) => !reasons.has(id) && isAlone !== true)
    const seeded = seededBy(`${seed} soak`)
    while (minutes !== null && again.length > 0 && performance.now() - begun < minutes * 60_000) await play(seeded.pick(again), true)
    const controls = options.hasControls ? await playControls(again, runner, (what) => say(`${seconds()}  ${what}`)) : null
    const lines: RowReport[] = rows.map((row) =>
      row.id === SOAK && soak.length > 0
        ? reportSoak(row, soak)
        : reportRow(
            row,
            done.get(row.id) ?? [],
            reasons.get(row.id) ?? null,
            controls === null ? undefined : (controls.get(row.id) ?? null),
          ),
    )
    const broken = [...done].flatMap(([row, repetitions]) =>
      repetitions.flatMap(({ violations }) => violations.map((one) => ({ row, ...one }))),
    )
    return { seed, violations: broken.length, rows: lines, ...(broken.length > 0 && { broken }) }
  } finally {
    await stack.close()
  }
}

/** Last, because what they break stays broken in the books. */
async function playControls(rows: readonly Row[], runner: RowRunner, say: (what: string) => void): Promise<Map<string, boolean>> {
  const found = new Map<string, boolean>()
  for (const row of rows) {
    if (!row.control) continue
    say(`${row.id.padEnd(4)} without ${row.control.without}`)
    found.set(row.id, await runner.control({ ...row, control: row.control }))
  }
  return found
}
