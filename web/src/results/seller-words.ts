import type { Alternative } from '../api/types.ts'
import { moneyWords } from '../ui/money-words.ts'

/** "Also from 1 other seller, from $105.00"; they come cheapest first. */
export function otherSellersWords(alternatives: readonly Alternative[]): string {
  const [cheapest] = alternatives
  if (cheapest === undefined) return ''
  const count = alternatives.length
  return `Also from ${count} other ${count === 1 ? 'seller' : 'sellers'}, from ${moneyWords(cheapest.total)}`
}
