import { formatMoney, type Money } from '../../kernel/money.ts'
import type { Instant } from '../../kernel/time.ts'
import { otherAllowances, placeWords, type FlightNames } from '../../travel/flight-words.ts'
import type { PassengerFare, Slice } from '../../travel/flight.ts'
import { drawHeading, drawNotes } from '../sheet/blocks.ts'
import { drawHead } from './head.ts'
import { drawItinerary } from './itinerary.ts'
import { PAGE, STYLES } from '../sheet/look.ts'
import { drawPassengers, type TicketedPassenger } from './passengers.ts'
import { UNPRINTABLE } from '../sheet/printable.ts'
import { createSheet, type Sheet } from '../sheet/sheet.ts'

/** Everything an e-ticket says. Prices are what the traveller paid; `base` and `taxes` are null where they are not told. */
export type ETicketInput = {
  readonly bookingReference: string
  readonly pnr: string
  readonly issuedAt: Instant
  readonly passengers: readonly TicketedPassenger[]
  readonly slices: readonly Slice[]
  /** Whose baggage is another than the segments say; nobody's when left out. */
  readonly fares?: readonly Pick<PassengerFare, 'type' | 'baggage'>[]
  readonly names: FlightNames
  readonly total: Money
  readonly base: Money | null
  readonly taxes: Money | null
  readonly refundable: boolean | null
  readonly changeable: boolean | null
  /** Whom to ask, in a sentence. */
  readonly support: string
  /** The address of the trip's page; the QR code holds it and it is printed in full. */
  readonly qrPayload: string
}

/**
 * The e-ticket as a tagged A4 PDF that flows over as many pages as it needs and never splits a flight or a passenger.
 * The same input gives the same bytes, so that issuing twice makes one document.
 */
export async function renderETicket(input: ETicketInput): Promise<Buffer> {
  const sheet = createSheet({
    title: `E-ticket ${input.pnr}, booking ${input.bookingReference}`,
    subject: routeWords(input),
    issuedAt: input.issuedAt,
    runningTitle: `E-ticket receipt · airline reference ${input.pnr}`,
    footer: `Booking ${input.bookingReference} · All times are local to the airport they stand beside.`,
  })
  drawHead(sheet, input)
  sheet.group('Sect', () => drawPassengers(sheet, input.passengers))
  const bags = { holder: allowanceHolder(input.passengers), others: otherAllowances(input.fares ?? [], input.slices) }
  drawItinerary(sheet, { slices: input.slices, names: input.names, bags })
  sheet.group('Sect', () => drawPrice(sheet, input))
  sheet.group('Sect', () => drawConditions(sheet, input))
  return sheet.finish()
}

/** Segments tell the allowance of the first passenger type; an infant's is another one. */
function allowanceHolder(passengers: readonly TicketedPassenger[]): string {
  const types = new Set(passengers.map((passenger) => passenger.type))
  return types.size === 1 ? 'passenger' : (passengers[0]?.type ?? 'passenger')
}

function routeWords({ slices, names }: ETicketInput): string {
  return slices.map((slice) => `${placeWords(names, slice.origin)} to ${placeWords(names, slice.destination)}`).join(', ')
}

function drawPrice(sheet: Sheet, input: ETicketInput): void {
  const rows: [string, Money][] = []
  if (input.base) rows.push(['Fare', input.base])
  if (input.taxes) rows.push(['Taxes, fees and charges', input.taxes])
  drawHeading(sheet, 'Price', rows.length * 15 + 22)
  const people = input.passengers.length === 1 ? '1 passenger' : `${input.passengers.length} passengers`
  const line = (label: string, value: Money, style: typeof STYLES.strong | typeof STYLES.body): void => {
    sheet.write('P', `${label}: ${formatMoney(value)}`, style, { x: PAGE.left, y: sheet.y, width: PAGE.right - PAGE.left })
    sheet.y += style.size + 6
  }
  for (const [label, value] of rows) line(label, value, STYLES.body)
  line(`Total paid for ${people}`, input.total, STYLES.strong)
}

function drawConditions(sheet: Sheet, input: ETicketInput): void {
  const notes = [
    `Refund: ${permissionWords(input.refundable, 'allowed by the fare; the airline may keep a fee', 'not allowed by the fare')}`,
    `Change: ${permissionWords(input.changeable, 'allowed by the fare; the airline may ask a fee and a fare difference', 'not allowed by the fare')}`,
    ...(sheet.hasGaps()
      ? [`${UNPRINTABLE} stands for a letter this document cannot print. The airline holds the name as it is in the passport.`]
      : []),
    input.support,
  ]
  drawNotes(sheet, 'Conditions and help', notes)
}

function permissionWords(allowed: boolean | null, yes: string, no: string): string {
  return allowed === null ? 'the airline has not told us; ask before you rely on it' : allowed ? yes : no
}
