import { describe, expect, test } from 'vitest'
import {
  after,
  ticketedTwo,
  agreed,
  done,
  euros,
  item,
  no,
  paidFor,
  paidForTwo,
  placed,
  sent,
  two,
} from '../../../test/support/booking-states.ts'
import { decide, nextStep, type BookingState } from './index.ts'

describe('a booking of one item', () => {
  test('is ticketed when it is held and then ticketed', () => {
    const { state, ledger } = after(
      placed(),
      ...paidFor,
      sent('a', 'book'),
      done('a', 'book', 'held'),
      sent('a', 'ticket'),
      done('a', 'ticket', 'ticketed'),
    )
    expect(state).toMatchObject({ status: 'TICKETED', items: [{ position: 'ticketed', payment: 'paid', refund: 'none' }] })
    expect(ledger).toEqual([])
  })

  test('S9: is REFUNDED only when the gateway says completed', () => {
    const { state, ledger } = after(placed(), ...paidFor, sent('a', 'book'), no('a', 'book', 'sold_out'))
    expect(state).toMatchObject({ status: 'REFUND_PENDING', failureReason: 'sold_out' })
    expect(ledger).toEqual([{ eventType: 'REFUND_REQUESTED', paymentId: 'pay_1', amount: euros(10_000), reason: 'sold_out', ofItem: null }])
    expect(after(state, { type: 'refund_completed', paymentId: 'pay_1' }).state.status).toBe('REFUNDED')
    const failed = after(state, { type: 'refund_failed', paymentId: 'pay_1' }).state
    expect(failed).toMatchObject({ status: 'REFUND_PENDING', items: [{ refund: 'failed' }] })
    const again = after(failed, { type: 'refund_requested_again', paymentId: 'pay_1' }, { type: 'refund_completed', paymentId: 'pay_1' })
    expect(again.state.status).toBe('REFUNDED')
    // Banks send money back days later: then it is owed again, and in sight.
    expect(after(again.state, { type: 'refund_failed', paymentId: 'pay_1' }).state.status).toBe('REFUND_PENDING')
  })

  test('S2: looks at the price once after "price changed", and a second time it is over', () => {
    const repriced = after(placed(), ...paidFor, sent('a', 'book'), no('a', 'book', 'price_changed')).state
    expect(nextStep(repriced)).toEqual({ do: 'requote', itemId: 'a' })
    const covered = after(repriced, { type: 'price_checked', itemId: 'a', isCovered: true }).state
    expect(nextStep(covered)).toEqual({ do: 'book', itemId: 'a', number: 2 })
    expect(after(covered, sent('a', 'book'), no('a', 'book', 'price_changed')).state).toMatchObject({
      status: 'REFUND_PENDING',
      failureReason: 'price_changed',
    })
    expect(after(repriced, { type: 'price_checked', itemId: 'a', isCovered: false }).state.status).toBe('REFUND_PENDING')
  })

  test('S4: sends nothing while a write is undecided, and gives back what a refused ticket leaves before it refunds', () => {
    const doubtful = after(placed(), ...paidFor, sent('a', 'book'), { type: 'write_in_doubt', itemId: 'a', operation: 'book' }).state
    expect(nextStep(doubtful)).toEqual({ do: 'wait' })
    expect(decide(doubtful, sent('a', 'book'))).toEqual({ outcome: 'refused', code: 'no_such_write' })
    const refused = after(doubtful, done('a', 'book', 'held'), sent('a', 'ticket'), no('a', 'ticket', 'other'))
    expect(refused.ledger).toEqual([])
    expect(nextStep(refused.state)).toEqual({ do: 'cancel', itemId: 'a' })
    expect(after(refused.state, sent('a', 'cancel'), done('a', 'cancel', 'gone')).state.status).toBe('REFUND_PENDING')
  })

  test('sends again what never arrived, five times at most', () => {
    let { state } = after(placed(), ...paidFor, sent('a', 'book'), no('a', 'book', 'not_sent'))
    for (let times = 1; times <= 5; times += 1) {
      expect(nextStep(state)).toEqual({ do: 'resend', itemId: 'a' })
      state = after(state, sent('a', 'book'), no('a', 'book', 'not_sent')).state
    }
    expect(state.status).toBe('REFUND_PENDING')
  })

  test('S7: late money never flips it; it is reinstated only by what was found live, and otherwise given back in full', () => {
    const cancelled = after(placed(), { type: 'payment_started' }, { type: 'time_to_pay_ended' }).state
    const late = after(cancelled, { type: 'money_arrived', paymentId: 'pay_9', amount: euros(10_000) })
    expect(late.state).toMatchObject({ status: 'CANCELLED', latePaymentId: 'pay_9', paymentId: null })
    expect(late.ledger).toEqual([])
    expect(after(late.state, { type: 'late_money_judged', paymentId: 'pay_9', isStillSold: true }).state).toMatchObject({
      status: 'PAID',
      paymentId: 'pay_9',
    })
    const gone = after(late.state, { type: 'late_money_judged', paymentId: 'pay_9', isStillSold: false })
    expect(gone.state.status).toBe('CANCELLED')
    expect(gone.ledger).toEqual([
      { eventType: 'REFUND_REQUESTED', paymentId: 'pay_9', amount: euros(10_000), reason: 'late_payment', ofItem: null },
    ])
    expect(decide(gone.state, { type: 'money_arrived', paymentId: 'pay_9', amount: euros(10_000) })).toEqual({ outcome: 'known' })
  })

  test('a second payment is given back, and the first is not', () => {
    const { state, ledger } = after(placed(), ...paidFor, { type: 'money_arrived', paymentId: 'pay_2', amount: euros(10_000) })
    expect(state).toMatchObject({ status: 'PAID', paymentId: 'pay_1' })
    expect(ledger.map((one) => one.paymentId)).toEqual(['pay_2'])
  })

  test('of a property that takes the money itself moves none of ours', () => {
    const start = placed([item('a', { isPaidAtProperty: true })])
    expect(decide(start, { type: 'payment_started' })).toEqual({ outcome: 'refused', code: 'paid_at_property' })
    const failed = after(start, { type: 'confirmed_unpaid' }, sent('a', 'book'), no('a', 'book', 'sold_out'))
    expect(failed).toMatchObject({ state: { status: 'CANCELLED' }, ledger: [] })
  })
})

describe('S12: a booking of several items', () => {
  test('reserves every item before it tickets the first', () => {
    const steps: string[] = []
    let { state } = after(two, ...paidForTwo)
    for (let step = nextStep(state); step.do === 'book' || step.do === 'ticket'; step = nextStep(state)) {
      steps.push(`${step.do} ${step.itemId}`)
      state = after(state, sent(step.itemId, step.do), done(step.itemId, step.do, step.do === 'book' ? 'held' : 'ticketed')).state
    }
    expect(steps).toEqual(['book hotel', 'book flight', 'ticket hotel', 'ticket flight'])
    expect(state.status).toBe('TICKETED')
  })

  test('gives back only what it certainly got, the last first, and then all of the money', () => {
    const { state } = after(
      two,
      ...paidForTwo,
      sent('hotel', 'book'),
      done('hotel', 'book', 'held'),
      sent('flight', 'book'),
      no('flight', 'book', 'sold_out'),
    )
    expect(nextStep(state)).toEqual({ do: 'cancel', itemId: 'hotel' })
    const { state: end, ledger } = after(state, sent('hotel', 'cancel'), done('hotel', 'cancel', 'gone'))
    expect(end).toMatchObject({ status: 'REFUND_PENDING', failureReason: 'sold_out' })
    expect(ledger.map((one) => one.amount)).toEqual([euros(20_000)])
  })

  test('a ticket that its supplier does not take back stays with the traveller, and the rest is refunded', () => {
    const { state, ledger } = after(
      two,
      ...paidForTwo,
      sent('hotel', 'book'),
      done('hotel', 'book', 'ticketed'),
      sent('flight', 'book'),
      no('flight', 'book', 'sold_out'),
      sent('hotel', 'cancel'),
      no('hotel', 'cancel', 'other'),
    )
    expect(state).toMatchObject({ status: 'TICKETED', items: [{ refund: 'none', isKept: true }, { refund: 'requested' }] })
    expect(ledger.map((one) => one.amount)).toEqual([euros(10_000)])
  })
})

describe('S11: a ticket given back because the airline changed it', () => {
  test('is cancelled first and refunded in full then, while the rest of the trip stands', () => {
    const { state, ledger } = after(ticketedTwo, agreed('flight'))
    expect(state).toMatchObject({ status: 'TICKETED', items: [{ position: 'ticketed' }, { position: 'returning', refund: 'none' }] })
    expect(ledger).toEqual([])
    expect(nextStep(state)).toEqual({ do: 'cancel', itemId: 'flight' })
    const given = after(state, sent('flight', 'cancel'), done('flight', 'cancel', 'gone'))
    expect(given.state).toMatchObject({ status: 'TICKETED', items: [{ refund: 'none' }, { position: 'released', refund: 'requested' }] })
    expect(given.ledger).toEqual([
      { eventType: 'REFUND_REQUESTED', paymentId: 'pay_1', amount: euros(10_000), reason: 'schedule_change', ofItem: 'flight' },
    ])
    expect(nextStep(given.state)).toEqual({ do: 'nothing' })
  })

  test('takes the booking to REFUND_PENDING with the last of them, and to REFUNDED with the last refund, each told apart', () => {
    const { state } = after(ticketedTwo, agreed('flight', true), agreed('hotel'), sent('hotel', 'cancel'), done('hotel', 'cancel', 'gone'))
    expect(state).toMatchObject({ status: 'REFUND_PENDING', failureReason: 'schedule_change' })
    const one = after(state, { type: 'refund_completed', paymentId: 'pay_1', ofItem: 'hotel' }).state
    expect(one).toMatchObject({ status: 'REFUND_PENDING', items: [{ refund: 'completed' }, { refund: 'requested' }] })
    expect(decide(one, { type: 'refund_completed', paymentId: 'pay_1' })).toEqual({ outcome: 'known' })
    expect(after(one, { type: 'refund_completed', paymentId: 'pay_1', ofItem: 'flight' }).state.status).toBe('REFUNDED')
  })

  test('that its supplier has cancelled already is owed back at once, and only once', () => {
    const { state, ledger } = after(ticketedTwo, agreed('flight', true))
    expect(ledger.map((entry) => entry.amount)).toEqual([euros(10_000)])
    expect(decide(state, agreed('flight', true))).toEqual({ outcome: 'known' })
    expect(decide(state, agreed('flight'))).toEqual({ outcome: 'known' })
    expect(nextStep(state)).toEqual({ do: 'nothing' })
  })

  test('that its supplier does not take back stays the traveller’s, is not asked for again, and is told', () => {
    const decision = decide(after(ticketedTwo, agreed('flight'), sent('flight', 'cancel')).state, no('flight', 'cancel', 'other'))
    expect(decision).toMatchObject({ outcome: 'decided', events: ['cancellation_refused'], ledger: [] })
    const { state } = decision as { state: BookingState }
    expect(state).toMatchObject({ status: 'TICKETED', items: [{}, { position: 'ticketed', isKept: true, refund: 'none' }] })
    expect(decide(state, agreed('flight'))).toEqual({ outcome: 'refused', code: 'not_ticketed' })
  })

  test('S4: is not refunded while nobody knows, and stands where its supplier shows it standing after the horizon', () => {
    const doubtful = after(ticketedTwo, agreed('flight'), sent('flight', 'cancel'), {
      type: 'write_in_doubt',
      itemId: 'flight',
      operation: 'cancel',
    })
    expect(doubtful.ledger).toEqual([])
    expect(nextStep(doubtful.state)).toEqual({ do: 'wait' })
    const standing = decide(doubtful.state, { type: 'write_given_up', itemId: 'flight', operation: 'cancel', isProvenAbsent: true })
    expect(standing).toMatchObject({ state: { items: [{}, { position: 'ticketed', isKept: true }] }, ledger: [] })
    const silent = decide(doubtful.state, { type: 'write_given_up', itemId: 'flight', operation: 'cancel', isProvenAbsent: false })
    expect(silent).toMatchObject({ state: { items: [{}, { position: 'left_over', refund: 'requested' }] } })
  })
})
