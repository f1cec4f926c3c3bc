import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A load balancer as small as one can be: in turn to whoever says that it is ready, and never twice for one request. */
export type RoundRobin = {
  readonly url: string
  readonly add: (target: string) => void
  /** Requests that no target was there for, or that a target let fall. */
  readonly lost: () => readonly string[]
  readonly close: () => Promise<void>
}

const CHECK_MS = 100
const CHECK_TIMEOUT_MS = 1_000

/** Listens on `port`. A target that no longer answers is asked on, and gets requests again when it is ready again. */
export async function startRoundRobin(port: number): Promise<RoundRobin> {
  const agent = new Agent({ keepAlive: true, maxSockets: 500 })
  const targets = new Map<string, boolean>()
  const lost: string[] = []
  let turn = 0

  const check = async (target: string): Promise<void> => {
    const isReady = await fetch(`${target}/health/ready`, { signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) }).then(
      (reply) => reply.ok,
      // Who says nothing is slow; who cannot be reached is gone.
      (error: Error) => error.name === 'TimeoutError' && targets.get(target) === true,
    )
    targets.set(target, isReady)
  }
  const timer = setInterval(() => void Promise.all([...targets.keys()].map(check)), CHECK_MS)

  const lose = (request: IncomingMessage, response: ServerResponse, why: string): void => {
    lost.push(`${request.method} ${request.url?.split('?')[0]}: ${why}`)
    if (response.headersSent) response.destroy()
    else response.writeHead(502).end()
  }

  const server = createServer((request, response) => {
    const ready = [...targets].filter(([, isReady]) => isReady).map(([target]) => target)
    const target = ready[(turn += 1) % ready.length]
    if (target === undefined) return lose(request, response, 'nobody is ready')
    const { connection: _, ...headers } = request.headers
    const onward = send(target + request.url, { method: request.method!, headers, agent }, (reply) => {
      const { connection: __, ...replied } = reply.headers
      response.writeHead(reply.statusCode!, replied)
      reply.on('error', (error) => lose(request, response, error.message))
      reply.pipe(response)
    })
    onward.on('error', (error) => lose(request, response, error.message))
    request.pipe(onward)
  })
  // Longer than any client of a test keeps an idle connection: one closed under a request would look like a lost one.
  server.keepAliveTimeout = 120_000
  server.listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (target) => void targets.set(target, true),
    lost: () => lost,
    close: () => {
      clearInterval(timer)
      agent.destroy()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
