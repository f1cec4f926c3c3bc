import fc from 'fast-check'
import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { flightOffer, segment } from '../../test/support/offers.ts'
import { fromMoneyText, money, sumMoney } from '../kernel/money.ts'
import { parseInstant, parseZonedTime } from '../kernel/time.ts'
import type { FlightOffer } from './flight.ts'
import { toOfferView } from './offer-view.ts'
import { fromOfferView } from './read-offer-view.ts'
import { OfferSchema } from './schemas.ts'

const usd = (amount: number) => money(amount, 'USD')
const fares: FlightOffer['passengers'] = [
  { type: 'adult', count: 2, total: usd(80_000), base: usd(70_000), taxes: usd(10_000) },
  { type: 'infant', count: 1, total: usd(8_001), base: null, taxes: null },
]

describe('an offer as it travels', () => {
  test('says everything the supplier said, in snake case, and what it did not say as null', () => {
    const offer = flightOffer({
      ...{ id: 'off_1', provider: 'alpha', solution: 4, total: usd(88_001), base: usd(70_000), taxes: usd(18_001), passengers: fares },
      ...{
        validatingCarrier: null,
        refundable: null,
        changeable: true,
        lastTicketingAt: '2026-11-30',
        expiresAt: parseInstant('2026-11-01T10:00:00Z'),
      },
      penalties: [{ kind: 'refund', allowed: null, amount: null }],
      slices: [
        {
          ...{ origin: 'CGK', destination: 'NRT', durationMinutes: null },
          segments: [
            segment({
              departure: parseZonedTime('2026-12-01T09:35:00+07:00'),
              arrival: parseZonedTime('2026-12-01T12:00:00'),
              destination: 'SIN',
              baggage: [{ kind: 'carry_on', pieces: 0, weightKg: null }],
            }),
            segment({ carrier: 'XX', origin: 'SIN' }),
          ],
        },
      ],
    })
    const view = toOfferView(offer, { carrierName: (code) => ({ GA: 'Garuda Indonesia' })[code] })
    expect(view).toMatchObject({
      ...{ id: 'off_1', provider: 'alpha', solution: 4, validating_carrier: null, refundable: null, changeable: true },
      ...{
        total: { amount: '880.01', currency: 'USD' },
        base: { amount: '700.00', currency: 'USD' },
        taxes: { amount: '180.01', currency: 'USD' },
      },
      ...{
        last_ticketing_at: '2026-11-30',
        expires_at: '2026-11-01T10:00:00.000Z',
        price_guaranteed_until: null,
        penalties: [{ kind: 'refund', allowed: null, amount: null, percent: null, when: null, until: null }],
      },
      passengers: [
        { type: 'adult', count: 2, total: { amount: '800.00', currency: 'USD' } },
        { type: 'infant', count: 1, base: null, taxes: null },
      ],
    })
    const [slice] = view.slices
    expect(slice).toMatchObject({ origin: 'CGK', destination: 'NRT', duration_minutes: null, stops: 1 })
    expect(slice!.segments[0]).toMatchObject({
      ...{ carrier: 'GA', carrier_name: 'Garuda Indonesia', flight_number: '874', origin_terminal: '3', booking_class: 'Y' },
      ...{ departure: { local: '2026-12-01T09:35', offset: '+07:00' }, arrival: { local: '2026-12-01T12:00', offset: null } },
      baggage: [{ kind: 'carry_on', pieces: 0, weight_kg: null }],
    })
    expect(slice!.segments[1]).not.toHaveProperty('carrier_name')
  })

  test('tells emissions and a connection between two tickets, and says neither of an offer that an earlier release stored', () => {
    const connection = { arrivalAirport: 'SIN', departureAirport: 'XSP', minutes: 200, minimumMinutes: 180, risk: 'high' } as const
    const view = toOfferView(flightOffer({ emissionsKg: 412, selfTransfer: { offerIds: ['off_a', 'off_b'], connection } }))
    expect(view).toMatchObject({
      emissions_kg: 412,
      self_transfer: {
        offer_ids: ['off_a', 'off_b'],
        connection: { arrival_airport: 'SIN', departure_airport: 'XSP', minutes: 200, minimum_minutes: 180, risk: 'high' },
      },
    })
    expect(Value.Check(OfferSchema, view)).toBe(true)
    const { emissionsKg: _emissions, selfTransfer: _transfer, ...stored } = flightOffer()
    expect(toOfferView(stored as FlightOffer)).toMatchObject({ emissions_kg: null, self_transfer: null })
  })

  test('tells technical stops, dated penalties, fees, each type’s bags and a guaranteed price, and reads back what it told', () => {
    const none = [{ kind: 'checked' as const, pieces: 0, weightKg: null }]
    const offer = flightOffer({
      priceGuaranteedUntil: parseInstant('2026-11-02T10:00:00Z'),
      penalties: [{ kind: 'refund', allowed: true, amount: null, percent: 2_550, when: 'no_show', until: '2026-11-20' }],
      passengers: [{ type: 'adult', count: 1, total: usd(41_250), base: null, taxes: null, fees: usd(350), baggage: [none] }],
      slices: [{ ...flightOffer().slices[0]!, segments: [segment({ technicalStops: ['DPS'] })] }],
    })
    const view = toOfferView(offer)
    expect(view).toMatchObject({
      price_guaranteed_until: '2026-11-02T10:00:00.000Z',
      penalties: [{ kind: 'refund', allowed: true, amount: null, percent: 2_550, when: 'no_show', until: '2026-11-20' }],
      passengers: [{ fees: { amount: '3.50', currency: 'USD' }, baggage: [[{ kind: 'checked', pieces: 0, weight_kg: null }]] }],
      slices: [{ segments: [{ technical_stops: ['DPS'] }] }],
    })
    expect(Value.Check(OfferSchema, view)).toBe(true)
    const { penalties, slices, priceGuaranteedUntil } = offer
    expect(fromOfferView(view)).toMatchObject({ penalties, slices, priceGuaranteedUntil })
  })

  test('says nothing of what an adapter or an earlier release left out, and never leaves a member out itself', () => {
    const { technicalStops: _stops, ...flown } = segment()
    const { priceGuaranteedUntil: _until, ...offer } = flightOffer({
      slices: [{ ...flightOffer().slices[0]!, segments: [flown] }],
      penalties: [{ kind: 'change', allowed: true, amount: null }],
      passengers: [{ type: 'adult', count: 1, total: null, base: null, taxes: null }],
    })
    const view = toOfferView(offer)
    expect(Value.Check(OfferSchema, view)).toBe(true)
    expect(view.slices[0]!.segments[0]!.technical_stops).toBeNull()
    expect(view.passengers[0]).toMatchObject({ fees: null, baggage: null })
    // What an earlier release wrote lacks the members themselves.
    const { price_guaranteed_until: _told, ...old } = view
    const [{ percent: _p, when: _w, until: _u, ...penalty }] = view.penalties as [(typeof view.penalties)[number]]
    expect(fromOfferView({ ...old, penalties: [penalty] } as unknown as typeof view)).toMatchObject({
      priceGuaranteedUntil: null,
      penalties: [{ percent: null, when: null, until: null }],
    })
  })

  test('at a price of ours tells each type’s bags, and none of the supplier’s fees', () => {
    const none = [[{ kind: 'checked' as const, pieces: 0, weightKg: null }]]
    const passengers = [{ type: 'adult' as const, count: 1, total: usd(41_250), base: null, taxes: null, fees: usd(350), baggage: none }]
    const view = toOfferView(flightOffer({ passengers }), { total: usd(42_000) })
    expect(view.passengers[0]).toMatchObject({ fees: null, baggage: [[{ pieces: 0 }]] })
  })

  test('never carries the supplier’s token', () => {
    expect(JSON.stringify(toOfferView(flightOffer({ supplierToken: 'very-secret' })))).not.toContain('very-secret')
  })

  test('at another price says nothing of what the supplier asks', () => {
    const offer = flightOffer({ total: usd(88_001), base: usd(70_000), taxes: usd(18_001), passengers: fares })
    const text = JSON.stringify(toOfferView(offer, { total: money(76_500, 'EUR') }))
    for (const net of ['880.01', '700.00', '180.01', '800.00', '80.01', 'USD']) expect(text).not.toContain(net)
  })

  test('shares another price out over the travellers to the last cent', () => {
    const anyFares = fc
      .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 3 })
      .filter((amounts) => amounts.some((amount) => amount > 0))
    fc.assert(
      fc.property(anyFares, fc.integer({ min: 0, max: 10_000_000 }), (amounts, shown) => {
        const passengers = amounts.map((amount) => ({ type: 'adult' as const, count: 1, total: usd(amount), base: null, taxes: null }))
        const net = amounts.reduce((a, b) => a + b, 0)
        const total = money(shown, 'JPY')
        const view = toOfferView(flightOffer({ total: usd(net), passengers }), { total })
        const shares = view.passengers.map((fare) => fromMoneyText(fare.total!))
        expect(sumMoney(shares, 'JPY')).toEqual(total)
        for (const [i, share] of shares.entries()) expect(Math.abs(share.amount - (shown * amounts[i]!) / net)).toBeLessThan(amounts.length)
      }),
    )
  })

  test('does not guess shares when the supplier states none', () => {
    const passengers = [{ type: 'adult' as const, count: 2, total: null, base: null, taxes: null }]
    expect(toOfferView(flightOffer({ passengers }), { total: money(1, 'EUR') }).passengers[0]!.total).toBeNull()
  })
})
