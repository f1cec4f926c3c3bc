import { hash } from 'node:crypto'
import type { Segment } from '../../travel/flight.ts'
import { allowanceKey } from '../../travel/passenger-baggage.ts'

/** The columns that hold what a flight offer sells, as 96 bits of a hash: two products do not meet by chance. */
export const PRODUCT_COLUMNS = ['product_1', 'product_2', 'product_3'] as const

/** What is flown, as any seller of it would say it. */
export function flownName({ carrier, flightNumber, origin, destination, departure, arrival }: Segment): string {
  return `${carrier}${flightNumber}.${origin}${destination}.${departure.local}.${arrival.local}`
}

/**
 * What is bought on a segment, by what a traveller gets: cabin, fare family and checked bags. Sellers spell the name of a
 * family in their own ways; where one names none, the fare basis stands for it. Null where neither is stated: nobody could say
 * that it is the same. Many count bags and say nothing of their weight; what is not counted is told apart by its weight.
 */
export function boughtName({ cabin, brand, fareBasis, baggage }: Segment): string | null {
  const family = brand === null ? '' : familyName(brand)
  if (family === '' && !fareBasis) return null
  let pieces: number | null = null
  let areCounted = true
  for (const bag of baggage) {
    if (bag.kind !== 'checked') continue
    if (bag.pieces === null) areCounted = false
    else pieces = (pieces ?? 0) + bag.pieces
  }
  const bags = areCounted ? (pieces ?? '') : allowanceKey(baggage.filter((bag) => bag.kind === 'checked'))
  return `${cabin ?? ''}.${family === '' ? fareBasis : `=${family}`}.${bags}`
}

const families = new Map<string, string>()
const FAMILIES_MAX = 1_000

/** Letters and digits only, in small letters; remembered, because a reply has thousands of segments of a few families. */
function familyName(brand: string): string {
  let name = families.get(brand)
  if (name === undefined) {
    if (families.size === FAMILIES_MAX) families.clear()
    name = brand.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
    families.set(brand, name)
  }
  return name
}

/** Writes the columns of a product's name; none for an offer that is sold as nothing else is. */
export function nameProduct(numbers: Record<string, number>, name: string | null): void {
  if (name === null) return
  const digest = hash('sha1', name)
  numbers['product_1'] = Number.parseInt(digest.slice(0, 8), 16) | 0
  numbers['product_2'] = Number.parseInt(digest.slice(8, 16), 16) | 0
  numbers['product_3'] = Number.parseInt(digest.slice(16, 24), 16) | 0
}
