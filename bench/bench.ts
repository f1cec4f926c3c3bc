import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { didYouMean } from '../commands/suggest.ts'
import { runBookingBench } from './booking/run.ts'
import { writeFlame } from './flame/write-flame.ts'
import { findFallen, readFloor, toFloor, writeFloor } from './floor.ts'
import { toTable, type Report } from './report.ts'
import { GateClosed } from './search/rows/gate.ts'
import { runSearchBench, SEARCH_PARTS, type SearchPart } from './search/run.ts'
import { runSoak, SOAK_MINUTES } from './soak/run-soak.ts'

const BENCHMARKS = ['search', 'xml', 'booking', 'flame', 'soak'] as const
/** What large replies cost: to read one, and those who search meanwhile. */
const XML_PARTS = ['xml', 'cold'] as const satisfies readonly SearchPart[]
const OPTIONS = {
  quick: { type: 'boolean' },
  json: { type: 'boolean' },
  check: { type: 'boolean' },
  'write-floor': { type: 'boolean' },
  out: { type: 'string' },
  only: { type: 'string' },
  seconds: { type: 'string' },
  minutes: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options']

const write = (line: string): void => void process.stderr.write(`${line}\n`)

/** The bench command: its exit code. */
export async function bench(args: readonly string[]): Promise<number> {
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true, allowPositionals: true })
  for (const token of tokens) {
    if (token.kind !== 'option' || token.name in OPTIONS) continue
    return refuse(`There is no option ${token.rawName}.${didYouMean(token.name, Object.keys(OPTIONS))}`)
  }
  let parsed
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const { values, positionals } = parsed
  if (values.help) {
    process.stdout.write(help())
    return 0
  }
  const [name = 'search', ...more] = positionals
  if (!BENCHMARKS.some((one) => one === name)) return refuse(`There is no benchmark "${name}".${didYouMean(name, BENCHMARKS)}`)
  if (more.length > 0) return refuse(`One benchmark at a time: npm run bench -- ${name}`)
  if (name === 'flame') return flame(values.seconds, values.out)
  if (name === 'booking') {
    tell(await runBookingBench({ isQuick: values.quick ?? false, say: createStopwatch() }), values)
    return 0
  }
  if (name === 'soak') return soak(values.minutes, values)
  if (name === 'xml' && (values.only !== undefined || values['write-floor']))
    return refuse('--only and --write-floor go with npm run bench -- search')
  const everything = name === 'xml' ? XML_PARTS : SEARCH_PARTS
  const parts = values.only === undefined ? [...everything] : values.only.split(',')
  const unknown = parts.find((part) => !SEARCH_PARTS.some((one) => one === part))
  if (unknown !== undefined) return refuse(`There is no part "${unknown}".${didYouMean(unknown, SEARCH_PARTS)}`)
  return search(parts as SearchPart[], values)
}

type ReportValues = { json?: boolean; out?: string }
type SearchValues = ReportValues & { quick?: boolean; check?: boolean; 'write-floor'?: boolean }

async function search(parts: readonly SearchPart[], values: SearchValues): Promise<number> {
  const say = createStopwatch()
  let report: Report
  try {
    report = await runSearchBench({ isQuick: values.quick ?? false, parts, say })
  } catch (error) {
    if (!(error instanceof GateClosed)) throw error
    write(`\nNo figures: the answers compared are not the same.\n${error.message}`)
    return 1
  }
  tell(report, values)
  if (values['write-floor']) writeFloor(toFloor(report, `${report.machine.cpu}, ${report.machine.node}`))
  return values.check ? check(report, () => runSearchBench({ isQuick: values.quick ?? false, parts, say })) : 0
}

/** A neighbour on the machine can spoil one run and will hardly spoil the same row of a second: what falls twice has fallen. */
async function check(report: Report, measureAgain: () => Promise<Report>): Promise<number> {
  const fallen = findFallen(readFloor(), report.rows)
  for (const line of fallen) write(`below the floor, measuring again: ${line}`)
  const again = fallen.length === 0 ? [] : findFallen(readFloor(), (await measureAgain()).rows)
  const twice = again.filter((line) => fallen.some((other) => other.split(':')[0] === line.split(':')[0]))
  for (const line of twice) write(`FALLEN  ${line}`)
  if (twice.length === 0) write('Nothing has fallen below the floor.')
  return twice.length === 0 ? 0 : 1
}

async function soak(minutes: string | undefined, values: ReportValues): Promise<number> {
  const length = Number(minutes ?? 10)
  const { min, max } = SOAK_MINUTES
  if (!(length >= min && length <= max)) return refuse(`--minutes is from ${min} to ${max}, not "${minutes}"`)
  tell(await runSoak({ minutes: length, say: createStopwatch() }), values)
  return 0
}

async function flame(seconds: string | undefined, out: string | undefined): Promise<number> {
  const length = Number(seconds ?? 5)
  if (!(length > 0 && length <= 120)) return refuse(`--seconds is from 1 to 120, not "${seconds}"`)
  const file = fromWhereTyped(out ?? 'flame.html')
  await writeFlame({ seconds: length, file, say: write })
  write(`Written: ${file}, to be opened in a browser, and ${file}.cpuprofile, for Chrome DevTools (Performance, Load profile).`)
  return 0
}

/** On stdout, and in a file when one is named. */
function tell(report: Report, values: ReportValues): void {
  const text = `${JSON.stringify(report, null, 2)}\n`
  if (values.out !== undefined) writeFileSync(fromWhereTyped(values.out), text)
  process.stdout.write(values.json ? text : `\n${toTable(report)}`)
}

/** Says how far things are, and after how many seconds. */
function createStopwatch(): (line: string) => void {
  const begun = performance.now()
  return (line) => write(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${line}`)
}

/** npm runs scripts in the repository; a path is meant from where it was typed. */
function fromWhereTyped(file: string): string {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), file)
}

function refuse(text: string): number {
  write(`${text}\nTry npm run bench -- --help`)
  return 2
}

function help(): string {
  return `Measures Farewire and says which goals are met. Only ratios count: everything compared runs side by side in one run.

Examples
  npm run bench -- search --quick           little more than a minute; the table on stdout, the progress on stderr
  npm run bench -- search --json            everything; one JSON document on stdout
  npm run bench -- search --quick --check   fails when a ratio has fallen below bench/floor.json
  npm run bench -- xml --json               how large XML replies are read, and what other searches notice of it
  npm run bench -- booking --quick --json   bookings per second, beside the same SQL in bare pg
  npm run bench -- flame                    a flame graph of our server under load
  npm run bench -- soak                     ten minutes with 50,000 different searches: memory, the loop, errors

Benchmarks
  search    (also when none is named) everything a search is measured by; bench/README.md says what each row means
  xml       the parts xml and cold of it
  booking   order, payment and ticket as the real code writes them against the same SQL in bare pg; reads beside that
  flame     profiles our server under the mixed load
  soak      whether memory stays flat and the event loop free while searches nobody has asked before come in

Options
  --quick           in little more than a minute, with fewer and shorter rounds
  --only <parts>    some of ${SEARCH_PARTS.join(', ')}, separated by commas
  --json            { "machine", "rows": [{ "name", "figure", "goal", "met", "unit", "detail" }] }
  --out <file>      writes the same JSON, or the flame graph, to a file
  --check           compares with bench/floor.json
  --write-floor     makes bench/floor.json anew: 80 % of what was measured
  --seconds <n>     how long to profile
  --minutes <n>     how long to soak, 10 unless said; the number of different searches goes with it
  -h, --help

Exit code
  0 measured; 1 a row fell below the floor, or two servers do not answer the same; 2 wrong use
`
}
