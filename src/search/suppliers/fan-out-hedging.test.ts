import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { askAll, fanOutTo, type FanOutUnderTest } from '../../../test/support/fan-out.ts'
import { fakeSeller } from '../../../test/support/fake-seller.ts'
import type { Call, ProviderLimits, ShopReply } from '../../providers/contract.ts'
import { ProviderError } from '../../providers/errors.ts'
import type { SourceAnswer } from '../supersets/superset.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type Step = (call: Call) => Promise<ShopReply>

/** Answers the first calls in 200 ms, and then as it is told, call by call. */
function scripted(limits: Partial<ProviderLimits>, known = 40) {
  const script: Step[] = []
  let calls = 0
  const seller = fakeSeller(
    'alpha',
    (_, call) => {
      calls += 1
      return calls <= known ? after(200)(call) : script.shift()!(call)
    },
    { shopTimeoutMs: 15_000, hedging: { afterPercentile: 95 }, ...limits },
  )
  return { seller, script, callsAfterwards: () => calls - known }
}

const reply = (solutions: number): ShopReply => ({ solutions, offers: [] })
const after =
  (ms: number, solutions = 0): Step =>
  () =>
    new Promise((resolve) => setTimeout(() => resolve(reply(solutions)), ms))
const failAfter =
  (ms: number): Step =>
  () =>
    new Promise((_, reject) => setTimeout(() => reject(new ProviderError('alpha', 'unreachable', 'no')), ms))

async function search(fanOut: FanOutUnderTest): Promise<SourceAnswer['fact']> {
  const asking = askAll(fanOut)
  await vi.runAllTimersAsync()
  const { inTime } = await asking
  return inTime[0]!.fact
}

async function known(limits: Partial<ProviderLimits> = {}) {
  const script = scripted(limits)
  const fanOut = fanOutTo([script.seller], {
    deadlineMs: 6_000,
    readReply: async (_provider, _query, shopped) => ({
      part: null,
      offers: 0,
      solutions: 'unread' in shopped ? -1 : shopped.solutions,
      duplicates: 0,
      unusable: 0,
    }),
  })
  for (let i = 0; i < 40; i += 1) await search(fanOut)
  const score = async () => (await fanOut.suppliers.scorecard())[0]!
  return { ...script, fanOut, score }
}

describe('a second call', () => {
  test('goes out when the first is slower than 95 % of them, and the first to answer wins', async () => {
    const { script, fanOut, score, callsAfterwards } = await known()
    let isFirstGivenUp = false
    script.push(
      (call) => {
        call.signal.addEventListener('abort', () => (isFirstGivenUp = true))
        return after(900, 1)(call)
      },
      after(100, 2),
    )
    expect(await search(fanOut)).toMatchObject({ state: 'answered', solutions: 2, ms: 301 })
    expect(callsAfterwards()).toBe(2)
    expect(isFirstGivenUp).toBe(true)
    expect((await score()).lastHour).toMatchObject({ calls: 42, hedged: 1, answered: 41 })
    expect((await score()).active).toBe(0)
  })

  test('is given up when the first answers after all', async () => {
    const { script, fanOut } = await known()
    let isSecondGivenUp = false
    script.push(after(300, 1), (call) => {
      call.signal.addEventListener('abort', () => (isSecondGivenUp = true))
      return after(900, 2)(call)
    })
    expect(await search(fanOut)).toMatchObject({ state: 'answered', solutions: 1, ms: 300 })
    expect(isSecondGivenUp).toBe(true)
  })

  test('that fails, or answers with an error, does not spoil the first', async () => {
    const { script, fanOut } = await known()
    script.push(after(400, 1), failAfter(50))
    expect(await search(fanOut)).toMatchObject({ state: 'answered', solutions: 1, ms: 400 })
    script.push(after(400, 1), async () => ({ unread: new Uint8Array(), status: 503 }) as never)
    expect(await search(fanOut)).toMatchObject({ state: 'answered', solutions: 1, ms: 400 })
  })

  test('is never made where the supplier does not allow it', async () => {
    const { script, fanOut, score, callsAfterwards } = await known({ hedging: null })
    script.push(after(900, 1))
    expect(await search(fanOut)).toMatchObject({ state: 'answered', solutions: 1, ms: 900 })
    expect(callsAfterwards()).toBe(1)
    expect((await score()).lastHour).toMatchObject({ calls: 41, hedged: 0 })
  })

  test('is never made after a failure: a fault is an answer', async () => {
    const { script, fanOut, callsAfterwards } = await known()
    script.push(failAfter(50))
    expect(await search(fanOut)).toMatchObject({ state: 'failed', fault: 'unreachable' })
    expect(callsAfterwards()).toBe(1)
  })

  test('is never made while a supplier is too little known to say what is slow', async () => {
    const { seller, script } = scripted({}, 0)
    script.push(after(5_000, 1))
    expect(await search(fanOutTo([seller], { deadlineMs: 6_000 }))).toMatchObject({ state: 'answered', ms: 5_000 })
    expect(seller.asked.length).toBe(1)
  })

  test('is at most one for twenty first ones, however many are slow at once', async () => {
    const { script, fanOut, score } = await known({ concurrentMax: 100 })
    for (let i = 0; i < 100; i += 1) script.push(after(900))
    const storm = Promise.all(Array.from({ length: 20 }, () => askAll(fanOut)))
    await vi.runAllTimersAsync()
    await storm
    const { calls, hedged } = (await score()).lastHour
    expect(calls - hedged).toBe(60)
    expect(hedged).toBe(3)
  })

  test('holds a place of its own while it lasts', async () => {
    let underWay = 0
    let most = 0
    const script = scripted({ concurrentMax: 2 })
    const fanOut = fanOutTo([script.seller], { deadlineMs: 6_000 })
    for (let i = 0; i < 40; i += 1) await search(fanOut)
    const counted: Step = async (call) => {
      most = Math.max(most, (underWay += 1))
      return after(900)(call).finally(() => (underWay -= 1))
    }
    script.script.push(counted, counted, counted, counted)
    const first = askAll(fanOut)
    await vi.advanceTimersByTimeAsync(300)
    expect(underWay).toBe(2)
    const second = askAll(fanOut)
    await vi.runAllTimersAsync()
    await Promise.all([first, second])
    expect(most).toBe(2)
  })

  test('never takes a place that the supplier has not got', async () => {
    let underWay = 0
    let most = 0
    const script = scripted({ concurrentMax: 1 })
    const fanOut = fanOutTo([script.seller], { deadlineMs: 6_000 })
    for (let i = 0; i < 40; i += 1) await search(fanOut)
    const counted: Step = async (call) => {
      most = Math.max(most, (underWay += 1))
      return after(900)(call).finally(() => (underWay -= 1))
    }
    script.script.push(counted, counted)
    await search(fanOut)
    expect([most, script.callsAfterwards()]).toEqual([1, 1])
  })

  test('is a look like the first', async () => {
    const { script, fanOut, score } = await known()
    script.push(after(900), after(100))
    await search(fanOut)
    expect((await score()).looks.lastDay.looks).toBe(42)
  })
})
