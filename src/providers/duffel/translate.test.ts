import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { ProviderError } from '../errors.ts'
import { translate } from './translate.ts'

// Written by us in the shape of Duffel's documentation.
const SEGMENT = {
  marketing_carrier: { iata_code: 'BA' },
  marketing_carrier_flight_number: '0922',
  origin: { iata_code: 'LHR', time_zone: 'Europe/London' },
  destination: { iata_code: 'STR', time_zone: 'Europe/Berlin' },
  departing_at: '2026-08-30T20:00:00',
  arriving_at: '2026-08-30T22:40:00',
}
const SLICE = { id: 'sli_1', segments: [SEGMENT] }
const TERMS = {
  id: 'oco_1',
  change_total_amount: '76.00',
  change_total_currency: 'GBP',
  new_total_amount: '97.67',
  new_total_currency: 'GBP',
  penalty_total_amount: '50.00',
  penalty_total_currency: 'GBP',
  expires_at: '2026-08-02T13:55:11Z',
  slices: { add: [SLICE], remove: [SLICE] },
}
const CHANGE = { ...TERMS, id: 'oce_1', order_id: 'ord_1', confirmed_at: null }
const AIRLINE_CHANGE = {
  id: 'aic_1',
  order_id: 'ord_1',
  action_taken: null,
  available_actions: ['accept'],
  added: [SLICE],
  removed: [SLICE],
}
const SERVICE = {
  id: 'aso_1',
  type: 'baggage',
  total_amount: '27.49',
  total_currency: 'GBP',
  maximum_quantity: 3,
  passenger_ids: ['pas_1'],
  segment_ids: ['seg_1'],
  metadata: { type: 'checked', maximum_weight_kg: 23 },
}
const SEAT_MAP = {
  id: 'sea_1',
  segment_id: 'seg_1',
  cabins: [
    { deck: 0, cabin_class: 'economy', rows: [{ sections: [{ elements: [{ type: 'seat', designator: '1A', available_services: [] }] }] }] },
  ],
}
const ORDER = { id: 'ord_1', booking_reference: 'RZPNX8', passengers: [], slices: [SLICE] }
const QUOTE = { id: 'ore_1', order_id: 'ord_1', refund_amount: '90.80', refund_currency: 'GBP', refund_to: 'balance', confirmed_at: null }
const read = (kind: Parameters<typeof translate>[0], data: unknown) => translate(kind, JSON.stringify({ data, meta: null }))

describe('a message about a change', () => {
  test('is quotes, whether the request, a list of offers, one offer, or a change that is not confirmed', () => {
    const request = { id: 'ocr_1', order_id: 'ord_1', order_change_offers: [TERMS] }
    for (const data of [request, [TERMS], TERMS, CHANGE]) {
      expect(read('exchange', data)).toMatchObject({
        kind: 'exchange-quotes',
        quotes: [{ difference: money(7_600, 'GBP'), penalty: money(5_000, 'GBP'), newTotal: money(9_767, 'GBP') }],
      })
    }
    expect(read('exchange', [])).toEqual({ kind: 'exchange-quotes', quotes: [] })
  })

  test('is a deed once it is confirmed, with its terms and the flights before and after', () => {
    expect(read('exchange', { ...CHANGE, confirmed_at: '2026-08-02T13:26:22Z' })).toMatchObject({
      kind: 'note',
      message: 'the change of the order is confirmed',
      facts: {
        order: 'ord_1',
        confirmed: '2026-08-02T13:26:22Z',
        difference: money(7_600, 'GBP'),
        added: [{ segments: [{ flightNumber: '922' }] }],
        removed: [{ origin: 'LHR', destination: 'STR' }],
      },
    })
  })

  test('by the airline tells the flights before and after, what may be done and what was', () => {
    for (const [data, actionTaken] of [
      [[AIRLINE_CHANGE], null],
      [AIRLINE_CHANGE, null],
      [{ ...AIRLINE_CHANGE, action_taken: 'accepted' }, 'accepted'],
    ] as const) {
      expect(read('exchange', data)).toMatchObject({
        kind: 'note',
        facts: { changes: [{ id: 'aic_1', order: 'ord_1', mayAccept: true, mayRefund: false, actionTaken, added: [{ origin: 'LHR' }] }] },
      })
    }
  })

  test('that was refused is the outcome of a write; the order after it is a reservation', () => {
    const refusal = (code: string) =>
      translate('exchange', JSON.stringify({ errors: [{ type: 'invalid_state_error', code }], meta: { status: 422 } }))
    expect(refusal('not_found')).toMatchObject({ kind: 'reservation', result: { outcome: 'rejected', reason: 'not_found' } })
    expect(refusal('order_change_already_confirmed')).toMatchObject({ kind: 'reservation', result: { outcome: 'unknown' } })
    expect(read('exchange', ORDER)).toMatchObject({ kind: 'reservation', result: { outcome: 'ok', value: { pnr: 'RZPNX8' } } })
  })
})

test('seat maps are read in their list, one by one, or cut out of their message', () => {
  for (const text of [{ data: [SEAT_MAP] }, { data: SEAT_MAP }, SEAT_MAP, [SEAT_MAP]]) {
    expect(translate('seat-map', JSON.stringify(text))).toMatchObject({
      kind: 'seat-maps',
      maps: [{ segmentIndex: 0, cabins: [{ columns: ['A'], seats: [{ number: '1A', state: 'taken' }] }] }],
    })
  }
  expect(read('seat-map', [])).toEqual({ kind: 'seat-maps', maps: [] })
})

test('services are told by a note, under whichever operation they are looked for', () => {
  for (const kind of ['price', 'seat-map', 'retrieve'] as const) {
    expect(read(kind, [SERVICE])).toMatchObject({
      kind: 'note',
      facts: { services: [{ kind: 'baggage', name: 'Checked bag, 23 kg', price: money(2_749, 'GBP'), quantityMax: 3 }] },
    })
  }
})

test('a list of orders is the order where there is one, and tells them all where there are more', () => {
  expect(read('retrieve', [ORDER])).toMatchObject({ kind: 'reservation', result: { outcome: 'ok', value: { pnr: 'RZPNX8' } } })
  expect(read('retrieve', [ORDER, { ...ORDER, id: 'ord_2' }])).toMatchObject({
    kind: 'note',
    facts: { orders: [{ supplierRef: 'ord_1' }, { supplierRef: 'ord_2' }] },
  })
})

test('a cancellation is a refund quote until it is confirmed', () => {
  expect(read('refund', QUOTE)).toMatchObject({ kind: 'refund-quote', quote: { refund: money(9_080, 'GBP'), paid: null, penalty: null } })
  expect(read('refund', { ...QUOTE, confirmed_at: '2026-08-02T13:26:22Z' })).toMatchObject({
    kind: 'cancellation',
    result: { outcome: 'ok', value: { refund: money(9_080, 'GBP') } },
  })
})

test('a message of another operation is not taken for a search, an order, a payment or a cancellation', () => {
  for (const kind of ['shop', 'book', 'ticket', 'cancel'] as const) {
    for (const data of [
      [SEAT_MAP],
      CHANGE,
      [AIRLINE_CHANGE],
      AIRLINE_CHANGE,
      { ...CHANGE, confirmed_at: '2026-08-02T13:26:22Z' },
      [SERVICE],
    ])
      expect(() => read(kind, data)).toThrow(ProviderError)
  }
})

test('nonsense is refused under every operation', () => {
  for (const kind of ['exchange', 'seat-map', 'refund', 'price', 'retrieve', 'fare-rules', 'availability', 'void'] as const) {
    for (const text of [
      '',
      'x',
      '<html></html>',
      '[]',
      'null',
      '{}',
      '{"data":null}',
      '{"data":[null]}',
      '{"data":[{}]}',
      '['.repeat(50_000),
    ])
      expect(() => translate(kind, text), `${kind} ${text.slice(0, 20)}`).toThrow(ProviderError)
  }
})
