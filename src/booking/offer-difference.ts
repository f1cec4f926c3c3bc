import type { Baggage, FlightOffer, Segment } from '../travel/flight.ts'

export type ChangeReason = 'price' | 'schedule' | 'baggage' | 'rules'

function segmentsOf(offer: FlightOffer): readonly Segment[] {
  return offer.slices.flatMap((slice) => slice.segments)
}

function scheduleOf(offer: FlightOffer): string {
  return segmentsOf(offer)
    .map((s) => `${s.carrier}${s.flightNumber} ${s.origin}${s.destination} ${s.departure.local} ${s.arrival.local}`)
    .join('|')
}

function piecesOf(baggage: readonly Baggage[]): string {
  return baggage
    .map((bag) => `${bag.kind}:${bag.pieces}:${bag.weightKg}`)
    .toSorted()
    .join(',')
}

/**
 * What a traveller would notice when `live` is sold instead of `known`, apart from the price: other times, less or more
 * baggage, other rules. What one of the two does not state is not a difference: unknown is not a "no".
 */
export function differenceOf(known: FlightOffer, live: FlightOffer): Exclude<ChangeReason, 'price'> | null {
  if (scheduleOf(known) !== scheduleOf(live)) return 'schedule'
  const before = segmentsOf(known)
  const baggageDiffers = segmentsOf(live).some((segment, i) => {
    const was = before[i]!.baggage
    return was.length > 0 && segment.baggage.length > 0 && piecesOf(was) !== piecesOf(segment.baggage)
  })
  if (baggageDiffers) return 'baggage'
  const rulesDiffer = (['refundable', 'changeable'] as const).some(
    (rule) => known[rule] !== null && live[rule] !== null && known[rule] !== live[rule],
  )
  return rulesDiffer ? 'rules' : null
}
