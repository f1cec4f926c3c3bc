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
  let tail = ''
  for (const byte of randomBytes(16)) tail += ALPHABET[byte % 32]!
  return `${prefix}_${head}${tail}` as Id<Prefix>
}

/** True when `text` has the form of an identifier with this prefix. Says nothing about whether it exists. */
export function isId<Prefix extends string>(prefix: Prefix, text: string): text is Id<Prefix> {
  return text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1))
}
