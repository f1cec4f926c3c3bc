// npm run chaos -- [--only F1,F4] [--minutes M] --seed S [--controls] [--json]: injects faults into real processes and holds the
// invariants against everybody's books after each.
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runChaos } from './chaos/run-chaos.ts'
import { tableOf } from './chaos/report.ts'
import { ROWS } from './chaos/rows/index.ts'

const write = (line: string): void => void process.stderr.write(`${line}\n`)
process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let values
  try {
    values = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        minutes: { type: 'string' },
        seed: { type: 'string' },
        scale: { type: 'string' },
        controls: { type: 'boolean' },
        json: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    write(`${error instanceof Error ? error.message : String(error)}\nTry npm run chaos -- --help`)
    return 2
  }
  if (values.help) return print(HELP)
  if (values.list) return print(ROWS.map(({ id, fault }) => `${id.padEnd(4)} ${fault}\n`).join(''))
  const ids = values.only?.split(',').map((id) => id.trim().toUpperCase())
  const unknown = ids?.filter((id) => !ROWS.some((row) => row.id === id)) ?? []
  const minutes = values.minutes === undefined ? null : Number(values.minutes)
  const scale = values.scale === undefined ? 1 : Number(values.scale)
  if (unknown.length > 0) write(`There is no row ${unknown.join(', ')}. Known are ${ROWS.map(({ id }) => id).join(', ')}.`)
  if (minutes !== null && !(minutes > 0)) write('--minutes is a number above zero.')
  if (unknown.length > 0 || (minutes !== null && !(minutes > 0)) || !(scale > 0)) return 2
  const report = await runChaos({
    rows: ids ? ROWS.filter(({ id }) => ids.includes(id)) : ROWS,
    seed: values.seed ?? randomBytes(4).toString('hex'),
    minutes,
    scale,
    hasControls: values.controls ?? false,
    say: write,
  })
  write('')
  for (const { row, invariant, subject, detail } of report.broken ?? []) write(`VIOLATED ${row} ${invariant} ${subject}: ${detail}`)
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else print(`${tableOf(report)}\n`)
  const isMissed = report.rows.some(({ control_found: found }) => found === false)
  return report.violations === 0 && !isMissed ? 0 : 1
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

const HELP = `Starts a private Farewire of real processes (Postgres, two Redis, two APIs, two workers, mocks of supplier, gateway and
mailbox, a proxy on every way between them), injects the faults of the matrix, and after each holds the invariants against our
database, the supplier's and the gateway's own books, and the logs.

Examples
  npm run chaos -- --seed 1
  npm run chaos -- --only F1,F4 --seed 1 --json
  npm run chaos -- --minutes 10 --seed 1          every row once, then more of them in any order, under constant custom

Options
  --only <rows>     some rows of the matrix
  --minutes <m>     goes on until so many minutes are over
  --seed <text>     the same seed plays the same rows with the same travellers
  --scale <n>       how big races are: 1 (the default) to 10, which is what the matrix asks for
  --controls        also runs each race without its guard, which must be noticed
  --list            names the rows
  --json            one document on stdout, the telling on stderr

Exit code
  0 nothing is violated; 1 something is, or a control was not noticed; 2 wrong use
`
