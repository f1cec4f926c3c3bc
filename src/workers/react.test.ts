import { expect, test } from 'vitest'
import { duties, shareOf } from './duties.ts'
import { dutyOf, reactionsTo } from './react.ts'
import { reactions } from './reactions.ts'

test('no event has two reactions of one name, whosever duty they are', () => {
  for (const event of Object.keys(reactions)) expect(new Set(reactionsTo(event)).size, event).toBe(reactionsTo(event).length)
})

test('a reaction that is nobody’s duty, or the duty of nobody there is, does not compile', () => {
  const one = async (): Promise<void> => undefined
  // @ts-expect-error the duty is missing
  const nobodys: typeof reactions = { ...reactions, 'booking.paid': { ticketBooking: one } }
  // @ts-expect-error there is no such duty
  const unknown: typeof reactions = { ...reactions, 'booking.paid': { tickets: { ticketBooking: one } } }
  const known: typeof reactions = { ...reactions, 'booking.paid': { ticketing: { ticketBooking: one } } }
  expect([nobodys, unknown, known]).toHaveLength(3)
})

test('names that objects have by themselves are no events and no reactions', () => {
  expect(reactionsTo('constructor')).toEqual([])
  expect(reactionsTo('__proto__')).toEqual([])
  expect(dutyOf('booking.paid', 'toString')).toBe('bookkeeping')
  expect(dutyOf('booking.paid', 'ticketBooking')).toBe('ticketing')
})

test.each([1, 10, 20, 40, 200])(
  'of %i reactions at once every duty has its share, and mails and documents at most a fifth of it each',
  (max) => {
    const shares = duties.map((duty) => shareOf(duty, max))
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(1)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(Math.max(max, duties.length))
    for (const duty of ['notifications', 'documents'] as const) expect(shareOf(duty, max)).toBeLessThanOrEqual(Math.max(1, max / 5))
  },
)
