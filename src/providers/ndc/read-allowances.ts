import type { Baggage } from '../../travel/flight.ts'
import type { XmlElement } from '../../platform/xml.ts'
import { all, refs, value } from './elements.ts'
import type { Lists } from './lists.ts'
import type { Item } from './read-fares.ts'
import { flightRefs, type Itineraries } from './read-itinerary.ts'

/** What a passenger may carry on a segment as part of an offer; empty when the airline does not say. */
export type Allowances = { readonly of: (segment: string, passenger: string | undefined) => readonly Baggage[] }

/** An allowance: for whom and on which segments; empty is for all of them. */
type Association = { readonly keys: readonly string[]; readonly pax: ReadonlySet<string>; readonly segments: ReadonlySet<string> }

const PASSENGERS = ['PassengerRefs', 'PassengerRef', 'PaxRefID', 'PaxRefId']

/** The allowances of an offer: associated with it, with its items, or included as services. */
export function createAllowances(
  offer: XmlElement,
  items: readonly Item[],
  { lists, itineraries }: { readonly lists: Lists; readonly itineraries: Itineraries },
): Allowances {
  if (lists.baggage.size === 0) return { of: () => [] }
  const associate = (element: XmlElement, keys: readonly string[]): Association => ({
    keys,
    pax: new Set(refs(element, ...PASSENGERS)),
    segments: new Set(itineraries.segmentsOf(flightRefs(element).concat(serviceSegments(element)))),
  })
  const holders = [offer, ...items.map((item) => item.element), ...items.flatMap((item) => item.details.flatMap((one) => one.components))]
  const direct = holders
    .flatMap((holder) => all(holder, 'BaggageAllowance', 'BaggageAssociations'))
    .map((one) => associate(one, refs(one, 'BaggageAllowanceRef', 'BaggageAllowanceRefID')))
  const services = items.flatMap((item) => all(item.element, 'Service'))
  const included = services.flatMap((service) => {
    const keys = definitionsOf(service).flatMap((key) => lists.serviceBaggage.get(key) ?? [])
    return keys.length === 0 ? [] : [associate(service, keys)]
  })
  const associations = [...direct, ...included].filter((one) => one.keys.some((key) => lists.baggage.has(key)))
  return {
    of: (segment, passenger) => {
      const keys = associations
        .filter((one) => one.segments.size === 0 || one.segments.has(segment))
        .filter((one) => one.pax.size === 0 || passenger === undefined || one.pax.has(passenger))
        .flatMap((one) => one.keys)
      return [...new Set(keys)].flatMap((key) => lists.baggage.get(key) ?? [])
    },
  }
}

/** The service definitions that a service is one of. */
function definitionsOf(service: XmlElement): readonly string[] {
  const associations = all(service, 'OfferServiceAssociation', 'OrderServiceAssociation', 'ServiceAssociations')
  return [service, ...associations].flatMap((one) => [
    ...all(one, 'ServiceDefinitionRef').flatMap((ref) => [
      ...refs(ref, 'ServiceDefinitionRefID'),
      ...(value(ref, 'ServiceDefinitionRefID') ? [] : [ref.text.trim()]),
    ]),
    ...refs(one, 'ServiceDefinitionRefID'),
  ])
}

/** 17.2 names the segments of a service as an attribute of its definition's reference. */
function serviceSegments(service: XmlElement): readonly string[] {
  return all(service, 'ServiceDefinitionRef').flatMap((ref) => refs(ref, 'SegmentRefs', 'SegmentRef'))
}
