import { makeTemporaryHome } from '../../commands/stack/temporary-home.ts'
import { startStack, type Stack } from '../../commands/stack.ts'
import { createTestDatabase } from './postgres.ts'
import { createTestRedis } from './redis.ts'

export type JourneyStack = Stack & {
  /** Calls the public API; the body of the answer is parsed as JSON. */
  readonly call: (method: 'GET' | 'POST', path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>
  /** Searches, and waits until every supplier has been heard or given up. */
  readonly search: (path: string) => Promise<Reply>
}

// What a journey reads is what it asserts on, field by field.
// oxlint-disable-next-line typescript/no-explicit-any
export type Reply = { readonly status: number; readonly headers: Headers; readonly body: any }

/** The whole stack over the run's own database servers: API, workers, mocks and inbox; the web page only when asked for. */
export async function startJourneyStack(
  options: {
    environment?: Record<string, string>
    hasWebPage?: boolean
    hasLatency?: boolean
    suppliers?: readonly string[]
    /** What runs in this process; without any, a test starts processes of its own behind `port`. */
    roles?: readonly ('api' | 'worker')[]
    port?: number
  } = {},
): Promise<JourneyStack> {
  const [home, database, cache, state] = await Promise.all([
    makeTemporaryHome('journey'),
    createTestDatabase(),
    createTestRedis({ server: 'cache' }),
    createTestRedis(),
  ])
  const environment = {
    DATABASE_URL: database.url,
    REDIS_URL: cache.url,
    REDIS_STATE_URL: state.url,
    LOG_LEVEL: 'silent',
    // On a machine that is busy with other tests, threads that stand back would never get a turn, and a first search
    // may take longer than a traveller would be asked to wait.
    READING_NICENESS: '0',
    SEARCH_DEADLINE_MS: '25000',
    ...options.environment,
  }
  const stack = await startStack({
    home,
    environment,
    hasWebPage: options.hasWebPage ?? false,
    hasLatency: options.hasLatency ?? true,
    suppliers: options.suppliers ?? ['travelport', 'duffel'],
    fsync: false,
    ...(options.roles && { roles: options.roles }),
    ...(options.port !== undefined && { port: options.port }),
    // A journey finds every house at once.
    // Rooms are bought only where a journey has chosen who sells them.
    contentMs: options.suppliers === undefined ? 0 : 60_000,
  })
  return {
    ...stack,
    call: (method, path, body, headers = {}) => callApi(stack.urls.api + path, method, body, headers),
    search: (path) => searchWhole(stack.urls.api + path),
    close: async () => {
      await stack.close()
      await Promise.all([database.close(), cache.close(), state.close()])
      await home.remove()
    },
  }
}

/** Calls an address within 30 s and reads its answer. */
export async function callApi(
  url: string,
  method: 'GET' | 'POST' | 'DELETE',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const hasBody = body !== undefined
  const response = await fetch(url, {
    method,
    headers: { ...(hasBody && { 'content-type': 'application/json' }), ...headers },
    ...(hasBody && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
  }
}

/** The answer to a search when every supplier has been heard or given up: asks again as long as one is still being asked. */
export async function searchWhole(url: string): Promise<Reply> {
  let reply = await callApi(url, 'GET')
  while (reply.status === 200 && reply.body.sources.some((source: { state: string }) => source.state === 'asked')) {
    const known = reply.headers.get('etag') ?? ''
    const next = await callApi(url, 'GET', undefined, { 'if-none-match': known, prefer: 'wait=5' })
    if (next.status !== 304) reply = next
  }
  return reply
}

/** A date `days` from now, as a search wants it. */
export function dateIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

/** A mock's control stands at the root of its server, whatever path the supplier's API has. */
function control(mockUrl: string | null | undefined, name: 'faults' | 'state'): string {
  if (!mockUrl) throw new Error('this partner is not a mock of ours')
  return new URL(`/__ctl/${name}`, mockUrl).href
}

/** Arms a fault at a supplier mock. */
export async function armFault(
  mockUrl: string | null | undefined,
  fault: { operation: string; kind: string; count?: number; delay_ms?: number },
): Promise<void> {
  const reply = await callApi(control(mockUrl, 'faults'), 'POST', fault)
  if (reply.status >= 300) throw new Error(`the mock refused the fault: ${JSON.stringify(reply.body)}`)
}

/** Disarms all faults and forgets the counts of calls. */
export async function clearFaults(mockUrl: string | null | undefined): Promise<void> {
  await callApi(control(mockUrl, 'faults'), 'DELETE')
}

/** How often each operation of a mock has been called since its faults were cleared. */
export async function callsOf(mockUrl: string | null | undefined): Promise<Record<string, number>> {
  return (await callApi(control(mockUrl, 'state'), 'GET')).body.calls
}

/** Asks until `accept` is satisfied, at most for `withinMs`; then throws with what was seen last. */
export async function until<T>(ask: () => Promise<T>, accept: (seen: T) => boolean, withinMs = 20_000): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const seen = await ask()
    if (accept(seen)) return seen
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms; last seen: ${JSON.stringify(seen).slice(0, 800)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
