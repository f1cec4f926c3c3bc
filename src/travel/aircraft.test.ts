import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { aircraftName, isSurface, listAircraft } from './aircraft.ts'

const LIST = new URL('../../../shared/refdata/timrogers-aircraft.json', import.meta.url)

test('an aircraft is known by its code in either case, and an unknown one is not invented', () => {
  expect(aircraftName('77w')).toBe('Boeing 777-300ER')
  expect(aircraftName('ZZ9')).toBeUndefined()
  expect(aircraftName('__proto__')).toBeUndefined()
  expect(isSurface('trn')).toBe(true)
  expect(isSurface('320')).toBe(false)
})

test('every code is three characters, named once', () => {
  const codes = listAircraft().map(({ code }) => code)
  expect(codes.filter((code) => !/^[A-Z0-9]{3}$/.test(code))).toEqual([])
  expect(new Set(codes).size).toBe(codes.length)
  expect(listAircraft().filter(({ name }) => name.trim() !== name || name === '')).toEqual([])
})

/** Digits of the model: makers' names and variants are written differently by everybody. */
const modelOf = (name: string): string => /\d{2,4}/.exec(name.replace(/RJ-?|DHC-\d-/g, ''))?.[0] ?? ''

test.skipIf(!existsSync(LIST))('a second list means the same models by these codes (skipped where it is absent)', () => {
  const others = new Map(
    (JSON.parse(readFileSync(LIST, 'utf8')) as { iata_code: string; name: string }[]).map((one) => [one.iata_code, one.name]),
  )
  const unlike = listAircraft().filter(({ code, name }) => {
    const other = others.get(code)
    return other === undefined || (modelOf(name) !== '' && !other.replace(/\D/g, ' ').includes(modelOf(name).slice(0, 2)))
  })
  // The second list writes A138 for A318 in one entry, and has "Surface Equipment" for what does not fly.
  expect(unlike.map(({ code }) => code)).toEqual([])
})
