import type { PriceDay } from '../api/types.ts'
import { roughMoneyWords } from '../ui/money-words.ts'

/** What is known of a day's price; null when nothing is, or nothing to compare it with. */
export function levelAt(days: readonly PriceDay[], date: string): PriceDay | null {
  return days.find((day) => day.departure_date === date && day.level !== null) ?? null
}

/** A day as it is said, "20 January 2027, low price, $300". */
export function dayLabel(days: readonly PriceDay[], date: string): string {
  const words = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${date.slice(0, 10)}T00:00:00Z`),
  )
  const day = levelAt(days, date)
  return day === null || day.price === null ? words : `${words}, ${day.level} price, ${roughMoneyWords(day.price)}`
}
