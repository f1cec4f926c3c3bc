import { expect, test } from 'vitest'
import type { Booking } from '../api/types.ts'
import { sampleBooking, sampleStay } from '../test/samples.ts'
import { headlineOf } from './goods.ts'
import { isInDoubt, toStages, wasRefused } from './stages.ts'

const events = (...names: string[]) => names.map((name, i) => ({ at: `2026-11-21T09:00:0${i}Z`, event: `booking.${name}`, text: name }))
const shape = (booking: Booking) => toStages(booking).map((stage) => [stage.label, stage.state])

test('an unpaid booking waits for the traveller and says nothing is charged', () => {
  const stages = toStages(sampleBooking())
  expect(stages[1]).toMatchObject({ state: 'act', detail: 'Waiting for you. Nothing charged yet.' })
})

test('a lost answer of the airline is asked for again, and nothing reads as failed', () => {
  const booking = sampleBooking({
    stage: 'confirming',
    status: 'PENDING_TICKET',
    timeline: events('placed', 'paid', 'sent_to_supplier', 'in_doubt'),
  })
  expect(isInDoubt(booking)).toBe(true)
  expect(shape(booking)).toEqual([
    ['Placed', 'done'],
    ['Paid', 'done'],
    ['Sent to the airline', 'done'],
    ['Ticketed', 'now'],
    ['Documents', 'todo'],
  ])
})

test('a doubt that was resolved is no doubt', () => {
  expect(
    isInDoubt(sampleBooking({ stage: 'confirming', timeline: events('placed', 'paid', 'sent_to_supplier', 'in_doubt', 'reserved') })),
  ).toBe(false)
})

test('a ticketed booking has the time of every stage', () => {
  const booking = sampleBooking({
    stage: 'ticketed',
    status: 'TICKETED',
    documents: [{ kind: 'e-ticket', url: '/x' }],
    timeline: events('placed', 'paid', 'sent_to_supplier', 'reserved', 'ticketed', 'document_issued'),
  })
  expect(toStages(booking).every((stage) => stage.state === 'done' && stage.at !== undefined)).toBe(true)
})

test('a refused booking shows why, and where the refund stands, instead of a ticket', () => {
  const refund = {
    amount: { amount: '100.00', currency: 'USD' },
    held_by: 'bank' as const,
    due_by: '2026-12-01T09:00:00Z',
    state: 'completed' as const,
    reason: 'sold_out',
  }
  const booking = sampleBooking({
    stage: 'refunded',
    status: 'REFUNDED',
    refund,
    timeline: events('placed', 'paid', 'sent_to_supplier', 'refund_pending', 'refund_completed'),
  })
  expect(shape(booking).slice(3)).toEqual([
    ['Not ticketed', 'failed'],
    ['Refund started', 'done'],
    ['Refund sent to your bank', 'done'],
  ])
  expect(toStages(booking)[3]?.detail).toMatch(/sold the last seat/)
})

test('a booking that was never paid ends without a charge', () => {
  expect(toStages(sampleBooking({ stage: 'cancelled', status: 'CANCELLED', timeline: events('placed', 'cancelled') }))[1]).toMatchObject({
    state: 'failed',
    detail: 'Cancelled. Nothing charged.',
  })
})

const headline = (booking: Booking) => headlineOf(booking, wasRefused(booking))

test('a confirmed stay speaks of the hotel and its voucher, never of airlines or tickets', () => {
  const booking = sampleBooking({
    offer: sampleStay(),
    stage: 'ticketed',
    status: 'TICKETED',
    pnr: '7563',
    documents: [{ kind: 'voucher', url: '/x' }],
    timeline: events('placed', 'paid', 'sent_to_supplier', 'reserved', 'ticketed', 'document_issued'),
  })
  expect(shape(booking)).toEqual([
    ['Placed', 'done'],
    ['Paid', 'done'],
    ['Sent to the hotel', 'done'],
    ['Confirmed', 'done'],
    ['Voucher', 'done'],
  ])
  expect(headline(booking)).toBe('Your stay is confirmed')
  for (const stage of ['awaiting_payment', 'confirming', 'refunding', 'refunded', 'cancelled'] as const) {
    const other = { ...booking, stage }
    expect(JSON.stringify([headline(other), toStages(other)])).not.toMatch(/airline|ticket(?!ed")|seat/i)
  }
})

test('a stay paid at the hotel has nothing to pay now, and is waited for without a payment', () => {
  const offer = sampleStay({ pay_at: 'property' })
  const waiting = sampleBooking({
    offer,
    stage: 'confirming',
    status: 'PENDING_TICKET',
    timeline: events('placed', 'paid', 'sent_to_supplier'),
  })
  expect(toStages(waiting)[1]).toMatchObject({ label: 'Nothing to pay now', state: 'done', detail: 'You pay at the hotel.' })
  expect(headline(waiting)).toBe('Waiting for the hotel')
  expect(toStages(sampleBooking({ offer }))[1]).toMatchObject({ label: 'Nothing to pay now', state: 'act' })
})

test('a hotel that refuses before anything is paid is not a payment that came too late', () => {
  const refused = sampleBooking({
    offer: sampleStay({ pay_at: 'property' }),
    stage: 'cancelled',
    status: 'CANCELLED',
    timeline: events('placed', 'paid', 'sent_to_supplier', 'cancelled'),
  })
  expect(toStages(refused)[1]).toMatchObject({ label: 'Not confirmed', detail: 'Cancelled. Nothing charged.' })
  expect(headline(refused)).toBe('Not confirmed. Nothing was charged')
  const late = sampleBooking({ offer: sampleStay(), stage: 'cancelled', status: 'CANCELLED', timeline: events('placed', 'cancelled') })
  expect(toStages(late)[1]).toMatchObject({ label: 'Not paid in time' })
})
