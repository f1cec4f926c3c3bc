import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** The HMAC of a text under a key, in lower-case hexadecimal. */
export function hmacHex(algorithm: 'sha256' | 'sha512', key: string, text: string): string {
  return createHmac(algorithm, key).update(text, 'utf8').digest('hex')
}

/** Whether two texts are the same, in a time that tells nothing: what is compared are their hashes, always of one length. */
export function isSameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a, 'utf8').digest(), createHash('sha256').update(b, 'utf8').digest())
}
