import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BOOKING_STATUSES, IllegalMove, isFinal, mayMove, moveTo } from './booking.ts'

const status = fc.constantFrom(...BOOKING_STATUSES)

test('a booking moves only where the state machine leads', () => {
  fc.assert(
    fc.property(status, status, (from, to) => {
      if (mayMove(from, to)) expect(moveTo({ status: from }, to)).toEqual({ status: to })
      else expect(() => moveTo({ status: from }, to)).toThrow(IllegalMove)
    }),
  )
})

test('nothing leads out of a final status, and every other one leads to one', () => {
  const reachable = (from: (typeof BOOKING_STATUSES)[number]): boolean =>
    isFinal(from) || BOOKING_STATUSES.some((to) => mayMove(from, to) && reachable(to))
  for (const from of BOOKING_STATUSES) {
    if (isFinal(from)) expect(BOOKING_STATUSES.filter((to) => mayMove(from, to))).toEqual([])
    expect(reachable(from)).toBe(true)
  }
})

test('S7: money never revives a cancelled booking', () => {
  expect(BOOKING_STATUSES.filter((to) => mayMove('CANCELLED', to))).toEqual([])
})

test('no way leads to a ticket that does not pass through PAID', () => {
  const before = (to: string): string[] => BOOKING_STATUSES.filter((from) => mayMove(from, to as (typeof BOOKING_STATUSES)[number]))
  expect(before('TICKETED')).toEqual(['PENDING_TICKET'])
  expect(before('PENDING_TICKET')).toEqual(['PAID'])
  expect(before('PAID')).toEqual(['PENDING_PAYMENT'])
})
