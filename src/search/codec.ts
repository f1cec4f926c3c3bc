import { crc32 } from 'node:zlib'
import { compress, decompress } from '@mongodb-js/zstd'
import { isVersion, VERSION_LENGTH, type Superset } from './superset.ts'
import { zstdOutputBytesMax } from './zstd-frame.ts'

/*
 * A superset in the cache: a header of 40 bytes, then one zstd frame of JSON. Numbers are big-endian.
 *   0  "FWSS"           4  format (u16)       6  header length (u16)
 *   8  raw length (u32) 12 payload length (u32) 16 CRC-32 of everything else (u32)
 *   20 version (17 ASCII) 37 zeros
 * The publishing script in superset-store.ts reads magic and version where they stand, in every format.
 */
const MAGIC = Buffer.from('FWSS', 'latin1')
const FORMAT = 1
const HEADER_BYTES = 40
const CRC_AT = 16
export const VERSION_AT = 20

/** The largest superset, as JSON, that is written or read. Larger ones live in this process only. */
export const RAW_BYTES_MAX = 32 * 1024 * 1024

/** The superset as bytes for the cache; null when it is larger than the cap. */
export async function encodeSuperset(superset: Superset, rawBytesMax = RAW_BYTES_MAX): Promise<Buffer | null> {
  const raw = Buffer.from(JSON.stringify(superset), 'utf8')
  if (raw.length > rawBytesMax) return null
  const payload = await compress(raw)
  const block = Buffer.alloc(HEADER_BYTES + payload.length)
  MAGIC.copy(block, 0)
  block.writeUInt16BE(FORMAT, 4)
  block.writeUInt16BE(HEADER_BYTES, 6)
  block.writeUInt32BE(raw.length, 8)
  block.writeUInt32BE(payload.length, 12)
  block.write(superset.version, VERSION_AT, VERSION_LENGTH, 'latin1')
  payload.copy(block, HEADER_BYTES)
  block.writeUInt32BE(checksumOf(block), CRC_AT)
  return block
}

/**
 * The superset in these bytes; null for anything that {@link encodeSuperset} of this release did not write: truncated,
 * altered, of another format, or announcing more than the cap. Never throws and never unpacks what it has not measured.
 */
export async function decodeSuperset(block: Buffer, rawBytesMax = RAW_BYTES_MAX): Promise<Superset | null> {
  const header = readHeader(block)
  if (header === null || header.rawBytes > rawBytesMax) return null
  const payload = block.subarray(HEADER_BYTES)
  const outputBytesMax = zstdOutputBytesMax(payload)
  // A block may give up to 128 KiB whatever it says, so the bound is loose by that much per block and no more.
  if (outputBytesMax === null || outputBytesMax > 2 * rawBytesMax) return null
  try {
    const raw = await decompress(payload)
    if (raw.length !== header.rawBytes) return null
    const value: unknown = JSON.parse(raw.toString('utf8'))
    return isSuperset(value) && value.version === header.version ? value : null
  } catch {
    return null
  }
}

/** True when the bytes begin as a superset of any format; a pointer to one does not. */
export function isSupersetBlock(block: Buffer): boolean {
  return block.subarray(0, MAGIC.length).equals(MAGIC)
}

function readHeader(block: Buffer): { rawBytes: number; version: string } | null {
  if (block.length < HEADER_BYTES || !isSupersetBlock(block)) return null
  if (block.readUInt16BE(4) !== FORMAT || block.readUInt16BE(6) !== HEADER_BYTES) return null
  if (block.readUInt32BE(12) !== block.length - HEADER_BYTES) return null
  if (block.readUInt32BE(CRC_AT) !== checksumOf(block)) return null
  const version = block.toString('latin1', VERSION_AT, VERSION_AT + VERSION_LENGTH)
  return isVersion(version) ? { rawBytes: block.readUInt32BE(8), version } : null
}

function checksumOf(block: Buffer): number {
  return crc32(block.subarray(CRC_AT + 4), crc32(block.subarray(0, CRC_AT)))
}

/** The checksum proves who wrote it; this only keeps a mistake of our own from reaching a traveller as an exception. */
function isSuperset(value: unknown): value is Superset {
  const superset = value as Partial<Superset> | null
  return (
    typeof superset === 'object' &&
    superset !== null &&
    typeof superset.key === 'string' &&
    typeof superset.version === 'string' &&
    [superset.revision, superset.startedAt, superset.freshUntil, superset.retainedUntil].every(Number.isSafeInteger) &&
    Array.isArray(superset.sources) &&
    Array.isArray(superset.offers) &&
    superset.offers.every(
      (offer: unknown) => typeof offer === 'object' && offer !== null && Array.isArray((offer as { slices?: unknown }).slices),
    )
  )
}
