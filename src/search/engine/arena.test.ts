import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createArena, type Lease } from './arena.ts'

const SLAB = 64

test('what has not been given back is never written over, whatever is taken and given back meanwhile', () => {
  const step = fc.oneof(fc.record({ take: fc.integer({ min: 1, max: SLAB + 20 }) }), fc.record({ giveBack: fc.nat() }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const arena = createArena(SLAB)
      const held: { lease: Lease; byte: number }[] = []
      steps.forEach((one, i) => {
        const byte = i % 251
        if ('take' in one) held.push({ lease: arena.fill(one.take, (buffer) => buffer.fill(byte).length), byte })
        else if (held.length > 0) held.splice(one.giveBack % held.length, 1)[0]!.lease.giveBack()
        for (const { lease, byte: written } of held) expect(lease.buffer.every((value) => value === written)).toBe(true)
      })
    }),
  )
})

test('memory that has been given back is used again', () => {
  const arena = createArena(SLAB)
  const memory = new Set<ArrayBufferLike>()
  for (let i = 0; i < 50; i += 1) {
    const lease = arena.fill(40, (buffer) => buffer.length)
    memory.add(lease.buffer.buffer)
    lease.giveBack()
  }
  expect(memory.size).toBeLessThanOrEqual(2)
})
