import { stopsOf, type FlightOffer } from '../../travel/flight.ts'
import { bagsOf } from './flight-columns.ts'

/** What a list of offers shows of each: the short form, without the price. */
export type FlightSummary = {
  readonly slices: readonly {
    readonly origin: string
    readonly destination: string
    readonly departure: string
    readonly arrival: string
    readonly duration_minutes: number | null
    readonly stops: number
    readonly carriers: readonly string[]
  }[]
  readonly refundable: boolean | null
  /** Checked pieces included on every segment, 2 meaning two or more; null when a segment does not say. */
  readonly checked_bags: number | null
  readonly self_transfer: boolean
}

/** The short form of an offer: about a sixth of the full one. */
export function toSummary(offer: FlightOffer): FlightSummary {
  const bags = bagsOf(offer.slices.flatMap((slice) => slice.segments))
  return {
    slices: offer.slices.map((slice) => ({
      origin: slice.segments[0]!.origin,
      destination: slice.segments[slice.segments.length - 1]!.destination,
      departure: slice.segments[0]!.departure.local,
      arrival: slice.segments[slice.segments.length - 1]!.arrival.local,
      duration_minutes: slice.durationMinutes,
      stops: stopsOf(slice),
      carriers: [...new Set(slice.segments.map((segment) => segment.carrier))],
    })),
    refundable: offer.refundable,
    checked_bags: bags === 'unknown' ? null : Number(bags),
    self_transfer: (offer.selfTransfer ?? null) !== null,
  }
}
