import * as zlib from 'node:zlib'
import { decompress } from '@mongodb-js/zstd'

/** What Node has since 22.15, and the types of the oldest Node we run on do not know. */
type NativeZstd = { readonly zstdDecompressSync?: (frame: Uint8Array, options: { maxOutputLength: number }) => Buffer }

const { zstdDecompressSync } = zlib as NativeZstd

/** Larger frames would hold up the event loop for more than a millisecond. */
const AT_ONCE_MAX = 1024 * 1024

/**
 * Unpacks one zstd frame that has been measured. At once where Node can: the way to the thread pool and back, with a copy on
 * each side, takes as long as the work itself. Throws for bytes that are no frame.
 */
export async function unpack(frame: Buffer, rawBytes: number): Promise<Buffer> {
  if (zstdDecompressSync === undefined || rawBytes > AT_ONCE_MAX) return decompress(frame)
  return zstdDecompressSync(frame, { maxOutputLength: Math.max(1, rawBytes) })
}
