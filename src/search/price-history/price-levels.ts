/** Where a price stands among the others that are known. */
export type PriceLevel = 'low' | 'medium' | 'high'

export const PRICE_LEVELS = ['low', 'medium', 'high'] as const satisfies readonly PriceLevel[]

/**
 * The third of the known prices that each lies in; null stays null. A price stands in the middle of those equal to it,
 * so that equal prices have one level, and a single price, or prices that are all the same, are `medium`.
 */
export function levelsOf(prices: readonly (number | null)[]): readonly (PriceLevel | null)[] {
  const known = prices.filter((price) => price !== null).sort((a, b) => a - b)
  const levels = new Map<number, PriceLevel>()
  for (let first = 0, next = 0; first < known.length; first = next) {
    const price = known[first]!
    while (known[next] === price) next += 1
    // Twice the number of prices below the middle of its equals, against thirds of twice their number.
    const twiceBelow = first + next
    levels.set(price, 3 * twiceBelow < 2 * known.length ? 'low' : 3 * twiceBelow > 4 * known.length ? 'high' : 'medium')
  }
  return prices.map((price) => (price === null ? null : levels.get(price)!))
}
