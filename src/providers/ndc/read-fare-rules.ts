import type { FareRules } from '../../travel/fare-rules.ts'
import type { XmlElement } from '../../platform/xml.ts'
import { all, any, value } from './elements.ts'
import { readLists, type Message } from './message.ts'
import { readItem } from './read-fares.ts'
import { createItineraries, flightRefs } from './read-itinerary.ts'
import { pricedOffersOf } from './read-offers.ts'
import { penaltiesOf } from './read-penalties.ts'

/** The rules of each fare component of a priced offer: penalties as far as they can be read, and the airline's words. */
export function readFareRules(message: Message): readonly FareRules[] {
  const { lists, moneyOf } = readLists(message, () => [])
  const { segmentsOf } = createItineraries(lists)
  const rules: FareRules[] = []
  const seen = new Set<string>()
  const items = pricedOffersOf(message).flatMap((offer) => all(offer, 'OfferItem'))
  for (const item of items.map((element) => readItem(element, 'OfferItemID', moneyOf))) {
    for (const component of item.details.flatMap((detail) => detail.components)) {
      const flown = segmentsOf(flightRefs(component)).flatMap((key) => lists.segments.get(key) ?? [])
      const one: FareRules = {
        fareBasis: value(any(component, 'FareBasis'), 'FareBasisCode') ?? value(component, 'FareBasisCode') ?? null,
        carrier: flown[0]?.carrier ?? null,
        origin: flown[0]?.origin ?? null,
        destination: flown[flown.length - 1]?.destination ?? null,
        penalties: penaltiesOf(component, lists.penalties, moneyOf),
        texts: textsOf(component, lists.priceClasses.get(value(component, 'PriceClassRef', 'PriceClassRefID') ?? '')?.texts ?? []),
      }
      // The same component is told again for each passenger type.
      const key = JSON.stringify(one)
      if (!seen.has(key)) rules.push(one)
      seen.add(key)
    }
  }
  return rules
}

const TITLES: Readonly<Record<string, string>> = { CancelRestrictions: 'Cancellation', ChangeRestrictions: 'Changes' }

function textsOf(component: XmlElement, brand: readonly string[]): FareRules['texts'] {
  const own = all(component, 'CancelRestrictions', 'ChangeRestrictions').flatMap((one) => {
    const text = value(one, 'DescText')
    return text === undefined ? [] : [{ category: null, title: TITLES[one.name]!, text }]
  })
  return [...own, ...brand.map((text) => ({ category: null, title: 'Fare', text }))]
}
