import { money } from '../../src/kernel/money.ts'
import { parseZonedTime } from '../../src/kernel/time.ts'
import type { FlightOffer, Segment, Slice } from '../../src/travel/flight.ts'

/** A segment CGK–NRT of GA that can be changed at will. */
export function segmentWith(change: Partial<Segment> = {}): Segment {
  return {
    carrier: 'GA',
    flightNumber: '874',
    operatingCarrier: null,
    origin: 'CGK',
    originTerminal: '3',
    destination: 'NRT',
    destinationTerminal: null,
    departure: parseZonedTime('2026-12-01T09:35:00+07:00'),
    arrival: parseZonedTime('2026-12-01T19:05:00+09:00'),
    durationMinutes: 450,
    equipment: '333',
    cabin: 'economy',
    bookingClass: 'Y',
    fareBasis: 'YOW',
    brand: 'Eco',
    baggage: [{ kind: 'checked', pieces: 1, weightKg: 23 }],
    ...change,
  }
}

export function sliceWith(segments: readonly Segment[] = [segmentWith()], durationMinutes: number | null = 450): Slice {
  return { origin: segments[0]!.origin, destination: segments[segments.length - 1]!.destination, durationMinutes, segments }
}

/** One adult on GA 874 for USD 500.00 from "alpha", with what is given put in its place. */
export function offerWith(change: Partial<FlightOffer> = {}): FlightOffer {
  const total = change.total ?? money(50_000, 'USD')
  return {
    id: 'theirs',
    provider: 'alpha',
    solution: 0,
    total,
    base: null,
    taxes: null,
    passengers: [{ type: 'adult', count: 1, total, base: null, taxes: null }],
    validatingCarrier: 'GA',
    refundable: null,
    changeable: null,
    penalties: [],
    lastTicketingAt: null,
    expiresAt: null,
    slices: [sliceWith()],
    supplierToken: 'token',
    ...change,
  }
}

/** A nonstop of one carrier at one price, leaving at "HH:MM". */
export function nonstop(carrier: string, flightNumber: string, dollars: number, departsAt = '09:35', provider = 'alpha'): FlightOffer {
  const segment = segmentWith({ carrier, flightNumber, departure: parseZonedTime(`2026-12-01T${departsAt}:00+07:00`) })
  return offerWith({ provider, total: money(dollars * 100, 'USD'), slices: [sliceWith([segment])] })
}
