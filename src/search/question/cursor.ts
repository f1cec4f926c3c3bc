import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { CursorPosition } from './search-query.ts'
import { isVersion, VERSION_LENGTH } from '../supersets/superset.ts'

/** Twelve bytes of HMAC: nobody guesses one in the life of a superset. */
const TAG_BYTES = 12
/** Supersets that one search is answered from at most: its own pair of places, five more nearby, one of joined tickets. */
const VERSIONS_MAX = 7
const NUMBER_LENGTH = String(Number.MIN_SAFE_INTEGER).length
/** As long as the longest we write: versions joined by "~" and three numbers, in base64. */
const CURSOR_LENGTH_MAX = Math.ceil((4 * (TAG_BYTES + VERSIONS_MAX * (VERSION_LENGTH + 1) + 3 * (NUMBER_LENGTH + 1))) / 3)

/** Turns positions into opaque texts and back. `binding` is the search and selection they belong to. */
export type CursorCodec = {
  readonly write: (position: CursorPosition, binding: string) => string
  /** Null for anything not written with this secret for this binding. */
  readonly read: (cursor: string, binding: string) => CursorPosition | null
}

export function createCursorCodec(secret: string): CursorCodec {
  const key = createSecretKey(Buffer.from(secret))
  const tagOf = (body: string, binding: string) => createHmac('sha256', key).update(`${body}\n${binding}`).digest().subarray(0, TAG_BYTES)
  return {
    write({ version, sortValue, price, index }, binding) {
      const body = `${version}.${sortValue}.${price}.${index}`
      return Buffer.concat([tagOf(body, binding), Buffer.from(body, 'latin1')]).toString('base64url')
    },
    read(cursor, binding) {
      if (cursor.length > CURSOR_LENGTH_MAX) return null
      const bytes = Buffer.from(cursor, 'base64url')
      // base64url tolerates stray characters; a cursor is accepted in the one form it was written in.
      if (bytes.length <= TAG_BYTES || bytes.toString('base64url') !== cursor) return null
      const body = bytes.subarray(TAG_BYTES).toString('latin1')
      if (!timingSafeEqual(bytes.subarray(0, TAG_BYTES), tagOf(body, binding))) return null
      return parseBody(body)
    },
  }
}

function parseBody(body: string): CursorPosition | null {
  const [version = '', ...numbers] = body.split('.')
  const [sortValue, price, index] = numbers.map(Number)
  if (sortValue === undefined || price === undefined || index === undefined || numbers.length > 3) return null
  const versions = version.split('~')
  if (versions.length > VERSIONS_MAX || !versions.every(isVersion)) return null
  return [sortValue, price, index].every(Number.isSafeInteger) ? { version, sortValue, price, index } : null
}
