import type { Currency } from '../../kernel/currency.ts'
import { money, toMoneyText } from '../../kernel/money.ts'
import type { Alliance } from '../../travel/alliances.ts'
import { findCarrier, findPlace } from '../../travel/places.ts'
import type { Shown, Wording } from '../engine/wording.ts'
import { flightHead, flightOfferId, flightSummary, type ShownFlight } from './flight-part.ts'

const ALLIANCE_NAMES: Readonly<Record<Alliance, string>> = { star: 'Star Alliance', oneworld: 'oneworld', skyteam: 'SkyTeam' }

/** How flights are told, priced in `currency`. Suppliers are called by their names. */
export function createFlightWording(currency: Currency, supplierName: (id: string) => string | null): Wording {
  const names: Readonly<Record<string, (value: string) => string | null>> = {
    airlines: (code) => findCarrier(code)?.name ?? null,
    alliances: (alliance) => ALLIANCE_NAMES[alliance as Alliance] ?? null,
    connections: cityOf,
    origin_airports: cityOf,
    destination_airports: cityOf,
    suppliers: supplierName,
  }
  return {
    money: (minorUnits) => JSON.stringify(toMoneyText(money(minorUnits, currency))),
    facetValue: (facet, value) => {
      const name = names[facet]
      const text = facet === 'stops' ? value : JSON.stringify(value)
      return name === undefined ? text : `${text},"name":${JSON.stringify(name(value))}`
    },
    offerHead: (part, i, shown) => flightHead(part, i, toShownFlight(shown, currency)),
    offerSummary: (part, i, shown) => flightSummary(part, i, toShownFlight(shown, currency)),
    offerId: flightOfferId,
  }
}

function toShownFlight({ id, price, alternatives }: Shown, currency: Currency): ShownFlight {
  return {
    id,
    total: money(price, currency),
    alternatives: alternatives.map((one) => ({
      offer_id: one.id,
      provider: one.provider,
      total: toMoneyText(money(one.price, currency)),
    })),
  }
}

function cityOf(code: string): string | null {
  return findPlace(code)?.city ?? null
}
