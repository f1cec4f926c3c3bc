// npm run import-content -- [provider…] [--restart]: the static content of suppliers of stays, into DATABASE_URL. Goes on where it was interrupted.
import { providerFaults } from '../src/providers/index.ts'
import type { ImportProgress } from '../src/search/index.ts'
import { openContent } from './stack/content.ts'

/** Ctrl-C reaches a process more than once: from the terminal, from npm and from commands/run.mjs. */
const SAME_KEYPRESS_MS = 1_000
/** How often a line is written where it cannot be written over. */
const LINE_EVERY_MS = 5_000

const isTerminal = process.stdout.isTTY
const stopping = new AbortController()
let stoppedAt = 0
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, stop)
// The channel to commands/run.mjs must not keep this process alive by itself.
process.channel?.unref()

process.exitCode = await run(process.argv.slice(2))

async function run(args: readonly string[]): Promise<number> {
  const restart = args.includes('--restart')
  const names = args.filter((argument) => argument !== '--restart')
  const { DATABASE_URL: url } = process.env
  const faults = [
    ...(url
      ? []
      : ['DATABASE_URL is missing: Postgres, as a role that may act as farewire_app, for example postgres://farewire@db/farewire']),
    ...providerFaults(process.env),
  ]
  if (faults.length > 0 || !url) return refuse([...faults, 'npm start imports by itself what its suppliers have.'])
  const { content, close } = openContent({ ...process.env, DATABASE_URL: url })
  try {
    const ids = content.providers.map((provider) => provider.id)
    const strangers = names.filter((name) => !ids.includes(name))
    if (strangers.length > 0 || ids.length === 0)
      return refuse([
        ids.length === 0
          ? 'No supplier of stays is switched on.'
          : `There is no supplier of stays "${strangers[0]!}" here: choose among ${ids.join(', ')}.`,
      ])
    let code = 0
    for (const provider of content.providers) {
      if (names.length > 0 && !names.includes(provider.id)) continue
      code = Math.max(code, await importOne(content, provider, restart))
      if (stopping.signal.aborted) return 130
    }
    return code
  } finally {
    await close()
  }
}

type Content = ReturnType<typeof openContent>['content']

async function importOne(content: Content, provider: Content['providers'][number], restart: boolean): Promise<number> {
  const begun = performance.now()
  let writtenAt = Number.NEGATIVE_INFINITY
  const onProgress = ({ imported, total }: ImportProgress): void => {
    const rest = total === null ? '' : ` of ${total}`
    const line = `${provider.id}: ${imported}${rest} properties, ${((performance.now() - begun) / 1_000).toFixed(0)} s`
    if (isTerminal) process.stdout.write(`\r${line.padEnd(70)}`)
    else if (performance.now() - writtenAt > LINE_EVERY_MS) {
      writtenAt = performance.now()
      process.stdout.write(`${line}\n`)
    }
  }
  try {
    const imported = await content.importFrom({ provider, restart, signal: stopping.signal, onProgress })
    if (isTerminal) process.stdout.write('\r')
    if (imported.outcome === 'busy') {
      process.stdout.write(`${provider.id}: another process is importing it\n`)
      return 1
    }
    if (imported.outcome === 'stopped') {
      process.stdout.write(`${provider.id}: stopped after ${imported.imported} properties; the same command goes on there\n`)
      return 0
    }
    const left = imported.unusable === 0 ? '' : `, ${imported.unusable} unusable`
    const line = `${provider.id}: ${imported.imported} properties imported, ${imported.removed} removed${left}`
    process.stdout.write(`${isTerminal ? line.padEnd(70) : line}\n`)
    return 0
  } catch (error) {
    process.stderr.write(`\n${provider.id}: ${error instanceof Error ? error.message : String(error)}; the same command goes on there\n`)
    return 1
  }
}

function stop(): void {
  if (stoppedAt > 0) {
    if (performance.now() - stoppedAt > SAME_KEYPRESS_MS) process.exit(130)
    return
  }
  stoppedAt = performance.now()
  stopping.abort()
}

function refuse(faults: readonly string[]): number {
  process.stderr.write(`${faults.join('\n')}\n`)
  return 2
}
