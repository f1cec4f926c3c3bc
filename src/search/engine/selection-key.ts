import type { Selection } from './column-schema.ts'
import type { NumberView, PricedView } from './priced-view.ts'
import { lowerBound, priceRange } from './masks.ts'

/**
 * One text for all selections that leave the same offers of this view in the same order. A bound that a traveller drags
 * becomes how many values lie below it, so that a thousand places of a slider between two prices are one answer.
 */
export function selectionKey(view: PricedView, selection: Selection): string {
  let key = selection.sort
  for (const name in selection.only) key += `|${name}=${selection.only[name]!.join()}`
  for (const name in selection.without) key += `|${name}!${selection.without[name]!.join()}`
  for (const name in selection.ranges) {
    const { from, to } = selection.ranges[name]!
    const column = view.numbers.get(name)
    if (column === undefined) continue
    // Around the end of the day two places do not say which side is meant.
    key += from > to ? `|${name}~${from}-${to}` : `|${name}~${placeIn(column, from)}-${placeIn(column, to + 1)}`
  }
  for (const name in selection.words) key += `|${name}"${selection.words[name]!.join(' ')}`
  if (selection.group !== undefined) key += `|${selection.group}`
  if (selection.price.min !== null || selection.price.max !== null) key += `|price~${priceRange(view, selection).join('-')}`
  return key
}

function placeIn(column: NumberView, value: number): number {
  const { values, known } = column.sorted()
  return lowerBound(values, value, known)
}
