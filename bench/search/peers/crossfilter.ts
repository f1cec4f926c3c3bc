import crossfilter from 'crossfilter2'
import type { Selection } from '../../../src/search/engine/column-schema.ts'
import type { Facts } from '../facts.ts'
import type { Prepared } from '../objects.ts'
import type { Peer } from './peer.ts'

const FACETS = [
  ...['stops', 'airlines', 'alliances', 'connections', 'cabins', 'bags', 'refundable', 'changeable', 'suppliers', 'overnight'],
  ...['self_transfer', 'origin_airports', 'destination_airports'],
] as const
const NUMBERS = ['longest_slice', 'departure_1', 'arrival_1', 'connection_min', 'connection_max', 'emissions'] as const
const UNKNOWN = -1
const NOTHING = 1e9

/** crossfilter2: sorted indexes and incremental counts; each group sees all filters but those of its own dimension. */
export function openCrossfilter({ offers }: Prepared): Peer {
  const all = crossfilter([...offers])
  const price = all.dimension((offer) => Number(offer.shown.amount))
  const stops = all.dimension((offer) => offer.numbers['stops'] as number)
  const texts = new Map(FACETS.map((name) => [name as string, all.dimension((offer) => offer.texts[name].toSorted().join('+'))]))
  const numbers = new Map(NUMBERS.map((name) => [name as string, all.dimension((offer) => toNumber(offer, name))]))
  const counts = [...texts.values()].map((dimension) => dimension.group<string, number>())
  const matching = all.groupAll<number>()
  let filtered: { filterAll: () => unknown }[] = []

  function filter({ only, ranges, price: bounds }: Selection): void {
    for (const dimension of filtered) dimension.filterAll()
    filtered = []
    for (const [name, chosen] of Object.entries(only)) {
      const dimension = texts.get(name)!
      dimension.filterFunction((set) =>
        String(set)
          .split('+')
          .every((value) => chosen.includes(value)),
      )
      filtered.push(dimension)
    }
    for (const [name, { from, to }] of Object.entries(ranges)) {
      const dimension = name === 'stops' ? stops : numbers.get(name)!
      dimension.filterFunction((value) => value === NOTHING || (Number(value) >= from && Number(value) <= to && value !== UNKNOWN))
      filtered.push(dimension)
    }
    if (bounds.min !== null || bounds.max !== null) {
      price.filterRange([bounds.min ?? 0, (bounds.max ?? 1e12) + 1])
      filtered.push(price)
    }
  }

  return {
    name: 'crossfilter2',
    allowance: 'counts without lowest prices, no JSON; it remembers the last filters and only pays for what changed',
    asks: () => true,
    answer(selection, limit) {
      filter(selection)
      for (const group of counts) group.all()
      const order =
        selection.sort === 'duration' ? numbers.get('longest_slice')! : selection.sort === 'departure' ? numbers.get('departure_1')! : price
      order.bottom(limit)
      price.bottom(1)
      price.top(1)
      return matching.value()
    },
    close: () => undefined,
  }
}

function toNumber(offer: Facts, name: string): number {
  const value = offer.numbers[name] ?? UNKNOWN
  return value === 'nothing' ? NOTHING : value
}
