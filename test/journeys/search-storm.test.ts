import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startFarewire, type Farewire } from '../../src/app/farewire.ts'
import { loadConfig } from '../../src/app/config.ts'
import { callsOf, clearFaults, dateIn, searchWhole, startJourneyStack, type JourneyStack } from '../support/journey.ts'

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
  const answers = await Promise.all(Array.from({ length: 500 }, () => stack.search(search(60))))
  expect(answers.every((answer) => answer.status === 200 && answer.body.total >= 200)).toBe(true)
  expect(new Set(answers.map((answer) => answer.body.data[0].id)).size).toBe(1)
  expect(await callsOf(stack.urls.travelport)).toMatchObject({ shop: 1 })
  expect(await callsOf(stack.urls.duffel)).toMatchObject({ shop: 1 })
})

test('two API processes ask each supplier once, together', async () => {
  const urls = [stack.urls.api, second.url]
  const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => searchWhole(urls[i % 2] + search(61))))
  expect(answers.every((answer) => answer.status === 200)).toBe(true)
  expect(new Set(answers.map((answer) => answer.body.total)).size).toBe(1)
  for (const mock of [stack.urls.travelport, stack.urls.duffel]) expect(await callsOf(mock)).toMatchObject({ shop: 1 })
})

test('what one process has found, the other answers from the shared cache', async () => {
  const first = await stack.search(search(62))
  await clearFaults(stack.urls.travelport)
  const answer = await searchWhole(second.url + search(62))
  expect([answer.body.prices, answer.body.data]).toEqual([first.body.prices, first.body.data])
  expect((await callsOf(stack.urls.travelport))['shop'] ?? 0).toBe(0)
})

test('a different search is a different call: the count can rise', async () => {
  await Promise.all([stack.search(search(63)), stack.search(search(64))])
  expect(await callsOf(stack.urls.duffel)).toMatchObject({ shop: 2 })
})
