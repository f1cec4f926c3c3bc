import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CursorPosition } from './search-query.ts'
import { isVersion } from './superset.ts'

/** Twelve bytes of HMAC: nobody guesses one in the life of a superset. */
const TAG_BYTES = 12

/** Turns positions into opaque texts and back. `binding` is the search and selection they belong to. */
export type CursorCodec = {
  readonly write: (position: CursorPosition, binding: string) => string
  /** Null for anything not written with this secret for this binding. */
  readonly read: (cursor: string, binding: string) => CursorPosition | null
}

export function createCursorCodec(secret: string): CursorCodec {
  const tagOf = (body: string, binding: string) =>
    createHmac('sha256', secret).update(`${body}\n${binding}`).digest().subarray(0, TAG_BYTES)
  return {
    write({ version, sortValue, price, index }, binding) {
      const body = [version, sortValue, price, index].join('.')
      return Buffer.concat([tagOf(body, binding), Buffer.from(body, 'latin1')]).toString('base64url')
    },
    read(cursor, binding) {
      if (cursor.length > 200) return null
      const bytes = Buffer.from(cursor, 'base64url')
      // base64url tolerates stray characters; a cursor is accepted in the one form it was written in.
      if (bytes.length <= TAG_BYTES || bytes.toString('base64url') !== cursor) return null
      const body = bytes.subarray(TAG_BYTES).toString('latin1')
      if (!timingSafeEqual(bytes.subarray(0, TAG_BYTES), tagOf(body, binding))) return null
      const [version = '', ...numbers] = body.split('.')
      const [sortValue, price, index] = numbers.map(Number)
      if (!isVersion(version) || sortValue === undefined || price === undefined || index === undefined) return null
      return [sortValue, price, index].every(Number.isSafeInteger) ? { version, sortValue, price, index } : null
    },
  }
}
