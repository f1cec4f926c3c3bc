import type { FlightSearch } from '../api/flight-search.ts'
import type { PriceCell } from '../api/types.ts'
import { moneyWords, roughMoneyWords } from '../ui/money-words.ts'
import { addDays, dayWords } from '../ui/time-words.ts'

/** Days shown on either side of those searched. */
const days = 3

/** The days around a day, itself in the middle. */
export function daysAround(date: string): string[] {
  return Array.from({ length: 2 * days + 1 }, (_, i) => addDays(date, i - days))
}

/** What is known of one choice of days; what the API does not say is not known. */
export function cellAt(cells: readonly PriceCell[], departureDate: string, returnDate: string | null): PriceCell {
  const known = cells.find((cell) => cell.departure_date === departureDate && cell.return_date === returnDate)
  return (
    known ?? {
      departure_date: departureDate,
      return_date: returnDate,
      state: 'unknown',
      price: null,
      checked_at: null,
      is_cheapest: false,
    }
  )
}

/** The price as the cell shows it; what is not known is a dash, never nothing to pay. */
export function cellText(cell: PriceCell): string {
  return cell.price === null ? '–' : roughMoneyWords(cell.price)
}

/** A cell as it is said, "Wed 20 Jan to Wed 3 Feb: $300.00, the lowest known". */
export function cellWords(cell: PriceCell): string {
  const until = cell.return_date === null ? '' : ` to ${dayWords(cell.return_date, false)}`
  return `${dayWords(cell.departure_date, false)}${until}: ${stateWords(cell)}`
}

function stateWords(cell: PriceCell): string {
  if (cell.price !== null) return `${moneyWords(cell.price)}${cell.is_cheapest ? ', the lowest known' : ''}`
  if (cell.state === 'none_found') return 'no fare found'
  return cell.state === 'impossible' ? 'not possible' : 'price not known'
}

/** The same search, filters and order included, on other days. */
export function onDays(search: FlightSearch, cell: Pick<PriceCell, 'departure_date' | 'return_date'>): FlightSearch {
  return { ...search, departure_date: cell.departure_date, ...(cell.return_date === null ? {} : { return_date: cell.return_date }) }
}
