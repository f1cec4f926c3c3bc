import { money } from '../../src/kernel/money.ts'
import { parseZonedTime } from '../../src/kernel/time.ts'
import type { FlightOffer, Segment, Slice } from '../../src/travel/flight.ts'
import { flightOffer, segment } from './offers.ts'

export function sliceWith(segments: readonly Segment[], durationMinutes: number | null = 450): Slice {
  return { origin: segments[0]!.origin, destination: segments[segments.length - 1]!.destination, durationMinutes, segments }
}

/** A nonstop of one carrier at one price, CGK–NRT on 1 December 2026, leaving at "HH:MM". */
export function nonstop(carrier: string, flightNumber: string, dollars: number, departsAt = '09:35'): FlightOffer {
  const [departure, arrival] = [parseZonedTime(`2026-12-01T${departsAt}:00+07:00`), parseZonedTime('2026-12-01T19:05:00+09:00')]
  const total = money(dollars * 100, 'USD')
  return flightOffer({
    total,
    passengers: [{ type: 'adult', count: 1, total, base: null, taxes: null, fees: null, baggage: null }],
    expiresAt: null,
    slices: [sliceWith([segment({ carrier, flightNumber, departure, arrival })])],
  })
}
