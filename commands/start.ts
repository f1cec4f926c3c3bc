// npm start: the whole of Farewire on this machine, until Ctrl-C.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { inspect, styleText } from 'node:util'
import { FACADES } from '../fixtures/gateways/index.ts'
import { SUPPLIER_MOCKS } from '../fixtures/mocks.ts'
import { findRunning, forgetRunning, noteRunning } from './running.ts'
import { findHome, repository } from './stack/home.ts'
import { findPort } from './stack/ports.ts'
import { startStack, type Stack, type Step } from './stack.ts'

const DEFAULT_PORT = 4000
const CLOSE_MS = 15_000
/** Ctrl-C reaches a process more than once: from the terminal, from npm and from commands/run.mjs. */
const SAME_KEYPRESS_MS = 1_000

const isStyled = process.stdout.isTTY && process.env.NO_COLOR === undefined
const style = (format: Parameters<typeof styleText>[0], text: string) => (isStyled ? styleText(format, text) : text)
const print = (line = '') => process.stdout.write(`${line}\n`)

const home = findHome(process.env)
const isFirstStart = !existsSync(path.join(home.directory, 'secrets.json'))

let stack: Stack | undefined
let stoppedAt = 0
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, () => void stop(0))
process.on('uncaughtException', (error) => fail(error))
process.on('unhandledRejection', (error) => fail(error))
// A terminal that was closed, or `| head`: what cannot be said any more must not end what runs.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
await start().catch(fail)

async function start(): Promise<void> {
  const { version } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as { version: string }
  print(`${style('bold', `Farewire ${version}`)} · development · Node ${process.versions.node}`)
  const running = await findRunning(home)
  if (running)
    return refuse(
      `Farewire already runs here, as process ${running.pid}, at ${running.urls.web}.\nStop that one first, or give this one a folder of its own with FAREWIRE_HOME=…`,
    )
  const wanted = Number(process.env.PORT || DEFAULT_PORT)
  const { port, holder } = await findPort(wanted)
  if (holder) print(style('yellow', `Port ${wanted} is held by ${holder}; using ${port}.`))
  print()
  const started = await startStack({
    home,
    port,
    hasFixedPorts: true,
    environment: { ...process.env, PORT: undefined },
    onStep: printStep,
    say: (message) => print(style('dim', `  ${message} …`)),
  })
  if (stoppedAt > 0) return started.close() // Ctrl-C came while it was starting
  stack = started
  await noteRunning(home, stack.urls)
  printAddresses(stack)
}

function printStep(step: Step): void {
  const seconds = `${(step.ms / 1000).toFixed(1)} s`
  print(`  ${style('green', 'o--o--o')}  ${step.name.padEnd(10)} ${step.detail.padEnd(44)} ${style('dim', seconds.padStart(6))}`)
}

function printAddresses({ urls, environment }: Stack): void {
  const addresses: [string, string | null][] = [
    ['Shop', urls.web],
    ['API docs', `${urls.web}/docs/api`],
    ['Inbox', urls['inbox'] ?? null],
  ]
  const partners: [string, string | null][] = [
    ['Stripe', urls['stripe'] ?? null],
    ...FACADES.map(({ id, name }): [string, string | null] => [name, urls[id] ?? null]),
    ...SUPPLIER_MOCKS.map(({ id, name }): [string, string | null] => [name, urls[id] ?? null]),
  ]
  print()
  for (const [name, url] of isFirstStart ? [...addresses, ...partners] : addresses)
    if (url) print(`  ${name.padEnd(10)} ${style('cyan', url)}`)
  // A token that was given is known to whoever gave it; one that was made is known to nobody else.
  const token = process.env.OPS_TOKEN ? '$OPS_TOKEN' : environment.OPS_TOKEN
  print(`  ${'Suppliers'.padEnd(10)} ${style('dim', `curl -H "Authorization: Bearer ${token}" ${urls.web}/v1/ops/suppliers`)}`)
  print()
  if (isFirstStart) {
    print(`Next:  ${style('bold', 'npm run demo -- happy')}      watch a booking end to end (in another terminal)`)
    print(`       ${style('bold', 'npm run demo -- sold-out')}   and one that is refunded`)
    print(style('dim', `Data stays in ${home.directory}; Ctrl-C stops everything.`))
  } else {
    print(`Next:  ${style('bold', 'npm run demo -- happy')} in another terminal. Ctrl-C stops everything.`)
  }
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function fail(error: unknown): void {
  process.stderr.write(`\n${error instanceof Error && process.env.LOG_LEVEL !== 'debug' ? error.message : inspect(error)}\n`)
  void stop(1)
}

/** The first call stops everything in order; one more, later, gives up waiting. The servers die with this process either way. */
async function stop(code: number): Promise<void> {
  if (stoppedAt > 0) {
    if (performance.now() - stoppedAt > SAME_KEYPRESS_MS) process.exit(130)
    return
  }
  stoppedAt = performance.now()
  if (code === 0) print(style('dim', '\nStopping …'))
  setTimeout(() => process.exit(code || 1), CLOSE_MS).unref()
  await forgetRunning(home)
  try {
    await stack?.close()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
  if (code === 0 && stack) print(style('dim', `Stopped in ${((performance.now() - stoppedAt) / 1000).toFixed(1)} s.`))
  process.exit(code)
}
