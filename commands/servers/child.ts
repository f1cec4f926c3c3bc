import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server that this process started and that cannot outlive it. */
export type Child = {
  /** Settles when the server is gone, whatever ended it. */
  readonly exited: Promise<void>
  readonly hasExited: () => boolean
  /** Asks the server to stop, and kills it after `stopMs`. Safe to call twice. */
  readonly stop: () => Promise<void>
}

export type ChildOptions = {
  readonly command: string
  readonly args: readonly string[]
  readonly logFile: string
  /** The signal the server understands as "finish what you do and stop". */
  readonly stopSignal: 'INT' | 'TERM'
  readonly stopMs: number
  readonly workingDirectory: string
  /** Whom to run as; only root may choose. */
  readonly user?: SystemUser
  readonly environment?: Record<string, string>
}

export type SystemUser = { readonly name: string; readonly uid: number; readonly gid: number }

/**
 * The shell waits for its standard input to end, which happens when this process closes it or dies in any way,
 * SIGKILL included; then it stops the server. The server itself runs in a session of its own: Ctrl-C in the terminal
 * must not take the database away from an application that is still draining.
 */
const LIFELINE = `
exec 3<&0
signal=$1; shift
"$@" 3<&- &
server=$!
( read -r _ <&3; kill -s "$signal" "$server" ) 2>/dev/null &
reader=$!
wait "$server"; code=$?
kill "$reader" 2>/dev/null
exit "$code"
`

/** Starts a server that dies with this process; its output goes to `logFile`. */
export function startChild(options: ChildOptions): Child {
  const log = openSync(options.logFile, 'a', 0o600)
  const child = spawn('/bin/sh', ['-c', LIFELINE, 'lifeline', options.stopSignal, options.command, ...options.args], {
    cwd: options.workingDirectory,
    detached: true,
    stdio: ['pipe', log, log],
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', ...options.environment },
    ...(options.user && { uid: options.user.uid, gid: options.user.gid }),
  })
  closeSync(log)
  let isGone = false
  const exited = new Promise<void>((resolve) => {
    const settle = () => {
      isGone = true
      resolve()
    }
    child.once('exit', settle)
    child.once('error', settle)
  })
  child.stdin?.on('error', () => undefined) // the shell may be gone before the pipe is closed
  child.unref()
  ;(child.stdin as unknown as { unref: () => void } | null)?.unref()

  async function stop(): Promise<void> {
    child.stdin?.end()
    const patience = new AbortController()
    const deadline = sleep(options.stopMs, undefined, { signal: patience.signal }).catch(() => undefined)
    await Promise.race([exited, deadline])
    patience.abort()
    if (isGone || child.pid === undefined) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      return // ended between the two lines
    }
    await exited
  }

  return { exited, hasExited: () => isGone, stop }
}

/** The last lines a server wrote, for an error message. */
export async function lastLines(logFile: string, count = 12): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-count).join('\n')
}

/** A port nobody listens on at this moment. Another process may take it first: whoever uses it tries again. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port was given'))))
    })
  })
}

/** Asks `isReady` every `everyMs` until it answers true. False when the child ended or the deadline passed before. */
export async function waitUntilReady(child: Child, isReady: () => Promise<boolean>, deadlineMs: number, everyMs = 40): Promise<boolean> {
  const giveUpAt = performance.now() + deadlineMs
  while (performance.now() < giveUpAt) {
    if (child.hasExited()) return false
    if (await isReady()) return true
    await sleep(everyMs)
  }
  return false
}
