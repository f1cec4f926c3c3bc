import { crc32 } from 'node:zlib'
import { decompress } from '@mongodb-js/zstd'
import type { Instant } from '../../kernel/time.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { encodeFlightPart } from '../flights/flight-part.ts'
import { isVersion, VERSION_LENGTH, type SourceFact, type Superset } from './superset.ts'
import { zstdOutputBytesMax } from './zstd-frame.ts'

/*
 * The format of release 0.1: a header of 40 bytes, then one zstd frame of JSON with the offers as objects. Read for one
 * release, so that processes of both may share a cache while one replaces the other; to be deleted in 0.3.
 */
const HEADER_BYTES = 40
const CRC_AT = 16
const VERSION_AT = 20

type OldSuperset = Omit<Superset, 'parts' | 'staleUntil'> & { readonly offers: readonly FlightOffer[] }

/** The superset in a block of format 1; null for anything that release did not write. Never throws. */
export async function decodeFormat1(block: Buffer, rawBytesMax: number): Promise<Superset | null> {
  const rawBytes = readHeader(block)
  if (rawBytes === null || rawBytes > rawBytesMax) return null
  const payload = block.subarray(HEADER_BYTES)
  const outputBytesMax = zstdOutputBytesMax(payload)
  if (outputBytesMax === null || outputBytesMax > 2 * rawBytesMax) return null
  try {
    const raw = await decompress(payload)
    if (raw.length !== rawBytes) return null
    const { offers, ...facts } = JSON.parse(raw.toString('utf8')) as OldSuperset
    const sources: SourceFact[] = [...facts.sources]
    const parts = await Promise.all(runsOf(offers).map((run) => encodeFlightPart(run[0]!.provider, run)))
    // What was fresh then is fresh now; that release showed nothing stale.
    return { ...facts, sources, staleUntil: facts.freshUntil as Instant, parts }
  } catch {
    return null
  }
}

function readHeader(block: Buffer): number | null {
  if (block.length < HEADER_BYTES || block.readUInt16BE(6) !== HEADER_BYTES) return null
  if (block.readUInt32BE(12) !== block.length - HEADER_BYTES) return null
  if (block.readUInt32BE(CRC_AT) !== crc32(block.subarray(CRC_AT + 4), crc32(block.subarray(0, CRC_AT)))) return null
  return isVersion(block.toString('latin1', VERSION_AT, VERSION_AT + VERSION_LENGTH)) ? block.readUInt32BE(8) : null
}

/** Neighbours of one supplier: each answer was appended whole, so that these are the parts, and offers keep their numbers. */
function runsOf(offers: readonly FlightOffer[]): FlightOffer[][] {
  const runs: FlightOffer[][] = []
  for (const offer of offers) {
    const run = runs[runs.length - 1]
    if (run?.[0]?.provider === offer.provider) run.push(offer)
    else runs.push([offer])
  }
  return runs
}
