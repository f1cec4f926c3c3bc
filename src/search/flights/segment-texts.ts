import type { FlightOffer, Segment, Slice } from '../../travel/flight.ts'
import { toBoughtView, toDirectionView, toFlownView, toRemarksView, toTermsView } from '../../travel/offer-view.ts'
import { findCarrier } from '../../travel/places.ts'

const carrierName = (code: string): string | undefined => findCarrier(code)?.name

const NO_REMARKS = membersOf(toRemarksView({ emissionsKg: null, selfTransfer: null }))

/** A segment and what was written of it. */
type Written = { readonly segment: Segment; readonly text: string }

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

  private slice(slice: Slice): string {
    let segments = ''
    for (const segment of slice.segments)
      segments += `${segments === '' ? '' : ','}{${this.flownText(segment)},${this.boughtText(segment)}}`
    return `{${membersOf(toDirectionView(slice))},"segments":[${segments}]}`
  }

  private flownText(segment: Segment): string {
    const before = this.flown.get(segment.departure)
    if (before !== undefined && isSameFlight(before.segment, segment)) return before.text
    const text = membersOf(toFlownView(segment, carrierName))
    this.flown.set(segment.departure, { segment, text })
    return text
  }

  private boughtText(segment: Segment): string {
    const before = this.bought.get(segment.baggage)
    if (before !== undefined && isSamePurchase(before.segment, segment)) return before.text
    const text = membersOf(toBoughtView(segment))
    this.bought.set(segment.baggage, { segment, text })
    return text
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
