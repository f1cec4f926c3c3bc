import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leg, legOver, type Flight } from '../../../test/support/flight-legs.ts'
import { addMoney, sumMoney } from '../../kernel/money.ts'
import { instantOf, type Instant, type ZonedTime } from '../../kernel/time.ts'
import { itineraryKey, type FlightOffer, type Segment } from '../../travel/flight.ts'
import { combineTickets, type Leg } from './index.ts'
import { hubCityOf, isDomestic, minimumConnection, RISKS, riskOf } from './minimum-connection.ts'

const MINUTE = 60_000
const HUBS = [
  ['SIN', 'SIN'],
  ['LHR', 'LGW'],
  ['KUL', 'KUL'],
] as const
/** Non-stop, or over one of these: some lead back home, or to a hub of another ticket. */
const VIA = ['CGK', 'HLP', 'SIN', 'KUL', 'LHR', 'HND', 'NRT', 'SUB']
type Flown = Pick<Flight, 'leaves' | 'minutes' | 'dollars' | 'number'>
const side = (ends: (hub: (typeof HUBS)[number]) => readonly [from: string, to: string], numbersAfter: number) =>
  fc.array(
    fc
      .record({
        hub: fc.constantFrom(...HUBS),
        leaves: fc.integer({ min: 0, max: 160 }).map((tens) => tens * 10),
        minutes: fc.integer({ min: 6, max: 12 }).map((tens) => tens * 10),
        dollars: fc.integer({ min: 1, max: 12 }),
        number: fc.integer({ min: numbersAfter + 1, max: numbersAfter + 3 }),
        via: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...VIA) }),
      })
      .map(({ hub, via, ...flight }) => toLeg(ends(hub), via, flight)),
    { maxLength: 14 },
  )
const firsts = side((hub) => ['CGK', hub[0]], 0)
const seconds = side((hub) => [hub[1], 'NRT'], 10)

function toLeg([from, to]: readonly [from: string, to: string], via: string | null, flight: Flown): Leg {
  return via === null || via === from || via === to ? leg({ from, to, ...flight }) : legOver([from, via, to], flight)
}

describe('whatever tickets there are', () => {
  test('a connection is never shorter than its minimum or longer than a day, and flights are in order of time', () => {
    fc.assert(
      fc.property(firsts, seconds, (first, second) => {
        for (const journey of combineTickets({ first, second, limit: 1_000 })) {
          const { segments } = journey.slices[0]!
          const { connection, offerIds } = journey.selfTransfer!
          const flown = first.find((one) => one.id === offerIds[0])!.offer.slices[0]!.segments.length
          const [into, out] = [segments[flown - 1]!, segments[flown]!]
          const least = minimumConnection(into.destination, out.origin)!
          const minutes = (at(out.departure) - at(into.arrival)) / MINUTE
          expect(connection).toMatchObject({ minutes, minimumMinutes: least, risk: riskOf(minutes, least) })
          expect(minutes).toBeGreaterThanOrEqual(least)
          expect(minutes).toBeLessThanOrEqual(1_440)
          const times = segments.flatMap((segment) => [at(segment.departure), at(segment.arrival)])
          expect(times).toEqual(times.toSorted((a, b) => a - b))
          expect(journey.slices[0]!.durationMinutes).toBe((times.at(-1)! - times[0]!) / MINUTE)
        }
      }),
    )
  })

  test('no airport is come to twice, and Jakarta is left for good', () => {
    fc.assert(
      fc.property(firsts, seconds, (first, second) => {
        for (const journey of combineTickets({ first, second, limit: 1_000 })) {
          const landings = journey.slices[0]!.segments.map((segment) => segment.destination)
          expect(new Set(landings).size).toBe(landings.length)
          expect(landings).not.toContain('CGK')
          expect(landings).not.toContain('HLP')
        }
      }),
    )
  })

  test('the price is exactly both prices', () => {
    fc.assert(
      fc.property(firsts, seconds, (first, second) => {
        const shown = new Map([...first, ...second].map((one) => [one.id, one.shown]))
        for (const journey of combineTickets({ first, second, limit: 1_000 })) {
          const [one, other] = journey.selfTransfer!.offerIds.map((id) => shown.get(id)!)
          expect(journey.total).toEqual(addMoney(one!, other!))
          expect(
            sumMoney(
              journey.passengers.map((fare) => fare.total!),
              'USD',
            ),
          ).toEqual(journey.total)
        }
      }),
    )
  })

  test('exactly those are kept that no other of their hub beats', () => {
    fc.assert(
      fc.property(firsts, seconds, (first, second) => {
        const all = everyPair(first, second)
        const name = (merit: Merit) => Object.values(merit).join(' ')
        const unbeaten = all.filter((one) => !all.some((other) => beats(other, one)))
        const kept = combineTickets({ first, second, limit: 1_000 }).map(meritOf)
        expect([...new Set(kept.map(name))].sort()).toEqual([...new Set(unbeaten.map(name))].sort())
      }),
      { numRuns: 300 },
    )
  })

  test('there are never more than asked for, the cheapest and a fastest among them', () => {
    fc.assert(
      fc.property(firsts, seconds, fc.integer({ min: 1, max: 6 }), (first, second, limit) => {
        const all = combineTickets({ first, second, limit: 1_000 })
        const some = combineTickets({ first, second, limit })
        expect(some.length).toBe(Math.min(limit, all.length))
        expect(some[0]).toEqual(all[0])
        if (limit < 2 || all.length === 0) return
        const fastest = (journeys: readonly FlightOffer[]) => Math.min(...journeys.map((journey) => journey.slices[0]!.durationMinutes!))
        expect(fastest(some)).toBe(fastest(all))
      }),
    )
  })

  test('the answer does not depend on the order they come in', () => {
    fc.assert(
      fc.property(firsts, seconds, (first, second) => {
        const flights = (one: Leg[], other: Leg[]) => combineTickets({ first: one, second: other, limit: 5 }).map(itineraryKey)
        expect(flights(first.toReversed(), second.toReversed())).toEqual(flights(first, second))
      }),
    )
  })
})

type Merit = { hub: string; price: number; minutes: number; risk: number }

function at(time: ZonedTime): Instant {
  return instantOf({ local: time.local, offset: time.offset! })
}

function meritOf(journey: FlightOffer): Merit {
  const { connection } = journey.selfTransfer!
  return {
    hub: hubCityOf(connection.arrivalAirport),
    price: journey.total.amount,
    minutes: journey.slices[0]!.durationMinutes!,
    risk: RISKS.indexOf(connection.risk),
  }
}

function beats(a: Merit, b: Merit): boolean {
  if (a.hub !== b.hub || a.price > b.price || a.minutes > b.minutes || a.risk > b.risk) return false
  return a.price < b.price || a.minutes < b.minutes || a.risk < b.risk
}

/** All pairs there are, found without any cleverness. */
function everyPair(first: readonly Leg[], second: readonly Leg[]): Merit[] {
  return first.flatMap((one) =>
    second.flatMap((other) => {
      const [begun, ended] = [one.offer.slices[0]!.segments, other.offer.slices[0]!.segments]
      if (!isStraight([...begun, ...ended])) return []
      const [into, out] = [begun.at(-1)!, ended[0]!]
      const crossing = isDomestic(into) && isDomestic(out) ? 'domestic' : 'international'
      const least = minimumConnection(into.destination, out.origin, crossing)
      const minutes = (at(out.departure) - at(into.arrival)) / MINUTE
      if (least === null || minutes < least || minutes > 1_440) return []
      const total = (at(ended.at(-1)!.arrival) - at(begun[0]!.departure)) / MINUTE
      const price = one.shown.amount + other.shown.amount
      return [{ hub: hubCityOf(into.destination), price, minutes: total, risk: RISKS.indexOf(riskOf(minutes, least)) }]
    }),
  )
}

/** Whether the traveller comes to no airport a second time, nor to the city of departure. */
function isStraight(segments: readonly Segment[]): boolean {
  return segments.every((segment, i) => {
    const isLeftAgain = segments.slice(i + 1).some((later) => later.origin !== segment.destination && later.origin === segment.origin)
    const isReachedAgain = segments.some((other, j) => j !== i && other.destination === segment.destination)
    const isLater = segments.slice(i + 2).some((later) => later.origin === segment.destination)
    return !isLeftAgain && !isReachedAgain && !isLater && !['CGK', 'HLP'].includes(segment.destination)
  })
}
