import { expect, test } from 'vitest'
import { isId, newId } from './ids.ts'
import { createStoppedClock } from './time.ts'

test('ids say what they name, sort by age and are never the same', () => {
  const clock = createStoppedClock('2026-11-21T08:00:00Z')
  const ids = Array.from({ length: 200 }, () => {
    clock.advance(1)
    return newId('bkg', clock)
  })
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(Array.from({ length: 2_000 }, () => newId('bkg', clock))).size).toBe(2_000)
  expect(ids.every((id) => isId('bkg', id))).toBe(true)
  expect(isId('pay', ids[0]!)).toBe(false)
  expect(isId('bkg', 'bkg_../../etc/passwd')).toBe(false)
})
