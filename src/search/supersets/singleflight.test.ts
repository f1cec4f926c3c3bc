import { describe, expect, test } from 'vitest'
import { createSingleflight, startFlight } from './singleflight.ts'

const soon = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('work under way', () => {
  test('is done once for all who ask at the same time, and again for who asks later', async () => {
    const flights = createSingleflight<number>()
    let runs = 0
    const work = async () => {
      await soon()
      return (runs += 1)
    }
    const results = await Promise.all(Array.from({ length: 500 }, () => flights.join('key', work).result))
    expect(new Set(results)).toEqual(new Set([1]))
    expect(await flights.join('key', work).result).toBe(2)
    expect(flights.underWay()).toBe(0)
    const third = flights.join('key', work).result
    expect([flights.isUnderWay('key'), flights.isUnderWay('other')]).toEqual([true, false])
    await third
    expect(flights.isUnderWay('key')).toBe(false)
  })

  test('of two keys does not wait for each other', async () => {
    const flights = createSingleflight<string>()
    expect(await Promise.all(['a', 'b'].map((key) => flights.join(key, async () => key).result))).toEqual(['a', 'b'])
  })

  test('that fails tells everyone who joined and is tried again by the next', async () => {
    const flights = createSingleflight<number>()
    const failing = [1, 2].map(() => flights.join('key', () => Promise.reject(new Error('no'))).result)
    for (const result of failing) await expect(result).rejects.toThrow('no')
    expect(await flights.join('key', async () => 7).result).toBe(7)
  })

  test('goes on when one who listened leaves, and tells the others', async () => {
    const heard: string[] = []
    const flight = startFlight<number>(async (report) => {
      report(1)
      await soon()
      report(2)
      return 3
    })
    const leave = flight.subscribe((value) => heard.push(`leaver ${value}`))
    flight.subscribe((value) => heard.push(`stayer ${value}`))
    await Promise.resolve().then(leave)
    expect(await flight.result).toBe(3)
    expect(heard).toEqual(['leaver 1', 'stayer 1', 'stayer 2'])
    expect(flight.latest()).toBe(2)
  })
})
