import { drawReferences, drawTitle } from '../sheet/head.ts'
import type { Sheet } from '../sheet/sheet.ts'
import type { ETicketInput } from './e-ticket.ts'

/** The top of the first page: what this is, the two references, and the QR code that leads to the trip. */
export function drawHead(sheet: Sheet, input: ETicketInput): void {
  drawTitle(sheet, `E-ticket: ${routeTitle(input)}`, input.issuedAt)
  drawReferences(sheet, {
    label: 'Airline booking reference (PNR)',
    locator: input.pnr,
    bookingReference: input.bookingReference,
    advice:
      'Use the airline reference and a family name to check in with the airline. At the airport your passport or identity card is enough; this receipt is your proof of purchase.',
    link: input.qrPayload,
  })
}

/** "Jakarta to Tokyo and back", or every place in turn where it is no there and back. */
function routeTitle({ slices, names }: ETicketInput): string {
  const call = (code: string): string => names.place(code) ?? code
  const [first, second] = slices
  if (!first) return 'no flights'
  if (slices.length === 2 && first.origin === second!.destination && first.destination === second!.origin)
    return `${call(first.origin)} to ${call(first.destination)} and back`
  if (slices.length === 1) return `${call(first.origin)} to ${call(first.destination)}`
  return slices.map((slice) => `${call(slice.origin)} to ${call(slice.destination)}`).join(', ')
}
