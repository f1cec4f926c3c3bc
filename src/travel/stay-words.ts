import { formatMoney, type Money } from '../kernel/money.ts'
import type { Instant, LocalDate } from '../kernel/time.ts'
import { dateWords, momentWords } from './flight-words.ts'
import { nightsOf, type BoardBasis, type CancellationStep, type RoomOccupancy, type StayOffer } from './stay.ts'

const BOARDS: Readonly<Record<BoardBasis, string>> = {
  RO: 'Room only',
  BB: 'Breakfast included',
  HB: 'Half board: breakfast and one meal a day',
  FB: 'Full board: breakfast, lunch and dinner',
  AI: 'All inclusive',
}

/** "Breakfast included"; what nobody said is "Meals not stated" and never "room only". */
export function boardWords({ board, boardText }: Pick<StayOffer, 'board' | 'boardText'>): string {
  return board === null ? (boardText ?? 'Meals not stated, ask the hotel') : BOARDS[board]
}

/** "3 nights, Tue 1 Dec 2026 to Fri 4 Dec 2026". */
export function nightsWords(stay: { readonly checkIn: LocalDate; readonly checkOut: LocalDate }): string {
  const nights = nightsOf(stay)
  return `${nights} ${nights === 1 ? 'night' : 'nights'}, ${dateWords(stay.checkIn)} to ${dateWords(stay.checkOut)}`
}

/** "2 adults, children of 8 and 5". */
export function occupancyWords({ adults, childAges }: RoomOccupancy): string {
  const grown = `${adults} ${adults === 1 ? 'adult' : 'adults'}`
  if (childAges.length === 0) return grown
  if (childAges.length === 1) return `${grown}, a child of ${childAges[0]}`
  return `${grown}, children of ${childAges.slice(0, -1).join(', ')} and ${childAges.at(-1)}`
}

/**
 * What cancelling costs and from when, a sentence for each step. `shown` puts a supplier's amount into words, because the
 * guest was shown another currency than the supplier's. Says so when the supplier does not say.
 */
export function cancellationWords(
  stay: Pick<StayOffer, 'cancellation' | 'refundable'>,
  shown: (penalty: Money) => string = formatMoney,
): string[] {
  if (stay.cancellation === null) {
    if (stay.refundable === null) return ['The hotel has not told us what cancelling costs; ask before you rely on it.']
    return [stay.refundable ? 'Can be cancelled; the hotel has not told us the terms.' : 'Cannot be cancelled for money back.']
  }
  return stay.cancellation.map((step, i) => stepWords(step, stay.cancellation![i + 1]?.from ?? null, shown))
}

function stepWords({ from, penalty }: CancellationStep, until: Instant | null, shown: (penalty: Money) => string): string {
  const when =
    from === null
      ? until === null
        ? 'At any time'
        : `Until ${momentWords(until)}`
      : `From ${momentWords(from)}${until === null ? '' : ` until ${momentWords(until)}`}`
  if (penalty === null) return `${when}: the hotel keeps a part that it has not told us.`
  return penalty.amount === 0 ? `${when}: free of charge.` : `${when}: the hotel keeps ${shown(penalty)}.`
}
