import { expect, test } from 'vitest'
import { growthOf, sparkline, thirdsOf } from './samples.ts'

const every10s = (rss: readonly number[]) => rss.map((value, i) => ({ second: (i + 1) * 10, value }))
const growth = (rss: readonly number[]) => growthOf(every10s(rss), rss.length * 10, ({ value }) => value)

test('a process that fills its caches in the first third and then stays as it is does not grow', () => {
  expect(growth([100, 300, 500, 600, 610, 590, 595, 605, 600])).toBe(1)
})

test('a leak shows, however slow: as much as the last third lies above the middle one', () => {
  expect(growth([100, 200, 300, 400, 500, 600, 700, 800, 900])).toBeCloseTo(800 / 500)
  expect(growth([600, 600, 600, 600, 620, 640, 690, 720, 740])).toBeCloseTo(720 / 620)
})

test('one sample in the middle of a collection is no leak, and one after it hides none', () => {
  expect(growth([100, 600, 600, 600, 600, 600, 600, 1_200, 600])).toBe(1)
  expect(growth([100, 600, 600, 600, 600, 600, 900, 900, 300])).toBe(1.5)
})

test('samples that come late belong to the stretch they tell of, and none is lost', () => {
  const samples = [10.02, 20.01, 30.4, 40.1, 50.2, 60.05].map((second) => ({ second }))
  const { first, middle, last } = thirdsOf(samples, 60)
  expect([first, middle, last].map((third) => third.length)).toEqual([1, 2, 3])
})

test('without a sample in each of the two thirds there is no figure', () => {
  expect(growthOf([{ second: 10 }], 60, () => 1)).toBeNull()
  expect(growthOf([], 60, () => 1)).toBeNull()
})

test('a sparkline has a bar per value up to its width, the highest one full, and begins at nothing', () => {
  expect(sparkline([0, 50, 100])).toBe('▁▅█')
  expect(sparkline([500, 500])).toBe('██')
  expect(sparkline([])).toBe('')
  expect(sparkline([0, 0])).toBe('▁▁')
  const long = sparkline([...Array.from({ length: 99 }, () => 1), 8], 20)
  expect(long).toHaveLength(20)
  expect(long.endsWith('▂█')).toBe(true)
})
