import itemsjs from 'itemsjs'
import type { Selection } from '../../../src/search/engine/column-schema.ts'
import type { Facts } from '../facts.ts'
import { toSteps, type Prepared } from '../objects.ts'
import type { Peer } from './peer.ts'

const FACETS = [
  ...['stops', 'airlines', 'alliances', 'connections', 'cabins', 'bags', 'refundable', 'changeable', 'suppliers', 'overnight'],
  ...['self_transfer', 'origin_airports', 'destination_airports'],
] as const

type Item = { readonly id: number; readonly price: number; readonly minutes: number; readonly facts: Facts } & Readonly<
  Record<string, unknown>
>
type Search = (query: Readonly<Record<string, unknown>>) => { pagination: { total: number }; data: { items: Item[] } }

/** itemsjs: a bitmap index of the facets in memory; ranges are a predicate over the items. */
export function openItemsjs({ offers }: Prepared): Peer {
  const items = offers.map((facts, id): Item => ({ id, price: facts.shown.amount, minutes: minutesOf(facts), ...facts.texts, facts }))
  const engine = itemsjs(items, {
    aggregations: Object.fromEntries(FACETS.map((name) => [name, { size: 200, conjunction: false }])),
    sortings: {
      price: { field: 'price', order: 'asc' },
      duration: { field: 'minutes', order: 'asc' },
      departure: { field: 'minutes', order: 'asc' },
    },
  } as never) as unknown as { search: Search }

  return {
    name: 'itemsjs',
    allowance: 'counts without lowest prices, no JSON; an airline filter keeps any offer with one of the airlines',
    asks: ({ only }) => only['airlines'] === undefined,
    answer(selection, limit) {
      const steps = toSteps({ ...selection, only: {}, without: {} } satisfies Selection)
      const found = engine.search({
        per_page: limit,
        sort: selection.sort,
        filters: selection.only,
        ...(steps.length > 0 && { filter: ({ facts }: Item) => steps.every((step) => step.keeps(facts)) }),
      })
      return found.pagination.total
    },
    close: () => undefined,
  }
}

function minutesOf({ numbers }: Facts): number {
  const minutes = numbers['longest_slice']
  return typeof minutes === 'number' ? minutes : Number.MAX_SAFE_INTEGER
}
