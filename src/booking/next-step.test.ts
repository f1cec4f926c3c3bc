import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flightOffer, reservation, ticket } from '../../test/support/offers.ts'
import { instant } from '../kernel/time.ts'
import type { Attempt } from './attempt.ts'
import { BOOKING_STATUSES, type Booking } from './booking.ts'
import { nextStep } from './next-step.ts'

const paid = {
  status: 'PENDING_TICKET',
  passengers: [{ type: 'adult', title: null, givenName: 'A', familyName: 'B' }],
  offer: flightOffer(),
} satisfies Pick<Booking, 'status' | 'passengers' | 'offer'>

function attempt(changes: Partial<Attempt>): Attempt {
  const defaults = {
    id: 'att_1',
    bookingId: 'bkg_1',
    operation: 'book',
    provider: 'fake',
    reference: 'FW-1-1',
    offer: flightOffer(),
    state: 'ok',
    reservation: null,
    reason: null,
  }
  return { ...defaults, sentAt: instant(0), answeredAt: null, probes: 0, nextProbeAt: null, horizonAt: instant(1), ...changes } as Attempt
}

const held = reservation()
const ticketed = reservation({ tickets: [ticket()] })

describe('the next step of a paid booking', () => {
  test.each([
    ['is the reservation, first of all', [], { do: 'book', number: 1 }],
    ['is to wait while a write is sent', [attempt({ state: 'sent' })], { do: 'wait' }],
    ['is to wait while a write is unknown', [attempt({ state: 'unknown' })], { do: 'wait' }],
    ['is the ticket once it is reserved', [attempt({ reservation: held })], { do: 'ticket', reservation: held, reference: 'FW-1-1' }],
    ['is done when booking already ticketed', [attempt({ reservation: ticketed })], { do: 'complete', reservation: ticketed }],
    [
      'is done when it is ticketed',
      [attempt({ reservation: held }), attempt({ operation: 'ticket', reservation: ticketed })],
      { do: 'complete', reservation: ticketed },
    ],
    ['is a refund when sold out', [attempt({ state: 'rejected', reason: 'sold_out' })], { do: 'refund', reason: 'sold_out' }],
    ['is one more look when the price changed', [attempt({ state: 'rejected', reason: 'price_changed' })], { do: 'requote' }],
    [
      'is a refund when the price changed twice',
      [attempt({ state: 'rejected', reason: 'price_changed' }), attempt({ state: 'rejected', reason: 'price_changed' })],
      { do: 'refund', reason: 'price_changed' },
    ],
    [
      'gives the reservation back before it refunds a refused ticket',
      [attempt({ reservation: held }), attempt({ operation: 'ticket', state: 'rejected', reservation: held })],
      { do: 'cancel', reservation: held, reference: 'FW-1-1' },
    ],
    [
      'is a refund once the reservation is given back',
      [attempt({ reservation: held }), attempt({ operation: 'ticket', state: 'rejected' }), attempt({ operation: 'cancel' })],
      { do: 'refund', reason: 'rejected' },
    ],
    [
      'is the same again when the supplier never got it',
      [attempt({ state: 'rejected', reason: 'not_sent' })],
      { do: 'resend', attempt: attempt({ state: 'rejected', reason: 'not_sent' }) },
    ],
    [
      'is a refund when it could not be sent five times',
      [attempt({ state: 'rejected', reason: 'not_sent', probes: 5 })],
      { do: 'refund', reason: 'rejected' },
    ],
    ['is a refund for want of an answer', [attempt({ state: 'abandoned' })], { do: 'refund', reason: 'no_answer' }],
  ] as const)('%s', (_name, attempts, step) => {
    expect(nextStep(paid, attempts as readonly Attempt[])).toEqual(step)
  })

  test('a waitlisted segment is not a held one: it is given back', () => {
    const waitlisted = reservation({ segments: [{ carrier: 'GA', flightNumber: '874', status: 'waitlisted' }] })
    expect(nextStep(paid, [attempt({ reservation: waitlisted })]).do).toBe('cancel')
  })

  test('tickets for some of the passengers are not tickets for all', () => {
    const two = { ...paid, passengers: [...paid.passengers, ...paid.passengers] }
    expect(nextStep(two, [attempt({ reservation: held }), attempt({ operation: 'ticket', reservation: ticketed })]).do).toBe('cancel')
  })

  test('a voided ticket is no ticket', () => {
    const voided = reservation({
      tickets: [ticket({ coupons: [{ number: 1, status: 'void', carrier: null, flightNumber: null, origin: null, destination: null }] })],
    })
    expect(nextStep(paid, [attempt({ reservation: held }), attempt({ operation: 'ticket', reservation: voided })]).do).toBe('cancel')
  })
})

const anyAttempt = fc
  .record({
    operation: fc.constantFrom('book', 'ticket', 'cancel'),
    state: fc.constantFrom('sent', 'ok', 'rejected', 'unknown', 'abandoned'),
    reason: fc.constantFrom(null, 'sold_out', 'price_changed', 'declined'),
    reservation: fc.constantFrom(null, held, ticketed, reservation({ status: 'cancelled' })),
  })
  .map((changes) => attempt(changes as Partial<Attempt>))

test('unknown is never collapsed into rejected: while anything is undecided, the step is to wait', () => {
  fc.assert(
    fc.property(fc.array(anyAttempt, { minLength: 1, maxLength: 5 }), (attempts) => {
      const undecided = attempts.some((one) => one.state === 'sent' || one.state === 'unknown')
      expect(nextStep(paid, attempts).do === 'wait').toBe(undecided)
    }),
  )
})

test('a reservation is sent only to a booking that is paid for, and never after it has been reserved', () => {
  fc.assert(
    fc.property(fc.constantFrom(...BOOKING_STATUSES), fc.array(anyAttempt, { maxLength: 4 }), (status, attempts) => {
      const step = nextStep({ ...paid, status }, attempts)
      if (step.do === 'book') expect(status === 'PAID' || (status === 'PENDING_TICKET' && attempts.length === 0)).toBe(true)
      if (step.do === 'ticket') expect(attempts.at(-1)).toMatchObject({ operation: 'book', state: 'ok' })
      if (status !== 'PAID' && status !== 'PENDING_TICKET') expect(step.do).toBe('nothing')
    }),
  )
})
