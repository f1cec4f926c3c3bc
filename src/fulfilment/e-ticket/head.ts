import { momentWords } from '../../travel/flight-words.ts'
import type { ETicketInput } from './e-ticket.ts'
import { COLOURS, PAGE, STYLES } from './look.ts'
import { toQrMatrix, toRuns } from './qr.ts'
import { drawWire, type Sheet } from './sheet.ts'

const QR_SIZE = 84
const PANEL_HEIGHT = 122

/** The top of the first page: what this is, the two references, and the QR code that leads to the trip. */
export function drawHead(sheet: Sheet, input: ETicketInput): void {
  const width = PAGE.right - PAGE.left
  sheet.write('P', 'Farewire', STYLES.wordmark, { x: PAGE.left, y: PAGE.top - 4, width: 200 })
  sheet.write('P', `Issued ${momentWords(input.issuedAt)}`, STYLES.label, { x: PAGE.left, y: PAGE.top + 3, width, align: 'right' })
  sheet.decorate((pdf) => drawWire(pdf, PAGE.left, PAGE.right, PAGE.top + 24))
  sheet.y = PAGE.top + 38
  const title = `E-ticket: ${routeTitle(input)}`
  const titleHeight = sheet.heightOf(title, STYLES.title, width)
  sheet.write('H1', title, STYLES.title, { x: PAGE.left, y: sheet.y, width })
  sheet.y += titleHeight + 10
  drawPanel(sheet, input)
  sheet.y += PANEL_HEIGHT
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

function drawPanel(sheet: Sheet, input: ETicketInput): void {
  const top = sheet.y
  const left = PAGE.left + 16
  const textWidth = PAGE.right - left - QR_SIZE - 56
  sheet.decorate((pdf) =>
    pdf
      .roundedRect(PAGE.left, top, PAGE.right - PAGE.left, PANEL_HEIGHT, 6)
      .fillColor(COLOURS.panel)
      .fill(),
  )
  sheet.write('P', 'Airline booking reference (PNR)', STYLES.label, { x: left, y: top + 14, width: 190 })
  sheet.write('P', input.pnr, STYLES.locator, { x: left, y: top + 25, width: 190 })
  sheet.write('P', 'Farewire booking', STYLES.label, { x: left + 200, y: top + 14, width: textWidth - 200 })
  sheet.write('P', input.bookingReference, STYLES.code, { x: left + 200, y: top + 31, width: textWidth - 200 })
  const advice =
    'Use the airline reference and a family name to check in with the airline. At the airport your passport or identity card is enough; this receipt is your proof of purchase.'
  sheet.write('P', advice, STYLES.detail, { x: left, y: top + 60, width: textWidth })
  sheet.write('Link', input.qrPayload, STYLES.link, { x: left, y: top + 98, width: textWidth, link: input.qrPayload })
  drawQr(sheet, input.qrPayload, PAGE.right - QR_SIZE - 20, top + 12)
  sheet.write('P', 'Your trip, live', STYLES.label, {
    x: PAGE.right - QR_SIZE - 20,
    y: top + 14 + QR_SIZE,
    width: QR_SIZE + 8,
    align: 'left',
  })
}

function drawQr(sheet: Sheet, payload: string, x: number, y: number): void {
  const matrix = toQrMatrix(payload)
  // The quiet zone is four modules on each side, on white whatever lies beneath.
  const module = QR_SIZE / (matrix.length + 8)
  sheet.figure(`QR code of ${payload}`, [x, y, x + QR_SIZE, y + QR_SIZE], (pdf) => {
    pdf.rect(x, y, QR_SIZE, QR_SIZE).fillColor('#ffffff').fill()
    for (const [column, row, length] of toRuns(matrix)) pdf.rect(x + (column + 4) * module, y + (row + 4) * module, length * module, module)
    pdf.fillColor('#000000').fill()
  })
}
