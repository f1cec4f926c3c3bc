import { beforeEach, expect, test, vi } from 'vitest'

const at = Date.parse('2026-11-21T09:00:00Z')
const answered = (told: Record<string, string>) => new Headers(told)
const dated = (ms: number) => answered({ date: new Date(ms).toUTCString() })

// Each test begins with a page that has learned nothing yet.
const load = async () => {
  vi.resetModules()
  return { ...(await import('./clock.ts')), ...(await import('./price-age.ts')) }
}

beforeEach(() => {
  vi.useFakeTimers({ now: at })
  return () => {
    vi.useRealTimers()
  }
})

test('counts on from the Age header, however wrong this clock is', async () => {
  const { toPriceAge, secondsSince } = await load()
  vi.setSystemTime(at + 86_400_000)
  const age = toPriceAge('2026-11-21T08:59:20Z', answered({ age: '40' }))
  vi.advanceTimersByTime(5_000)
  expect(secondsSince(age)).toBe(45)
})

test('an event of a stream has no header: its age is told by the server clock, once that is known', async () => {
  const { learnClock, toPriceAge, secondsSince } = await load()
  vi.setSystemTime(at - 3_600_000)
  const age = toPriceAge('2026-11-21T08:58:00Z', null)
  expect(secondsSince(age)).toBeNull()
  learnClock(dated(at))
  expect(secondsSince(age)).toBe(120)
})

test('an answer out of the browser cache, whose headers are of long ago, makes no price younger', async () => {
  const { learnClock, toPriceAge, secondsSince, serverNowMs } = await load()
  learnClock(dated(at))
  learnClock(dated(at - 200_000))
  expect(serverNowMs()).toBe(at)
  expect(secondsSince(toPriceAge('2026-11-21T08:56:00Z', answered({ age: '40' })))).toBe(240)
})

test('nothing is checked in the future', async () => {
  const { learnClock, toPriceAge, secondsSince } = await load()
  learnClock(dated(at))
  expect(secondsSince(toPriceAge('2026-11-21T09:00:01Z', null))).toBe(0)
})
