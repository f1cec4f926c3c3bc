import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startFarewire, type Farewire } from '../../src/app/farewire.ts'
import { loadConfig } from '../../src/app/config.ts'
import { callApi, callsOf, clearFaults, dateIn, startJourneyStack, type JourneyStack } from '../support/journey.ts'

let stack: JourneyStack
let second: Farewire

beforeAll(async () => {
  stack = await startJourneyStack()
  second = await startFarewire(loadConfig({ ...stack.environment, PORT: '0' }), ['api'])
})
afterAll(async () => {
  await second?.close()
  await stack?.close()
})
beforeEach(async () => {
  await Promise.all([clearFaults(stack.urls.travelport), clearFaults(stack.urls.duffel)])
})

const search = (days: number) => `/v1/flights/offers?origin=CGK&destination=NRT&departure_date=${dateIn(days)}&adults=1`

test('500 identical searches at once ask each supplier once', async () => {
  const answers = await Promise.all(Array.from({ length: 500 }, () => stack.call('GET', search(60))))
  expect(answers.every((answer) => answer.status === 200 && answer.body.total >= 200)).toBe(true)
  expect(new Set(answers.map((answer) => answer.body.data[0].id)).size).toBe(1)
  expect(await callsOf(stack.urls.travelport)).toMatchObject({ shop: 1 })
  expect(await callsOf(stack.urls.duffel)).toMatchObject({ shop: 1 })
})

test('a second API process does not multiply the calls by more than the number of processes', async () => {
  const urls = [stack.urls.api, second.url]
  const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => callApi(urls[i % 2] + search(61), 'GET')))
  expect(answers.every((answer) => answer.status === 200)).toBe(true)
  for (const mock of [stack.urls.travelport, stack.urls.duffel]) {
    const { shop } = await callsOf(mock)
    expect(shop).toBeGreaterThanOrEqual(1)
    expect(shop).toBeLessThanOrEqual(2)
  }
})

test('what one process has found, the other answers from the shared cache', async () => {
  await stack.call('GET', search(62))
  await clearFaults(stack.urls.travelport)
  const answer = await callApi(second.url + search(62), 'GET')
  expect(answer.body.prices.from_cache).toBe(true)
  expect((await callsOf(stack.urls.travelport))['shop'] ?? 0).toBe(0)
})

test('a different search is a different call: the count can rise', async () => {
  await Promise.all([stack.call('GET', search(63)), stack.call('GET', search(64))])
  expect(await callsOf(stack.urls.duffel)).toMatchObject({ shop: 2 })
})
