import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTestRedis, type TestRedis } from '../../../test/support/redis.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import { silentLogger } from '../logger.ts'
import { createLookBudget } from './look-budget.ts'
import { createLookCount, type LookCount } from './look-count.ts'

let server: TestRedis
let redis: Redis
let clock: ReturnType<typeof createStoppedClock>
beforeAll(async () => {
  server = await createTestRedis()
  redis = new Redis(server.url)
})
beforeEach(async () => {
  await redis.flushdb()
  clock = createStoppedClock('2026-11-01T22:30:00Z')
})
afterEach(async () => {
  vi.restoreAllMocks()
  // What is still to be told must not be told to the next test.
  await Promise.all(processes.splice(0).map((process) => process.close()))
})
afterAll(async () => {
  await redis.quit()
  await server.close()
})

const processes: LookCount[] = []

/** What one process knows of one supplier's looks. */
function processWith(limits: { perMinuteMax?: number; perBookingMax?: number }, shared: Redis | null = redis) {
  let now = 0
  const budget = createLookBudget({
    limits: { perMinuteMax: limits.perMinuteMax ?? null, perBookingMax: limits.perBookingMax ?? null },
    milliseconds: () => now,
    countWith: (onOthersLooked) =>
      createLookCount({ provider: 'alpha', redis: shared, clock, logger: silentLogger, process: randomUUID(), onOthersLooked }),
  })
  processes.push(budget.count)
  const takeAll = () => {
    let taken = 0
    while (taken < 1_000 && budget.take()) taken += 1
    return taken
  }
  return { ...budget, takeAll, wait: (ms: number) => (now += ms) }
}

describe('processes that share a Redis', () => {
  test('share a budget: what one has spent the other has not got', async () => {
    const [one, other] = [processWith({ perBookingMax: 2 }), processWith({ perBookingMax: 2 })]
    expect(one.takeAll()).toBe(40)
    await one.count.exchange()
    await other.count.exchange()
    expect(other.takeAll()).toBe(0)
    expect(other.count.lastDay()).toEqual({ looks: 40, bookings: 0 })
  })

  test('and without one each has the whole of it (the guard off)', async () => {
    const [one, other] = [processWith({ perBookingMax: 2 }, null), processWith({ perBookingMax: 2 }, null)]
    expect([one.takeAll(), other.takeAll()]).toEqual([40, 40])
  })

  test('hear of bookings that another process counted, each once', async () => {
    const [web, worker] = [processWith({ perBookingMax: 2 }), processWith({ perBookingMax: 2 })]
    expect(web.takeAll()).toBe(40)
    const bookings = Array.from({ length: 25 }, (_, i) => `bkg_${i}`)
    await Promise.all([...bookings, ...bookings].map((id) => worker.count.noteBooking(id)))
    await web.count.exchange()
    expect(web.count.lastDay()).toEqual({ looks: 40, bookings: 25 })
    expect(web.takeAll()).toBe(10)
  })

  test('whose budget is spent hear of bookings while they can only refuse', async () => {
    const [web, worker] = [processWith({ perBookingMax: 2 }), processWith({})]
    expect(web.takeAll()).toBe(40)
    await web.count.exchange()
    for (let i = 0; i < 21; i += 1) await worker.count.noteBooking(`bkg_${i}`)
    const until = performance.now() + 10_000
    while (!web.take() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(web.count.lastDay()).toEqual({ looks: 41, bookings: 21 })
    await web.count.close()
  })

  test('count a booking once though it is told again after midnight', async () => {
    const worker = processWith({})
    await worker.count.noteBooking('bkg_1')
    clock.advance(2 * 3_600_000)
    await worker.count.noteBooking('bkg_1')
    await worker.count.exchange()
    expect(worker.count.lastDay().bookings).toBe(1)
  })

  test('take the others’ looks from the minute’s', async () => {
    const [one, other] = [processWith({ perMinuteMax: 40 }), processWith({ perMinuteMax: 40 })]
    await other.count.exchange()
    expect(one.takeAll()).toBe(10)
    await one.count.exchange()
    expect(other.left().inMinute).toBe(10)
    await other.count.exchange()
    expect(other.left().inMinute).toBe(0)
  })

  test('lose nothing however their looks and exchanges interleave', async () => {
    const all = Array.from({ length: 4 }, () => processWith({}))
    await Promise.all(
      all.map(async (process) => {
        for (let round = 0; round < 20; round += 1) {
          for (let i = 0; i < 7; i += 1) process.take()
          const exchanged = process.count.exchange()
          process.take()
          await exchanged
        }
        await process.count.close()
      }),
    )
    await all[0]!.count.exchange()
    expect(all[0]!.count.lastDay().looks).toBe(4 * 20 * 8)
  })

  test('keep counting over midnight: the day rolls, the hash of the day changes', async () => {
    const one = processWith({})
    one.take()
    await one.count.exchange()
    clock.advance(2 * 3_600_000)
    one.take()
    await one.count.exchange()
    expect(await redis.keys('farewire:looks:*')).toHaveLength(2)
    expect(one.count.lastDay().looks).toBe(2)
    expect(one.count.today().looks).toBe(1)
    expect(await redis.ttl('farewire:looks:{alpha}:2026-11-01')).toBeGreaterThan(48 * 3_600)
  })

  test('count looks once though the reply to them was lost', async () => {
    const one = processWith({})
    const reallyEval = redis.eval.bind(redis) as (...all: unknown[]) => Promise<unknown>
    vi.spyOn(redis, 'eval').mockImplementationOnce((async (...all: unknown[]) => {
      await reallyEval(...all)
      throw new Error('the connection was lost with the reply')
    }) as never)
    one.take()
    await one.count.exchange()
    expect(one.count.lastDay().looks).toBe(1)
    one.take()
    await one.count.exchange()
    expect(one.count.lastDay().looks).toBe(2)
    expect(await redis.hget('farewire:looks:{alpha}:2026-11-01', 'looks:22')).toBe('2')
  })

  test('go on by themselves while it is gone, and tell it everything when it is back', async () => {
    const gone = vi.spyOn(redis, 'eval').mockRejectedValue(new Error('gone'))
    const one = processWith({ perBookingMax: 2 })
    expect(one.takeAll()).toBe(40)
    await one.count.exchange()
    expect(one.takeAll()).toBe(0)
    gone.mockRestore()
    await one.count.exchange()
    expect(await redis.hget('farewire:looks:{alpha}:2026-11-01', 'looks:22')).toBe('40')
  })

  test('ask it about once a second, not once a look', async () => {
    const asked = vi.spyOn(redis, 'hgetall')
    const one = processWith({})
    for (const until = performance.now() + 300; performance.now() < until;) {
      one.take()
      await new Promise((resolve) => setImmediate(resolve))
    }
    const looks = one.count.lastDay().looks
    expect(looks).toBeGreaterThan(100)
    expect(asked.mock.calls.length).toBe(2) // of today and yesterday: one exchange
    await one.count.close()
    expect(Number(await redis.hget('farewire:looks:{alpha}:2026-11-01', 'looks:22'))).toBe(looks)
  })
})
