import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { armFault, clearFaults, dateIn, startJourneyStack, type JourneyStack } from '../support/journey.ts'

let stack: JourneyStack
let day = 70

beforeAll(async () => {
  stack = await startJourneyStack({ environment: { SEARCH_DEADLINE_MS: '8000' } })
  // The first search of a new system pays for starting threads and filling the mocks' world: none of these tests is about that.
  await search()
})
afterAll(() => stack?.close())
beforeEach(async () => {
  day += 1
  await Promise.all([clearFaults(stack.urls.travelport), clearFaults(stack.urls.duffel)])
})

const search = () => stack.search(`/v1/flights/offers?origin=LHR&destination=JFK&departure_date=${dateIn(day)}`)

const suppliers = ['travelport', 'duffel'] as const
const faults = ['garbage', 'html', 'huge', 'bomb', 'timeout', 'drop', 'server_error', 'throttled'] as const

describe.each(suppliers)('when %s', (broken) => {
  const other = suppliers.find((name) => name !== broken)!

  test.each(faults)('answers a search with "%s", it costs only its own offers', async (kind) => {
    await armFault(stack.urls[broken], { operation: 'shop', kind, count: 1 })
    const begun = performance.now()
    const { status, body } = await search()
    expect(status).toBe(200)
    expect(body.data.length).toBeGreaterThan(0)
    const sources = Object.fromEntries(body.sources.map((source: { provider: string }) => [source.provider, source]))
    expect(sources[other]).toMatchObject({ state: 'answered' })
    expect(sources[other].offers).toBeGreaterThan(50)
    expect(['failed', 'timed_out', 'throttled']).toContain(sources[broken].state)
    expect(sources[broken].offers).toBe(0)
    expect(body.data.every((offer: { provider: string }) => offer.provider === other)).toBe(true)
    expect(performance.now() - begun).toBeLessThan(15_000)
  })
})

test('when all of them fail, the answer is empty and says why, and is not a server error', async () => {
  for (const supplier of suppliers) await armFault(stack.urls[supplier], { operation: 'shop', kind: 'server_error', count: 1 })
  const { status, body } = await search()
  expect(status).toBe(200)
  expect(body.data).toEqual([])
  expect(body.sources.map((source: { state: string }) => source.state)).toEqual(['failed', 'failed'])
})

test('a supplier that recovers is asked again soon: its bad minute is not cached for five', async () => {
  await armFault(stack.urls.duffel, { operation: 'shop', kind: 'server_error', count: 1 })
  const first = await search()
  const freshForMs = Date.parse(first.body.prices.fresh_until) - Date.parse(first.body.prices.checked_at)
  expect(freshForMs).toBeLessThanOrEqual(30_000)
})
