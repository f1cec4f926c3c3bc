import { isSameMoney } from '../../kernel/money.ts'
import type { Baggage, FlightOffer, PassengerFare, Segment, Slice } from '../../travel/flight.ts'
import { attribute, child, children, descendants, type XmlElement } from '../../platform/xml.ts'
import { baggageOfType, whereItDiffers } from '../../travel/passenger-baggage.ts'
import type { ShopReply } from '../contract.ts'
import { PROVIDER_ID } from './exchange.ts'
import { groupFares, readFareFacts, type FareGroup } from './read-fares.ts'
import { malformed, minutesBetween, readAllowanceText, readPrices, taxesAndFees } from './read-values.ts'
import { mergeAllowances, readFare, readFlight, toSegment } from './read-shop.ts'
import type { OfferToken } from './wire.ts'

/** A priced itinerary: our reading of it, and the elements that AirCreateReservation wants back. */
export type PricedSolution = {
  readonly offer: FlightOffer
  readonly solution: XmlElement
  readonly segments: readonly XmlElement[]
  readonly hostTokens: readonly XmlElement[]
}

/** Reads AirPriceRsp: each AirPricingSolution is one solution and one offer, for the one itinerary that was asked. */
export function readPrice(reply: XmlElement): readonly PricedSolution[] {
  const itinerary = child(reply, 'AirItinerary')
  const segments = children(itinerary, 'AirSegment')
  if (segments.length === 0) throw malformed('the priced itinerary has no segments')
  const solutions = children(reply, 'AirPriceResult').flatMap((result) => children(result, 'AirPricingSolution'))
  return solutions.map((solution, index) => ({
    offer: readSolution(solution, index, segments),
    solution,
    segments,
    hostTokens: [...children(itinerary, 'HostToken'), ...children(solution, 'HostToken')],
  }))
}

/** The same as shopped offers, for whoever only reads the message. */
export function readPriceAsShop(reply: XmlElement): ShopReply {
  const priced = readPrice(reply)
  return { solutions: priced.length, offers: priced.map((one) => one.offer) }
}

/**
 * Which of the priced solutions is the offer that was shown: the one of its fares, else the one at its price, else the
 * cheapest. Undefined when nothing was priced.
 */
export function chooseSolution(priced: readonly PricedSolution[], shown: FlightOffer): PricedSolution | undefined {
  const byPrice = [...priced].sort((a, b) => a.offer.total.amount - b.offer.total.amount)
  const sameFares = byPrice.filter((one) => fareBasesOf(one.offer) === fareBasesOf(shown))
  const samePrice = (one: PricedSolution): boolean => isSameMoney(one.offer.total, shown.total)
  return sameFares.find(samePrice) ?? sameFares[0] ?? byPrice.find(samePrice) ?? byPrice[0]
}

/**
 * The priced offer in the shape of the one that was shown: its slices, because AirPrice tells connections apart by our
 * own groups only, and its brand and baggage where the price does not repeat them.
 */
export function inShapeOf(priced: FlightOffer, shown: FlightOffer): FlightOffer {
  const segments = priced.slices.flatMap((slice) => slice.segments)
  if (segments.length !== shown.slices.reduce((count, slice) => count + slice.segments.length, 0))
    return { ...priced, solution: shown.solution }
  let at = 0
  const slices = shown.slices.map((slice): Slice => {
    const own = slice.segments.map((before): Segment => {
      const now = segments[at]!
      at += 1
      return {
        ...now,
        brand: now.brand ?? before.brand,
        baggage: now.baggage.length > 0 ? now.baggage : before.baggage,
        equipment: now.equipment ?? before.equipment,
        operatingCarrier: now.operatingCarrier ?? before.operatingCarrier,
        originTerminal: now.originTerminal ?? before.originTerminal,
        destinationTerminal: now.destinationTerminal ?? before.destinationTerminal,
        technicalStops: now.technicalStops ?? before.technicalStops ?? null,
      }
    })
    return { ...toSlice(own), durationMinutes: toSlice(own).durationMinutes ?? slice.durationMinutes }
  })
  const allowances = (fare: PassengerFare): readonly (readonly Baggage[])[] => {
    const before = baggageOfType(shown.passengers.find((one) => one.type === fare.type) ?? {}, shown.slices)
    return baggageOfType(fare, priced.slices).map((allowance, i) => (allowance.length > 0 ? allowance : before[i]!))
  }
  return {
    ...priced,
    solution: shown.solution,
    slices,
    passengers: priced.passengers.map((fare) => ({
      ...fare,
      baggage: whereItDiffers(
        allowances(fare),
        slices.flatMap((one) => one.segments),
      ),
    })),
    refundable: priced.refundable ?? shown.refundable,
    changeable: priced.changeable ?? shown.changeable,
    validatingCarrier: priced.validatingCarrier ?? shown.validatingCarrier,
  }
}

function fareBasesOf(offer: FlightOffer): string {
  return offer.slices.flatMap((slice) => slice.segments.map((segment) => segment.fareBasis ?? '?')).join('+')
}

/** A priced AirPricingSolution whose flights are `segments`. */
export function readSolution(solution: XmlElement, index: number, segments: readonly XmlElement[]): FlightOffer {
  const prices = readPrices(solution)
  const groups = groupFares(children(solution, 'AirPricingInfo'))
  const grouped = groupSegments(segments)
  const [slices, ...others] = groups.map((group) => readSlices(group, grouped)) as [readonly Slice[], ...(readonly Slice[])[]]
  const flown = slices.flatMap((slice) => slice.segments)
  const { passengers, ...facts } = readFareFacts(groups, prices.total)
  const byGroup = [slices, ...others].map((own) => own.flatMap((slice) => slice.segments).map((segment) => segment.baggage))
  const fareBasis = slices.flatMap((slice) => slice.segments.map((segment) => segment.fareBasis))
  return {
    id: attribute(solution, 'Key') ?? String(index),
    provider: PROVIDER_ID,
    solution: index,
    total: prices.total,
    base: prices.base,
    taxes: taxesAndFees(prices),
    passengers: passengers.map((fare) => {
      const own = byGroup.filter((_, i) => groups[i]!.type === fare.type)
      return { ...fare, baggage: whereItDiffers(mergeAllowances(own), flown) }
    }),
    ...facts,
    expiresAt: null,
    slices,
    emissionsKg: null,
    selfTransfer: null,
    supplierToken: JSON.stringify({
      v: 1,
      fareBasis: groups.length === 1 || sameFares(groups.map((group) => group.infos)) ? fareBasis : fareBasis.map(() => null),
    } satisfies OfferToken),
  }
}

/** The itinerary as one group of fares has bought it. */
function readSlices(group: FareGroup, grouped: readonly (readonly XmlElement[])[]): readonly Slice[] {
  const { infos } = group
  const bookings = new Map(infos.flatMap((info) => children(info, 'BookingInfo')).map((one) => [attribute(one, 'SegmentRef') ?? '', one]))
  const fares = new Map(infos.flatMap((info) => children(info, 'FareInfo')).map((one) => [attribute(one, 'Key') ?? '', one]))
  const allowances = infos.flatMap((info) => descendants(info, 'BaggageAllowanceInfo'))
  return grouped.map((own, slice) => {
    const allowance = allowances.length === grouped.length ? readAllowanceText(firstText(allowances[slice])) : []
    return toSlice(own.map((segment) => readSegment(segment, bookings, fares, allowance)))
  })
}

function sameFares(infos: readonly (readonly XmlElement[])[]): boolean {
  const bases = infos.map((group) =>
    group
      .flatMap((info) => children(info, 'FareInfo').map((fare) => attribute(fare, 'FareBasis') ?? ''))
      .sort()
      .join('+'),
  )
  return new Set(bases).size === 1
}

function groupSegments(segments: readonly XmlElement[]): readonly (readonly XmlElement[])[] {
  const groups = new Map<string, XmlElement[]>()
  for (const segment of segments) {
    const key = attribute(segment, 'Group') ?? '0'
    groups.set(key, [...(groups.get(key) ?? []), segment])
  }
  return [...groups.values()]
}

function readSegment(
  segment: XmlElement,
  bookings: ReadonlyMap<string, XmlElement>,
  fares: ReadonlyMap<string, XmlElement>,
  allowance: readonly Baggage[],
): Segment {
  const booking = bookings.get(attribute(segment, 'Key') ?? '')
  const fare = fares.get(attribute(booking, 'FareInfoRef') ?? '')
  const stated = readFare(fare, new Map())
  return toSegment(readFlight(segment, children(segment, 'FlightDetails')), {
    cabin: attribute(booking, 'CabinClass') ?? attribute(segment, 'CabinClass'),
    bookingClass: attribute(booking, 'BookingCode') ?? attribute(segment, 'ClassOfService'),
    fare: stated.baggage.length > 0 ? stated : { ...stated, baggage: allowance },
  })
}

function firstText(allowance: XmlElement | undefined): string | undefined {
  return child(child(allowance, 'TextInfo'), 'Text')?.text.trim()
}

function toSlice(segments: readonly Segment[]): Slice {
  const first = segments[0]!
  const last = segments[segments.length - 1]!
  return { origin: first.origin, destination: last.destination, durationMinutes: minutesBetween(first.departure, last.arrival), segments }
}
