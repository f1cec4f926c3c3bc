// npm run reconcile -- [--day 2026-11-24] [--json]: compares the books of a day with those of gateways and suppliers.
import { parseArgs } from 'node:util'
import { isLocalDate, plusDays, systemClock, utcDate, type LocalDate } from '../src/kernel/time.ts'
import { findRunning } from './running.ts'
import { findHome } from './stack/home.ts'
import { tellReconciliation, type Outcome, type Told } from './tell-reconciliation.ts'

const WAIT_MS = 15 * 60_000
const LOOK_EVERY_MS = 500

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
process.on('disconnect', () => process.exit(130))
process.channel?.unref()

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let values
  try {
    values = parseArgs({
      args: [...args],
      options: { day: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }).values
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : String(error)}\n${help()}`)
  }
  if (values.help) {
    process.stdout.write(help())
    return 0
  }
  const day = values.day ?? plusDays(utcDate(systemClock.now()), -1)
  if (!isLocalDate(day)) return refuse(`"${day}" is not a day such as 2026-11-24.\n`)
  const outcome = process.env.DATABASE_URL ? await runHere(day) : await runThere(day)
  if (typeof outcome === 'string') return refuse(outcome)
  process.stdout.write(values.json ? `${JSON.stringify(outcome)}\n` : tellReconciliation(outcome))
  return outcome.run.state === 'done' ? 0 : 1
}

function help(): string {
  return [
    'npm run reconcile -- [--day 2026-11-24] [--json]',
    '',
    'Compares the ledger and the bookings of a day (UTC; yesterday where none is named) with what gateways and suppliers say of it.',
    'With the environment of a server it does so by itself; otherwise it asks what `npm start` runs, and needs its OPS_TOKEN.',
    'Ends with 0 when every statement was compared, whatever that found, 1 when one could not be, 2 when it could not begin.',
    '',
  ].join('\n')
}

/** In this process, against the databases and partners of the environment. */
async function runHere(day: LocalDate): Promise<Outcome | string> {
  const [{ ConfigError, loadConfig }, { createServices }, { toBreakViews, toRunView }] = await Promise.all([
    import('../src/app/config.ts'),
    import('../src/app/services.ts'),
    import('../src/reporting/views.ts'),
  ])
  let config
  try {
    config = loadConfig(process.env)
  } catch (error) {
    if (error instanceof ConfigError) return `${error.message}\n`
    throw error
  }
  const { reconciliation, clock, close } = createServices(config)
  try {
    const run = await reconciliation.run(day, 'command')
    if (!run) return 'Another comparison is under way.\n'
    const breaks = []
    let afterId: string | undefined
    for (;;) {
      const page = await reconciliation.listBreaks({ day, limit: 500, ...(afterId !== undefined && { afterId }) })
      const told = page.filter((one) => one.state !== 'settled')
      breaks.push(...toBreakViews(told, await reconciliation.entriesOf(told), clock.now()))
      if (page.length < 500) return { run: toRunView(run), breaks }
      afterId = page.at(-1)!.id
    }
  } finally {
    await close()
  }
}

/** By a worker of the stack that `npm start` runs. */
async function runThere(day: LocalDate): Promise<Outcome | string> {
  const running = await findRunning(findHome(process.env))
  if (!running) return 'Nothing is running. Start it with npm start, or set the environment of a server (DATABASE_URL …).\n'
  const { OPS_TOKEN: token } = process.env
  if (!token) return 'OPS_TOKEN is missing: npm start prints it with the address of the suppliers.\n'
  const call = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    const reply = await fetch(`${running.urls.api}/v1/ops/reconciliations${path}`, {
      ...init,
      headers,
      signal: AbortSignal.timeout(30_000),
    })
    const body = (await reply.json()) as { title?: string; detail?: string }
    if (!reply.ok) throw new Error(`${body.title ?? reply.status}. ${body.detail ?? ''}`)
    return body
  }
  const asked = (await call('', { method: 'POST', body: JSON.stringify({ day }) })) as { id: string }
  for (const until = performance.now() + WAIT_MS; performance.now() < until;) {
    const told = (await call(`?day=${day}&state=open`)) as Told
    const run = told.runs.find((one) => one.id === asked.id)
    if (run && run.state !== 'requested' && run.state !== 'running') {
      const { breaks } = (await call(`?day=${day}&state=written_off`)) as Told
      return { run, breaks: [...told.breaks, ...breaks] }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  return 'The comparison takes longer than a quarter of an hour; look at GET /v1/ops/reconciliations.\n'
}

function refuse(message: string): number {
  process.stderr.write(message)
  return 2
}
