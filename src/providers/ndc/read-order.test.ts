import { describe, expect, test } from 'vitest'
import { ProviderError } from '../errors.ts'
import { readMessage } from './message.ts'
import { readOrder, readRef, writeRef } from './read-order.ts'
import { readSample } from '../../../test/support/ndc-samples.ts'
import { translate } from './translate.ts'
import { toCoupon, toHold } from './wire.ts'

const viewOf = (name: string, change = (text: string): string => text) => readOrder(readMessage(change(readSample(name))))!

describe('an order', () => {
  test('of 17.2 is read with the airline’s own record, its flights, ticket and remark', () => {
    const { reservation, remarks, ref } = viewOf('order-17.2-ticketed')
    expect(reservation).toMatchObject({
      pnr: 'ABC234',
      status: 'active',
      total: { amount: 33_125, currency: 'EUR' },
      ticketBy: '2026-10-02T10:00:00Z',
      segments: [
        { carrier: 'GF', flightNumber: '2', status: 'confirmed' },
        { carrier: 'GF', flightNumber: '150', status: 'waitlisted' },
      ],
    })
    expect(reservation.tickets).toEqual([
      {
        number: '0721234567890',
        passengerName: 'BUDI SANTOSO',
        coupons: [{ number: 1, status: 'open', carrier: 'GF', flightNumber: '2', origin: 'LHR', destination: 'BAH' }],
      },
    ])
    expect(remarks).toContain('FAREWIRE REF FWABC1')
    expect(ref).toEqual({ order: 'GF1', owner: 'GF', pnr: 'ABC234', pax: ['T1'] })
  })

  test('of 19.2 is read with tickets whose issuer stands apart from their number', () => {
    const { reservation } = viewOf('order-19.2-split-tickets')
    expect(reservation.tickets.map((one) => [one.number, one.passengerName])).toEqual([
      ['1252113793590', 'ANNA MEYER'],
      ['1252113793591', 'TOM MEYER'],
    ])
    expect(reservation.tickets[0]!.coupons).toEqual([
      { number: 1, status: 'open', carrier: 'BA', flightNumber: '309', origin: 'CDG', destination: 'LHR' },
    ])
  })

  test('that is not paid yet is held all the same', () => {
    expect(viewOf('order-20.1-unpaid').reservation).toMatchObject({
      pnr: 'M0DVJ5',
      status: 'active',
      segments: [{ status: 'confirmed' }],
      ticketBy: '2027-01-23T14:17:28.000Z',
    })
  })

  test('of 21.3 whose flights are cancelled is cancelled, though it says closed', () => {
    const { reservation } = viewOf('order-21.3-cancelled')
    expect([reservation.status, reservation.tickets[0]!.coupons[0]!.status]).toEqual(['cancelled', 'refunded'])
  })

  test('that says closed and nothing else is neither active nor cancelled', () => {
    const closed = viewOf('order-21.3-cancelled', (text) => text.replace('<c:StatusCode>CANCELLED</c:StatusCode>', ''))
    expect(closed.reservation.status).toBe('unknown')
  })

  test('is its own record when the airline has no other', () => {
    const { reservation } = viewOf('order-20.1-unpaid', (text) => text.replace(/<BookingRef>.*?<\/BookingRef>/, ''))
    expect(reservation.pnr).toBe('O20270123')
  })

  test('with a flight on a waitlist is no booking that worked', () => {
    expect(translate('book', readSample('order-17.2-ticketed'))).toMatchObject({ result: { outcome: 'unknown' } })
    expect(translate('retrieve', readSample('order-17.2-ticketed'))).toMatchObject({ result: { outcome: 'ok' } })
  })

  test('without tickets is not ticketed, and not refused either', () => {
    expect(translate('ticket', readSample('order-20.1-unpaid'))).toMatchObject({ result: { outcome: 'unknown', cause: 'pending' } })
    const odd = readSample('order-19.2-split-tickets').replaceAll('2113793590', 'PENDING')
    expect(translate('ticket', odd)).toMatchObject({ result: { outcome: 'unknown' } })
  })
})

test('tickets of AirDocDisplayRS are read without an order, dashes or not', () => {
  expect(translate('ticket', readSample('tickets-17.2'))).toMatchObject({
    kind: 'tickets',
    result: { outcome: 'ok', value: [{ number: '0721234567890', coupons: [{ status: 'open' }] }] },
  })
})

test.each([[{ order: 'GF1', owner: 'GF', pnr: 'ABC234', pax: ['T1', 'T2'] }], [{ order: 'a:b/c%', owner: '', pnr: 'x', pax: [] }]])(
  'a reference is the same after it was written and read: %j',
  (ref) => {
    expect(readRef(writeRef(ref))).toEqual(ref)
  },
)

test.each(['', 'GF1', ':GF:ABC', '%E0%A4%A'])('%j is no reference', (text) => {
  expect(() => readRef(text)).toThrow(ProviderError)
})

test('codes and words of flights and coupons mean what they say, and nothing else', () => {
  expect(['HK', 'confirmed', 'HL', 'UC', 'CANCELLED', 'CLOSED', undefined].map(toHold)).toEqual([
    'confirmed',
    'confirmed',
    'waitlisted',
    'cancelled',
    'cancelled',
    'unknown',
    'unknown',
  ])
  expect(['O', 'I', 'B', 'RF', 'V', 'E', 'CK', '?', undefined].map(toCoupon)).toEqual([
    'open',
    'open',
    'flown',
    'refunded',
    'void',
    'exchanged',
    'checked_in',
    'other',
    'other',
  ])
})
