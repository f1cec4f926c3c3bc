import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { askAll, aQuery, fanOutTo, type FanOutUnderTest } from '../../../test/support/fan-out.ts'
import { fakeSeller, type FakeSeller } from '../../../test/support/fake-seller.ts'
import { ProviderError } from '../../providers/errors.ts'
import type { SourceAnswer } from '../supersets/superset.ts'
import type { Suppliers } from './suppliers.ts'

// Times of seconds and no waiting: every timer and performance.now are the test's.
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const nothing = { solutions: 0, offers: [] }
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A supplier whose time can be changed; it stops when its call is given up. */
function pacedSeller(id: string, ms: number, limits: Parameters<typeof fakeSeller>[2] = {}): FakeSeller & { pace: { ms: number } } {
  const pace = { ms }
  const seller = fakeSeller(id, () => sleep(pace.ms).then(() => nothing), { shopTimeoutMs: 15_000, ...limits })
  return { ...seller, pace }
}

/** One search after the other; what each was told in time. */
async function searches(fanOut: FanOutUnderTest, count: number): Promise<SourceAnswer[][]> {
  const told: SourceAnswer[][] = []
  for (let i = 0; i < count; i += 1) {
    const search = askAll(fanOut)
    await vi.runAllTimersAsync()
    told.push((await search).inTime)
  }
  return told
}

const states = (told: SourceAnswer[][]) => told.map(([answer]) => answer!.fact.state)
const deadlineOf = async (fanOut: FanOutUnderTest) => (await fanOut.suppliers.scorecard())[0]!.latency.deadlineMs

describe('how long a search waits for a supplier', () => {
  test('follows its own times: one that is usually quick does not hold up a search for six seconds', async () => {
    const quick = pacedSeller('quick', 400)
    const fanOut = fanOutTo([quick], { deadlineMs: 6_000 })
    await searches(fanOut, 20)
    quick.pace.ms = 5_000
    const begun = performance.now()
    let waitedMs = 0
    const { answered, finished } = fanOut.ask(aQuery, () => undefined)
    void answered.then(() => (waitedMs = performance.now() - begun))
    await vi.runAllTimersAsync()
    await finished
    expect(waitedMs).toBe(1_000)
  })

  test('is all of the budget for one that nobody knows', async () => {
    const [told] = await searches(fanOutTo([pacedSeller('new', 5_500)], { deadlineMs: 6_000 }), 1)
    expect(told![0]!.fact).toMatchObject({ state: 'answered', ms: 5_500 })
  })

  test('hands over an answer that came after it, as long as the supplier’s own time lasts', async () => {
    const seller = pacedSeller('late', 400)
    const fanOut = fanOutTo([seller], { deadlineMs: 6_000 })
    await searches(fanOut, 20)
    seller.pace.ms = 9_000
    const search = askAll(fanOut)
    await vi.runAllTimersAsync()
    const { inTime, late } = await search
    expect(inTime[0]!.fact).toMatchObject({ state: 'timed_out', fault: 'timeout', ms: 1_000 })
    expect(late[0]!.fact).toMatchObject({ state: 'answered', ms: 9_000 })
  })

  test('begins anew when a place is found, within the budget: a queue does not eat a call’s own time', async () => {
    const seller = pacedSeller('narrow', 800, { concurrentMax: 1 })
    const fanOut = fanOutTo([seller], { deadlineMs: 6_000 })
    await searches(fanOut, 20)
    const both = Promise.all([askAll(fanOut), askAll(fanOut), askAll(fanOut)])
    await vi.runAllTimersAsync()
    // p95 is 800 ms, the deadline 1,450: the second begins at 800 and ends at 1,600; the third would begin after its deadline.
    expect((await both).map(({ inTime }) => inTime[0]!.fact.state)).toEqual(['answered', 'answered', 'throttled'])
    expect(seller.asked.length).toBe(22)
  })

  describe('recovers when a supplier has become three times as slow', () => {
    async function slowDown(fanOut: FanOutUnderTest, seller: { pace: { ms: number } }): Promise<string[]> {
      await searches(fanOut, 100)
      seller.pace.ms = 3_000
      return states(await searches(fanOut, 60))
    }

    test('because late answers count', async () => {
      const seller = pacedSeller('slow', 1_000)
      const fanOut = fanOutTo([seller], { deadlineMs: 6_000 })
      const told = await slowDown(fanOut, seller)
      expect(told[0]).toBe('timed_out')
      expect(told.slice(-40).every((state) => state === 'answered')).toBe(true)
      expect(await deadlineOf(fanOut)).toBe(4_750)
    })

    test('and it would not if only answers in time did (the guard off)', async () => {
      const seller = pacedSeller('slow', 1_000)
      const forgetful = (suppliers: Suppliers): Suppliers => ({
        ...suppliers,
        ranked: () =>
          suppliers.ranked().map((supplier) => ({
            ...supplier,
            latency: { ...supplier.latency, note: (ms) => ms > 1_750 || supplier.latency.note(ms) },
          })),
      })
      const told = await slowDown(fanOutTo([seller], { deadlineMs: 6_000, watched: forgetful }), seller)
      expect(told.every((state) => state === 'timed_out')).toBe(true)
    })

    test('even one that never answers: its time-outs count as the time it was given', async () => {
      const seller = pacedSeller('gone', 1_000, { shopTimeoutMs: 5_000 })
      const fanOut = fanOutTo([seller], { deadlineMs: 6_000 })
      await searches(fanOut, 100)
      seller.pace.ms = 60_000
      await searches(fanOut, 20)
      expect(await deadlineOf(fanOut)).toBe(5_000)
    })
  })

  test('is not shortened by a supplier that is quick to fail', async () => {
    let isFailing = true
    const seller = fakeSeller('moody', async () => {
      if (isFailing) throw new ProviderError('moody', 'unreachable', 'no')
      await sleep(500)
      return nothing
    })
    const fanOut = fanOutTo([seller], { deadlineMs: 6_000 })
    await searches(fanOut, 50)
    expect((await fanOut.suppliers.scorecard())[0]!.latency.samples).toBe(0)
    isFailing = false
    await searches(fanOut, 1)
    expect((await fanOut.suppliers.scorecard())[0]!.latency.samples).toBe(1)
  })
})

test('suppliers are asked and listed with the fastest first, and before them those that nobody knows', async () => {
  const sellers = [pacedSeller('slow', 900), pacedSeller('fast', 100), pacedSeller('medium', 400)]
  const order: string[] = []
  const noting = sellers.map((seller) => ({
    ...seller,
    flights: {
      ...seller.flights!,
      shop: (...call: Parameters<NonNullable<typeof seller.flights>['shop']>) => (order.push(seller.id), seller.flights!.shop(...call)),
    },
  }))
  const fanOut = fanOutTo(noting, { deadlineMs: 6_000 })
  expect(fanOut.sources().map((source) => source.provider)).toEqual(['slow', 'fast', 'medium'])
  await searches(fanOut, 20)
  order.length = 0
  await searches(fanOut, 1)
  expect(order).toEqual(['fast', 'medium', 'slow'])
  expect(fanOut.sources().map((source) => source.provider)).toEqual(['fast', 'medium', 'slow'])
})
