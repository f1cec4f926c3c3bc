import { afterEach, describe, expect, test } from 'vitest'
import { nonstop } from '../../../test/support/flight-offers.ts'
import {
  createGate,
  MINUTE,
  queryFor,
  startProcess,
  type FakeProcess,
  type FakeSupplier,
  type ProcessOptions,
} from '../../../test/support/supersets.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { cacheKeyOf } from '../question/search-query.ts'
import { offersIn } from './superset.ts'

const query = queryFor()
const key = cacheKeyOf(query)
const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200)]
const says = (found: readonly FlightOffer[]) => async () => found
const refuses: FakeSupplier = () => Promise.reject(new Error('no'))

const processes: FakeProcess[] = []
afterEach(() => Promise.all(processes.splice(0).map((one) => one.end())))

const clockAt = () => createStoppedClock('2026-12-01T00:00:00Z')
async function start(options: ProcessOptions = {}) {
  const clock = clockAt()
  const supersets = await startProcess({ clock, suppliers: { alpha: says(offers) }, ...options })
  processes.push(supersets)
  return { supersets, clock }
}
/** Nothing listens there. */
const unreachable: ProcessOptions = { redis: 'redis://127.0.0.1:1', isReady: false }

describe('what is held', () => {
  test('answers at once while it is fresh, and asks nobody', async () => {
    const { supersets, clock } = await start()
    expect(supersets.held(query, key)).toBeNull()
    const { superset } = await supersets.obtain(query).result
    clock.advance(2 * MINUTE)
    expect(supersets.held(query, key)).toBe(superset)
    expect(await supersets.obtain(query).result).toEqual({ superset, fromCache: true })
    expect(supersets.suppliers.asked.length).toBe(1)
  })

  test('goes on answering when it is old, while one refresh runs that nobody waits for', async () => {
    const gate = createGate<readonly FlightOffer[]>()
    let calls = 0
    const { supersets, clock } = await start({ suppliers: { alpha: () => ((calls += 1) === 1 ? says(offers)() : gate.opened) } })
    const { superset } = await supersets.obtain(query).result
    clock.advance(5 * MINUTE)
    for (let i = 0; i < 100; i += 1) expect(supersets.held(query, key)).toBe(superset)
    expect(superset.freshUntil).toBeLessThanOrEqual(clock.now())
    expect((await supersets.obtain(query).result).superset).toBe(superset)
    gate.open(offers)
    await supersets.idle()
    expect(supersets.held(query, key)!.version > superset.version).toBe(true)
    expect(calls).toBe(2)
  })

  test('is given up when it is too old to show, and the search waits for a new one', async () => {
    const { supersets, clock } = await start()
    const { superset } = await supersets.obtain(query).result
    clock.advance(10 * MINUTE)
    expect(supersets.held(query, key)).toBeNull()
    const next = await supersets.obtain(query).result
    expect(next.fromCache).toBe(false)
    expect(next.superset.version > superset.version).toBe(true)
  })

  test('is refreshed before its end when the draw says so', async () => {
    const draws: number[] = []
    const { supersets, clock } = await start({
      random: () => draws.shift() ?? 0.5,
      suppliers: { alpha: async () => new Promise((resolve) => setTimeout(() => resolve(offers), 20)) },
    })
    const { superset } = await supersets.obtain(query).result
    clock.advance(4 * MINUTE)
    draws.push(0.5)
    supersets.held(query, key)
    await supersets.idle()
    expect(supersets.suppliers.asked.length).toBe(1)
    clock.advance(MINUTE - 10)
    draws.push(0.99)
    expect(supersets.held(query, key)).toBe(superset)
    await supersets.idle()
    expect(supersets.suppliers.asked.length).toBe(2)
  })

  test('is not taken away by a refresh that nobody answered, which is not tried again for five seconds', async () => {
    let isUp = true
    const { supersets, clock } = await start({ suppliers: { alpha: () => (isUp ? says(offers)() : refuses()) } })
    const { superset } = await supersets.obtain(query).result
    isUp = false
    clock.advance(6 * MINUTE)
    for (const [afterMs, asked] of [
      [0, 2],
      [4_999, 2],
      [1, 3],
    ] as const) {
      clock.advance(afterMs)
      expect(supersets.held(query, key)).toBe(superset)
      await supersets.idle()
      expect(supersets.suppliers.asked.length).toBe(asked)
    }
  })
})

describe('a search', () => {
  test('reports each growth, and has the late answers afterwards', async () => {
    const gates = { quick: createGate<readonly FlightOffer[]>(), late: createGate<readonly FlightOffer[]>() }
    const { supersets } = await start({ suppliers: { quick: () => gates.quick.opened, late: () => gates.late.opened }, deadlineMs: 100 })
    const flight = supersets.obtain(query)
    const grown: number[] = []
    flight.subscribe(({ superset }) => grown.push(offersIn(superset)))
    gates.quick.open(offers)
    const { superset } = await flight.result
    expect(superset.sources.map((source) => source.state)).toEqual(['answered', 'timed_out'])
    expect(grown).toEqual([0, 2, 2])
    gates.late.open([nonstop('NH', '3', 100)])
    await supersets.idle()
    expect(offersIn(supersets.held(query, key)!)).toBe(3)
    expect((await supersets.findVersion(superset.version, 3))?.parts.map((part) => part.provider)).toEqual(['quick', 'late'])
  })

  test('that nobody answers is remembered for five seconds and no longer', async () => {
    const { supersets, clock } = await start({ suppliers: { alpha: refuses } })
    await supersets.obtain(query).result
    clock.advance(4_999)
    expect((await supersets.obtain(query).result).fromCache).toBe(true)
    clock.advance(1)
    expect((await supersets.obtain(query).result).fromCache).toBe(false)
  })

  test('is told of once by the process that asked, and fails for nothing that is done with it', async () => {
    const told: string[] = []
    const { supersets } = await start({
      onBuilt: (_, superset) => {
        told.push(superset.version)
        throw new Error('no')
      },
    })
    const { superset } = await supersets.obtain(query).result
    await supersets.obtain(query).result
    await supersets.idle()
    expect(told).toEqual([superset.version])
  })

  test('whose caller has gone is finished for the others', async () => {
    const gate = createGate<readonly FlightOffer[]>()
    const { supersets } = await start({ suppliers: { alpha: () => gate.opened } })
    const leave = supersets.obtain(query).subscribe(() => undefined)
    const other = supersets.obtain(query)
    leave()
    gate.open(offers)
    expect(offersIn((await other.result).superset)).toBe(2)
    expect(supersets.suppliers.asked.length).toBe(1)
  })
})

describe('while the shared cache does not answer', () => {
  const many = async (options: ProcessOptions) => {
    const gate = createGate<readonly FlightOffer[]>()
    const { supersets } = await start({ suppliers: { alpha: () => gate.opened }, fanOutsAloneMax: 2, ...options })
    const results = Promise.allSettled([1, 2, 3, 4].map((adults) => supersets.obtain(queryFor(adults)).result))
    await expect.poll(() => supersets.suppliers.asked.length).toBeGreaterThanOrEqual(2)
    gate.open(offers)
    return { supersets, results: await results }
  }

  test('only so many searches are asked at once, and the next are told to come back', async () => {
    const { supersets, results } = await many(unreachable)
    expect(supersets.suppliers.asked.length).toBe(2)
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(refused).toMatchObject(
      [1, 2].map(() => ({ code: 'search-overloaded', status: 503, facts: { retryable: true, retryAfterSeconds: 2 } })),
    )
    expect((await supersets.obtain(queryFor(4)).result).fromCache).toBe(false)
  })

  test('and while it does, as many as come', async () => {
    const { supersets, results } = await many({})
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled'])
    expect(supersets.suppliers.asked.length).toBe(4)
  })

  test('a search beyond the bound gets what is held, however old, while it is retained', async () => {
    let gate = createGate<readonly FlightOffer[]>()
    gate.open(offers)
    const { supersets, clock } = await start({ suppliers: { alpha: () => gate.opened }, fanOutsAloneMax: 1, ...unreachable })
    const { superset } = await supersets.obtain(query).result
    clock.advance(20 * MINUTE)
    gate = createGate()
    const other = supersets.obtain(queryFor(2)).result
    await expect.poll(() => supersets.suppliers.asked.length).toBe(2)
    expect(await supersets.obtain(query).result).toEqual({ superset, fromCache: true })
    clock.advance(10 * MINUTE)
    await expect(supersets.obtain(query).result).rejects.toMatchObject({ code: 'search-overloaded' })
    gate.open(offers)
    await other
  })
})
