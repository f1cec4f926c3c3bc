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

/** A heading and a paragraph for each note; no paragraph is split over two pages. */
export function drawNotes(sheet: Sheet, title: string, notes: readonly string[]): void {
  const width = PAGE.right - PAGE.left
  drawHeading(sheet, title, sheet.heightOf(notes[0] ?? '', STYLES.body, width))
  for (const note of notes) {
    const height = sheet.heightOf(note, STYLES.body, width)
    sheet.need(height)
    sheet.write('P', note, STYLES.body, { x: PAGE.left, y: sheet.y, width })
    sheet.y += height + 4
  }
}

/** Rows of a name and what it says, as a table. */
export function drawFacts(sheet: Sheet, title: string, facts: readonly (readonly [name: string, value: string])[]): void {
  const value = { x: PAGE.left + 150, width: PAGE.right - PAGE.left - 150 }
  const heights = facts.map(([, text]) => sheet.heightOf(text, STYLES.body, value.width) + 8)
  drawHeading(sheet, title, heights[0] ?? 0)
  sheet.group('Table', () => {
    for (const [i, [name, text]] of facts.entries()) {
      sheet.need(heights[i]!)
      drawRule(sheet)
      sheet.group('TR', () => {
        sheet.write('TH', name, STYLES.detail, { x: PAGE.left, y: sheet.y + 4, width: 142 })
        sheet.write('TD', text, STYLES.body, { ...value, y: sheet.y + 4 })
      })
      sheet.y += heights[i]!
    }
  })
}
