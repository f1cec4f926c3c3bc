import { describe, expect, test } from 'vitest'
import { leg, legOver, type Flight } from '../../../test/support/flight-legs.ts'
import { segment } from '../../../test/support/offers.ts'
import { money, sumMoney } from '../../kernel/money.ts'
import { instant } from '../../kernel/time.ts'
import { itineraryKey, type FlightOffer, type Penalty, type Segment } from '../../travel/flight.ts'
import { combineTickets, type Leg } from './index.ts'

const toSin = (changes: Partial<Flight> = {}, offer: Partial<FlightOffer> = {}) =>
  leg({ from: 'CGK', to: 'SIN', leaves: 0, minutes: 110, dollars: 80, ...changes }, offer)
const fromSin = (changes: Partial<Flight> = {}, offer: Partial<FlightOffer> = {}) =>
  leg({ from: 'SIN', to: 'NRT', leaves: 400, minutes: 420, dollars: 200, number: 2, ...changes }, offer)

describe('two tickets become one journey', () => {
  test('with both tickets’ flights in order, both prices, and the connection labelled', () => {
    const [first, second] = [toSin(), fromSin()]
    const [journey, ...more] = combineTickets({ first: [first], second: [second] })
    expect(more).toEqual([])
    expect(journey).toMatchObject({
      provider: 'self-transfer',
      supplierToken: '',
      total: money(28_000, 'USD'),
      passengers: [{ type: 'adult', count: 1, total: money(28_000, 'USD') }],
      selfTransfer: {
        offerIds: [first.id, second.id],
        connection: { arrivalAirport: 'SIN', departureAirport: 'SIN', minutes: 290, minimumMinutes: 180, risk: 'medium' },
      },
    })
    expect(journey!.slices).toEqual([
      {
        origin: 'CGK',
        destination: 'NRT',
        durationMinutes: 820,
        segments: [first.offer.slices[0]!.segments[0], second.offer.slices[0]!.segments[0]],
      },
    ])
  })

  test('that promises no more than the weaker of the two', () => {
    const joined = (one: Partial<FlightOffer>, other: Partial<FlightOffer>) =>
      combineTickets({ first: [toSin({}, one)], second: [fromSin({}, other)] })[0]!
    for (const [one, other, weaker] of [
      [true, true, true],
      [true, null, null],
      [null, false, false],
      [false, true, false],
    ] as const) {
      expect(joined({ refundable: one, changeable: other }, { refundable: other, changeable: one })).toMatchObject({
        refundable: weaker,
        changeable: weaker,
      })
    }
    expect(joined({ emissionsKg: 80.1 }, { emissionsKg: 200.2 }).emissionsKg).toBe(280.3)
    expect(joined({ emissionsKg: 80 }, { emissionsKg: null }).emissionsKg).toBeNull()
    expect(joined({ expiresAt: instant(2_000) }, { expiresAt: instant(1_000) }).expiresAt).toBe(1_000)
    expect(joined({ expiresAt: null }, { expiresAt: instant(3_000) }).expiresAt).toBe(3_000)
    expect(joined({ expiresAt: null }, { expiresAt: null }).expiresAt).toBeNull()
    expect(joined({ lastTicketingAt: '2026-11-20' }, { lastTicketingAt: '2026-11-19T23:00:00+07:00' }).lastTicketingAt).toBe(
      '2026-11-19T23:00:00+07:00',
    )
    expect(joined({ validatingCarrier: 'GA' }, { validatingCarrier: 'SQ' }).validatingCarrier).toBeNull()
    const fee = (allowed: boolean | null, dollars: number | null) => [
      {
        ...{ kind: 'change' as const, allowed, amount: dollars === null ? null : money(dollars * 100, 'USD') },
        ...{ percent: null, when: null, until: null },
      },
    ]
    expect(joined({ penalties: fee(true, 50) }, { penalties: fee(true, 30) }).penalties).toEqual(fee(true, 80))
    expect(joined({ penalties: fee(true, 50) }, { penalties: [] }).penalties).toEqual(fee(null, null))
    expect(joined({ penalties: fee(true, 50) }, { penalties: fee(false, null) }).penalties).toEqual(fee(false, null))
    expect(joined({ penalties: [] }, { penalties: [] }).penalties).toEqual([])
  })

  test('with a rule for each window that a ticket states, its amount or share only where both say the same of it', () => {
    const rule = (changes: Partial<Penalty>): Penalty => ({ kind: 'refund', allowed: true, amount: null, ...changes })
    const joined = (one: Penalty[], other: Penalty[]) =>
      combineTickets({ first: [toSin({}, { penalties: one })], second: [fromSin({}, { penalties: other })] })[0]!.penalties
    const [before, noShow] = [{ when: 'before_departure' as const }, { when: 'no_show' as const }]
    const forbidden = rule({ ...noShow, allowed: false })
    expect(
      joined(
        [rule({ ...before, percent: 2_500, until: '2026-11-20' }), forbidden],
        [rule({ percent: 2_500, until: '2026-11-10T12:00:00Z' })],
      ),
    ).toEqual([rule({ ...before, percent: 2_500, until: '2026-11-10T12:00:00Z' }), { ...forbidden, percent: null, until: null }])
    expect(joined([rule({ ...before, percent: 2_500 })], [rule({ ...before, amount: money(100, 'USD') })])).toEqual([
      rule({ ...before, percent: null, until: null }),
    ])
    expect(joined([rule(noShow)], [rule(before)])).toMatchObject([
      { ...before, allowed: null },
      { ...noShow, allowed: null },
    ])
  })

  test('at a price guaranteed only while both are, with both tickets’ fees and everyone’s bags on each flight', () => {
    const bag = (pieces: number) => [{ kind: 'checked' as const, pieces, weightKg: null }]
    const fares = (fees: number | null, child: FlightOffer['passengers'][number]['baggage']): FlightOffer['passengers'] => [
      { type: 'adult', count: 1, total: money(5_000, 'USD'), base: null, taxes: null, fees: fees === null ? null : money(fees, 'USD') },
      { type: 'child', count: 1, total: money(3_000, 'USD'), base: null, taxes: null, baggage: child! },
    ]
    const ticket = (one: typeof toSin, offer: Partial<FlightOffer>) => {
      const made = one({ dollars: 80 }, { total: money(8_000, 'USD'), ...offer })
      return { ...made, shown: made.offer.total }
    }
    const [journey] = combineTickets({
      first: [ticket(toSin, { passengers: fares(100, [bag(0)]), priceGuaranteedUntil: instant(5_000) })],
      second: [ticket(fromSin, { passengers: fares(250, null), priceGuaranteedUntil: instant(4_000) })],
    })
    expect(journey!.priceGuaranteedUntil).toBe(4_000)
    expect(journey!.passengers.map((fare) => fare.fees)).toEqual([money(350, 'USD'), null])
    const segments = journey!.slices[0]!.segments
    expect(journey!.passengers.map((fare) => fare.baggage)).toEqual([null, [bag(0), segments[1]!.baggage]])
    const [unsure] = combineTickets({
      first: [ticket(toSin, { passengers: fares(100, null), priceGuaranteedUntil: instant(5_000) })],
      second: [ticket(fromSin, { passengers: fares(null, null) })],
    })
    expect(unsure!.priceGuaranteedUntil).toBeNull()
    expect(unsure!.passengers.map((fare) => [fare.fees, fare.baggage])).toEqual([
      [null, null],
      [null, null],
    ])
  })

  test('whose travellers’ shares add up to the price shown, markup and all', () => {
    const fares = (adults: number, child: number) => [
      { type: 'adult' as const, count: 2, total: money(adults, 'EUR'), base: money(1, 'EUR'), taxes: null },
      { type: 'child' as const, count: 1, total: money(child, 'EUR'), base: null, taxes: null },
    ]
    const first = { ...toSin({}, { total: money(10_001, 'EUR'), passengers: fares(7_000, 3_001) }), shown: money(12_345, 'USD') }
    const second = { ...fromSin({}, { total: money(20_000, 'EUR'), passengers: fares(15_000, 5_000) }), shown: money(23_457, 'USD') }
    const [journey] = combineTickets({ first: [first], second: [second] })
    expect(journey!.total).toEqual(money(35_802, 'USD'))
    expect(
      sumMoney(
        journey!.passengers.map((fare) => fare.total!),
        'USD',
      ),
    ).toEqual(journey!.total)
    expect(journey).toMatchObject({ base: null, taxes: null })
    const silent = { ...second, offer: { ...second.offer, passengers: fares(15_000, 5_000).map((fare) => ({ ...fare, total: null })) } }
    expect(combineTickets({ first: [first], second: [silent] })[0]!.passengers.map((fare) => fare.total)).toEqual([null, null])
  })

  test('over two airports of one city, with the time that takes', () => {
    const first = leg({ from: 'CGK', to: 'NRT', leaves: 0, minutes: 420, dollars: 200 })
    const on = (leaves: number) => leg({ from: 'HND', to: 'CTS', leaves, minutes: 90, dollars: 60 })
    expect(combineTickets({ first: [first], second: [on(420 + 329)] })).toEqual([])
    expect(combineTickets({ first: [first], second: [on(420 + 330)] })[0]!.selfTransfer!.connection).toEqual({
      arrivalAirport: 'NRT',
      departureAirport: 'HND',
      minutes: 330,
      minimumMinutes: 330,
      risk: 'high',
    })
  })

  test('within a country sooner than over a border', () => {
    const first = leg({ from: 'CGK', to: 'SUB', leaves: 0, minutes: 90, dollars: 40 })
    const to = (airport: string) => leg({ from: 'SUB', to: airport, leaves: 90 + 130, minutes: 60, dollars: 40 })
    expect(combineTickets({ first: [first], second: [to('DPS')] }).length).toBe(1)
    expect(combineTickets({ first: [first], second: [to('SIN')] }).length).toBe(0)
  })

  test('by the clocks at the airports where no offset is stated, then without a total duration', () => {
    // It lands at 23:50 UTC; the next leaves when Singapore's clocks show 14:40, which is 06:40 UTC.
    const [journey] = combineTickets({ first: [toSin({ leaves: 1_320 })], second: [fromSin({ leaves: 1_840 + 480, offset: null })] })
    expect(journey!.selfTransfer!.connection.minutes).toBe(410)
    expect(journey!.slices[0]!.durationMinutes).toBeNull()
  })
})

describe('of several journeys', () => {
  test('with the same flights the cheapest is made, whoever is asked first', () => {
    const [dear, cheap] = [toSin({ dollars: 90 }), toSin({ dollars: 80 })]
    for (const first of [
      [dear, cheap],
      [cheap, dear],
    ])
      expect(combineTickets({ first, second: [fromSin()] }).map((journey) => journey.selfTransfer!.offerIds[0])).toEqual([cheap.id])
  })

  test('the faster is made too where suppliers disagree about when a flight lands', () => {
    const [slow, fast] = [fromSin({ dollars: 200 }), fromSin({ dollars: 210, minutes: 410 })]
    expect(combineTickets({ first: [toSin()], second: [slow, fast] }).length).toBe(2)
  })

  test('as good as each other the same one is shown, whoever answers first', () => {
    const twins = [fromSin({ number: 7 }), fromSin({ number: 8 })]
    const shown = [twins, twins.toReversed()].map((second) => combineTickets({ first: [toSin()], second, limit: 1 }).map(itineraryKey))
    expect(shown[0]).toEqual(shown[1])
    const others = [toSin({ number: 7 }), toSin({ number: 8 })]
    const again = [others, others.toReversed()].map((first) => combineTickets({ first, second: [fromSin()], limit: 1 }).map(itineraryKey))
    expect(again[0]).toEqual(again[1])
  })

  test('as good as each other four are enough', () => {
    const second = Array.from({ length: 30 }, (_, i) => fromSin({ number: i }))
    expect(combineTickets({ first: [toSin()], second }).length).toBe(4)
  })
})

describe('no journey is made', () => {
  test.each<[string, Leg, Leg]>([
    ['of tickets that do not meet', toSin(), leg({ from: 'KUL', to: 'NRT', leaves: 600, minutes: 400, dollars: 1 })],
    ['when the wait is longer than a day', toSin(), fromSin({ leaves: 110 + 1_441 })],
    ['when the second leaves first', toSin({ leaves: 500 }), fromSin()],
    ['of a round trip', toSin({}, { slices: [...toSin().offer.slices, ...fromSin().offer.slices] }), fromSin()],
    ['of joined tickets', toSin({}, { selfTransfer: { offerIds: [], connection: {} as never } }), fromSin()],
    [
      'of an offer without flights',
      toSin({}, { slices: [{ origin: 'CGK', destination: 'SIN', durationMinutes: null, segments: [] }] }),
      fromSin(),
    ],
    ['at a time no clock shows', toSin(), fromSin({}, { slices: [{ ...fromSin().offer.slices[0]!, segments: [impossibleTime()] }] })],
  ])('%s', (_, first, second) => {
    expect(combineTickets({ first: [first], second: [second] })).toEqual([])
  })

  test.each([
    ['back to the place of departure', ['CGK', 'SUB'], ['SUB', 'CGK', 'LHR']],
    ['back to another airport of the city of departure', ['CGK', 'SUB'], ['SUB', 'HLP', 'LHR']],
    ['through its destination on the way', ['CGK', 'LHR', 'AMS'], ['AMS', 'LHR']],
    ['through one hub twice', ['CGK', 'KUL', 'SIN'], ['SIN', 'KUL', 'LHR']],
    ['of a ticket that comes to an airport twice by itself', ['CGK', 'KUL', 'BKK', 'KUL', 'SIN'], ['SIN', 'LHR']],
  ])('%s', (_, outward, onward) => {
    const [first, second] = [legOver(outward, { leaves: 0, dollars: 40 }), legOver(onward, { leaves: 900, dollars: 40 })]
    expect(combineTickets({ first: [first], second: [second] })).toEqual([])
  })

  test('back home, however cheap, and a dearer and slower one that leads on is made', () => {
    const first = legOver(['CGK', 'SUB'], { leaves: 0, dollars: 40 })
    const back = legOver(['SUB', 'CGK', 'LHR'], { leaves: 900, dollars: 40 })
    const on = legOver(['SUB', 'SIN', 'LHR'], { leaves: 1_000, dollars: 90 })
    const made = combineTickets({ first: [first], second: [back, on] })
    expect(made.map((journey) => journey.selfTransfer!.offerIds)).toEqual([[first.id, on.id]])
  })

  test('of flights that one contract sells too', () => {
    const [first, second] = [toSin(), fromSin()]
    const through = { slices: [{ ...first.offer.slices[0]!, segments: [first, second].flatMap(({ offer }) => offer.slices[0]!.segments) }] }
    const protectedItineraries = new Set([itineraryKey(through)])
    expect(combineTickets({ first: [first], second: [second], protectedItineraries })).toEqual([])
    // It is no reason to leave out another one either.
    const later = fromSin({ leaves: 410, number: 3 })
    const left = combineTickets({ first: [first], second: [second, later], protectedItineraries })
    expect(left.map((journey) => journey.selfTransfer!.offerIds[1])).toEqual([later.id])
  })
})

function impossibleTime(): Segment {
  return segment({ origin: 'SIN', destination: 'NRT', departure: { local: '2026-12-01T29:00' as never, offset: '+08:00' } })
}
