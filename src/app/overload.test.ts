import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { watchOverload, type OverloadWatch } from './overload.ts'

let watch: OverloadWatch | undefined
afterEach(() => watch?.close())

/** Keeps the event loop from doing anything else. */
function hold(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

async function holdAgainAndAgain(times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    hold(150)
    await pause(1)
  }
}

test('a loop that is late look after look is overload, and no longer one when it is free again', async () => {
  watch = watchOverload({ loopDelayMaxMs: 100, lookMs: 20 })
  expect(watch.reason()).toBeNull()
  await holdAgainAndAgain(8)
  expect(watch.reason()).toBe('the event loop is late')
  for (let i = 0; i < 200 && watch.reason() !== null; i += 1) await pause(25)
  expect(watch.reason()).toBeNull()
})

test('one long pause is none', async () => {
  watch = watchOverload({ loopDelayMaxMs: 100, lookMs: 20 })
  hold(300)
  await pause(1)
  expect(watch.reason()).toBeNull()
})

test('nothing is too late where any delay is borne, and a heap without room is told', async () => {
  watch = watchOverload({ loopDelayMaxMs: 0, lookMs: 20 })
  await holdAgainAndAgain(6)
  expect(watch.reason()).toBeNull()
  watch.close()
  watch = watchOverload({ loopDelayMaxMs: 0, lookMs: 10, heapShareMax: 0 })
  for (let i = 0; i < 200 && watch.reason() === null; i += 1) await pause(10)
  expect(watch.reason()).toBe('the memory is used up')
})
