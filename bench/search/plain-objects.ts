import { toMoneyText } from '../../src/kernel/money.ts'
import type { Selection } from '../../src/search/engine/column-schema.ts'
import { NUMBERS, TEXTS } from '../../test/support/reference-columns.ts'
import { FACET_NAMES, sortOffers, toFacetValue, toSteps, viewsOf, type Count, type Prepared } from './objects.ts'
import type { Facts } from './facts.ts'

/** What most of us write first: `filter` for the page and again for every facet, objects, JSON.stringify. */
export function askPlainObjects(prepared: Prepared, selection: Selection, limit: number): string {
  const { offers } = prepared
  const steps = toSteps(selection)
  const leftFor = (group: string | null) => offers.filter((offer) => steps.every((step) => step.group === group || step.keeps(offer)))
  const matching = leftFor(null)
  const texts = FACET_NAMES.map((name) => [name, countTexts(prepared, name, leftFor(TEXTS[name].group))])
  const priced = leftFor('price')
  const facets = {
    ...(Object.fromEntries(texts) as Record<string, unknown>),
    price: priced.length === 0 ? null : { min: toMoneyText(priced[0]!.shown), max: toMoneyText(priced.at(-1)!.shown) },
    duration: rangeOf(leftFor(NUMBERS['longest_slice']!.group), 'longest_slice', 'longest_slice'),
    emissions: rangeOf(leftFor(NUMBERS['emissions']!.group), 'emissions', 'emissions'),
    connection_minutes: rangeOf(leftFor(NUMBERS['connection_min']!.group), 'connection_min', 'connection_max'),
  }
  const page = sortOffers(prepared, matching, selection.sort).slice(0, limit)
  const data = viewsOf({ offers: page })
  return JSON.stringify({ total: offers.length, matching: matching.length, facets, data })
}

function countTexts(prepared: Prepared, facet: (typeof FACET_NAMES)[number], left: readonly Facts[]): unknown[] {
  const counts = new Map(prepared.values[facet].map((value): [string, Count] => [value, { count: 0, from: null }]))
  for (const { texts, shown } of left) {
    const count = texts[facet].length === 1 ? counts.get(texts[facet][0]!) : undefined
    if (count === undefined) continue
    count.count += 1
    count.from ??= toMoneyText(shown)
  }
  return [...counts].map(([value, count]) => toFacetValue(prepared, facet, value, count))
}

function rangeOf(left: readonly Facts[], least: string, greatest: string): unknown {
  const known = (name: string) => left.map(({ numbers }) => numbers[name]!).filter((value) => typeof value === 'number')
  const low = known(least)
  if (low.length === 0) return null
  const unknown = left.filter(({ numbers }) => numbers[least] === null).length
  return { min: Math.min(...low), max: Math.max(...known(greatest)), unknown }
}
