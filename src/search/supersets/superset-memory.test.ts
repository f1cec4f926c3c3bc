import { describe, expect, test } from 'vitest'
import { factOf } from '../../../test/support/supersets.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import { createSupersetMemory } from './superset-memory.ts'
import { growSuperset, openSuperset, type Superset } from './superset.ts'

const clock = createStoppedClock('2026-11-01T00:00:00Z')

function supersetOf(key: string, hotBytes = 1_000): Superset {
  clock.advance(1)
  const part = {
    provider: 'a',
    offers: 1,
    hot: Buffer.alloc(hotBytes),
    packedHot: Buffer.alloc(300),
    packedCold: Buffer.alloc(200),
    coldBytes: 9,
  }
  return growSuperset(openSuperset(key, [factOf('a', 'asked')], clock), {
    fact: factOf('a', 'answered', { answeredAt: clock.now() }),
    part,
  })
}

describe('the supersets in memory', () => {
  test('are resolvable by version after a newer one has taken their place', () => {
    const memory = createSupersetMemory({ bytesMax: 1_000_000 })
    const [older, newer] = [supersetOf('k'), supersetOf('k')]
    memory.keep(newer, true)
    memory.keep(older, true)
    expect(memory.current('k')).toBe(newer)
    expect(memory.findVersion(older.version)).toBe(older)
    expect(memory.current('other')).toBeNull()
  })

  test('grow in their place, and never shrink back to an earlier revision', () => {
    const memory = createSupersetMemory({ bytesMax: 1_000_000 })
    const first = supersetOf('k')
    const grown = { ...first, revision: first.revision + 1 }
    memory.keep(first, true)
    memory.keep(grown, false)
    memory.keep(first, true)
    expect(memory.current('k')).toBe(grown)
    expect(memory.findVersion(first.version)).toBe(grown)
  })

  test('that are not answers yet are resolvable, and current for nobody', () => {
    const memory = createSupersetMemory({ bytesMax: 1_000_000 })
    const [answer, growing] = [supersetOf('k'), supersetOf('k')]
    memory.keep(answer, true)
    memory.keep(growing, false)
    expect(memory.current('k')).toBe(answer)
    memory.keep(growing, true)
    expect(memory.current('k')).toBe(growing)
  })

  test('count what they and their view take, and the least recently used go first', () => {
    const one = 4_096 + 2_500 + 300 + 200
    const memory = createSupersetMemory({ bytesMax: 2 * one })
    const [a, b, c] = [supersetOf('a'), supersetOf('b'), supersetOf('c')]
    memory.keep(a, true)
    expect(memory.bytes()).toBe(one)
    memory.keep(b, true)
    memory.current('a')
    memory.keep(c, true)
    expect([memory.current('a'), memory.current('b'), memory.current('c')]).toEqual([a, null, c])
    expect(memory.bytes()).toBe(2 * one)
  })

  test('that are larger than all of the memory are not kept, and nothing is left of what grew into one', () => {
    const memory = createSupersetMemory({ bytesMax: 20_000 })
    const small = supersetOf('k')
    memory.keep(small, true)
    memory.keep({ ...small, revision: 9, parts: supersetOf('k', 1_000_000).parts }, true)
    expect([memory.current('k'), memory.findVersion(small.version), memory.bytes()]).toEqual([null, null, 0])
  })
})
