import fc from 'fast-check'
import { money } from '../../src/kernel/money.ts'
import { instant, parseZonedTime, type Instant } from '../../src/kernel/time.ts'
import type { Selection } from '../../src/search/engine/column-schema.ts'
import type { Baggage, FlightOffer, PassengerFare, Penalty, Segment, Slice } from '../../src/travel/flight.ts'
import { flightOffer, segment } from './offers.ts'

/* Random offers and selections: few values, so that ties, codeshares, unknowns and empty facets are common. */

const CARRIERS = ['GA', 'SQ', 'NH', '5J', 'JL']
const AIRPORTS = ['CGK', 'SIN', 'HND', 'NRT', 'KUL']
const twoDigits = (n: number) => String(n).padStart(2, '0')

const anyZoned = fc
  .record({
    day: fc.integer({ min: 1, max: 2 }),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.constantFrom(0, 30),
    offset: fc.constantFrom('+07:00', '+09:00', ''),
  })
  .map(({ day, hour, minute, offset }) => parseZonedTime(`2026-12-${twoDigits(day)}T${twoDigits(hour)}:${twoDigits(minute)}:00${offset}`))

const anyBaggage: fc.Arbitrary<Baggage[]> = fc.oneof(
  fc.constant<Baggage[]>([]),
  fc.option(fc.integer({ min: 0, max: 3 })).map((pieces): Baggage[] => [{ kind: 'checked', pieces, weightKg: null }]),
  fc.constant<Baggage[]>([{ kind: 'carry_on', pieces: 1, weightKg: 7 }]),
)

const anySegment: fc.Arbitrary<Segment> = fc
  .record({
    carrier: fc.constantFrom(...CARRIERS),
    operatingCarrier: fc.option(fc.constantFrom(...CARRIERS)),
    origin: fc.constantFrom(...AIRPORTS),
    destination: fc.constantFrom(...AIRPORTS),
    departure: anyZoned,
    arrival: anyZoned,
    cabin: fc.option(fc.constantFrom('economy' as const, 'business' as const), { freq: 8 }),
    baggage: anyBaggage,
    brand: fc.constantFrom('Economy', 'Eco-Lite', null, '—'),
    fareBasis: fc.constantFrom('YOWID', 'YOWID', null),
    technicalStops: fc.option(fc.constantFrom([], ['DPS'])),
  })
  .map(segment)

const anyAmount = fc.option(fc.integer({ min: 0, max: 5_000 }).map((amount) => money(amount, 'EUR')))

const anyPenalty: fc.Arbitrary<Required<Penalty>> = fc.record({
  kind: fc.constantFrom('change' as const, 'refund' as const),
  allowed: fc.option(fc.boolean()),
  amount: anyAmount,
  percent: fc.option(fc.constantFrom(0, 2_500)),
  when: fc.option(fc.constantFrom('before_departure' as const, 'after_departure' as const, 'no_show' as const)),
  until: fc.option(fc.constantFrom('2026-11-20', '2026-11-30T23:59:00+07:00')),
})

const anyFares: fc.Arbitrary<Required<PassengerFare>[]> = fc.array(
  fc.record({
    type: fc.constantFrom('adult' as const, 'child' as const, 'infant' as const),
    count: fc.integer({ min: 1, max: 2 }),
    total: anyAmount,
    base: anyAmount,
    taxes: anyAmount,
    fees: anyAmount,
    baggage: fc.option(fc.array(anyBaggage, { minLength: 1, maxLength: 3 })),
  }),
  { minLength: 1, maxLength: 2 },
)

const anySlice: fc.Arbitrary<Slice> = fc
  .tuple(fc.array(anySegment, { minLength: 1, maxLength: 3 }), fc.option(fc.constantFrom(300, 450, 600)))
  .map(([segments, durationMinutes]) => ({
    origin: segments[0]!.origin,
    destination: segments[segments.length - 1]!.destination,
    durationMinutes,
    segments,
  }))

const triState = fc.option(fc.boolean())

/** An offer of one of two suppliers with so many slices; `now` decides which have been withdrawn. MMK has no exchange rate. */
export function anyFlightOffer(slices: number, now: Instant): fc.Arbitrary<FlightOffer> {
  return fc
    .record({
      provider: fc.constantFrom('alpha', 'beta'),
      total: fc
        .tuple(fc.integer({ min: 90, max: 110 }), fc.constantFrom('USD', 'EUR', 'MMK'))
        .map(([amount, currency]) => money(amount * 100, currency)),
      slices: fc.array(anySlice, { minLength: slices, maxLength: slices }),
      expiresAt: seldom(fc.constantFrom(instant(now - 1), instant(now + 60_000))),
      refundable: triState,
      changeable: triState,
      penalties: fc.array(anyPenalty, { maxLength: 2 }),
      passengers: anyFares,
      priceGuaranteedUntil: seldom(fc.constant(instant(now + 90_000))),
      emissionsKg: fc.option(fc.integer({ min: 100, max: 110 })),
      selfTransfer: seldom(
        fc.constant({
          offerIds: ['off_a', 'off_b'],
          connection: { arrivalAirport: 'SIN', departureAirport: 'SIN', minutes: 200, minimumMinutes: 150, risk: 'medium' as const },
        }),
      ),
    })
    .map(flightOffer)
}

/**
 * Offers of three suppliers, some of which are one product: others sell it too, at prices, with emissions, durations and
 * operating carriers of their own, and some sell it twice.
 */
export function anyOffersOfSellers(slices: number, now: Instant, maxLength: number): fc.Arbitrary<FlightOffer[]> {
  const resale = fc.record({
    place: fc.nat(),
    provider: fc.constantFrom('alpha', 'beta', 'gamma'),
    cents: fc.integer({ min: -300, max: 300 }),
    emissionsKg: fc.option(fc.integer({ min: 100, max: 110 })),
    durationMinutes: fc.option(fc.constantFrom(300, 450)),
    operatingCarrier: fc.option(fc.constantFrom(...CARRIERS)),
    expiresAt: seldom(fc.constantFrom(instant(now - 1), instant(now + 60_000))),
    isOther: fc.nat({ max: 9 }).map((n) => n === 0),
  })
  const resold = (
    offer: FlightOffer,
    { provider, cents, emissionsKg, expiresAt, isOther, ...flown }: Value<typeof resale>,
  ): FlightOffer => ({
    ...offer,
    ...{ provider, emissionsKg, expiresAt, total: money(offer.total.amount + cents, offer.total.currency) },
    refundable: isOther ? null : offer.refundable,
    slices: offer.slices.map((slice) => ({
      ...slice,
      durationMinutes: flown.durationMinutes,
      segments: slice.segments.map((one) => ({
        ...one,
        operatingCarrier: flown.operatingCarrier,
        brand: one.brand?.toUpperCase() ?? null,
      })),
    })),
  })
  return fc
    .tuple(fc.array(anyFlightOffer(slices, now), { minLength: 1, maxLength }), fc.array(resale, { maxLength }))
    .chain(([offers, resales]) => {
      const all = [...offers, ...resales.map((one) => resold(offers[one.place % offers.length]!, one))]
      return fc.shuffledSubarray(all, { minLength: all.length })
    })
}

type Value<T> = T extends fc.Arbitrary<infer V> ? V : never

const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 })
/** Present in one of ten: with all filters at once nothing would ever be left. */
const seldom = <T>(value: fc.Arbitrary<T>) => fc.oneof({ arbitrary: fc.constant(null), weight: 9 }, { arbitrary: value, weight: 1 })
const maybe = <T>(name: string, value: fc.Arbitrary<T>) =>
  seldom(value).map((chosen): Record<string, T> => (chosen === null ? {} : { [name]: chosen }))
const merged = <T>(...parts: fc.Arbitrary<Record<string, T>>[]) =>
  fc.tuple(...parts).map((records): Record<string, T> => Object.assign({}, ...records))
const upTo = (max: number) => fc.integer({ min: 0, max }).map((to) => ({ from: 0, to }))
const window = fc.record({ from: fc.integer({ min: 0, max: 1439 }), to: fc.integer({ min: 0, max: 1439 }) })

export const SORTS = ['best', 'price', 'duration', 'departure', 'arrival', 'price_with_bag'] as const

/** Any filters on offers with so many slices, and any order. */
export function anySelection(slices: number): fc.Arbitrary<Selection> {
  const perSlice = Array.from({ length: slices }, (_, i) => i + 1)
  return fc.record({
    only: merged(
      maybe('airlines', some(CARRIERS)),
      maybe('alliances', some(['star', 'oneworld', 'skyteam'])),
      maybe('connections', some(AIRPORTS)),
      maybe('cabins', some(['economy', 'business', 'mixed', 'unknown', 'first'])),
      maybe('bags', some(['0', '1', '2', 'unknown'])),
      maybe('refundable', some(['yes', 'no', 'unknown'])),
      maybe('changeable', some(['yes', 'no', 'unknown'])),
      maybe('suppliers', some(['alpha', 'beta', 'gamma'])),
      maybe('overnight', some(['yes', 'no'])),
      maybe('self_transfer', some(['yes', 'no'])),
      maybe('origin_airports', some(AIRPORTS)),
      maybe('destination_airports', some(AIRPORTS)),
    ),
    without: merged(maybe('carriers', some(CARRIERS)), maybe('connections', some(AIRPORTS))),
    ranges: merged(
      maybe('stops', upTo(2)),
      maybe('longest_slice', fc.constantFrom({ from: 0, to: 450 }, { from: 0, to: 1_000 })),
      maybe(
        'connection_min',
        fc.integer({ min: -500, max: 500 }).map((from) => ({ from, to: 2_147_483_646 })),
      ),
      maybe(
        'connection_max',
        fc.integer({ min: -500, max: 1_500 }).map((to) => ({ from: -100_000, to })),
      ),
      maybe(
        'emissions',
        fc.integer({ min: 99, max: 111 }).map((to) => ({ from: 0, to })),
      ),
      ...perSlice.flatMap((n) => [maybe(`departure_${n}`, window), maybe(`arrival_${n}`, window)]),
    ),
    price: fc.record({
      min: seldom(fc.integer({ min: 8_000, max: 10_000 })),
      max: seldom(fc.integer({ min: 8_000, max: 11_000 })),
    }),
    sort: fc.constantFrom(...SORTS),
  })
}
