import type { PassengerType } from '../../travel/passenger.ts'
import { drawHeading, drawRule } from '../sheet/blocks.ts'
import { PAGE, STYLES } from '../sheet/look.ts'
import type { Sheet } from '../sheet/sheet.ts'

/** A traveller and the documents that carry them; an infant may have none of its own. */
export type TicketedPassenger = { readonly name: string; readonly type: PassengerType; readonly ticketNumbers: readonly string[] }

const NAME = { x: PAGE.left, width: 262 }
const TYPE = { x: PAGE.left + 274, width: 50 }
const NUMBER = { x: PAGE.left + 332, width: PAGE.right - PAGE.left - 332 }

const TYPE_WORDS = { adult: 'Adult', child: 'Child', infant: 'Infant' } as const

/** The passengers with their tickets, one row each; a row is never split and the head of the table is repeated. */
export function drawPassengers(sheet: Sheet, passengers: readonly TicketedPassenger[]): void {
  const heights = passengers.map((passenger) => rowHeight(sheet, passenger))
  drawHeading(sheet, passengers.length === 1 ? 'Passenger' : `Passengers (${passengers.length})`, (heights[0] ?? 0) + 14)
  sheet.group('Table', () => {
    drawColumnNames(sheet)
    for (const [i, passenger] of passengers.entries()) {
      if (sheet.need(heights[i]!)) drawColumnNames(sheet)
      drawRow(sheet, passenger, heights[i]!)
    }
  })
}

function drawColumnNames(sheet: Sheet): void {
  sheet.group('TR', () => {
    sheet.write('TH', 'Name as in the booking', STYLES.label, { ...NAME, y: sheet.y })
    sheet.write('TH', 'Type', STYLES.label, { ...TYPE, y: sheet.y })
    sheet.write('TH', 'E-ticket number', STYLES.label, { ...NUMBER, y: sheet.y })
  })
  sheet.y += 12
}

function rowHeight(sheet: Sheet, passenger: TicketedPassenger): number {
  const name = sheet.heightOf(passenger.name, STYLES.strong, NAME.width)
  const numbers = sheet.heightOf(numberText(passenger), STYLES.code, NUMBER.width) * Math.max(1, passenger.ticketNumbers.length)
  return Math.max(name, numbers) + 9
}

function drawRow(sheet: Sheet, passenger: TicketedPassenger, height: number): void {
  drawRule(sheet)
  const top = sheet.y + 4
  sheet.group('TR', () => {
    sheet.write('TD', passenger.name, STYLES.strong, { ...NAME, y: top })
    sheet.write('TD', TYPE_WORDS[passenger.type], STYLES.detail, { ...TYPE, y: top + 1 })
    const numbers = passenger.ticketNumbers.length === 0 ? [numberText(passenger)] : passenger.ticketNumbers
    const lineHeight = sheet.heightOf(numberText(passenger), STYLES.code, NUMBER.width)
    for (const [i, number] of numbers.entries()) sheet.write('TD', number, STYLES.code, { ...NUMBER, y: top + i * lineHeight })
  })
  sheet.y += height
}

function numberText(passenger: TicketedPassenger): string {
  return passenger.ticketNumbers[0] ?? 'no ticket of their own'
}
