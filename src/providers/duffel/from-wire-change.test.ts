import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { parseInstant } from '../../kernel/time.ts'
import { readSlice, toAirlineChange, toChangeTerms, toExchangeQuote, type ExchangeToken } from './from-wire-change.ts'
import { readAirlineChanges, readChangeOffers } from './read-change-reply.ts'
import type { WireChangeTerms } from './wire-change.ts'

// Written by us in the shape of Duffel's documentation.
const SEGMENT = {
  marketing_carrier: { iata_code: 'GA' },
  marketing_carrier_flight_number: '0874',
  operating_carrier: { iata_code: 'GA' },
  origin: { iata_code: 'CGK', time_zone: 'Asia/Jakarta' },
  destination: { iata_code: 'HND', time_zone: 'Asia/Tokyo' },
  departing_at: '2026-12-01T23:30:00',
  arriving_at: '2026-12-02T08:50:00',
  origin_terminal: '3',
  destination_terminal: null,
  duration: 'PT07H20M',
  aircraft: { iata_code: '333' },
}
const SLICE = { id: 'sli_1', duration: 'PT07H20M', segments: [SEGMENT] }
const TERMS: WireChangeTerms = {
  id: 'oco_1',
  change_total_amount: '125.00',
  change_total_currency: 'GBP',
  new_total_amount: '1067.79',
  new_total_currency: 'GBP',
  penalty_total_amount: '25.00',
  penalty_total_currency: 'GBP',
  refund_to: null,
  expires_at: '2021-12-24T20:56:56Z',
  slices: { add: [SLICE], remove: [] },
}
const termsOf = (more: Partial<WireChangeTerms>) => toChangeTerms({ ...TERMS, ...more })

describe('the terms of a change', () => {
  test('are the difference, the penalty inside it and the new total', () => {
    expect(toChangeTerms(TERMS)).toEqual({
      difference: money(12_500, 'GBP'),
      penalty: money(2_500, 'GBP'),
      newTotal: money(106_779, 'GBP'),
      expiresAt: parseInstant('2021-12-24T20:56:56Z'),
    })
  })

  test('give back what is negative, unless it comes as something else than money', () => {
    expect(termsOf({ change_total_amount: '-40.10', refund_to: 'original_form_of_payment' }).difference).toEqual(money(-4_010, 'GBP'))
    expect(termsOf({ change_total_amount: '-40.10', refund_to: null }).difference).toEqual(money(-4_010, 'GBP'))
    expect(termsOf({ change_total_amount: '-40.10', refund_to: 'voucher' }).difference).toBeNull()
    expect(termsOf({ change_total_amount: '-40.10', refund_to: 'airline_credits' }).difference).toBeNull()
    expect(termsOf({ change_total_amount: '40.10', refund_to: 'voucher' }).difference).toEqual(money(4_010, 'GBP'))
  })

  test('that are not stated are null, and a stated nothing is nothing', () => {
    expect(termsOf({ change_total_amount: null, new_total_amount: null, penalty_total_amount: null, expires_at: null })).toEqual({
      ...{ difference: null, newTotal: null, penalty: null, expiresAt: null },
    })
    expect(termsOf({ change_total_amount: '0.00', penalty_total_amount: '0.00' })).toMatchObject({
      difference: money(0, 'GBP'),
      penalty: money(0, 'GBP'),
    })
  })

  test('name the penalty by either of its names', () => {
    const { penalty_total_amount: _, penalty_total_currency: __, ...older } = TERMS
    expect(toChangeTerms({ ...older, penalty_amount: '10.50', penalty_currency: 'GBP' }).penalty).toEqual(money(1_050, 'GBP'))
  })
})

test('a quote carries what the exchange needs: order, offer and the price in Duffel’s own digits', () => {
  const quote = toExchangeQuote(TERMS, 'ord_1', [readSlice(SLICE)])
  expect(JSON.parse(quote.supplierToken) as ExchangeToken).toEqual({
    order: 'ord_1',
    offer: 'oco_1',
    change: { amount: '125.00', currency: 'GBP' },
  })
  expect(quote.slices).toMatchObject([{ origin: 'CGK', destination: 'HND', segments: [{ carrier: 'GA', flightNumber: '874' }] }])
})

describe('offers to change', () => {
  const replyOf = (offers: readonly unknown[]) => ({
    status: 201,
    body: { data: { id: 'ocr_1', order_id: 'ord_1', order_change_offers: offers } },
  })

  test('are read one by one: an odd one costs itself, and only odd ones are no answer', () => {
    const odd = [{ ...TERMS, change_total_amount: 'much' }, { ...TERMS, slices: { add: [{ segments: [] }] } }, { id: 'oco_9' }, null]
    expect(readChangeOffers(replyOf([...odd, TERMS]))).toHaveLength(1)
    expect(() => readChangeOffers(replyOf(odd))).toThrow('none of the 4 offers')
  })

  test('may be none', () => {
    expect(readChangeOffers(replyOf([]))).toEqual([])
  })
})

describe('a change by the airline', () => {
  const change = (more: object = {}) => ({
    id: 'aic_1',
    order_id: 'ord_1',
    action_taken: null,
    available_actions: ['accept', 'cancel', 'change'],
    added: [SLICE],
    removed: [SLICE],
    ...more,
  })

  test('may be accepted or refunded only where Duffel says so', () => {
    expect(toAirlineChange(change())).toMatchObject({ id: 'aic_1', mayAccept: true, mayRefund: true })
    expect(toAirlineChange(change({ available_actions: ['update'] }))).toMatchObject({ mayAccept: false, mayRefund: false })
    expect(toAirlineChange(change({ available_actions: null }))).toMatchObject({ mayAccept: false, mayRefund: false })
  })

  test('reads times and terminals by the names of 2022 and those of today', () => {
    const { departing_at, arriving_at, origin_terminal, destination_terminal, ...rest } = SEGMENT
    const older = {
      ...rest,
      departure_datetime: departing_at,
      arrival_datetime: arriving_at,
      departure_terminal: origin_terminal,
      arrival_terminal: destination_terminal,
      passengers: [{ air_order_passenger_id: 'pas_1', cabin_class: 'economy', baggages: [{ id: 'x', quantity: 1, type: 'checked' }] }],
    }
    expect(readSlice({ ...SLICE, conditions: [], segments: [older] })).toMatchObject({
      segments: [
        {
          departure: { local: '2026-12-01T23:30', offset: '+07:00' },
          arrival: { local: '2026-12-02T08:50', offset: '+09:00' },
          originTerminal: '3',
          cabin: 'economy',
          baggage: [{ kind: 'checked', pieces: 1 }],
        },
      ],
    })
  })

  test('may take a flight away and give nothing for it', () => {
    expect(toAirlineChange(change({ added: [] }))).toMatchObject({ added: [], removed: [{ origin: 'CGK' }] })
    expect(toAirlineChange(change({ added: null }))).toMatchObject({ added: [] })
  })

  test('is not told again once it is answered', () => {
    const list = [change({ action_taken: 'accepted' }), change({ id: 'aic_2' }), change({ id: 'aic_3', action_taken: 'cancelled' })]
    expect(readAirlineChanges({ status: 200, body: { data: list } }).map((one) => one.id)).toEqual(['aic_2'])
  })

  test('that cannot be read is not passed over in silence', () => {
    for (const odd of [change({ added: [{ segments: 'none' }] }), change({ removed: [null] }), { action_taken: null }]) {
      expect(() => readAirlineChanges({ status: 200, body: { data: [change(), odd] } })).toThrow()
    }
  })
})
