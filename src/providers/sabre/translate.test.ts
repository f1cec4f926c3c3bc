import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import type { MessageKind } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { translate } from './translate.ts'

const read = (kind: MessageKind, message: unknown) => translate(kind, JSON.stringify(message))
const flight = (itemId: string, flightNumber: number | string, more: object = {}) => ({
  itemId,
  confirmationId: 'EWHGLP',
  flightNumber,
  airlineCode: 'GA',
  fromAirportCode: 'CGK',
  toAirportCode: 'SIN',
  flightStatusCode: 'HK',
  flightStatusName: 'Confirmed',
  ...more,
})
const booking = {
  timestamp: '2026-11-21T08:00:00',
  bookingSignature: 'abc',
  bookingId: 'GLEBNY',
  isCancelable: true,
  isTicketed: true,
  creationDetails: { purchaseDeadlineDate: '2026-11-22', purchaseDeadlineTime: '23:59' },
  travelers: [
    { givenName: 'BUDI', surname: 'SANTOSO', passengerCode: 'ADT' },
    { givenName: 'SITI', surname: 'SANTOSO', passengerCode: 'ADT' },
  ],
  flights: [flight('11', 830), flight('12', '0831')],
  payments: {
    flightTotals: [
      { subtotal: '100.00', total: '120.00', currencyCode: 'USD' },
      { total: '20.50', currencyCode: 'USD' },
    ],
  },
  remarks: [{ type: 'GENERAL', text: 'FAREWIRE REF FW1' }],
  flightTickets: [
    {
      number: '0167489825830',
      travelerIndex: 2,
      flightCoupons: [],
      allCoupons: [
        { itemId: '11', couponStatus: 'Flown', couponStatusCode: 'B' },
        { itemId: '12', couponStatusCode: 'I' },
        { couponStatus: 'Airport Control', couponStatusCode: 'AL' },
      ],
    },
    { number: '0167489825831', travelerIndex: 1, ticketStatusName: 'Voided', flightCoupons: [] },
  ],
}

describe('messages of booking management', () => {
  test('a booking: locator, holds, the sum of what its flights cost, tickets with their coupons, the deadline', () => {
    expect(read('retrieve', booking)).toMatchObject({
      kind: 'reservation',
      result: {
        outcome: 'ok',
        value: {
          pnr: 'GLEBNY',
          supplierRef: 'GLEBNY',
          status: 'active',
          segments: [
            { carrier: 'GA', flightNumber: '830', status: 'confirmed' },
            { carrier: 'GA', flightNumber: '831', status: 'confirmed' },
          ],
          total: money(14_050, 'USD'),
          ticketBy: '2026-11-22T23:59',
          tickets: [
            {
              number: '0167489825830',
              passengerName: 'SITI SANTOSO',
              coupons: [
                { number: 1, status: 'flown', carrier: 'GA', flightNumber: '830', origin: 'CGK', destination: 'SIN' },
                { number: 2, status: 'open' },
                { number: 3, status: 'other', carrier: null },
              ],
            },
            { number: '0167489825831', passengerName: 'BUDI SANTOSO', coupons: [{ status: 'void' }] },
          ],
        },
      },
    })
    expect(read('ticket', booking)).toMatchObject({ kind: 'tickets', pnr: 'GLEBNY', result: { value: [{ number: '0167489825830' }, {}] } })
  })

  test.each<[string, object, string]>([
    ['every flight is confirmed', {}, 'active'],
    ['one of them is not', { flights: [flight('11', 1), flight('12', 2, { flightStatusCode: 'UC' })] }, 'unknown'],
    ['one has a code that nobody knows', { flights: [flight('11', 1, { flightStatusCode: 'Q7' })] }, 'unknown'],
    ['only names are told', { flights: [flight('11', 1, { flightStatusCode: undefined })] }, 'active'],
    ['the airline has cancelled', { flights: [flight('11', 1, { flightStatusCode: 'UN' })] }, 'cancelled'],
    ['nothing is left to cancel', { flights: undefined, isCancelable: false }, 'cancelled'],
    ['no flights are told, and nothing about it', { flights: undefined, isCancelable: undefined }, 'unknown'],
  ])('a reservation is what it is when %s', (_, change, status) => {
    expect(read('retrieve', { ...booking, ...change })).toMatchObject({ result: { value: { status } } })
  })

  test('two currencies have no sum', () => {
    const payments = {
      flightTotals: [
        { total: '1.00', currencyCode: 'USD' },
        { total: '1.00', currencyCode: 'EUR' },
      ],
    }
    expect(read('retrieve', { ...booking, payments })).toMatchObject({ result: { value: { total: null } } })
  })

  test('a booking that is not there is a refusal with its code', () => {
    const message = { errors: [{ category: 'RESOURCE_NOT_FOUND', type: 'BOOKING_NOT_FOUND', description: 'Booking cannot be found.' }] }
    expect(() => read('retrieve', message)).toThrow(expect.objectContaining({ fault: 'refused', code: 'BOOKING_NOT_FOUND' }))
  })

  test('creation, cancellation and void of other agencies, as they answer', () => {
    expect(read('book', { timestamp: 't', confirmationId: 'GLEBNY', booking })).toMatchObject({
      result: { outcome: 'ok', value: { pnr: 'GLEBNY' } },
    })
    expect(read('book', booking)).toMatchObject({ result: { outcome: 'ok', value: { pnr: 'GLEBNY' } } })
    expect(read('cancel', { timestamp: 't', request: { confirmationId: 'GLEBNY' }, voidedTickets: ['0167489825830'] })).toEqual({
      kind: 'cancellation',
      result: { outcome: 'ok', value: { refund: null } },
      pnr: 'GLEBNY',
    })
    expect(read('void', { timestamp: 't', voidedTickets: ['0167489825830'] })).toMatchObject({ result: { outcome: 'ok' } })
  })

  test('tickets with their sum', () => {
    const ticket = (number: string) => ({
      number,
      date: '2024-04-15',
      isCommitted: true,
      payment: { total: '2964.53', currencyCode: 'USD' },
      travelerGivenName: 'JACK',
      travelerSurname: 'DRAKE',
    })
    const message = { timestamp: 't', tickets: [ticket('0016802004096'), ticket('0016802004097')], request: { confirmationId: 'GLEBNY' } }
    expect(read('ticket', message)).toEqual({
      kind: 'tickets',
      result: {
        outcome: 'ok',
        value: ['0016802004096', '0016802004097'].map((number) => ({ number, passengerName: 'JACK DRAKE', coupons: [] })),
      },
      total: money(592_906, 'USD'),
      pnr: 'GLEBNY',
    })
  })

  test('a check of tickets is a quote, a refund is what was done', () => {
    const checked = (number: string, total?: string) => ({
      number,
      isVoidable: false,
      isRefundable: true,
      refundPenalties: [{ applicability: 'BEFORE_DEPARTURE', penalty: { amount: '30.00', currencyCode: 'USD' } }],
      ...(total && { refundTotals: { total, currencyCode: 'USD' } }),
    })
    expect(
      read('refund', { timestamp: 't', tickets: [checked('0167489825830', '70.00'), checked('0167489825831', '20.00')] }),
    ).toMatchObject({
      kind: 'refund-quote',
      quote: { refund: money(9_000, 'USD'), penalty: money(6_000, 'USD') },
    })
    expect(read('refund', { timestamp: 't', tickets: [checked('0167489825830', '70.00'), checked('0167489825831')] })).toMatchObject({
      quote: { refund: null },
    })
    expect(
      read('refund', { timestamp: 't', refundedTickets: ['0167489825830'], tickets: [checked('0167489825830', '70.00')] }),
    ).toMatchObject({
      kind: 'cancellation',
      result: { outcome: 'ok', value: { refund: money(7_000, 'USD') } },
    })
  })

  test('a seat map: states, features, prices, aisles; what is not known is not sold', () => {
    const message = {
      response: {
        aLaCarteOffer: { aLaCarteOfferItems: [{ offerItemID: 'i1', unitPrice: { totalAmount: { amount: 12.5, currencyCode: 'USD' } } }] },
        dataLists: {
          paxSegments: [
            { paxSegmentID: 'x1' },
            { paxSegmentID: 'x2', datedOperatingLegs: [{ carrierAircraftType: { carrierAircraftTypeCode: '77W' } }] },
          ],
        },
        seatMaps: [
          {
            paxSegmentRefID: 'x2',
            cabinCompartments: [
              {
                deckCode: 'U',
                cabinType: { cabinTypeCode: 'C' },
                columnIDs: ['A', 'C', 'D', 'F'],
                seatRows: [
                  {
                    row: 11,
                    characteristics: [{ code: 'E' }],
                    seats: [
                      { column: 'A', occupationStatusCode: 'F', characteristics: [{ code: 'W' }], offerItemRefIDs: ['i1'] },
                      { column: 'C', occupationStatusCode: 'O', characteristics: [{ code: 'A' }] },
                      { column: 'D', occupationStatusCode: 'Q', characteristics: [{ code: 'A' }] },
                      { column: 'F', characteristics: [{ code: '8' }] },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    }
    expect(read('seat-map', message)).toEqual({
      kind: 'seat-maps',
      maps: [
        {
          segmentIndex: 1,
          equipment: '77W',
          cabins: [
            {
              cabin: 'business',
              deck: 'upper',
              columns: ['A', 'C', null, 'D', 'F'],
              seats: [
                {
                  number: '11A',
                  row: 11,
                  column: 'A',
                  state: 'free',
                  features: ['window', 'exit'],
                  price: money(1_250, 'USD'),
                  supplierToken: 'i1',
                },
                { number: '11C', row: 11, column: 'C', state: 'taken', features: ['aisle', 'exit'], price: null, supplierToken: null },
                { number: '11D', row: 11, column: 'D', state: 'unknown', features: ['aisle', 'exit'], price: null, supplierToken: null },
              ],
            },
          ],
        },
      ],
    })
  })

  test.each<MessageKind>([
    'shop',
    'price',
    'book',
    'retrieve',
    'ticket',
    'cancel',
    'void',
    'refund',
    'seat-map',
    'exchange',
    'fare-rules',
    'stay-shop',
  ])('what is nobody’s is refused as %s', (kind) => {
    for (const nonsense of ['', 'text', '{"a":', '[]', '[[[[', '"text"', '{"hello":"world"}', '<html></html>'])
      expect(() => translate(kind, nonsense), nonsense).toThrow(ProviderError)
  })
})
