import type { Currency } from '../../kernel/currency.ts'
import { money, toMoneyText } from '../../kernel/money.ts'
import { facetValues, sharedText } from '../engine/part.ts'
import type { Wording } from '../engine/wording.ts'
import { stayOfferIdOf } from '../supersets/superset.ts'
import { stayHead } from './stay-part.ts'

/** How stays are told, priced in `currency`. Suppliers are called by their names. */
export function createStayWording(currency: Currency, supplierName: (id: string) => string | null): Wording {
  const offerHead: Wording['offerHead'] = (part, i, { id, price }) =>
    stayHead(part, i, facetValues(part, 'suppliers', i)[0]!, { id, total: money(price, currency) })
  return {
    money: (minorUnits) => JSON.stringify(toMoneyText(money(minorUnits, currency))),
    facetValue: (facet, value) =>
      facet === 'suppliers' ? `${JSON.stringify(value)},"name":${JSON.stringify(supplierName(value))}` : JSON.stringify(value),
    offerHead,
    // A stay has one form.
    offerSummary: () => {
      throw new Error('stays have no short form')
    },
    offerId: ({ version, firstIndex }, i) => stayOfferIdOf(version, firstIndex + i),
    groupHead: (part, i) => `{"house":${sharedText(part, 'house_view', i)},`,
  }
}
