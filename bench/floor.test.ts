import { expect, test } from 'vitest'
import { findFallen, toFloor } from './floor.ts'
import { toRow } from './report.ts'

const machine = { cpu: 'any', cores: 2, node: 'v20', platform: 'linux', pinned: true, noisy: false }
const rows = (faster: number, dearer: number) => [
  toRow({ name: 'faster', figure: faster, goal: '>= 80', unit: 'x', detail: {} }),
  toRow({ name: 'dearer', figure: dearer, goal: '<= 2', unit: 'x', detail: {} }),
  toRow({ name: 'added', figure: 3, goal: '<= 5', unit: 'ms', detail: {} }),
]
const floor = toFloor({ machine, rows: rows(100, 1.6) }, 'today')

test('the floor is 80 % of the ratios measured, and holds no figure that depends on the machine', () => {
  expect(floor.rows).toEqual({ faster: { atLeast: 80 }, dearer: { atMost: 2 } })
})

test('what stays above the floor passes, met or not', () => {
  expect(findFallen(floor, rows(81, 1.9))).toEqual([])
  expect(findFallen(floor, rows(140, 1.1))).toEqual([])
})

test('a ratio that has fallen is named with its floor', () => {
  expect(findFallen(floor, rows(79, 1.6))).toEqual(['faster: 79 x, the floor is at least 80'])
  expect(findFallen(floor, rows(100, 2.1))).toEqual(['dearer: 2.1 x, the floor is at most 2'])
})

test('a row that is not measured any more has fallen', () => {
  expect(findFallen(floor, rows(100, 1.6).slice(1))).toEqual(['faster: not measured, the floor expects at least 80'])
})

test('a tail, which depends on the neighbours of the machine, holds nobody up', () => {
  const tail = toRow({ name: 'search.open.p99', figure: 0.3, goal: '<= 1.5', unit: 'x', detail: {} })
  expect(toFloor({ machine, rows: [tail] }, 'today').rows).toEqual({})
})
