import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSealer } from './seal.ts'

const sealer = createSealer(randomBytes(32).toString('base64'))

test('what was sealed is opened again, whatever the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => sealer.open(sealer.seal(text, 'bkg_1'), 'bkg_1') === text))
})

test('sealed text does not show the text, and never looks the same twice', () => {
  const first = sealer.seal('C1234567', 'bkg_1')
  expect(Buffer.from(first.data, 'base64').toString('latin1')).not.toContain('C1234567')
  expect(sealer.seal('C1234567', 'bkg_1').data).not.toBe(first.data)
})

test('is opened neither for another booking, nor with another key, nor after a bit was changed', () => {
  const sealed = sealer.seal('C1234567', 'bkg_1')
  expect(() => sealer.open(sealed, 'bkg_2')).toThrow()
  expect(() => createSealer(randomBytes(32).toString('base64')).open(sealed, 'bkg_1')).toThrow()
  const bytes = Buffer.from(sealed.data, 'base64')
  bytes[bytes.length - 1]! ^= 1
  expect(() => sealer.open({ ...sealed, data: bytes.toString('base64') }, 'bkg_1')).toThrow()
})

test('refuses a key that is not 32 bytes', () => {
  expect(() => createSealer('c2hvcnQ=')).toThrow('32 bytes')
})
