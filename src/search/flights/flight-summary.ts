import type { MoneyText } from '../../kernel/money.ts'
import type { OfferView } from '../../travel/offer-view.ts'

/** What a list of offers shows of each: about a sixth of the full form. */
export type FlightSummary = {
  readonly id: string
  readonly provider: string
  readonly total: MoneyText
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
  readonly alternatives: readonly AlternativeView[]
}

/** Another seller of the same flights and fare conditions. */
export type AlternativeView = { readonly offer_id: string; readonly provider: string; readonly total: MoneyText }

/** The short form, from the full one and what the columns say about bags. */
export function toSummary(
  view: Pick<OfferView, 'slices' | 'refundable' | 'self_transfer'>,
  shown: Pick<FlightSummary, 'id' | 'provider' | 'total' | 'alternatives'>,
  bags: string,
): FlightSummary {
  const { id, provider, total, alternatives } = shown
  return {
    ...{ id, provider, total },
    slices: view.slices.map(({ segments, duration_minutes, stops }) => ({
      origin: segments[0]!.origin,
      destination: segments[segments.length - 1]!.destination,
      departure: segments[0]!.departure.local,
      arrival: segments[segments.length - 1]!.arrival.local,
      duration_minutes,
      stops,
      carriers: [...new Set(segments.map((segment) => segment.carrier))],
    })),
    refundable: view.refundable,
    checked_bags: bags === 'unknown' ? null : Number(bags),
    self_transfer: view.self_transfer !== null,
    alternatives,
  }
}
