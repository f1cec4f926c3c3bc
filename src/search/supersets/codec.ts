import { crc32 } from 'node:zlib'
import { decodeFormat1 } from './codec-format-1.ts'
import { openPart } from '../engine/part.ts'
import { completeFlightPart } from '../flights/flight-part.ts'
import { isVersion, VERSION_LENGTH, type Superset, type SupersetPart } from './superset.ts'
import { unpack } from './unpack.ts'
import { zstdOutputBytesMax } from './zstd-frame.ts'

/*
 * A superset in the cache: a header, the facts as JSON, then for each part the two zstd frames it was packed into when it
 * was made, so that publishing compresses nothing. Numbers are big-endian.
 *   0  "FWSS"             4  format (u16)    6  header length (u16)   8 length of the facts (u32)
 *   12 length of the rest (u32)   16 CRC-32 of everything else (u32)  20 version (17 ASCII)  37 zeros  40 revision (u32)  44 zeros
 * The publishing script in superset-store.ts reads magic and version where they stand, in every format.
 */
const MAGIC = Buffer.from('FWSS', 'latin1')
const FORMAT = 2
const HEADER_BYTES = 48
const CRC_AT = 16
export const VERSION_AT = 20
export const REVISION_AT = 40

/** The largest superset, unpacked, that is written or read. Larger ones live in this process only. */
export const RAW_BYTES_MAX = 64 * 1024 * 1024

type PartFact = {
  readonly provider: string
  readonly offers: number
  readonly hot: number
  readonly cold: number
  readonly packed: readonly [number, number]
}
type Facts = Omit<Superset, 'parts'> & { readonly parts: readonly PartFact[] }

/** The superset as bytes for the cache; null when it is larger than the cap. */
export function encodeSuperset(superset: Superset, rawBytesMax = RAW_BYTES_MAX): Buffer | null {
  const raw = superset.parts.reduce((sum, part) => sum + part.hot.length + part.coldBytes, 0)
  if (raw > rawBytesMax) return null
  const parts = superset.parts.map(toFact)
  const facts = Buffer.from(JSON.stringify({ ...superset, parts } satisfies Facts), 'utf8')
  const frames = superset.parts.flatMap((part) => [part.packedHot, part.packedCold])
  const block = Buffer.concat([Buffer.alloc(HEADER_BYTES), facts, ...frames])
  MAGIC.copy(block, 0)
  block.writeUInt16BE(FORMAT, 4)
  block.writeUInt16BE(HEADER_BYTES, 6)
  block.writeUInt32BE(facts.length, 8)
  block.writeUInt32BE(block.length - HEADER_BYTES, 12)
  block.write(superset.version, VERSION_AT, VERSION_LENGTH, 'latin1')
  block.writeUInt32BE(superset.revision, REVISION_AT)
  block.writeUInt32BE(checksumOf(block), CRC_AT)
  return block
}

/**
 * The superset in these bytes; null for anything that was not written by this release or the one before it: truncated,
 * altered, of another format, or announcing more than the cap. Never throws and never unpacks what it has not measured.
 */
export async function decodeSuperset(block: Buffer, rawBytesMax = RAW_BYTES_MAX): Promise<Superset | null> {
  if (!isSupersetBlock(block) || block.length < HEADER_BYTES) return null
  if (block.readUInt16BE(4) === 1) return decodeFormat1(block, rawBytesMax)
  try {
    const facts = readFacts(block)
    if (facts === null) return null
    const frames = measureFrames(block, facts.parts, HEADER_BYTES + block.readUInt32BE(8), rawBytesMax)
    if (frames === null) return null
    const parts = await Promise.all(facts.parts.map((fact, i) => unpackPart(fact, frames[i]!)))
    return { ...facts, parts }
  } catch {
    return null
  }
}

/** True when the bytes begin as a superset of any format; a pointer to one does not. */
export function isSupersetBlock(block: Buffer): boolean {
  return block.subarray(0, MAGIC.length).equals(MAGIC)
}

type Frames = { readonly hot: Buffer; readonly cold: Buffer }

function readFacts(block: Buffer): Facts | null {
  if (block.readUInt16BE(4) !== FORMAT || block.readUInt16BE(6) !== HEADER_BYTES) return null
  if (block.readUInt32BE(12) !== block.length - HEADER_BYTES || block.readUInt32BE(CRC_AT) !== checksumOf(block)) return null
  const end = HEADER_BYTES + block.readUInt32BE(8)
  if (end > block.length) return null
  const value: unknown = JSON.parse(block.toString('utf8', HEADER_BYTES, end))
  const version = block.toString('latin1', VERSION_AT, VERSION_AT + VERSION_LENGTH)
  return isFacts(value) && value.version === version && isVersion(version) ? value : null
}

/** Where each frame lies, when together they are the rest of the block and none can unpack to more than it says. */
function measureFrames(block: Buffer, parts: readonly PartFact[], begin: number, rawBytesMax: number): Frames[] | null {
  let at = begin
  let raw = 0
  const frames = parts.map((part) => {
    const [hot, cold] = part.packed.map((length) => block.subarray(at, (at += length))) as [Buffer, Buffer]
    raw += part.hot + part.cold
    return { hot, cold }
  })
  if (at !== block.length || raw > rawBytesMax) return null
  // A zstd block may give up to 128 KiB whatever it says, so the bound is loose by that much per block and no more.
  const bounds = frames.flatMap(({ hot, cold }) => [zstdOutputBytesMax(hot), zstdOutputBytesMax(cold)])
  let possible = 0
  for (const bound of bounds) {
    if (bound === null) return null
    possible += bound
  }
  return possible > 2 * rawBytesMax ? null : frames
}

async function unpackPart(fact: PartFact, frames: Frames): Promise<SupersetPart> {
  const hot = await unpack(frames.hot, fact.hot)
  if (hot.length !== fact.hot || openPart(hot).count !== fact.offers) throw new RangeError('a part is not what it was written as')
  const part = { provider: fact.provider, offers: fact.offers, hot, packedHot: frames.hot, packedCold: frames.cold, coldBytes: fact.cold }
  return completeFlightPart(part)
}

function toFact(part: SupersetPart): PartFact {
  const { provider, offers, hot, packedHot, packedCold, coldBytes } = part
  return { provider, offers, hot: hot.length, cold: coldBytes, packed: [packedHot.length, packedCold.length] }
}

function checksumOf(block: Buffer): number {
  return crc32(block.subarray(CRC_AT + 4), crc32(block.subarray(0, CRC_AT)))
}

/** The checksum proves who wrote it; this only keeps a mistake of our own from reaching a traveller as an exception. */
function isFacts(value: unknown): value is Facts {
  const facts = value as Partial<Facts> | null
  return (
    typeof facts === 'object' &&
    facts !== null &&
    typeof facts.key === 'string' &&
    [facts.revision, facts.startedAt, facts.freshUntil, facts.staleUntil, facts.retainedUntil].every(Number.isSafeInteger) &&
    Array.isArray(facts.sources) &&
    Array.isArray(facts.parts) &&
    facts.parts.every((part) => part.packed.length === 2 && [part.offers, part.hot, part.cold, ...part.packed].every(Number.isSafeInteger))
  )
}
