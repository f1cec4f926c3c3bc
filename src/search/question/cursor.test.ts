import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCursorCodec } from './cursor.ts'

const SECRET = 'a secret of this test'
const cursors = createCursorCodec(SECRET)

const DIGITS = [...'0123456789abcdefghjkmnpqrstvwxyz']
const versionText = fc.array(fc.constantFrom(...DIGITS), { minLength: 17, maxLength: 17 }).map((digits) => digits.join(''))
const versions = (most: number) => fc.array(versionText, { minLength: 1, maxLength: most }).map((all) => all.join('~'))
const position = fc.record({
  version: versions(7),
  sortValue: fc.maxSafeInteger(),
  price: fc.maxSafeInteger(),
  index: fc.maxSafeNat(),
})
const binding = fc.string({ unit: 'binary-ascii', maxLength: 200 })

/** One change of a text that makes another text of it. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant('replace' as const), at: fc.nat(), by: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), by: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat(), by: fc.constant('') }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), by: fc.constant('') }),
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), by: fc.constantFrom('1', '2', '4', '8', '16', '32', '64', '128') }),
)

function tamper(
  cursor: string,
  { kind, at, by }: { kind: 'replace' | 'insert' | 'remove' | 'cut' | 'flip'; at: number; by: string },
): string {
  const place = at % cursor.length
  if (kind === 'cut') return cursor.slice(0, place)
  if (kind === 'insert') return cursor.slice(0, place) + by + cursor.slice(place)
  if (kind !== 'flip') return cursor.slice(0, place) + by + cursor.slice(place + 1)
  const bytes = Buffer.from(cursor, 'base64url')
  bytes[at % bytes.length]! ^= Number(by)
  return bytes.toString('base64url')
}

describe('a page cursor', () => {
  test('comes back as it was written, be it of one superset or of seven', () => {
    fc.assert(
      fc.property(position, binding, (written, text) => {
        expect(cursors.read(cursors.write(written, text), text)).toEqual(written)
      }),
    )
  })

  test('is an opaque text that needs no encoding in an address', () => {
    fc.assert(
      fc.property(position, binding, (written, text) => {
        expect(cursors.write(written, text)).toMatch(/^[\w-]{1,256}$/)
      }),
    )
  })

  test('is refused after any tampering', () => {
    fc.assert(
      fc.property(position, binding, edit, (written, text, change) => {
        const cursor = cursors.write(written, text)
        const tampered = tamper(cursor, change)
        fc.pre(tampered !== cursor)
        expect(cursors.read(tampered, text)).toBeNull()
      }),
      { numRuns: 2_000 },
    )
  })

  test('is refused in another search, selection or sort, and under another secret', () => {
    fc.assert(
      fc.property(position, binding, binding, (written, text, other) => {
        fc.pre(text !== other)
        const cursor = cursors.write(written, text)
        expect(cursors.read(cursor, other)).toBeNull()
        expect(createCursorCodec(`${SECRET}!`).read(cursor, text)).toBeNull()
      }),
    )
  })

  test('is nothing we did not write, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(cursors.read(text, '')).toBeNull()
      }),
    )
    expect(cursors.read('A'.repeat(100_000), '')).toBeNull()
  })

  test('is refused when what we signed is no position', () => {
    const one = '0'.repeat(17)
    const bodies = [
      { version: Array.from({ length: 8 }, () => one).join('~'), sortValue: 1, price: 1, index: 1 },
      { version: `${one}~`, sortValue: 1, price: 1, index: 1 },
      { version: '', sortValue: 1, price: 1, index: 1 },
      { version: one.toUpperCase().replace('0', 'U'), sortValue: 1, price: 1, index: 1 },
      { version: one, sortValue: 0.5, price: 1, index: 1 },
      { version: one, sortValue: Number.NaN, price: 1, index: 1 },
      { version: `${one}.5`, sortValue: 1, price: 1, index: 1 },
    ]
    for (const body of bodies) expect(cursors.read(cursors.write(body, ''), '')).toBeNull()
  })
})
