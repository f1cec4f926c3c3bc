import { COLOURS, PAGE, STYLES } from './look.ts'
import type { Sheet } from './sheet.ts'

/** Draws a section's heading and keeps it together with the first `follows` points of what comes after. */
export function drawHeading(sheet: Sheet, text: string, follows: number): void {
  sheet.need(46 + follows)
  sheet.y += 16
  sheet.write('H2', text, STYLES.heading, { x: PAGE.left, y: sheet.y, width: PAGE.right - PAGE.left })
  sheet.y += sheet.heightOf(text, STYLES.heading, PAGE.right - PAGE.left) + 5
}

/** A hairline across the frame at the cursor. */
export function drawRule(sheet: Sheet): void {
  sheet.decorate((pdf) => pdf.moveTo(PAGE.left, sheet.y).lineTo(PAGE.right, sheet.y).lineWidth(0.5).strokeColor(COLOURS.line).stroke())
}
