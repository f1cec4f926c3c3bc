import { crc32 } from 'node:zlib'
import { compress } from '@mongodb-js/zstd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nonstop } from '../../test/support/flight-offers.ts'
import { createStoppedClock } from '../kernel/time.ts'
import { decodeSuperset, encodeSuperset, isSupersetBlock, RAW_BYTES_MAX } from './codec.ts'
import { growSuperset, openSuperset, type SourceFact, type Superset } from './superset.ts'
import { zstdOutputBytesMax } from './zstd-frame.ts'

const clock = createStoppedClock('2026-11-01T00:00:00Z')
const fact: SourceFact = {
  ...{ provider: 'alpha', name: 'Alpha', state: 'answered', offers: 2, solutions: 2, ms: 80, fault: null },
  ...{ answeredAt: clock.now(), retentionMs: 1_800_000, duplicates: 0, unusable: 0 },
}

function supersetOf(tokens: readonly string[]): Superset {
  const offers = tokens.map((supplierToken, i) => ({ ...nonstop('GA', String(i), 100 + i), supplierToken }))
  return growSuperset(openSuperset('flight:s:CGK:NRT:2026-12-01:economy:1a0c0i', [fact], clock), { fact, offers })
}

async function blockOf(superset: Superset): Promise<Buffer> {
  const block = await encodeSuperset(superset)
  if (block === null) throw new Error('too large')
  return block
}

/** A block with another payload or header whose checksum is right: what a liar, or another release, would write. */
async function forge(change: (block: Buffer) => Buffer): Promise<Buffer> {
  const block = change(Buffer.from(await blockOf(supersetOf(['a', 'b']))))
  block.writeUInt32BE(crc32(block.subarray(20), crc32(block.subarray(0, 16))), 16)
  return block
}

const withPayload = (payload: Buffer, rawBytes: number) => (block: Buffer) => {
  const forged = Buffer.concat([block.subarray(0, 40), payload])
  forged.writeUInt32BE(rawBytes, 8)
  forged.writeUInt32BE(payload.length, 12)
  return forged
}

describe('a superset in the cache', () => {
  test('comes back as it was, whatever the offers hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 30 }), async (tokens) => {
        const superset = supersetOf(tokens)
        expect(await decodeSuperset(await blockOf(superset))).toEqual(superset)
      }),
      { numRuns: 50 },
    )
  })

  test('is a miss wherever it is cut off', async () => {
    const block = await blockOf(supersetOf(['a', 'b', 'c']))
    for (let length = 0; length < block.length; length += 1) expect(await decodeSuperset(block.subarray(0, length))).toBeNull()
    expect(await decodeSuperset(Buffer.concat([block, Buffer.of(0)]))).toBeNull()
  })

  test('is a miss whichever bit is flipped', async () => {
    const block = await blockOf(supersetOf(['a', 'b', 'c']))
    for (let bit = 0; bit < block.length * 8; bit += 1) {
      const flipped = Buffer.from(block)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(await decodeSuperset(flipped), `bit ${bit}`).toBeNull()
    }
  })

  test('is a miss when the bytes are anything else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await decodeSuperset(Buffer.from(bytes))).toBeNull()
        expect(await decodeSuperset(Buffer.concat([Buffer.from('FWSS'), bytes]))).toBeNull()
      }),
    )
  })

  test('is a miss in a format of another release', async () => {
    const forged = await forge((block) => {
      block.writeUInt16BE(2, 4)
      return block
    })
    expect(isSupersetBlock(forged)).toBe(true)
    expect(await decodeSuperset(forged)).toBeNull()
    // The forger's checksum is right: unchanged, the same block is read.
    expect(await decodeSuperset(await forge((block) => block))).not.toBeNull()
  })

  test('is refused unread when it announces, or could become, more than the cap', async () => {
    const zeros = Buffer.alloc(3 * RAW_BYTES_MAX)
    const bomb = await compress(zeros)
    expect(bomb.length).toBeLessThan(zeros.length / 1_000)
    expect(zstdOutputBytesMax(bomb)).toBeGreaterThanOrEqual(zeros.length)
    const began = process.memoryUsage().rss
    expect(await decodeSuperset(await forge(withPayload(bomb, zeros.length)))).toBeNull()
    expect(await decodeSuperset(await forge(withPayload(bomb, 1_000)))).toBeNull()
    expect(process.memoryUsage().rss - began).toBeLessThan(RAW_BYTES_MAX)
  })

  test('is a miss when the content is not a superset, though every length and checksum is right', async () => {
    for (const text of [
      '',
      'null',
      '{}',
      '[]',
      '{"version":1}',
      'not json',
      JSON.stringify({ ...supersetOf(['a']), offers: [null] }),
      JSON.stringify({ ...supersetOf(['a']), version: 'x' }),
    ]) {
      const raw = Buffer.from(text)
      expect([text, await decodeSuperset(await forge(withPayload(await compress(raw), raw.length)))]).toEqual([text, null])
    }
  })

  test('is not written when it is larger than the cap', async () => {
    expect(await encodeSuperset(supersetOf(['a'.repeat(1_000)]), 1_000)).toBeNull()
  })
})

describe('the bound on what a zstd frame gives', () => {
  test('is never below the truth', async () => {
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.tuple(fc.nat(255), fc.nat(400_000)).map(([byte, length]) => Buffer.alloc(length, byte)),
    )
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        const bound = zstdOutputBytesMax(await compress(Buffer.from(bytes)))
        expect(bound).not.toBeNull()
        expect(bound).toBeGreaterThanOrEqual(bytes.length)
      }),
      { numRuns: 60 },
    )
  })

  test('does not exist for two frames in a row, which would be unpacked one after the other', async () => {
    const frame = await compress(Buffer.from('hello'))
    expect(zstdOutputBytesMax(frame)).not.toBeNull()
    expect(zstdOutputBytesMax(Buffer.concat([frame, frame]))).toBeNull()
  })
})
