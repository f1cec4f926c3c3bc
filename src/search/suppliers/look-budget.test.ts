import { describe, expect, test } from 'vitest'
import { askAll, fanOutTo } from '../../../test/support/fan-out.ts'
import { fakeSeller } from '../../../test/support/fake-seller.ts'
import type { LookLimits } from '../../providers/contract.ts'

const withLooks = (looks: LookLimits, more: Parameters<typeof fakeSeller>[2] = {}) =>
  fakeSeller('alpha', async () => ({ solutions: 0, offers: [] }), { looks, ...more })

async function search(fanOut: ReturnType<typeof fanOutTo>): Promise<string> {
  const { inTime } = await askAll(fanOut)
  return `${inTime[0]!.fact.state} ${inTime[0]!.fact.fault}`
}

async function searches(fanOut: ReturnType<typeof fanOutTo>, count: number): Promise<string[]> {
  const told: string[] = []
  for (let i = 0; i < count; i += 1) told.push(await search(fanOut))
  return told
}

const looksOf = async (fanOut: ReturnType<typeof fanOutTo>) => (await fanOut.suppliers.scorecard())[0]!.looks

describe('the look-to-book budget', () => {
  test('is so many searches per booking in a day, twenty bookings being given; what is over it is not sent', async () => {
    const seller = withLooks({ perMinuteMax: null, perBookingMax: 2 })
    const fanOut = fanOutTo([seller])
    const told = await searches(fanOut, 45)
    expect(told.slice(0, 40).every((one) => one === 'answered null')).toBe(true)
    expect(told.slice(40).every((one) => one === 'throttled look-to-book')).toBe(true)
    expect(seller.asked.length).toBe(40)
    expect(await looksOf(fanOut)).toMatchObject({
      lastDay: { looks: 40, bookings: 0 },
      perBooking: null,
      left: { inMinute: null, inDay: 0 },
    })
  })

  test('grows with the bookings beyond those given, each counted once however often it is told', async () => {
    const fanOut = fanOutTo([withLooks({ perMinuteMax: null, perBookingMax: 2 })])
    await searches(fanOut, 40)
    for (let i = 0; i < 21; i += 1) for (const _ of [1, 2]) await fanOut.suppliers.noteBooking('alpha', `bkg_${i}`)
    expect(await searches(fanOut, 3)).toEqual(['answered null', 'answered null', 'throttled look-to-book'])
    expect(await looksOf(fanOut)).toMatchObject({ lastDay: { looks: 42, bookings: 21 }, perBooking: 2 })
  })

  test('forgets what is a day old, hour by hour', async () => {
    const fanOut = fanOutTo([withLooks({ perMinuteMax: null, perBookingMax: 2 })])
    await searches(fanOut, 39)
    fanOut.clock.advance(3_600_000)
    expect(await searches(fanOut, 2)).toEqual(['answered null', 'throttled look-to-book'])
    fanOut.clock.advance(22 * 3_600_000)
    expect(await search(fanOut)).toBe('throttled look-to-book')
    fanOut.clock.advance(3_600_000)
    expect((await looksOf(fanOut)).left.inDay).toBe(39)
    expect((await looksOf(fanOut)).today.looks).toBe(0)
    expect(await search(fanOut)).toBe('answered null')
  })

  test('of a minute lets a quarter of it go at once and refuses the rest', async () => {
    const seller = withLooks({ perMinuteMax: 40, perBookingMax: null })
    const told = await searches(fanOutTo([seller]), 30)
    expect(told.filter((one) => one === 'throttled look-to-book').length).toBe(20)
    expect(seller.asked.length).toBe(10)
  })

  test('does not exist where a supplier has no such limit (the guard off)', async () => {
    const seller = withLooks({ perMinuteMax: null, perBookingMax: null })
    expect(new Set(await searches(fanOutTo([seller]), 100))).toEqual(new Set(['answered null']))
  })

  test('is not spent on a supplier whose breaker is open, who is not called either', async () => {
    const health = { breaker: 'open' as 'open' | 'half_open', active: 0, queued: 0 }
    const seller = { ...withLooks({ perMinuteMax: null, perBookingMax: 2 }), health: () => health }
    const fanOut = fanOutTo([seller])
    expect(new Set(await searches(fanOut, 50))).toEqual(new Set(['failed unreachable']))
    expect((await looksOf(fanOut)).lastDay.looks).toBe(0)
    health.breaker = 'half_open'
    expect(await search(fanOut)).toBe('answered null')
    expect(seller.asked.length).toBe(1)
  })
})
