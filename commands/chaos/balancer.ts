import type { ChaosStack } from './stack.ts'

/** In front of the APIs: sends requests to those that say they are ready, and tries nothing twice. */
export type Balancer = {
  /** The status of the answer, 0 when there was none; and what was said, by whom, in words. */
  readonly send: (path: string, init?: RequestInit) => Promise<{ readonly status: number; readonly said: string }>
  readonly close: () => void
}

const LOOK_MS = 50
const ANSWER_MS = 20_000

/** Looks at the readiness of each API as often as a load balancer that is meant to notice within DRAIN_MS. */
export function startBalancer(stack: ChaosStack): Balancer {
  let ready: readonly string[] = stack.processes('api').map(({ url }) => url)
  let turn = 0
  const look = async (): Promise<void> => {
    const urls = stack.processes('api').map(({ url }) => url)
    const answers = await Promise.all(
      urls.map((url) =>
        fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1_000) }).then(
          async (reply) => {
            await reply.arrayBuffer()
            return reply.ok
          },
          // Who is only slow stays where it was; who refuses a connection has gone.
          (error: Error) => error.name === 'TimeoutError' && ready.includes(url),
        ),
      ),
    )
    ready = urls.filter((_, at) => answers[at])
  }
  let isClosed = false
  const loop = async (): Promise<void> => {
    while (!isClosed) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }
  void loop()
  return {
    send: async (path, init = {}) => {
      turn += 1
      const url = ready[turn % Math.max(1, ready.length)]
      // Nobody to send it to is an answer too: what a balancer says by itself.
      if (url === undefined) return { status: 502, said: 'nobody was ready' }
      const begun = performance.now()
      const about = (what: string): string => `${what} from ${url} after ${Math.round(performance.now() - begun)} ms`
      return fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(ANSWER_MS) }).then(
        async (reply) => ({ status: reply.status, said: about((await reply.text()).slice(0, 120)) }),
        (error: Error) => ({ status: 0, said: about(String(error.cause ?? error)) }),
      )
    },
    close: () => {
      isClosed = true
    },
  }
}
