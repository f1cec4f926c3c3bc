import { expect, test } from 'vitest'
import { instant } from '../../kernel/time.ts'
import { silentLogger } from '../logger.ts'
import { createNoteQueue } from './note-queue.ts'
import type { PriceFact } from './price-fact.ts'
import type { PriceStore } from './price-store.ts'

const factAt = (seconds: number): PriceFact => ({ checkedAt: instant(seconds * 1000), offers: 0, cheapest: null })

/** A store whose writes wait until they are let go. */
function slowStore() {
  const written: [string, Record<string, number>][] = []
  const waiting: (() => void)[] = []
  const store: PriceStore = {
    read: async () => [],
    write: async (key, facts) => {
      written.push([key, Object.fromEntries([...facts].map(([field, fact]) => [field, fact.checkedAt / 1000]))])
      await new Promise<void>((resolve) => void waiting.push(resolve))
    },
  }
  const letAllGo = async (queue: { idle: () => Promise<void> }) => {
    let isIdle = false
    void queue.idle().then(() => (isIdle = true))
    while (!isIdle) {
      for (const go of waiting.splice(0)) go()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { store, written, letAllGo }
}

test('facts of one route travel together, of two about the same days only the later', async () => {
  const { store, written, letAllGo } = slowStore()
  const queue = createNoteQueue({ store, logger: silentLogger })
  queue.add({ key: 'a', field: '2026-12-01' }, factAt(5))
  queue.add({ key: 'b', field: '2026-12-01' }, factAt(1))
  queue.add({ key: 'a', field: '2026-12-02' }, factAt(2))
  queue.add({ key: 'a', field: '2026-12-01' }, factAt(3))
  queue.add({ key: 'b', field: '2026-12-01' }, factAt(4))
  await letAllGo(queue)
  expect(written).toEqual([
    ['a', { '2026-12-01': 5, '2026-12-02': 2 }],
    ['b', { '2026-12-01': 4 }],
  ])
})

test('a store that is too slow makes us forget, never grow, and what comes later is written again', async () => {
  const { store, written, letAllGo } = slowStore()
  const warnings: unknown[] = []
  const queue = createNoteQueue({ store, logger: { warn: (facts) => void warnings.push(facts) }, waitingMax: 10 })
  for (let i = 0; i < 1_000; i += 1) queue.add({ key: `route ${i}`, field: '2026-12-01' }, factAt(i))
  await letAllGo(queue)
  expect(written.length).toBe(10)
  expect(warnings).toEqual([{ dropped: 990 }])
  queue.add({ key: 'later', field: '2026-12-01' }, factAt(1))
  await letAllGo(queue)
  expect(written.at(-1)).toEqual(['later', { '2026-12-01': 1 }])
})

test('a store that throws costs its own facts', async () => {
  const written: string[] = []
  const store: PriceStore = {
    read: async () => [],
    write: async (key) => {
      if (key === 'bad') throw new Error('broken')
      written.push(key)
    },
  }
  const queue = createNoteQueue({ store, logger: silentLogger })
  for (const key of ['bad', 'good']) queue.add({ key, field: '2026-12-01' }, factAt(1))
  await queue.idle()
  expect(written).toEqual(['good'])
})
