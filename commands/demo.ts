// npm run demo -- <scenario> [--json]: plays a scenario against the running system's public API and checks what must be true.
import { parseArgs } from 'node:util'
import { SUPPLIER_MOCKS } from '../fixtures/mocks.ts'
import { createApi, Unreachable } from './demo/client.ts'
import { goodsOf } from './demo/goods.ts'
import type { Goods, ProviderName } from './demo/scene.ts'
import { createSandbox } from './demo/sandbox.ts'
import { SCENARIOS, type Scenario } from './demo/scenarios.ts'
import { createStory, type Report } from './demo/story.ts'
import { findSystem, type System } from './demo/system.ts'
import { didYouMean } from './suggest.ts'

const PROVIDERS: readonly ProviderName[] = SUPPLIER_MOCKS.map(({ id }) => id)
/** Whose rooms are bought when only --stays is said. */
const STAY_PROVIDER: ProviderName = 'hotelbeds'
const write = (line: string): void => void process.stderr.write(`${line}\n`)

let system: System | undefined
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, () => void interrupt())

// The channel to commands/run.mjs tells that the terminal is gone; by itself it must not keep this process alive.
process.channel?.unref()

const code = await main(process.argv.slice(2))
if (!isInterrupted) process.exitCode = code

async function main(args: readonly string[]): Promise<number> {
  let parsed
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        provider: { type: 'string' },
        stays: { type: 'boolean' },
        'no-color': { type: 'boolean' },
      },
    })
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\nTry npm run demo -- --help`)
  }
  const { values, positionals } = parsed
  if (values.help) return print(help())
  if (values.list) return print(list())
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0) return refuse(`One scenario is needed: npm run demo -- <scenario>\n\n${list()}`)
  const scenario = SCENARIOS[name]
  if (!scenario) return refuse(`There is no scenario "${name}".${didYouMean(name, Object.keys(SCENARIOS))}\n\n${list()}`)
  const provider = values.provider ?? (values.stays ? STAY_PROVIDER : scenario.provider)
  if (!PROVIDERS.includes(provider))
    return refuse(`There is no provider "${provider}".${didYouMean(provider, PROVIDERS)} Known are ${PROVIDERS.join(', ')}.`)
  const sold = goodsOf(provider)
  const goods: Goods = values.stays || !sold.includes('flights') ? 'stays' : 'flights'
  if (!sold.includes(goods)) return refuse(`${provider} sells no ${goods}. Leave --stays out, or choose another provider.`)
  const hasColour = process.stderr.isTTY && !process.env.NO_COLOR && !values['no-color']
  return run({ name, scenario, provider, goods, isChosen: values.provider !== undefined, hasColour, isJson: values.json ?? false })
}

type Run = {
  readonly name: string
  readonly scenario: Scenario
  readonly provider: ProviderName
  readonly goods: Goods
  /** Whether the caller named the provider. */
  readonly isChosen: boolean
  readonly hasColour: boolean
  readonly isJson: boolean
}

async function run({ name, scenario, provider, goods, isChosen, hasColour, isJson }: Run): Promise<number> {
  const begun = performance.now()
  const story = createStory(name, write, hasColour)
  let report: Report
  try {
    system = await findSystem(
      process.env,
      write,
      (step) => write(`  o--o--o ${step.name.padEnd(12)} ${step.detail} ${Math.round(step.ms)} ms`),
      isChosen ? [provider] : undefined,
    )
    if (isInterrupted) return await closing(130)
    write(`\n${name} on ${system.web}: ${scenario.summary}, with ${goods === 'stays' ? 'a room' : 'a flight'} of ${provider}\n`)
    const scene = { api: createApi(system.api), sandbox: createSandbox(system.sandbox), story, provider, goods, isAlone: system.isOwn }
    await scenario.play(scene)
    report = story.report()
  } catch (error) {
    if (isInterrupted) return 130
    if (error instanceof Unreachable) {
      write(`\nUnreachable: ${error.message}. Start everything with npm start, or unset FAREWIRE_URL to let this command start its own.`)
      return await closing(3)
    }
    story.check('the scenario comes to its end', false, error instanceof Error ? error.message : String(error))
    if (process.env.LOG_LEVEL === 'debug' && error instanceof Error) write(error.stack ?? '')
    report = story.report()
  }
  if (isInterrupted) return 130
  tellVerdict(report, system, performance.now() - begun)
  if (isJson) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  return closing(report.violations === 0 ? 0 : 1)
}

async function closing(code: number): Promise<number> {
  await system?.close()
  return code
}

function tellVerdict(report: Report, on: System | undefined, ms: number): void {
  write('')
  for (const booking of report.bookings)
    write(`  ${booking.reference}  ${booking.status.padEnd(9)} ${on && !on.isOwn ? `${on.web}/trips/${booking.id}` : booking.id}`)
  if (on && !on.isOwn) write(`  Mails: ${on.sandbox.inbox}`)
  write(`\n${report.violations} violations · ${report.steps.length} steps · ${(ms / 1000).toFixed(1)} s`)
}

/** Ctrl-C stops what was started for this run before this process ends. */
async function interrupt(): Promise<void> {
  if (isInterrupted) return
  isInterrupted = true
  await system?.close().catch((error: unknown) => write(String(error)))
  process.exit(130)
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function refuse(text: string): number {
  write(text.trimEnd())
  return 2
}

function list(): string {
  return `Scenarios\n${Object.entries(SCENARIOS)
    .map(([name, { summary }]) => `  ${name.padEnd(19)} ${summary}\n`)
    .join('')}`
}

function help(): string {
  return `Plays a scenario against the public API of a running Farewire, tells each step with ids and times, and checks the
books of everybody concerned: our ledger, the supplier's reservations, the payment provider's money, the mailbox.

Examples
  npm run demo -- happy
  npm run demo -- sold-out --json             one JSON document on stdout, the telling on stderr
  npm run demo -- happy --provider duffel

${list()}
Options
  --provider <name>   whose offer is bought: ${PROVIDERS.join(', ')};
                      in a system of its own it is then the only supplier that is on
  --stays             buys a room instead of a flight; providers that sell only rooms need not be told
  --json              { "scenario", "steps": [{ "name", "ms", "ids" }], "violations": 0, "bookings": [...] }
                      and, when something is violated, "broken": [{ "invariant", "detail" }]
  --list              names the scenarios
  --no-color          plain text; NO_COLOR works too
  -h, --help

Where
  FAREWIRE_URL if it is set; else what npm start is running here; else a system of its own, started for this run
  on free ports and data that is thrown away. For a FAREWIRE_URL elsewhere, FAREWIRE_INBOX_URL, FAREWIRE_STRIPE_URL and
  FAREWIRE_<SUPPLIER>_URL name its sandbox.

Exit code
  0 everything that must be true is; 1 something is not; 2 wrong use; 3 nothing answers; 130 interrupted
`
}
