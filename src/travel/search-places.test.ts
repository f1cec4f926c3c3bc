import { expect, test } from 'vitest'
import { searchPlaces } from './places.ts'

const codes = (query: string, limit = 4): string[] => searchPlaces(query, limit).map(({ code }) => code)

test.each([
  ['jakatra', 'JKT'],
  ['jkarta', 'JKT'],
  ['singapur', 'SIN'],
  ['Frankfrut', 'FRA'],
  ['barcelnoa', 'BCN'],
  ['amstedam', 'AMS'],
  ['new yrok', 'NYC'],
  ['heatrow', 'LHR'],
  ['Ho Chi Min', 'SGN'],
  ['copenhagn', 'CPH'],
  ['reykjavk', 'KEF'],
])('a slip of the finger still finds the place: %s', (typed, code) => {
  expect(codes(typed)).toContain(code)
})

test('what is typed right is not drowned in what is nearly so', () => {
  expect(codes('paris')[0]).toBe('PAR')
  expect(codes('rome', 2)).toEqual(expect.arrayContaining(['ROM']))
  expect(codes('tokyo')).toEqual(['TYO', 'HND', 'NRT'])
})

test('short words and codes are taken as they are, and gibberish finds nothing', () => {
  expect(codes('xqz')).toEqual([])
  expect(codes('qwrtzpls')).toEqual([])
  expect(codes('')).toEqual([])
})
