import type { Baggage, FlightOffer, Segment } from '../travel/flight.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { StayOffer } from '../travel/stay.ts'

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
export function differenceOf(known: Offer, live: Offer): Exclude<ChangeReason, 'price'> | null {
  if (isStay(known)) return isStay(live) ? differenceOfStays(known, live) : 'schedule'
  return isStay(live) ? 'schedule' : differenceOfFlights(known, live)
}

function differenceOfFlights(known: FlightOffer, live: FlightOffer): Exclude<ChangeReason, 'price'> | null {
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

/** Other nights, another room or house; something else to eat; a way out that has become dearer, by day or amount. */
function differenceOfStays(known: StayOffer, live: StayOffer): Exclude<ChangeReason, 'price'> | null {
  const placeOf = (stay: StayOffer): string =>
    [stay.property, stay.checkIn, stay.checkOut, ...stay.rooms.map(({ code, name }) => code ?? name)].join('|')
  if (placeOf(known) !== placeOf(live)) return 'schedule'
  if (known.board !== null && live.board !== null && known.board !== live.board) return 'rules'
  if (known.refundable !== null && live.refundable !== null && known.refundable !== live.refundable) return 'rules'
  if (known.payAt !== null && live.payAt !== null && known.payAt !== live.payAt) return 'rules'
  return known.cancellation !== null && live.cancellation !== null && freeUntil(live) < freeUntil(known) ? 'rules' : null
}

/** Until when cancelling is free, in epoch milliseconds: for ever where no step costs anything, never where the first does. */
function freeUntil({ cancellation }: StayOffer): number {
  const costs = cancellation?.find(({ penalty }) => penalty === null || penalty.amount > 0)
  return costs === undefined ? Number.POSITIVE_INFINITY : (costs.from ?? 0)
}
