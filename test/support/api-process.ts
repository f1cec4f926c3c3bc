import { spawn } from 'node:child_process'
import { findFreePort } from '../../commands/servers/index.ts'

/** An API process of its own, as it runs in production, that a test may kill. */
export type ApiProcess = {
  readonly url: string
  /** At once, without a word to anybody. */
  readonly kill: () => Promise<void>
  /** As a deployment stops it. */
  readonly stop: () => Promise<void>
}

const READY_MS = 30_000

/** Starts `src/main.ts api` in this environment and waits until it is ready. */
export async function startApiProcess(environment: Readonly<Record<string, string>>): Promise<ApiProcess> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'api'], {
    env: { PATH: process.env.PATH, ...environment, PORT: String(port), LOG_LEVEL: 'error' },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await exited
  }
  const deadline = performance.now() + READY_MS
  for (;;) {
    const isReady = await fetch(`${url}/health/ready`).then(
      (reply) => reply.ok,
      () => false,
    )
    if (isReady) return { url, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
    if (child.exitCode !== null || performance.now() > deadline) {
      await end('SIGKILL')
      throw new Error('an API process did not become ready')
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
