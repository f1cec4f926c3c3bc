import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../servers/index.ts'
import { repository } from '../stack/home.ts'

/** An API or a worker of its own, started as in production, that may be killed. */
export type Process = {
  readonly name: string
  readonly role: 'api' | 'worker'
  /** Where it listens; empty for a worker. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly isAlive: () => boolean
  /** Settles when it is gone, whatever ended it. */
  readonly exited: Promise<void>
  /** How it ended when nobody had asked it to: its code or signal. Null while it lives, and when it was killed, stopped or armed to die. */
  readonly diedOf: () => string | null
  /** At once, without a word to anybody. */
  readonly kill: () => Promise<void>
  /** As a deployment stops it. */
  readonly stop: () => Promise<void>
  /** It stands still, holding what it holds. */
  readonly freeze: () => void
  readonly thaw: () => void
}

export type ProcessOptions = {
  readonly name: string
  readonly role: 'api' | 'worker'
  readonly environment: Readonly<Record<string, string>>
  /** Where its log goes; appended to. */
  readonly logFile: string
  /** A program that starts it, such as faketime, with its arguments. */
  readonly under?: readonly string[]
}

const STOP_MS = 30_000

/** Starts `src/main.ts`; it is not ready yet. It dies with this process. */
export async function startProcess(options: ProcessOptions): Promise<Process> {
  const { name, role } = options
  const port = role === 'api' ? await findFreePort() : 0
  const log = openSync(options.logFile, 'a', 0o600)
  const command = [
    ...(options.under ?? []),
    process.execPath,
    '--import',
    path.join(repository, 'commands/chaos/lifeline.mjs'),
    ...(options.environment['CHAOS_REWRITES'] === undefined
      ? []
      : ['--import', path.join(repository, 'commands/chaos/rewrite-statements.mjs')]),
    '--import',
    'tsx',
    'src/main.ts',
    role,
  ]
  const child = spawn(command[0]!, command.slice(1), {
    cwd: repository,
    env: { PATH: process.env.PATH ?? '', ...options.environment, PORT: String(port) },
    stdio: ['pipe', log, log],
  })
  closeSync(log)
  child.stdin?.on('error', () => undefined)
  let isGone = false
  let isMeant = options.environment['FAILPOINT'] !== undefined
  let death: string | null = null
  const exited = new Promise<void>((resolve) => {
    const settle = (): void => {
      isGone = true
      resolve()
    }
    child.once('exit', (code, signal) => {
      if (!isMeant) death = signal ?? `code ${code}`
      settle()
    })
    child.once('error', settle)
  })
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    isMeant = true
    // A process that stands still gets a SIGTERM only when it goes on.
    if (!isGone && signal !== 'SIGKILL') child.kill('SIGCONT')
    child.kill(signal)
    const late = sleep(STOP_MS, 'late', { ref: false })
    if ((await Promise.race([exited, late])) === 'late') {
      child.kill('SIGKILL')
      await exited
    }
  }
  return {
    name,
    role,
    url: role === 'api' ? `http://127.0.0.1:${port}` : '',
    port,
    pid: child.pid ?? 0,
    isAlive: () => !isGone,
    exited,
    diedOf: () => death,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}
