import { crc32 } from 'node:zlib'
import { compress } from '@mongodb-js/zstd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nonstop } from '../../../test/support/flight-offers.ts'
import { flightOffer } from '../../../test/support/offers.ts'
import { anyFlightOffer } from '../../../test/support/any-offers.ts'
import { money } from '../../kernel/money.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { decodeSuperset, encodeSuperset, isSupersetBlock, RAW_BYTES_MAX } from './codec.ts'
import { encodePart } from '../engine/part.ts'
import { FLIGHT_COLUMNS } from '../flights/flight-columns.ts'
import { encodeFlightPart, readFlightOffer, toFlightRows } from '../flights/flight-part.ts'
import { growSuperset, offersIn, openSuperset, type SourceFact, type Superset } from './superset.ts'
import { zstdOutputBytesMax } from './zstd-frame.ts'

const clock = createStoppedClock('2026-11-01T00:00:00Z')
const fact: SourceFact = {
  ...{ provider: 'alpha', name: 'Alpha', state: 'answered', offers: 2, solutions: 2, ms: 80, fault: null },
  ...{ answeredAt: clock.now(), retentionMs: 1_800_000, duplicates: 0, unusable: 0 },
}

async function supersetOf(offers: readonly FlightOffer[]): Promise<Superset> {
  const key = 'flight:s:{CGK:NRT:2026-12-01:economy:1a0c0i}'
  const part = await encodeFlightPart('alpha', offers)
  return growSuperset(openSuperset(key, [fact], clock), { fact, part })
}

const withTokens = (tokens: readonly string[]) =>
  supersetOf(tokens.map((supplierToken, i) => ({ ...nonstop('GA', String(i), 100 + i), provider: 'alpha', supplierToken })))

function blockOf(superset: Superset): Buffer {
  const block = encodeSuperset(superset)
  if (block === null) throw new Error('too large')
  return block
}

/** A block with other facts or another frame whose checksum is right: what a liar would write. */
function forge(superset: Superset, change: (block: Buffer) => Buffer): Buffer {
  const block = change(Buffer.from(blockOf(superset)))
  block.writeUInt32BE(block.length - 48, 12)
  block.writeUInt32BE(crc32(block.subarray(20), crc32(block.subarray(0, 16))), 16)
  return block
}

const withFacts = (facts: Buffer) => (block: Buffer) => {
  const rest = block.subarray(48 + block.readUInt32BE(8))
  const forged = Buffer.concat([block.subarray(0, 48), facts, rest])
  forged.writeUInt32BE(facts.length, 8)
  return forged
}

/** The block with this for its only frames. */
const withFrame = (frame: Buffer, rawBytes: number) => (block: Buffer) => {
  const facts = JSON.parse(block.toString('utf8', 48, 48 + block.readUInt32BE(8)))
  facts.parts = [{ provider: 'alpha', offers: 2, hot: rawBytes, cold: 1, packed: [frame.length, frame.length] }]
  return withFacts(Buffer.from(JSON.stringify(facts)))(Buffer.concat([block.subarray(0, 48 + block.readUInt32BE(8)), frame, frame]))
}

/** What release 0.1 wrote: its own code, kept here to be read. */
async function writeFormat1(superset: Record<string, unknown> & { version: string }): Promise<Buffer> {
  const raw = Buffer.from(JSON.stringify(superset), 'utf8')
  const payload = await compress(raw)
  const block = Buffer.alloc(40 + payload.length)
  block.write('FWSS', 0, 'latin1')
  block.writeUInt16BE(1, 4)
  block.writeUInt16BE(40, 6)
  block.writeUInt32BE(raw.length, 8)
  block.writeUInt32BE(payload.length, 12)
  block.write(superset.version, 20, 17, 'latin1')
  payload.copy(block, 40)
  block.writeUInt32BE(crc32(block.subarray(20), crc32(block.subarray(0, 16))), 16)
  return block
}

/** That release knew neither emissions nor self-transfers, technical stops, fees, passengers' bags or guaranteed prices. */
function asRelease01(offer: FlightOffer): object {
  const { emissionsKg: _e, selfTransfer: _s, priceGuaranteedUntil: _g, ...known } = offer
  const segments = (slice: FlightOffer['slices'][number]) => slice.segments.map(({ technicalStops: _t, ...segment }) => segment)
  return {
    ...known,
    passengers: offer.passengers.map(({ fees: _f, baggage: _b, ...fare }) => fare),
    slices: offer.slices.map((slice) => ({ ...slice, segments: segments(slice) })),
  }
}

describe('a superset in the cache', () => {
  test('comes back as it was, whatever the offers hold', async () => {
    const offers = fc.array(fc.tuple(anyFlightOffer(2, clock.now()), fc.string({ unit: 'grapheme' })), { maxLength: 20, minLength: 1 })
    await fc.assert(
      fc.asyncProperty(offers, async (made) => {
        const given = made.map(([offer, supplierToken]) => ({ ...offer, provider: 'alpha', supplierToken }))
        const superset = await supersetOf(given)
        const read = await decodeSuperset(blockOf(superset))
        expect(read).toEqual(superset)
        for (const [i, offer] of given.entries()) {
          expect(await readFlightOffer(read!, i)).toEqual({ ...offer, id: `off_${superset.version}_${i}` })
        }
      }),
      { numRuns: 60 },
    )
  })

  test('is a miss wherever it is cut off', async () => {
    const block = blockOf(await withTokens(['a', 'b', 'c']))
    for (let length = 0; length < block.length; length += 1) expect(await decodeSuperset(block.subarray(0, length))).toBeNull()
    expect(await decodeSuperset(Buffer.concat([block, Buffer.of(0)]))).toBeNull()
  })

  test('is a miss whichever bit is flipped', async () => {
    const block = blockOf(await withTokens(['a', 'b', 'c']))
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

  test('is a miss in a format of the future', async () => {
    const superset = await withTokens(['a', 'b'])
    const forged = forge(superset, (block) => {
      block.writeUInt16BE(3, 4)
      return block
    })
    expect(isSupersetBlock(forged)).toBe(true)
    expect(await decodeSuperset(forged)).toBeNull()
    // The forger's checksum is right: unchanged, the same block is read.
    expect(await decodeSuperset(forge(superset, (block) => block))).not.toBeNull()
  })

  test('of the release before is read, with every offer where it was', async () => {
    const { parts: _, staleUntil: __, ...facts } = await withTokens(['a'])
    const offers = [
      flightOffer({ provider: 'alpha', supplierToken: 'first' }),
      flightOffer({ provider: 'beta', supplierToken: 'second' }),
      flightOffer({ provider: 'beta', supplierToken: 'third' }),
    ]
    const old = offers.map(asRelease01)
    const block = await writeFormat1({ ...facts, offers: old })
    const read = await decodeSuperset(block)
    expect([offersIn(read!), read!.parts.map((part) => part.provider)]).toEqual([3, ['alpha', 'beta']])
    for (const [i, offer] of offers.entries()) {
      expect(await readFlightOffer(read!, i)).toEqual({ ...offer, id: `off_${facts.version}_${i}`, emissionsKg: null, selfTransfer: null })
    }
    for (let length = 0; length < block.length; length += 7) expect(await decodeSuperset(block.subarray(0, length))).toBeNull()
  })

  test('from a build that knew no technical stops and no products is read as one of today that says nothing of them', async () => {
    const offers = [
      ...[nonstop('GA', '1', 100), nonstop('SQ', '2', 200)].map((offer) => ({ ...offer, provider: 'alpha' })),
      flightOffer({ provider: 'alpha', penalties: [{ kind: 'refund', allowed: true, amount: money(1, 'USD') }] }),
    ]
    const superset = await supersetOf(offers.map((offer, i) => ({ ...offer, supplierToken: `token ${i}` })))
    const rows = toFlightRows(offers).map((row) => ({
      ...row,
      full: row.full.replaceAll(/,"(technical_stops|price_guaranteed_until|percent|when|until)":null/g, ''),
    }))
    const hot = encodePart({ ...FLIGHT_COLUMNS, product: [] }, rows)
    expect(hot.includes('technical_stops')).toBe(false)
    const old = { ...superset, parts: [{ ...superset.parts[0]!, hot, packedHot: await compress(hot) }] }
    const read = await decodeSuperset(blockOf(old))
    expect(read!.parts[0]!.hot.equals(superset.parts[0]!.hot)).toBe(true)
    expect((await readFlightOffer(read!, 1))!.supplierToken).toBe('token 1')
  })

  test('is refused unread when it announces, or could become, more than the cap', async () => {
    const superset = await withTokens(['a', 'b'])
    const zeros = Buffer.alloc(3 * RAW_BYTES_MAX)
    const bomb = await compress(zeros)
    expect(bomb.length).toBeLessThan(zeros.length / 1_000)
    expect(zstdOutputBytesMax(bomb)).toBeGreaterThanOrEqual(zeros.length)
    const began = process.memoryUsage().rss
    expect(await decodeSuperset(forge(superset, withFrame(bomb, zeros.length)))).toBeNull()
    expect(await decodeSuperset(forge(superset, withFrame(bomb, 1_000)))).toBeNull()
    expect(process.memoryUsage().rss - began).toBeLessThan(RAW_BYTES_MAX)
  })

  test('is a miss when the content is not a superset, though every length and checksum is right', async () => {
    const superset = await withTokens(['a'])
    const { parts: _, ...facts } = superset
    for (const text of [
      '',
      'null',
      '{}',
      '[]',
      '{"version":1}',
      'not json',
      JSON.stringify(facts),
      JSON.stringify({ ...facts, parts: [null] }),
    ]) {
      expect([text, await decodeSuperset(forge(superset, withFacts(Buffer.from(text))))]).toEqual([text, null])
    }
    const noPart = await compress(Buffer.from('{"offers":[]}'))
    expect(await decodeSuperset(forge(superset, withFrame(noPart, 13)))).toBeNull()
  })

  test('is not written when it is larger than the cap', async () => {
    expect(encodeSuperset(await withTokens(['a'.repeat(1_000)]), 1_000)).toBeNull()
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
