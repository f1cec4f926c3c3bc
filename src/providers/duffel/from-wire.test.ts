import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { parseInstant } from '../../kernel/time.ts'
import { toFlightNumber, toMinutes, toShopReply } from './from-wire-offer.ts'
import { toCancellation, toReservation } from './from-wire-order.ts'
import { readTime } from './from-wire-time.ts'
import { readPrice, readShop } from './read-reply.ts'
import type { WireOffer, WireOrder } from './wire.ts'

// Written by us in the shape of Duffel's documentation.
const SEGMENT = {
  marketing_carrier: { iata_code: 'GA' },
  marketing_carrier_flight_number: '0874',
  operating_carrier: { iata_code: 'QG' },
  origin: { iata_code: 'CGK', time_zone: 'Asia/Jakarta' },
  origin_terminal: '3',
  destination: { iata_code: 'HND', time_zone: 'Asia/Tokyo' },
  destination_terminal: null,
  departing_at: '2026-12-01T23:30:00',
  arriving_at: '2026-12-02T08:50:00',
  duration: 'PT07H20M',
  aircraft: null,
  passengers: [
    { passenger_id: 'pas_infant', cabin_class: 'economy', fare_basis_code: 'QIN', baggages: [] },
    {
      passenger_id: 'pas_adult',
      cabin_class: 'economy',
      fare_basis_code: 'QOW',
      baggages: [
        { type: 'checked', quantity: 0 },
        { type: 'surfboard', quantity: 1 },
      ],
    },
  ],
}
const OFFER = {
  id: 'off_1',
  total_amount: '60200',
  total_currency: 'JPY',
  base_amount: null,
  tax_amount: null,
  owner: { iata_code: 'GA' },
  expires_at: '2026-11-21T09:00:00Z',
  conditions: {
    refund_before_departure: { allowed: false, penalty_amount: null, penalty_currency: null },
    change_before_departure: { allowed: true, penalty_amount: '3000', penalty_currency: 'JPY' },
  },
  passengers: [
    { id: 'pas_infant', type: 'infant_without_seat' },
    { id: 'pas_adult', type: 'adult' },
    { id: 'pas_child', type: null, age: 7 },
  ],
  slices: [{ duration: 'PT07H20M', fare_brand_name: null, segments: [SEGMENT] }],
} satisfies WireOffer

const offerOf = (changes: Partial<WireOffer> = {}) => toShopReply([{ ...OFFER, ...changes }]).offers[0]!

describe('an offer', () => {
  test('in a currency without decimals keeps its amount', () => {
    expect(offerOf().total).toEqual(money(60_200, 'JPY'))
  })

  test('tells apart refused, allowed and not said', () => {
    expect(offerOf()).toMatchObject({ refundable: false, changeable: true })
    expect(
      offerOf({ conditions: { refund_before_departure: null, change_before_departure: { allowed: true, penalty_amount: null } } }),
    ).toMatchObject({
      refundable: null,
      changeable: true,
      penalties: [
        { kind: 'refund', allowed: null, amount: null, when: 'before_departure' },
        { kind: 'change', allowed: true, amount: null, when: 'before_departure' },
      ],
    })
    expect(offerOf({ conditions: null })).toMatchObject({ refundable: null, changeable: null })
  })

  test('tells whole kilograms of emissions, and nothing where the message says nothing that is a weight', () => {
    const of = (weight: unknown) => offerOf({ total_emissions_kg: weight } as Parameters<typeof offerOf>[0]).emissionsKg
    expect([of('460'), of('459.5'), of(31.4), of('0')]).toEqual([460, 460, 31, 0])
    expect([of(undefined), of(null), of(''), of('much'), of('-3'), of({})]).toEqual([null, null, null, null, null, null])
  })

  test('shows the lead adult’s bags: a stated 0 is a fact, an empty list is silence, a kind nobody knows is left out', () => {
    const bagsOf = (offer: ReturnType<typeof offerOf>) => offer.slices[0]!.segments[0]!.baggage
    expect(bagsOf(offerOf())).toEqual([{ kind: 'checked', pieces: 0, weightKg: null }])
    const silent = { ...SEGMENT, passengers: [{ passenger_id: 'somebody_else', baggages: [] }] }
    expect(bagsOf(offerOf({ slices: [{ segments: [silent] }] }))).toEqual([])
  })

  test('counts its passengers by type or age, and makes up no prices for the types', () => {
    expect(offerOf().passengers).toMatchObject(
      ['adult', 'child', 'infant'].map((type) => ({ type, count: 1, total: null, base: null, taxes: null })),
    )
    expect(
      offerOf({
        passengers: [
          { id: 'a', type: 'adult' },
          { id: 'b', type: 'adult' },
        ],
      }).passengers,
    ).toEqual([{ type: 'adult', count: 2, total: money(60_200, 'JPY'), base: null, taxes: null, baggage: null }])
  })

  test('tells each type’s own bags where they differ, and that they are not known where passengers of a type disagree', () => {
    const entry = (passenger_id: string, ...quantities: number[]) => ({
      ...{ passenger_id, cabin_class: 'economy', fare_basis_code: 'QOW' },
      baggages: quantities.map((quantity) => ({ type: 'checked', quantity })),
    })
    const bagsOf = (...entries: ReturnType<typeof entry>[]) => {
      const passengers = [
        ...(['a', 'b'] as const).map((id) => ({ id, type: 'adult' })),
        ...(['c', 'd'] as const).map((id) => ({ id, type: 'child' })),
      ]
      const { passengers: fares } = offerOf({ passengers, slices: [{ segments: [{ ...SEGMENT, passengers: entries }] }] })
      return Object.fromEntries(fares.map((fare) => [fare.type, fare.baggage?.map((bags) => bags.map((bag) => bag.pieces)) ?? null]))
    }
    expect(bagsOf(entry('a', 2), entry('b', 2), entry('c', 1), entry('d', 1))).toEqual({ adult: null, child: [[1]] })
    expect(bagsOf(entry('a', 2), entry('b', 2), entry('c', 2), entry('d', 2))).toEqual({ adult: null, child: null })
    expect(bagsOf(entry('a', 2), entry('b', 2), entry('c', 1), entry('d', 0))).toEqual({ adult: null, child: [[]] })
    expect(bagsOf(entry('x', 2), entry('y', 1))).toEqual({ adult: null, child: null })
  })

  test('names where a flight stops on the way: no stops is a fact, no list is silence, and so is a stop nowhere', () => {
    const stopsOf = (stops: unknown) => {
      const { slices } = offerOf({ slices: [{ segments: [{ ...SEGMENT, stops } as typeof SEGMENT] }] })
      return slices[0]!.segments[0]!.technicalStops
    }
    expect(stopsOf([{ id: 'sto_1', airport: { iata_code: 'DPS', name: 'Ngurah Rai' }, duration: 'PT1H' }])).toEqual(['DPS'])
    expect([stopsOf([]), stopsOf(undefined), stopsOf(null), stopsOf([{ airport: null }])]).toEqual([[], null, null, null])
  })

  test('says until when its price is guaranteed, and loses nothing when that is no moment', () => {
    const of = (price_guarantee_expires_at: string | null) => offerOf({ payment_requirements: { price_guarantee_expires_at } })
    expect(of('2026-11-23T09:00:00Z').priceGuaranteedUntil).toBe(parseInstant('2026-11-23T09:00:00Z'))
    expect([of(null), of('soon'), offerOf()].map((offer) => offer.priceGuaranteedUntil)).toEqual([null, null, null])
  })

  test('takes the offset of its times from the time zone that the message states', () => {
    expect(offerOf().slices[0]!.segments[0]).toMatchObject({
      departure: { local: '2026-12-01T23:30', offset: '+07:00' },
      arrival: { local: '2026-12-02T08:50', offset: '+09:00' },
    })
    expect(readTime('2026-07-01T10:00:00', 'Europe/London').offset).toBe('+01:00')
    expect(readTime('2026-12-01T10:00:00', null).offset).toBeNull()
    expect(readTime('2026-12-01T10:00:00', 'Moon/Tranquility').offset).toBeNull()
  })

  test('names the operating carrier and writes flight numbers without padding', () => {
    expect(offerOf().slices[0]!.segments[0]).toMatchObject({ carrier: 'GA', flightNumber: '874', operatingCarrier: 'QG' })
    expect(toFlightNumber('0')).toBe('0')
  })

  test('that cannot be read costs itself and not the search, and is still counted', () => {
    const reply = readShop({
      status: 201,
      body: { data: { id: 'orq_1', offers: [{ ...OFFER, total_currency: 'XXX' }, { ...OFFER, slices: [] }, OFFER, null] } },
    })
    expect(reply.solutions).toBe(4)
    expect(reply.offers.map((offer) => offer.solution)).toEqual([2])
    expect(() => readShop({ status: 201, body: { data: { id: 'orq_1', offers: [{ ...OFFER, total_currency: 'XXX' }] } } })).toThrow(
      'none of the 1 offers',
    )
  })

  test('that is priced and cannot be read is a fault and not gone', () => {
    expect(() => readPrice({ status: 200, body: { data: { ...OFFER, total_amount: '12,50' } } }, 0)).toThrow(
      expect.objectContaining({ fault: 'malformed' }),
    )
  })

  test('has no duration where none is stated, and the stated one to the minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        (days, hours, minutes) => {
          expect(toMinutes(`P${days ? `${days}D` : ''}T${String(hours).padStart(2, '0')}H${minutes}M`)).toBe(
            days * 1440 + hours * 60 + minutes,
          )
        },
      ),
    )
    for (const text of [null, undefined, '', 'P', 'PT', 'two hours', 'PT1H30']) expect(toMinutes(text)).toBeNull()
    expect(toMinutes('P1D')).toBe(1440)
  })
})

const ORDER = {
  id: 'ord_1',
  booking_reference: '1E5XYZ',
  total_amount: '60200',
  total_currency: 'JPY',
  documents: [
    { unique_identifier: '012-4000000001', type: 'electronic_ticket', passenger_ids: ['pas_2'] },
    { unique_identifier: '9990000000001', type: 'electronic_miscellaneous_document_associated', passenger_ids: ['pas_2'] },
  ],
  passengers: [
    { id: 'pas_1', given_name: 'Siti', family_name: 'Santoso' },
    { id: 'pas_2', given_name: 'Budi', family_name: 'Santoso' },
  ],
  payment_status: { awaiting_payment: false, payment_required_by: null },
  slices: OFFER.slices,
} satisfies WireOrder

describe('an order', () => {
  test('keeps PNR and ticket numbers as text, and receipts out of the tickets', () => {
    expect(toReservation(ORDER)).toMatchObject({
      pnr: '1E5XYZ',
      supplierRef: 'ord_1',
      status: 'active',
      tickets: [{ number: '0124000000001', passengerName: 'Budi Santoso', coupons: [] }],
      ticketBy: null,
    })
  })

  test('does not say whose a ticket is when the message does not', () => {
    const [ticket] = toReservation({ ...ORDER, documents: [{ unique_identifier: '0124000000001' }] }).tickets
    expect(ticket).toEqual({ number: '0124000000001', passengerName: null, coupons: [] })
  })

  test('that waits for its payment says by when', () => {
    expect(
      toReservation({ ...ORDER, documents: [], payment_status: { awaiting_payment: true, payment_required_by: '2026-11-23T10:00:00Z' } }),
    ).toMatchObject({ tickets: [], ticketBy: '2026-11-23T10:00:00Z' })
  })

  test('that is cancelled holds no segment', () => {
    expect(toReservation({ ...ORDER, cancelled_at: '2026-11-22T10:00:00Z' })).toMatchObject({
      status: 'cancelled',
      segments: [{ status: 'cancelled' }],
    })
  })
})

describe('a cancellation', () => {
  test('gives back money, and airline credits are not money', () => {
    expect(toCancellation({ refund_amount: '90.80', refund_currency: 'GBP', refund_to: 'balance' })).toEqual({
      refund: money(9_080, 'GBP'),
    })
    expect(toCancellation({ refund_amount: '0.00', refund_currency: 'GBP', refund_to: 'balance' })).toEqual({ refund: money(0, 'GBP') })
    expect(toCancellation({ refund_amount: '90.80', refund_currency: 'GBP', refund_to: 'airline_credits' })).toEqual({ refund: null })
    expect(toCancellation({ refund_amount: null, refund_currency: null, refund_to: 'balance' })).toEqual({ refund: null })
  })
})
