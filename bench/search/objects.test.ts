import { expect, test } from 'vitest'
import { money } from '../../src/kernel/money.ts'
import type { Selection } from '../../src/search/engine/column-schema.ts'
import { referenceAnswer } from '../../test/support/reference-search.ts'
import { between, createRandom, pick } from '../load/random.ts'
import { listRoutes, offersOf, SUPPLIERS } from './data-set.ts'
import { askObjects, prepareOffers } from './objects.ts'

const SORTS = ['price', 'best', 'duration', 'departure', 'arrival', 'price_with_bag']
const supplierNames = Object.fromEntries(SUPPLIERS.map(({ id, name }) => [id, name]))
const shown = [...offersOf(listRoutes(1)[0]!, 90, 7).values()]
  .flat()
  .map((offer) => ({ offer, shown: money(Math.round(offer.total.amount / 100) * 100, 'USD') }))

function drawSelection(random: () => number): Selection {
  const only: Record<string, string[]> = {}
  const without: Record<string, string[]> = {}
  const ranges: Record<string, { from: number; to: number }> = {}
  if (random() < 0.3) ranges.stops = { from: 0, to: between(random, 0, 2) }
  if (random() < 0.2) only.airlines = ['SQ', 'GA', 'MH', 'TG', 'CX', 'JL', 'NH', 'KE', 'OZ']
  if (random() < 0.2) without.carriers = ['MU', 'CZ']
  if (random() < 0.2) only.alliances = pick(random, [['star'], ['oneworld', 'skyteam']])
  if (random() < 0.2) only.bags = ['1', '2']
  if (random() < 0.2) without.connections = ['DOH', 'SIN']
  if (random() < 0.2) ranges.connection_min = { from: 60, to: 2_000_000_000 }
  if (random() < 0.2)
    ranges.departure_1 = pick(random, [
      { from: 360, to: 720 },
      { from: 1_200, to: 300 },
    ])
  if (random() < 0.2) ranges.longest_slice = { from: 0, to: 800 }
  if (random() < 0.2) ranges.emissions = { from: 0, to: 600 }
  const max = random() < 0.4 ? between(random, 20_000, 150_000) : null
  return { only, without, ranges, price: { min: random() < 0.2 ? 40_000 : null, max }, sort: pick(random, SORTS) }
}

test('objects filtered in one pass answer what the reference answers, whatever is asked', () => {
  const random = createRandom(11)
  const prepared = prepareOffers(shown, supplierNames)
  for (let i = 0; i < 150; i += 1) {
    const selection = drawSelection(random)
    const expected = referenceAnswer({ offers: shown, selection, limit: 10, supplierNames })
    const page = askObjects(prepared, selection, 10)
    expect(page.facets, JSON.stringify(selection)).toEqual(expected.facets)
    expect(page.offers.map((one) => one.index)).toEqual(expected.indexes)
    expect([page.total, page.matching, page.last !== null]).toEqual([expected.total, expected.matching, expected.hasMore])
  }
})
