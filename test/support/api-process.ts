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

const READY_MS = 90_000

export type ProcessOptions = {
  /** For negative controls: it ends at once when it is told to, as a process does that nobody taught to leave. */
  readonly endsAtOnce?: boolean
}

const END_AT_ONCE = `data:text/javascript,process.once('SIGTERM',()=>process.exit(0))`

function startProcess(role: 'api' | 'worker', environment: Readonly<Record<string, string>>, options: ProcessOptions) {
  const imports = ['--import', 'tsx', ...(options.endsAtOnce ? ['--import', END_AT_ONCE] : [])]
  const child = spawn(process.execPath, [...imports, 'src/main.ts', role], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await exited
  }
  return { child, end, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}

/** Starts `src/main.ts worker` in this environment. It has no address to be asked at whether it is ready. */
export function startWorkerProcess(
  environment: Readonly<Record<string, string>>,
  options: ProcessOptions = {},
): Pick<ApiProcess, 'kill' | 'stop'> {
  const { kill, stop } = startProcess('worker', { ...environment, LOG_LEVEL: 'error' }, options)
  return { kill, stop }
}

/** Starts `src/main.ts api` in this environment and waits until it is ready. */
export async function startApiProcess(environment: Readonly<Record<string, string>>, options: ProcessOptions = {}): Promise<ApiProcess> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const { child, end } = startProcess('api', { ...environment, PORT: String(port), LOG_LEVEL: 'error' }, options)
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
