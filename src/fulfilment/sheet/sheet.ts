import PDFDocument from 'pdfkit'
import { toDate, type Instant } from '../../kernel/time.ts'
import { COLOURS, fontFile, PAGE, STYLES, type FontName, type TextStyle } from './look.ts'
import { toPrintable, UNPRINTABLE } from './printable.ts'

/** Where a text stands. `y` is the top of its first line. */
export type Spot = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly align?: 'left' | 'right'
  readonly link?: string
}

/** What a text is to somebody who hears the document instead of seeing it: standard structure types of PDF 1.7. */
export type Role = 'H1' | 'H2' | 'P' | 'TH' | 'TD' | 'Link'

export type SheetFacts = {
  readonly title: string
  readonly subject: string
  readonly issuedAt: Instant
  readonly runningTitle: string
  readonly footer: string
}

/** A document under way: pages, a cursor, and text that knows its role. All lengths are points from the top left. */
export type Sheet = {
  /** Where the next block begins; moved by whoever draws one. */
  y: number
  readonly heightOf: (text: string, style: TextStyle, width: number) => number
  /** The text as it will be shown. */
  readonly printable: (text: string, font: FontName) => string
  readonly write: (role: Role, text: string, style: TextStyle, spot: Spot) => void
  /** Groups what `draw` writes: a Table of TR of cells, a Sect. */
  readonly group: (type: 'Sect' | 'Table' | 'TR', draw: () => void) => void
  readonly figure: (alternative: string, box: readonly [number, number, number, number], draw: (pdf: PDFKit.PDFDocument) => void) => void
  /** Draws what is only to be looked at. */
  readonly decorate: (draw: (pdf: PDFKit.PDFDocument) => void) => void
  /** Goes to a new page when `height` does not fit on this one any more. True when it did. */
  readonly need: (height: number) => boolean
  /** True when a character of some text had no glyph. */
  readonly hasGaps: () => boolean
  /** Writes the page numbers and resolves to the file. Nothing may be drawn afterwards. */
  readonly finish: () => Promise<Buffer>
}

/** Starts a document. The same facts and the same drawing give the same bytes. */
export function createSheet(facts: SheetFacts): Sheet {
  const pdf = openDocument(facts)
  const file = collect(pdf)
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  let parent = root
  let hasGaps = false

  const printable = (text: string, font: FontName): string => {
    pdf.font(font)
    const shown = toPrintable(text, glyphTest(pdf))
    if (shown.includes(UNPRINTABLE)) hasGaps = true
    return shown
  }
  const apply = (style: TextStyle): PDFKit.PDFDocument => pdf.font(style.font).fontSize(style.size).fillColor(style.colour)
  const decorate: Sheet['decorate'] = (draw) => {
    pdf.markContent('Artifact', { type: 'Layout' })
    draw(pdf)
    pdf.endMarkedContent()
  }

  const sheet: Sheet = {
    y: PAGE.top,
    printable,
    decorate,
    hasGaps: () => hasGaps,
    heightOf: (text, style, width) => {
      const shown = printable(text, style.font)
      return apply(style).heightOfString(shown, { width })
    },
    write: (role, text, style, spot) => {
      const shown = printable(text, style.font)
      const draw = (): void => {
        apply(style).text(shown, spot.x, spot.y, {
          width: spot.width,
          align: spot.align ?? 'left',
          ...(spot.link ? { link: spot.link } : {}),
        })
      }
      parent.add(pdf.struct(role, {}, draw))
    },
    group: (type, draw) => {
      const outer = parent
      const inner = pdf.struct(type)
      outer.add(inner)
      parent = inner
      draw()
      inner.end()
      parent = outer
    },
    figure: (alternative, box, draw) => {
      parent.add(
        pdf.struct('Figure', { alt: alternative, bbox: [...box], placement: 'Block' } as PDFKit.Mixins.StructureElementOptions, () =>
          draw(pdf),
        ),
      )
    },
    need: (height) => {
      if (sheet.y + height <= PAGE.bottom) return false
      pdf.addPage()
      decorate(() => drawRunningHead(pdf, facts, apply))
      sheet.y = PAGE.top + 34
      return true
    },
    finish: async () => {
      root.end()
      const { start, count } = pdf.bufferedPageRange()
      for (let page = start; page < start + count; page += 1) {
        pdf.switchToPage(page)
        pdf.markContent('Artifact', { type: 'Pagination' })
        drawFooter(pdf, facts, `Page ${page - start + 1} of ${count}`, apply)
        pdf.endMarkedContent()
      }
      pdf.end()
      return file
    },
  }
  return sheet
}

function openDocument(facts: SheetFacts): PDFKit.PDFDocument {
  const pdf = new PDFDocument({
    size: 'A4',
    // Positions are ours throughout: with margins the library would begin pages of its own.
    margin: 0,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    bufferPages: true,
    info: {
      Title: facts.title,
      Author: 'Farewire',
      Subject: facts.subject,
      Creator: 'Farewire',
      Producer: 'Farewire',
      CreationDate: toDate(facts.issuedAt),
    },
  })
  for (const name of ['regular', 'bold', 'mono'] as const) pdf.registerFont(name, fontFile(name))
  return pdf
}

function collect(pdf: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
    pdf.on('end', () => resolve(Buffer.concat(chunks)))
    pdf.on('error', reject)
  })
}

/** The typings leave out the font in use; without it nobody can tell which characters it has. */
type WithFont = { readonly _font: { readonly font: { readonly hasGlyphForCodePoint: (codePoint: number) => boolean } } }

function glyphTest(pdf: PDFKit.PDFDocument): (codePoint: number) => boolean {
  const { font } = (pdf as unknown as WithFont)._font
  return (codePoint) => font.hasGlyphForCodePoint(codePoint)
}

type Apply = (style: TextStyle) => PDFKit.PDFDocument

function drawRunningHead(pdf: PDFKit.PDFDocument, facts: SheetFacts, apply: Apply): void {
  apply(STYLES.strong).text('Farewire', PAGE.left, PAGE.top, { lineBreak: false })
  apply(STYLES.label).text(facts.runningTitle, PAGE.left, PAGE.top + 2, { width: PAGE.right - PAGE.left, align: 'right' })
  drawWire(pdf, PAGE.left, PAGE.right, PAGE.top + 20)
}

function drawFooter(pdf: PDFKit.PDFDocument, facts: SheetFacts, pageWords: string, apply: Apply): void {
  const width = PAGE.right - PAGE.left
  pdf
    .moveTo(PAGE.left, PAGE.footer - 8)
    .lineTo(PAGE.right, PAGE.footer - 8)
    .lineWidth(0.5)
    .strokeColor(COLOURS.line)
    .stroke()
  apply(STYLES.label).text(facts.footer, PAGE.left, PAGE.footer, { width: width - 90, height: 20 })
  apply(STYLES.label).text(pageWords, PAGE.left, PAGE.footer, { width, align: 'right' })
}

/** The horizontal wire: a copper line with a node at each end. */
export function drawWire(pdf: PDFKit.PDFDocument, from: number, to: number, y: number): void {
  pdf
    .moveTo(from + 3, y)
    .lineTo(to - 3, y)
    .lineWidth(1.5)
    .strokeColor(COLOURS.wire)
    .stroke()
  pdf
    .circle(from + 3, y, 3)
    .circle(to - 3, y, 3)
    .fillColor(COLOURS.wire)
    .fill()
}
