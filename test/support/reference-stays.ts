import { toMoneyText, type Money, type MoneyText } from '../../src/kernel/money.ts'
import type { Selection } from '../../src/search/engine/column-schema.ts'
import type { NearHouse } from '../../src/search/stays/content/houses.ts'
import type { StayOffer } from '../../src/travel/stay.ts'

/*
 * What filters, facets, sorts and pages of stays mean, said in the slowest and plainest way: every question is put to the
 * rates themselves, and a house is what its rates have in common. The engine is compared with this; it uses nothing of it.
 */

export type ShownRate = { readonly offer: StayOffer; readonly house: NearHouse; readonly shown: Money }

export type StaysQuestion = {
  /** In the order of the superset. */
  readonly rates: readonly ShownRate[]
  readonly selection: Selection
  readonly ratesPerHouse: number
  readonly supplierNames: Readonly<Record<string, string>>
}

type FacetValue = { value: string; name?: string | null; count: number; from: MoneyText | null }

export type StaysAnswer = {
  readonly total: number
  readonly matching: number
  readonly facets: Record<string, FacetValue[] | object | null>
  /** Every house that passes, in order, with its rates. */
  readonly houses: readonly { readonly id: string; readonly rates: readonly string[]; readonly more: number }[]
}

const yesNo = (fact: boolean | null) => (fact === null ? 'unknown' : fact ? 'yes' : 'no')
const starsOf = ({ stars }: NearHouse) => (stars === null || stars < 1 ? 'unknown' : String(Math.floor(stars)))

type Column = { readonly values: (rate: ShownRate) => readonly string[]; readonly order: readonly string[] | 'frequency' }

const TEXTS: Readonly<Record<string, Column>> = {
  stars: { values: ({ house }) => [starsOf(house)], order: ['5', '4', '3', '2', '1', 'unknown'] },
  boards: { values: ({ offer }) => [offer.board ?? 'unknown'], order: ['RO', 'BB', 'HB', 'FB', 'AI', 'unknown'] },
  refundable: { values: ({ offer }) => [yesNo(offer.refundable)], order: ['yes', 'no', 'unknown'] },
  pay_at: { values: ({ offer }) => [offer.payAt ?? 'unknown'], order: ['booking', 'property', 'unknown'] },
  amenities: { values: ({ house }) => house.amenities, order: 'frequency' },
  districts: { values: ({ house }) => [house.district ?? 'unknown'], order: 'frequency' },
  property_types: { values: ({ house }) => [house.type], order: 'frequency' },
  suppliers: { values: ({ offer }) => [offer.provider], order: 'frequency' },
}

const NUMBERS: Readonly<Record<string, { readonly group: string; readonly value: (rate: ShownRate) => number | null }>> = {
  distance_m: { group: 'distance', value: ({ house }) => house.distanceM },
  rating: { group: 'rating', value: ({ house }) => (house.rating === null ? null : Math.round(house.rating * 10)) },
}

export function referenceStays(question: StaysQuestion): StaysAnswer {
  const { rates, selection, ratesPerHouse } = question
  const passing = rates.filter((rate) => passes(rate, selection, null))
  const houses = firstOfEach(inOrder(rates, selection.sort).filter((rate) => passing.includes(rate))).map(({ house }) => {
    const own = cheapestFirst(passing.filter((rate) => rate.house.id === house.id))
    return { id: house.id, rates: own.slice(0, ratesPerHouse).map(({ offer }) => offer.id), more: Math.max(0, own.length - ratesPerHouse) }
  })
  return { total: firstOfEach(rates).length, matching: houses.length, facets: facetsOf(question), houses }
}

/** The first rate of each house. */
function firstOfEach(rates: readonly ShownRate[]): ShownRate[] {
  return rates.filter((rate, i) => rates.findIndex((other) => other.house.id === rate.house.id) === i)
}

/** Whether a rate passes every filter, those of one group left aside. */
function passes(rate: ShownRate, { only, ranges, price, words }: Selection, exceptGroup: string | null): boolean {
  for (const [name, chosen] of Object.entries(only)) {
    if (name === exceptGroup) continue
    const values = TEXTS[name]!.values(rate)
    const isChosen = name === 'amenities' ? chosen.every((one) => values.includes(one)) : values.every((one) => chosen.includes(one))
    if (!isChosen) return false
  }
  for (const [name, { from, to }] of Object.entries(ranges)) {
    const { group, value } = NUMBERS[name]!
    const known = value(rate)
    if (group !== exceptGroup && (known === null || known < from || known > to)) return false
  }
  const name = rate.house.name.toLowerCase().split(' ')
  if (!(words?.['name'] ?? []).every((word) => name.some((one) => one.startsWith(word)))) return false
  if (exceptGroup === 'price') return true
  return (price.min === null || rate.shown.amount >= price.min) && (price.max === null || rate.shown.amount <= price.max)
}

function facetsOf(question: StaysQuestion): StaysAnswer['facets'] {
  const { rates, selection } = question
  const left = (group: string) => cheapestFirst(rates.filter((rate) => passes(rate, selection, group)))
  const facets: StaysAnswer['facets'] = {}
  for (const [name, { values, order }] of Object.entries(TEXTS)) {
    facets[name] = valuesInOrder(rates, values, order)
      .filter((value) => name !== 'districts' || value !== 'unknown')
      .map((value) => {
        const counted = firstOfEach(left(name).filter((rate) => values(rate).includes(value)))
        const from = counted[0] === undefined ? null : toMoneyText(counted[0].shown)
        return { value, ...(name === 'suppliers' && { name: question.supplierNames[value] ?? null }), count: counted.length, from }
      })
  }
  const shown = left('price').map((rate) => toMoneyText(rate.shown))
  facets['price'] = shown.length === 0 ? null : { min: shown[0], max: shown.at(-1) }
  for (const [name, { group, value }] of Object.entries(NUMBERS)) {
    const known = left(group)
      .map(value)
      .filter((one) => one !== null)
    const unknown = firstOfEach(left(group).filter((rate) => value(rate) === null)).length
    facets[name] = known.length === 0 ? null : { min: Math.min(...known), max: Math.max(...known), unknown }
  }
  return facets
}

function valuesInOrder(rates: readonly ShownRate[], values: Column['values'], order: Column['order']): string[] {
  const all = [...new Set(rates.flatMap(values))]
  if (order !== 'frequency') return order.filter((value) => all.includes(value))
  const frequency = (value: string) => firstOfEach(rates.filter((rate) => values(rate).includes(value))).length
  return all.sort((a, b) => frequency(b) - frequency(a) || (a < b ? -1 : 1))
}

/** All rates in the order asked for: what is unknown last, equals by price and then as in the superset. */
function inOrder(rates: readonly ShownRate[], sort: string): ShownRate[] {
  const value = sortValue(rates, sort)
  const known = (rate: ShownRate) => value(rate) ?? Number.POSITIVE_INFINITY
  return cheapestFirst(rates).sort((a, b) => (known(a) === known(b) ? 0 : known(a) - known(b)))
}

function cheapestFirst(rates: readonly ShownRate[]): ShownRate[] {
  return [...rates].sort((a, b) => a.shown.amount - b.shown.amount)
}

const halfStars = ({ house }: ShownRate) => (house.stars === null ? null : Math.round(house.stars * 2))
const tenths = NUMBERS['rating']!.value

function sortValue(rates: readonly ShownRate[], sort: string): (rate: ShownRate) => number | null {
  const downwards = (value: number | null) => (value === null ? null : -value)
  switch (sort) {
    case 'price':
      return ({ shown }) => shown.amount
    case 'distance':
      return ({ house }) => house.distanceM
    case 'rating':
      return (rate) => downwards(tenths(rate))
    case 'stars':
      return (rate) => downwards(halfStars(rate))
    case 'best':
      return bestValue(rates)
    default:
      throw new RangeError(`stays are not sorted by "${sort}"`)
  }
}

function bestValue(rates: readonly ShownRate[]): (rate: ShownRate) => number {
  const middle = Math.max(1, cheapestFirst(rates)[Math.floor(rates.length / 2)]?.shown.amount ?? 1)
  const worst = (values: (number | null)[], best: number) => Math.min(best, ...values.filter((one) => one !== null))
  const [lowestRating, fewestStars] = [worst(rates.map(tenths), 100), worst(rates.map(halfStars), 10)]
  return (rate) =>
    Math.round((1_000 * rate.shown.amount) / middle) +
    20 * (100 - (tenths(rate) ?? lowestRating)) +
    30 * (10 - (halfStars(rate) ?? fewestStars)) +
    Math.round((60 * rate.house.distanceM) / 1_000) +
    (rate.offer.refundable === true ? 0 : 100)
}
