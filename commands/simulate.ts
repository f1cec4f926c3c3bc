// npm run simulate -- [--worlds N] [--seed S] [--json] [--world K]: the production use cases of booking and payments in simulated worlds.
import { parseArgs } from 'node:util'
import type { BatchOrder, HuntOrder } from './simulate/batch.ts'
import { seededChoices, seedOfWorld, listedChoices, type Choices } from './simulate/choices.ts'
import { createCoverage } from './simulate/coverage.ts'
import { mutationOf, MUTANTS } from './simulate/mutants.ts'
import { describe, median, toReport, type Findings, type MutantFinding } from './simulate/report.ts'
import { shrink } from './simulate/shrink.ts'
import { createSystem } from './simulate/system.ts'
import { startThreads, type Threads } from './simulate/threads.ts'
import { createWorld, runWorld } from './simulate/world.ts'

const HELP = `npm run simulate -- [--worlds N] [--seed S] [--json]
  Runs N worlds (50000) of the seed S (1), and hunts each mutant. Exit code 1 when a promise is broken or a mutant is not found.

npm run simulate -- --seed S --world K [--mutant NAME] [--choices LIST]
  Tells the story of one world; with --choices of the world that those make (commas between them).

  --no-mutants   leaves the mutants out
`
const WORLDS_PER_ORDER = 250
/** Several, because one seed may be lucky. */
const SEEDS_PER_MUTANT = 5
const SHOWN_MAX = 3

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
// The channel to commands/run.mjs tells that the terminal is gone; by itself it must not keep this process alive.
process.on('disconnect', () => process.exit(130))
process.channel?.unref()

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let values
  try {
    ;({ values } = parseArgs({
      args: [...args],
      options: {
        worlds: { type: 'string', default: '50000' },
        seed: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        world: { type: 'string' },
        mutant: { type: 'string' },
        choices: { type: 'string' },
        'no-mutants': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }))
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\nTry npm run simulate -- --help`)
  }
  if (values.help) return say(HELP)
  const numbers = [values.worlds, values.seed, values.world ?? '0'].map(Number)
  if (numbers.some((number) => !Number.isSafeInteger(number) || number < 0))
    return refuse('--worlds, --seed and --world take whole numbers from 0.')
  const [worlds, seed, world] = numbers as [number, number, number]
  if (values.mutant !== undefined && mutationOf(values.mutant) === undefined)
    return refuse(
      `There is no such mutant. There are:\n${['reconciler off', ...MUTANTS.map(({ name }) => name)].map((name) => `  ${name}`).join('\n')}`,
    )
  if (values.world !== undefined || values.choices !== undefined) {
    const choices = values.choices?.split(',').map(Number)
    return tell(choices ? listedChoices(choices) : seededChoices(seedOfWorld(seed, world)), values.mutant ?? '')
  }
  return simulate({ worlds, seed, isJson: values.json, hasMutants: !values['no-mutants'] })
}

type Options = { readonly worlds: number; readonly seed: number; readonly isJson: boolean; readonly hasMutants: boolean }

async function simulate({ worlds, seed, isJson, hasMutants }: Options): Promise<number> {
  const threads = await startThreads()
  try {
    const sound = await runSound(threads, { twin: '', worlds, seed })
    // Few are enough to show that what the mutants break there is of their own making.
    const unreconciled = await runSound(threads, { twin: 'reconciler off', worlds: Math.ceil(worlds / 10), seed })
    const mutants = hasMutants ? await huntMutants(threads, seed) : []
    progress('')
    const findings: Findings = { seed, ...sound, unreconciled, mutants }
    const report = toReport(findings)
    process.stdout.write(isJson ? `${JSON.stringify(report)}\n` : describe(report, findings))
    for (const [twin, { violations }] of [
      ['', sound],
      ['reconciler off', unreconciled],
    ] as const)
      for (const { world, violation } of violations.slice(0, SHOWN_MAX)) await explain({ twin, seed, world, violation })
    return sound.violations.length + unreconciled.violations.length > 0 || mutants.some(({ found }) => !found) ? 1 : 0
  } finally {
    await threads.close()
  }
}

type Run = { readonly twin: BatchOrder['twin']; readonly worlds: number; readonly seed: number }
type Sound = Pick<Findings, 'worlds' | 'turns' | 'seconds' | 'violations' | 'counts'>

async function runSound(threads: Threads, { twin, worlds, seed }: Run): Promise<Sound> {
  const orders: BatchOrder[] = []
  for (let from = 0; from < worlds; from += WORLDS_PER_ORDER)
    orders.push({ kind: 'worlds', twin, seed, from, to: Math.min(worlds, from + WORLDS_PER_ORDER) })
  const { counts } = createCoverage()
  const violations: Findings['violations'][number][] = []
  let [done, turns] = [0, 0]
  const begun = performance.now()
  await threads.run(orders, (result) => {
    done += result.worlds
    turns += result.turns
    violations.push(...result.violations)
    for (const [index, count] of result.counts.entries()) counts[index]! += count
    progress(`${done} of ${worlds} worlds, ${violations.length} broken promises`)
  })
  return {
    worlds,
    turns,
    seconds: (performance.now() - begun) / 1_000,
    violations: violations.toSorted((a, b) => a.world - b.world),
    counts,
  }
}

async function huntMutants(threads: Threads, seed: number): Promise<MutantFinding[]> {
  const orders = MUTANTS.flatMap(({ name }) =>
    Array.from({ length: SEEDS_PER_MUTANT }, (_, number): HuntOrder => ({ kind: 'hunt', mutant: name, seed: seedOfWorld(seed, number) })),
  )
  const runs = new Map<string, number[]>()
  const missed = new Set<string>()
  await threads.run(orders, (result, { mutant }) => {
    runs.set(mutant, [...(runs.get(mutant) ?? []), result.runs])
    if (!result.isFound) missed.add(mutant)
    progress(`mutants: ${runs.size} of ${MUTANTS.length}`)
  })
  return MUTANTS.map(({ name }) => ({ name, found: !missed.has(name), runs: median(runs.get(name) ?? []) }))
}

/** Says how to see a broken promise again, with as few choices as were found to do it. */
async function explain({ twin, seed, world, violation }: Omit<Run, 'worlds'> & Findings['violations'][number]): Promise<void> {
  const machinery = createWorld(createSystem(mutationOf(twin)), createCoverage())
  const choices = seededChoices(seedOfWorld(seed, world))
  const again = await runWorld(machinery, choices)
  const short = again.violation ? await shrink(machinery, choices.given(), again.violation.invariant) : []
  const command = `npm run simulate --${twin === '' ? '' : ` --mutant '${twin}'`}`
  process.stderr.write(
    `\nworld ${world} of seed ${seed} — ${violation.invariant}: ${violation.detail}\n  ${command} --seed ${seed} --world ${world}\n`,
  )
  process.stderr.write(`  the same with ${short.length} choices:\n  ${command} --choices ${short.join(',')}\n`)
}

async function tell(choices: Choices, mutant: string): Promise<number> {
  const mutation = mutationOf(mutant)
  const world = createWorld(createSystem(mutation), createCoverage(), (line) => void process.stdout.write(`${line}\n`))
  const { violation, turns } = await runWorld(world, choices)
  say(
    violation
      ? `\nAfter ${turns} turns ${violation.invariant} is broken: ${violation.detail}\n`
      : `\n${turns} turns, and every promise kept.\n`,
  )
  return violation ? 1 : 0
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

function refuse(text: string): number {
  process.stderr.write(`${text}\n`)
  return 2
}
