import type { BoardBasis } from '../../travel/stay.ts'
import type { WireRate } from './wire.ts'

/**
 * What is included to eat, out of the names of a rate's amenities (they are asked for in English). A rate that lists
 * amenities and no meal among them is room only; one that lists none does not say.
 */
export function toBoard(amenities: WireRate['amenities']): { board: BoardBasis | null; boardText: string | null } {
  const names = Object.values(amenities ?? {}).flatMap(({ name }) => name ?? [])
  if (names.length === 0) return { board: null, boardText: null }
  const meals = names.filter((name) => !IS_NOT_INCLUDED.test(name))
  for (const [board, pattern] of MEALS) {
    const boardText = meals.find((name) => pattern.test(name))
    if (boardText !== undefined) return { board, boardText }
  }
  return { board: 'RO', boardText: null }
}

/** The most first: a rate with all meals includes breakfast too. */
const MEALS: readonly (readonly [BoardBasis, RegExp])[] = [
  ['AI', /\ball[\s-]*inclusive\b/i],
  ['FB', /\bfull[\s-]*board\b|\ball meals\b|\bbreakfast\b.*\blunch\b.*\bdinner\b/i],
  ['HB', /\bhalf[\s-]*board\b|\bbreakfast\b.*\b(lunch|dinner)\b/i],
  ['BB', /\bbreakfasts?\b/i],
]

const IS_NOT_INCLUDED = /\b(surcharge|extra charge|additional (fee|charge)|for a fee|discount|not included|available for purchase)\b/i
