import { expect, test } from 'vitest'
import { ALLIANCES, allianceOf } from './alliances.ts'
import { findCarrier } from './places.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const codes = [...LETTERS].flatMap((first) => [...LETTERS].map((second) => first + second))
const membersOf = (alliance: string) => codes.filter((code) => allianceOf(code) === alliance)

test('every alliance has as many members as it says', () => {
  expect(Object.fromEntries(ALLIANCES.map((alliance) => [alliance, membersOf(alliance).length]))).toEqual({
    star: 26,
    oneworld: 16,
    skyteam: 18,
  })
})

test('every member is an airline we can name', () => {
  expect(codes.filter((code) => allianceOf(code) !== null && findCarrier(code) === undefined)).toEqual([])
})

test.each([
  ['SQ', 'star'],
  ['NH', 'star'],
  ['AZ', 'star'],
  ['JL', 'oneworld'],
  ['FJ', 'oneworld'],
  ['WY', 'oneworld'],
  ['GA', 'skyteam'],
  ['SK', 'skyteam'],
  ['VS', 'skyteam'],
  // Suspended, gone, never in one, a partner only, nobody.
  ['SU', null],
  ['S7', null],
  ['CZ', null],
  ['OK', null],
  ['EK', null],
  ['HO', null],
  ['', null],
  ['constructor', null],
])('%s belongs to %s', (code, alliance) => {
  expect(allianceOf(code)).toBe(alliance)
})
