import type { Part } from './part.ts'
import type { PlacedPart } from './priced-view.ts'

/** What an offer is shown as: its id, its price in minor units, and who else sells the same, cheapest first. */
export type Shown = { readonly id: string; readonly price: number; readonly alternatives: readonly Alternative[] }

export type Alternative = { readonly id: string; readonly provider: string; readonly price: number }

/** The words a kind of offers is told in. All of them return JSON, ready to be sent; what is not ASCII in it is escaped here. */
export type Wording = {
  /** An amount of minor units of the display currency: `{"amount":"178.74","currency":"EUR"}`. */
  readonly money: (minorUnits: number) => string
  /** What stands after `"value":` of a facet value, name included: `"GA","name":"Garuda Indonesia"`. */
  readonly facetValue: (facet: string, value: string) => string
  /** An offer in the full form, from its opening brace to where its fragment goes on. */
  readonly offerHead: (part: Part, i: number, shown: Shown) => string
  /** The whole of an offer in the short form. */
  readonly offerSummary: (part: Part, i: number, shown: Shown) => string
  readonly offerId: (placed: PlacedPart, i: number) => string
  /** Where offers are grouped: a group by one of its offers, from its opening brace to where its offers follow: `{"house":{…},`. */
  readonly groupHead?: (part: Part, i: number) => string
}

export type Form = 'full' | 'summary'
