import { systemClock } from '../../src/kernel/time.ts'
import type { Selection } from '../../src/search/engine/column-schema.ts'
import { openPart } from '../../src/search/engine/part.ts'
import { priceParts, type PlacedPart } from '../../src/search/engine/priced-view.ts'
import { createRenderer } from '../../src/search/engine/render.ts'
import { selectPage } from '../../src/search/engine/select.ts'
import { FLIGHT_COLUMNS } from '../../src/search/flights/flight-columns.ts'
import { encodeFlightPart } from '../../src/search/flights/flight-part.ts'
import { createFlightWording } from '../../src/search/flights/flight-wording.ts'
import type { SupersetPart } from '../../src/search/supersets/superset.ts'
import type { FlightOffer } from '../../src/travel/flight.ts'
import { SUPPLIERS } from './data-set.ts'
import { pricing } from './prices.ts'

export const supplierNames: Readonly<Record<string, string>> = Object.fromEntries(SUPPLIERS.map(({ id, name }) => [id, name]))

export const VERSION = '0'.repeat(17)

/** The engine alone: no HTTP, no cache of answers, no reading of parameters. */
export type Engine = {
  readonly parts: readonly SupersetPart[]
  /** Facets and the page as bytes, ready to be sent. */
  readonly answer: (selection: Selection, limit: number) => Buffer
}

export async function openEngine(offers: ReadonlyMap<string, readonly FlightOffer[]>): Promise<Engine> {
  const parts = await Promise.all([...offers].map(([provider, list]) => encodeFlightPart(provider, list)))
  const view = viewOf(parts)
  const renderer = createRenderer(createFlightWording(pricing.displayCurrency, (id) => supplierNames[id] ?? id))
  const intro = Buffer.from(`{"total":${view.results},"matching":`)
  return {
    parts,
    answer(selection, limit) {
      const page = selectPage(view, selection, { limit, after: null })
      const { buffer, giveBack } = renderer.answer(view, page, 'full', { intro, end: ']}' })
      giveBack() // whoever asks has done with it before asking again
      return buffer
    },
  }
}

/** Parts opened, priced and put in order: what has to happen before the first question. */
export function viewOf(parts: readonly SupersetPart[]) {
  let first = 0
  const placed = parts.map(({ provider, offers, hot }): PlacedPart => {
    const part = { part: openPart(hot), provider, version: VERSION, firstIndex: first, firstNumber: first }
    first += offers
    return part
  })
  const pricer = (currency: string, provider: string) => pricing.amountPricer(currency, { provider })
  return priceParts(FLIGHT_COLUMNS, placed, pricer, systemClock.now())
}
