import type { Penalty, Segment } from '../../travel/flight.ts'
import type { XmlElement } from '../../platform/xml.ts'
import type { MoneyReader } from './amounts.ts'
import { all, any, refs, value } from './elements.ts'
import { readCabin, type ListedSegment, type Lists, type PriceClass } from './lists.ts'
import type { Item } from './read-fares.ts'
import { flightRefs, type Itineraries } from './read-itinerary.ts'
import { penaltiesOf } from './read-penalties.ts'
import { toCabin } from './wire.ts'

type Scope = { readonly lists: Lists; readonly itineraries: Itineraries; readonly moneyOf: MoneyReader }

/** What the fare of an offer says about its segments: as the first passenger buys them. */
export type Components = {
  readonly fareOf: (segment: string, listed: ListedSegment) => Pick<Segment, 'cabin' | 'bookingClass' | 'fareBasis' | 'brand'>
  readonly penaltiesOf: (segment: string) => readonly Penalty[]
}

/** The fare components of an offer, and the price classes of its journeys where it has no components. */
export function createComponents(offer: XmlElement, items: readonly Item[], scope: Scope): Components {
  const { lists, itineraries, moneyOf } = scope
  const bySegment = new Map<string, XmlElement>()
  let everywhere: XmlElement | undefined
  for (const component of items.flatMap((item) => item.details.flatMap((detail) => detail.components))) {
    const references = flightRefs(component)
    if (references.length === 0) everywhere ??= component
    for (const key of itineraries.segmentsOf(references)) if (!bySegment.has(key)) bySegment.set(key, component)
  }
  const classes = priceClassesOf(offer, items, scope)
  const componentOf = (segment: string): XmlElement | undefined => bySegment.get(segment) ?? everywhere
  return {
    fareOf: (segment, listed) => {
      const component = componentOf(segment)
      const own = component && lists.priceClasses.get(value(component, 'PriceClassRef', 'PriceClassRefID') ?? '')
      const brand = own ?? classes.get(segment) ?? classes.get('')
      return readFareFacts(component, brand, listed, lists)
    },
    penaltiesOf: (segment) => {
      const component = componentOf(segment)
      return component ? penaltiesOf(component, lists.penalties, moneyOf) : []
    },
  }
}

function readFareFacts(
  component: XmlElement | undefined,
  brand: PriceClass | undefined,
  listed: ListedSegment,
  lists: Lists,
): Pick<Segment, 'cabin' | 'bookingClass' | 'fareBasis' | 'brand'> {
  const basis = any(component, 'FareBasis')
  const type = any(component, 'CabinType') ?? any(basis, 'CabinType')
  const code = any(basis, 'FareBasisCode') ?? any(component, 'FareBasisCode')
  const referred = refs(code, 'refs').map((key) => lists.fareBases.get(key))[0]
  return {
    cabin: readCabin(type) ?? listed.cabin ?? brand?.cabin ?? toCabin(undefined, brand?.name ?? undefined),
    bookingClass:
      value(any(component, 'RBD'), 'RBD_Code') ??
      value(basis, 'RBD') ??
      value(component, 'RBD') ??
      listed.bookingClass ??
      brand?.bookingClass ??
      null,
    fareBasis:
      value(basis, 'FareBasisCode') ?? value(component, 'FareBasisCode') ?? referred ?? listed.fareBasis ?? brand?.fareBasis ?? null,
    brand: brand?.name ?? null,
  }
}

/** The price class of each segment as the overview of the offer says; '' is for an item's as a whole. */
function priceClassesOf(offer: XmlElement, items: readonly Item[], { lists, itineraries }: Scope): ReadonlyMap<string, PriceClass> {
  const classes = new Map<string, PriceClass>()
  const overview = [...all(any(offer, 'FlightsOverview'), 'FlightRef'), ...all(any(offer, 'JourneyOverview'), 'JourneyPriceClass')]
  for (const one of overview) {
    const priceClass = lists.priceClasses.get(value(one, 'PriceClassRef', 'PriceClassRefID') ?? '')
    if (!priceClass) continue
    const references = one.name === 'FlightRef' ? one.text.trim().split(/\s+/) : refs(one, 'PaxJourneyRefID')
    for (const key of itineraries.segmentsOf(references)) if (!classes.has(key)) classes.set(key, priceClass)
    if (!classes.has('')) classes.set('', priceClass)
  }
  const whole =
    value(any(offer, 'JourneyOverview'), 'PriceClassRefID') ?? items.flatMap((item) => value(item.element, 'PriceClassRefID') ?? [])[0]
  const priceClass = lists.priceClasses.get(whole ?? '')
  if (priceClass && !classes.has('')) classes.set('', priceClass)
  return classes
}
