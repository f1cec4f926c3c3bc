import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'

/** What a server process says about itself. */
export type Usage = {
  readonly cpuMicros: number
  readonly rssBytes: number
  readonly heapBytes: number
  readonly offHeapBytes: number
  readonly calls: number
}

/** A server under measurement: a process of its own. */
export type ServerProcess = {
  readonly name: string
  readonly port: number
  readonly usage: () => Promise<Usage>
  /** Tells the server something and waits until it has done it. */
  readonly tell: (order: Order) => Promise<unknown>
  readonly close: () => Promise<void>
}

/** What a server can be told. */
export type Order =
  | { readonly kind: 'usage' }
  /** A new superset for the route with this number. */
  | { readonly kind: 'swap'; readonly route: number }
  /** What only this server can say of itself. */
  | { readonly kind: 'facts' }
  | { readonly kind: 'close' }

export type FromServer =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
export type ToServer = { readonly id: number; readonly order: Order }

const SERVER_CORE = '0'
const CLIENT_CORE = '1'
/** Of util-linux; where it is missing nothing is pinned. */
const PIN = 'taskset'
const READY_MS = 120_000

/** Puts this process, and whatever it starts unpinned, on the client's core. False where that cannot be done. */
export function pinClient(): boolean {
  if (process.platform !== 'linux' || cpus().length < 2) return false
  try {
    execFileSync(PIN, ['-a', '-p', '-c', CLIENT_CORE, String(process.pid)], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export type StartOptions = {
  readonly name: string
  /** A script that talks as `FromServer` and `ToServer` say. */
  readonly script: string
  readonly config: unknown
  /** On the servers' core, on whichever is free, or, where nothing can be pinned, as it is. */
  readonly place: 'server core' | 'any core' | 'as it is'
  readonly nodeOptions?: readonly string[]
}

/** Starts a server and waits until it listens. It ends with this process: its channel closes. */
export async function startServer({ name, script, config, place, nodeOptions = [] }: StartOptions): Promise<ServerProcess> {
  const command = [process.execPath, ...nodeOptions, '--import', 'tsx', script, JSON.stringify(config)]
  const cores = place === 'server core' ? SERVER_CORE : `0-${cpus().length - 1}`
  const [program = '', ...args] = place === 'as it is' ? command : [PIN, '-c', cores, ...command]
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, NODE_ENV: 'production' } })
  const waiting = new Map<number, (value: unknown) => void>()
  let next = 0
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the server "${name}" ended with ${String(code)}`)
  })
  gone.catch(() => undefined)

  const ready = new Promise<number>((resolve) => {
    child.on('message', (message: FromServer) => {
      if (message.kind === 'ready') resolve(message.port)
      else {
        waiting.get(message.id)?.(message.value)
        waiting.delete(message.id)
      }
    })
  })
  const tell = (order: Order): Promise<unknown> => {
    const id = (next += 1)
    const answer = new Promise((resolve) => waiting.set(id, resolve))
    child.send({ id, order } satisfies ToServer)
    return Promise.race([answer, gone])
  }
  const patience = setTimeout(() => child.kill('SIGKILL'), READY_MS)
  const port = await Promise.race([ready, gone]).finally(() => clearTimeout(patience))
  return {
    name,
    port,
    tell,
    usage: async () => (await tell({ kind: 'usage' })) as Usage,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.send({ id: 0, order: { kind: 'close' } } satisfies ToServer)
      const forced = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await exited
      clearTimeout(forced)
    },
  }
}

/** The other end: what a server's script does with what it is told. */
export function serveOrders(
  port: number,
  handlers: {
    swap?: (route: number) => Promise<void>
    calls: () => number
    facts?: () => unknown
    close: () => Promise<void>
  },
): void {
  const send = (message: FromServer) => process.send?.(message)
  const obey = async ({ id, order }: ToServer): Promise<void> => {
    if (order.kind === 'close') {
      await handlers.close()
      process.exit(0)
    }
    if (order.kind === 'swap') await handlers.swap?.(order.route)
    const value = order.kind === 'usage' ? usageOf(handlers.calls()) : order.kind === 'facts' ? handlers.facts?.() : null
    send({ kind: 'done', id, value })
  }
  process.on('message', (message: ToServer) => void obey(message))
  process.once('disconnect', () => process.exit(0))
  send({ kind: 'ready', port })
}

function usageOf(calls: number): Usage {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, arrayBuffers, external } = process.memoryUsage()
  return { cpuMicros: user + system, rssBytes: rss, heapBytes: heapUsed, offHeapBytes: Math.max(arrayBuffers, external), calls }
}
