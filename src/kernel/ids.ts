import { randomBytes } from 'node:crypto'
import { systemClock, type Clock } from './time.ts'

/** An identifier that says what it names: "bkg_01k…". Prefix and brand keep two kinds from being swapped. */
export type Id<Prefix extends string> = `${Prefix}_${string}` & { readonly brand: Prefix }

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A new identifier: 48 bits of time, then 80 random bits, in Crockford's base 32 (the ULID layout), so that ids sort
 * by age and cannot be guessed.
 */
export function newId<Prefix extends string>(prefix: Prefix, clock: Clock = systemClock): Id<Prefix> {
  let time = clock.now() as number
  let head = ''
  for (let i = 0; i < 10; i += 1) {
    head = ALPHABET[time % 32]! + head
    time = Math.floor(time / 32)
  }
  return `${prefix}_${head}${randomTail()}` as Id<Prefix>
}

const TAIL = 16
let unused = Buffer.alloc(0)

/** Fetched for many at once: asking the system for 16 bytes costs ten times as much as all the rest of an id. */
function randomTail(): string {
  if (unused.length < TAIL) unused = randomBytes(TAIL * 256)
  let tail = ''
  for (const byte of unused.subarray(0, TAIL)) tail += ALPHABET[byte % 32]!
  unused = unused.subarray(TAIL)
  return tail
}

/** True when `text` has the form of an identifier with this prefix. Says nothing about whether it exists. */
export function isId<Prefix extends string>(prefix: Prefix, text: string): text is Id<Prefix> {
  return text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1))
}
