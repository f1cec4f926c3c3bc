import type { FlightOffer, Segment, Slice } from '../../travel/flight.ts'
import { toBoughtView, toDirectionView, toFlownView, toRemarksView, toTermsView } from '../../travel/offer-view.ts'
import { findCarrier } from '../../travel/places.ts'
import { boughtName, flownName } from './product-name.ts'

const carrierName = (code: string): string | undefined => findCarrier(code)?.name

const NO_REMARKS = membersOf(toRemarksView({ emissionsKg: null, selfTransfer: null }))

/** A segment, what was written of it, and its part in the name of the product. */
type Written = { readonly segment: Segment; readonly text: string; readonly name: string | null }

/**
 * Writes offers as `toOfferView` shows them. The offers of a reply share flights and fares: what was written of one is
 * written again as it is. Flights are found by their departure and fares by their baggage, which a reader makes once for
 * each; a reader that does not loses time and nothing else.
 */
export class SegmentTexts {
  private readonly flown = new Map<object, Written>()
  private readonly bought = new Map<object, Written>()

  /** An offer's JSON after the price: everything that does not depend on it, nor on where the offer stands. */
  afterPrice(offer: FlightOffer): string {
    let slices = ''
    for (const slice of offer.slices) slices += `${slices === '' ? '' : ','}${this.slice(slice)}`
    const remarks = (offer.emissionsKg ?? offer.selfTransfer ?? null) === null ? NO_REMARKS : membersOf(toRemarksView(offer))
    return `${membersOf(toTermsView(offer))},"slices":[${slices}],${remarks}}`
  }

  /**
   * What the offer sells, in a text that is equal for every seller of it: flights and times, and on each flight cabin, fare
   * family and checked bags; then whether it can be refunded and changed. What one does not state is equal to what another
   * does not, and to nothing else. Null when nobody could say that it is the same.
   */
  product(offer: FlightOffer): string | null {
    let name = `${offer.refundable};${offer.changeable}`
    for (const { segments } of offer.slices) {
      name += '|'
      for (const segment of segments) {
        const bought = this.writeBought(segment).name
        if (bought === null) return null
        name += `${this.writeFlown(segment).name}.${bought}+`
      }
    }
    return name
  }

  private slice(slice: Slice): string {
    let segments = ''
    for (const segment of slice.segments)
      segments += `${segments === '' ? '' : ','}{${this.writeFlown(segment).text},${this.writeBought(segment).text}}`
    return `{${membersOf(toDirectionView(slice))},"segments":[${segments}]}`
  }

  private writeFlown(segment: Segment): Written {
    const before = this.flown.get(segment.departure)
    if (before !== undefined && isSameFlight(before.segment, segment)) return before
    const written = { segment, text: membersOf(toFlownView(segment, carrierName)), name: flownName(segment) }
    this.flown.set(segment.departure, written)
    return written
  }

  private writeBought(segment: Segment): Written {
    const before = this.bought.get(segment.baggage)
    if (before !== undefined && isSamePurchase(before.segment, segment)) return before
    const written = { segment, text: membersOf(toBoughtView(segment)), name: boughtName(segment) }
    this.bought.set(segment.baggage, written)
    return written
  }
}

/** The JSON of an object without its braces. */
function membersOf(view: object): string {
  return JSON.stringify(view).slice(1, -1)
}

/** Whether all that `toFlownView` shows is the same. */
function isSameFlight(one: Segment, other: Segment): boolean {
  return (
    one.departure === other.departure &&
    one.arrival === other.arrival &&
    one.carrier === other.carrier &&
    one.flightNumber === other.flightNumber &&
    one.operatingCarrier === other.operatingCarrier &&
    one.origin === other.origin &&
    one.originTerminal === other.originTerminal &&
    one.destination === other.destination &&
    one.destinationTerminal === other.destinationTerminal &&
    one.durationMinutes === other.durationMinutes &&
    one.equipment === other.equipment &&
    areSameStops(one.technicalStops ?? null, other.technicalStops ?? null)
  )
}

function areSameStops(one: readonly string[] | null, other: readonly string[] | null): boolean {
  return one === other || (one !== null && other !== null && one.length === other.length && one.every((stop, i) => stop === other[i]))
}

/** Whether all that `toBoughtView` shows is the same. */
function isSamePurchase(one: Segment, other: Segment): boolean {
  return (
    one.baggage === other.baggage &&
    one.cabin === other.cabin &&
    one.bookingClass === other.bookingClass &&
    one.fareBasis === other.fareBasis &&
    one.brand === other.brand
  )
}
