import type { ZonedTime } from '../../kernel/time.ts'
import type { XmlElement } from '../../platform/xml.ts'
import { all, knownKeys, refs } from './elements.ts'
import { minutesBetween, type Journey, type Lists } from './lists.ts'

/** Elements that are read below, for the scanner of search replies. */
export const REFERENCE_ELEMENTS: readonly string[] = [
  ...['FlightRefs', 'FlightRef', 'SegmentRefs', 'SegmentRef', 'SegmentReference', 'OriginDestinationReferences'],
  ...['OfferServiceAssociation', 'OrderServiceAssociation', 'ServiceAssociations', 'ServiceDefinitionRef', 'OfferFlightAssociations'],
  ...['OrderFlightAssociations', 'BaggageFlightAssociations', 'FlightAssociations', 'PaxJourneyRef', 'PaxSegmentRef'],
  ...['PaxSegmentReferences', 'PaxJourneyReferences'],
]

const FLIGHTS = ['FlightRefs', 'FlightRef', 'SegmentRefs', 'SegmentRef', 'SegmentReference', 'FlightReferences', 'SegmentReferences']
const FLIGHTS_21 = ['PaxJourneyRefID', 'PaxSegmentRefID', 'PaxSegmentRefId', 'OriginDestinationReferences', 'OriginDestRefID']
const ASSOCIATIONS = [
  ...['OfferServiceAssociation', 'OrderServiceAssociation', 'ServiceAssociations', 'ServiceDefinitionRef', 'OfferFlightAssociations'],
  ...['OrderFlightAssociations', 'BaggageFlightAssociations', 'FlightAssociations', 'PaxJourneyRef', 'PaxSegmentRef'],
  ...['PaxSegmentReferences', 'PaxJourneyReferences'],
]

/** The flights, journeys or origin-destinations that an element refers to, however deep the version hides it. */
export function flightRefs(element: XmlElement): readonly string[] {
  const own = refs(element, ...FLIGHTS, ...FLIGHTS_21)
  return [...own, ...all(element, ...ASSOCIATIONS).flatMap(flightRefs)]
}

/** Whether a service is something beside the flight: a bag, a seat. */
export function isAncillary(service: XmlElement): boolean {
  const associations = all(service, 'OfferServiceAssociation', 'OrderServiceAssociation', 'ServiceAssociations')
  return [service, ...associations].some((one) => all(one, 'ServiceDefinitionRef', 'SeatAssignment', 'SelectedSeat').length > 0)
}

/** Turns references into what is flown. */
export type Itineraries = {
  /** The slices that the references make, in their order; empty when one of them leads nowhere. */
  readonly slicesOf: (references: readonly string[]) => readonly Journey[]
  /** The segments behind the references, as far as they are known. */
  readonly segmentsOf: (references: readonly string[]) => readonly string[]
  /** The only journey there is in a message: what references that lead nowhere must mean. */
  readonly only: Journey | undefined
}

/** The itineraries of a message's lists. */
export function createItineraries(lists: Lists): Itineraries {
  const known = new Map<string, readonly Journey[]>()

  /** What a reference stands for: journeys, or single segments, which stand for no slice by themselves. */
  function resolve(reference: string, isInside = false): readonly Journey[] {
    const before = known.get(reference)
    if (before) return before
    const journeys = knownKeys(reference, lists.journeys)?.map((key) => lists.journeys.get(key)!)
    const segments = journeys ? undefined : knownKeys(reference, lists.segments)
    const between = lists.originDestinations.get(reference)
    const found =
      journeys ??
      segments?.map((key) => loose(key)) ??
      // An origin and destination stand for a journey where there is no other between them.
      (between && !isInside && isOneJourney(between) ? between.flatMap((one) => resolve(one, true)) : [])
    known.set(reference, found)
    return found
  }

  function isOneJourney(references: readonly string[]): boolean {
    return references.length === 1 || references.every((one) => lists.segments.has(one))
  }

  const loose = (key: string): Journey => ({ segments: [key], durationMinutes: null })
  const isLoose = (reference: string): boolean => !lists.journeys.has(reference) && lists.segments.has(reference)

  function slicesOf(references: readonly string[]): readonly Journey[] {
    const distinct = [...new Set(references)]
    if (distinct.length > 0 && distinct.every(isLoose)) return toSlices(distinct, lists)
    const slices: Journey[] = []
    for (const reference of distinct) {
      const found = resolve(reference)
      if (found.length === 0) return []
      const whole = found.length > 1 && found.every((one) => one.segments.length === 1 && one.durationMinutes === null)
      for (const one of whole
        ? toSlices(
            found.flatMap((part) => part.segments),
            lists,
          )
        : found)
        if (!slices.some((slice) => slice.segments.join(' ') === one.segments.join(' '))) slices.push(one)
    }
    return slices
  }

  return {
    slicesOf,
    segmentsOf: (references) => [...new Set(references.flatMap((one) => resolve(one)).flatMap((journey) => journey.segments))],
    only: onlyJourney(lists),
  }
}

function onlyJourney(lists: Lists): Journey | undefined {
  const journeys = [...lists.journeys.values()]
  if (journeys.length === 1) return journeys[0]
  const segments = [...lists.segments.keys()]
  return journeys.length === 0 && segments.length === 1 ? { segments, durationMinutes: null } : undefined
}

const STOPOVER_MINUTES = 24 * 60

/**
 * Segments that no journey of the message holds together: a new slice begins where the traveller stays for a day, leaves
 * from another airport, or turns back to where the slice began.
 */
function toSlices(keys: readonly string[], lists: Lists): readonly Journey[] {
  const slices: string[][] = []
  let before: { destination: string; arrival: ZonedTime } | undefined
  for (const key of keys) {
    const segment = lists.segments.get(key)
    if (!segment) return []
    const slice = slices[slices.length - 1]
    const begun = slice ? lists.segments.get(slice[0]!)! : undefined
    const wait = before ? minutesBetween(before.arrival, segment.departure) : null
    const goesOn =
      before !== undefined &&
      before.destination === segment.origin &&
      wait !== null &&
      wait < STOPOVER_MINUTES &&
      segment.destination !== begun?.origin
    if (slice && goesOn) slice.push(key)
    else slices.push([key])
    before = segment
  }
  return slices.map((segments) => ({ segments, durationMinutes: null }))
}
