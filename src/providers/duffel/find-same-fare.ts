import { compareMoney } from '../../kernel/money.ts'
import { itineraryKey, type FlightOffer, type Segment } from '../../travel/flight.ts'

/**
 * The offer among `offers` that is the same to a traveller as `wanted`: same flights and cabins, same owner, and the same
 * brand, fare basis and baggage wherever both state them. Of several the cheapest; undefined when there is none. An offer
 * in another currency is another one, since its price cannot be compared.
 */
export function findSameFare(wanted: FlightOffer, offers: readonly FlightOffer[]): FlightOffer | undefined {
  const key = itineraryKey(wanted)
  const segments = segmentsOf(wanted)
  return offers
    .filter(
      (offer) =>
        offer.total.currency === wanted.total.currency &&
        offer.validatingCarrier === wanted.validatingCarrier &&
        itineraryKey(offer) === key &&
        segmentsOf(offer).every((segment, index) => isSameProduct(segment, segments[index]!)),
    )
    .toSorted((a, b) => compareMoney(a.total, b.total))[0]
}

function segmentsOf(offer: FlightOffer): readonly Segment[] {
  return offer.slices.flatMap((slice) => slice.segments)
}

function isSameProduct(a: Segment, b: Segment): boolean {
  const agrees = (one: string | null, other: string | null): boolean => one === null || other === null || one === other
  return agrees(a.brand, b.brand) && agrees(a.fareBasis, b.fareBasis) && agrees(baggageOf(a), baggageOf(b))
}

/** The allowance in one order; null when nothing is stated, which is not "none". */
function baggageOf({ baggage }: Segment): string | null {
  if (baggage.length === 0) return null
  return baggage
    .map((bag) => `${bag.kind} ${bag.pieces} ${bag.weightKg}`)
    .toSorted()
    .join(',')
}
