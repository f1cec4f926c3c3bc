import { Redis } from 'ioredis'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApiProcess, type ApiProcess } from '../support/api-process.ts'
import { armFault, callsOf, clearFaults, dateIn, startJourneyStack, until, type JourneyStack } from '../support/journey.ts'

const REQUESTS = 5_000
const SUPPLIER_MS = 1_500
const DEADLINE_MS = 6_000

let stack: JourneyStack
let cache: Redis
const processes: ApiProcess[] = []

beforeAll(async () => {
  stack = await startJourneyStack({ environment: { SEARCH_DEADLINE_MS: String(DEADLINE_MS) } })
  cache = new Redis(stack.environment['REDIS_URL']!)
  processes.push(...(await Promise.all([startApiProcess(stack.environment), startApiProcess(stack.environment)])))
})
afterAll(async () => {
  await Promise.all(processes.map((one) => one.kill()))
  cache?.disconnect()
  await stack?.close()
})

type Told = { readonly status: number; readonly total: number; readonly ms: number; readonly via: string }

const agent = new Agent({ connections: 500, pipelining: 1, connect: { timeout: 10_000 } })

/** As a balancer does it: whoever loses the connection to a process that died is sent to the other one. */
async function searchThrough(urls: readonly string[], path: string): Promise<Told> {
  const begun = performance.now()
  for (const url of urls) {
    try {
      const { statusCode, body } = await request(url + path, { dispatcher: agent, headersTimeout: 20_000 })
      const reply = (await body.json()) as { total: number }
      return { status: statusCode, total: reply.total, ms: performance.now() - begun, via: url }
    } catch {
      // the next one
    }
  }
  throw new Error('no process answered')
}

test('5,000 identical searches over two processes, one killed while it leads: one call per supplier and one take-over, nobody waits beyond the deadline', async () => {
  const [leader, other] = processes as [ApiProcess, ApiProcess]
  const path = `/v1/flights/offers?origin=CGK&destination=NRT&departure_date=${dateIn(70)}`
  for (const mock of [stack.urls.travelport, stack.urls.duffel]) {
    await clearFaults(mock)
    await armFault(mock, { operation: 'shop', kind: 'slow', count: 10, delay_ms: SUPPLIER_MS })
  }
  const first = searchThrough([leader.url, other.url], path)
  await until(
    () => cache.keys('flight:s:*:lease'),
    (keys) => keys.length === 1,
  )
  await until(
    async () => [await callsOf(stack.urls.travelport), await callsOf(stack.urls.duffel)],
    (calls) => calls.every((one) => one['shop'] === 1),
  )
  const begun = performance.now()
  const rest = Array.from({ length: REQUESTS - 1 }, (_, i) =>
    searchThrough(i % 2 === 0 ? [leader.url, other.url] : [other.url, leader.url], path),
  )
  await new Promise((resolve) => setTimeout(resolve, 500))
  await leader.kill()
  const answers = await Promise.all([first, ...rest])
  expect(answers.length).toBe(REQUESTS)
  expect(answers.every((answer) => answer.status === 200 && answer.via === other.url)).toBe(true)
  expect(new Set(answers.map((answer) => answer.total)).size).toBe(1)
  expect(answers[0]!.total).toBeGreaterThan(0)
  // All 5,000 are read by this one process, which takes a second or two of it.
  expect(Math.max(...answers.map((answer) => answer.ms)), `after ${performance.now() - begun} ms`).toBeLessThan(DEADLINE_MS + 3_000)
  for (const mock of [stack.urls.travelport, stack.urls.duffel]) expect((await callsOf(mock))['shop']).toBe(2)
}, 120_000)
