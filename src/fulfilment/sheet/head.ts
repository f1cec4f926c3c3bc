import type { Instant } from '../../kernel/time.ts'
import { momentWords } from '../../travel/flight-words.ts'
import { COLOURS, PAGE, STYLES } from './look.ts'
import { toQrMatrix, toRuns } from './qr.ts'
import { drawWire, type Sheet } from './sheet.ts'

const QR_SIZE = 84
const PANEL_HEIGHT = 122

/** The top of a document's first page: whose it is, when it was issued, and what it is. */
export function drawTitle(sheet: Sheet, title: string, issuedAt: Instant): void {
  const width = PAGE.right - PAGE.left
  sheet.write('P', 'Farewire', STYLES.wordmark, { x: PAGE.left, y: PAGE.top - 4, width: 200 })
  sheet.write('P', `Issued ${momentWords(issuedAt)}`, STYLES.label, { x: PAGE.left, y: PAGE.top + 3, width, align: 'right' })
  sheet.decorate((pdf) => drawWire(pdf, PAGE.left, PAGE.right, PAGE.top + 24))
  sheet.y = PAGE.top + 38
  const titleHeight = sheet.heightOf(title, STYLES.title, width)
  sheet.write('H1', title, STYLES.title, { x: PAGE.left, y: sheet.y, width })
  sheet.y += titleHeight + 10
}

/** What the panel under the title says. `link` is the address of the trip's page; the QR code holds it. */
export type References = {
  readonly label: string
  readonly locator: string
  readonly bookingReference: string
  readonly advice: string
  readonly link: string
}

/** The seller's reference and ours, what they are for, and the QR code that leads to the trip. */
export function drawReferences(sheet: Sheet, references: References): void {
  const top = sheet.y
  const left = PAGE.left + 16
  const textWidth = PAGE.right - left - QR_SIZE - 56
  sheet.decorate((pdf) =>
    pdf
      .roundedRect(PAGE.left, top, PAGE.right - PAGE.left, PANEL_HEIGHT, 6)
      .fillColor(COLOURS.panel)
      .fill(),
  )
  // A hotel's number may be three times as long as a PNR.
  const style = references.locator.length > 10 ? { ...STYLES.locator, size: 13 } : STYLES.locator
  sheet.write('P', references.label, STYLES.label, { x: left, y: top + 14, width: 190 })
  sheet.write('P', references.locator, style, { x: left, y: top + 25, width: 190 })
  sheet.write('P', 'Farewire booking', STYLES.label, { x: left + 200, y: top + 14, width: textWidth - 200 })
  sheet.write('P', references.bookingReference, STYLES.code, { x: left + 200, y: top + 31, width: textWidth - 200 })
  sheet.write('P', references.advice, STYLES.detail, { x: left, y: top + 60, width: textWidth })
  sheet.write('Link', references.link, STYLES.link, { x: left, y: top + 98, width: textWidth, link: references.link })
  drawQr(sheet, references.link, PAGE.right - QR_SIZE - 20, top + 12)
  sheet.write('P', 'Your trip, live', STYLES.label, {
    x: PAGE.right - QR_SIZE - 20,
    y: top + 14 + QR_SIZE,
    width: QR_SIZE + 8,
    align: 'left',
  })
  sheet.y += PANEL_HEIGHT
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
