import { expect, test } from 'vitest'
import type { Row } from './row.ts'
import { ROWS } from './rows/index.ts'
import { runChaos } from './run-chaos.ts'

/** One that replaces every process twice takes longer than all of the rest. */
function withoutSlowControl({ control, ...row }: Row): Row {
  return control && row.id === 'F21' ? { ...row, control } : row
}

test(
  'a worker killed after the supplier’s word and twenty copies of each webhook break nothing, and an oversold seat is noticed',
  { timeout: 240_000 },
  async () => {
    const said: string[] = []
    const report = await runChaos({
      rows: ROWS.filter(({ id }) => ['F4', 'F11', 'F21'].includes(id)).map(withoutSlowControl),
      seed: 'test',
      minutes: null,
      scale: 0.1,
      hasControls: true,
      say: (line) => said.push(line),
    })
    expect(report.broken ?? [], said.join('\n')).toEqual([])
    const rows = Object.fromEntries(report.rows.map((row) => [row.id, row]))
    expect(rows['F4']).toMatchObject({ runs: 1, lost: 0, control_found: null })
    expect(rows['F11']!.duplicates_suppressed).toBeGreaterThan(20)
    expect(rows['F21']).toMatchObject({ runs: 1, control_found: true })
  },
)
