/** RFC 8878 §3.1.1.2.3: no block gives back more than this. */
const BLOCK_BYTES_MAX = 128 * 1024
const MAGIC = 0xfd2fb528

/**
 * How many bytes decompressing can give at most, read from the block headers without decompressing (RFC 8878 §3.1.1).
 * Null when the bytes are anything but one whole zstd frame without a dictionary. Our decoder does not cap its output, so
 * this is what keeps a bomb from being unpacked.
 */
export function zstdOutputBytesMax(frame: Buffer): number | null {
  if (frame.length < 6 || frame.readUInt32LE(0) !== MAGIC) return null
  const descriptor = frame[4]!
  const sizeFlag = descriptor >> 6
  const isSingleSegment = (descriptor & 0b10_0000) !== 0
  const hasChecksum = (descriptor & 0b100) !== 0
  if ((descriptor & 0b1011) !== 0) return null // a reserved bit, or a dictionary
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][sizeFlag]!
  let at = 5 + (isSingleSegment ? 0 : 1) + sizeBytes
  let total = 0
  for (;;) {
    if (at + 3 > frame.length) return null
    const header = frame.readUIntLE(at, 3)
    const type = (header >> 1) & 0b11
    const size = header >> 3
    if (type === 3 || size > BLOCK_BYTES_MAX) return null
    total += type === 2 ? BLOCK_BYTES_MAX : size
    at += 3 + (type === 1 ? 1 : size)
    if ((header & 1) === 1) break
  }
  return at + (hasChecksum ? 4 : 0) === frame.length ? total : null
}
