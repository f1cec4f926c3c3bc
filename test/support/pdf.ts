import { inflateSync } from 'node:zlib'

/** What is in a PDF that this repository wrote: enough to check what a reader would see, and no more. */
export type ReadPdf = {
  readonly pages: readonly { readonly lines: readonly string[]; readonly rectangles: readonly Rectangle[] }[]
  /** Every line of every page, one below the other. */
  readonly text: string
  /** The whole file with its streams inflated. */
  readonly source: string
}

export type Rectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

type PdfObject = { readonly head: string; readonly stream: string }

/** Reads a PDF as written by pdfkit, with its objects one after the other; throws for anything else. */
export function readPdf(file: Buffer): ReadPdf {
  const latin = file.toString('latin1')
  if (!latin.startsWith('%PDF-1.') || !latin.trimEnd().endsWith('%%EOF')) throw new Error('this is no PDF, or not all of one')
  const objects = readObjects(file, latin)
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b/.test(head)).map((page) => readPage(page, objects))
  const source = [...objects.values()].map(({ head, stream }) => `${head}\n${stream}`).join('\n')
  return { pages, text: pages.flatMap((page) => page.lines).join('\n'), source }
}

function readObjects(file: Buffer, latin: string): Map<string, PdfObject> {
  const objects = new Map<string, PdfObject>()
  for (const match of latin.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [, id, body] = match as unknown as [string, string, string]
    const at = body.indexOf('\nstream\n')
    if (at < 0) {
      objects.set(id, { head: body, stream: '' })
      continue
    }
    const head = body.slice(0, at)
    const from = match.index + match[0].indexOf('\nstream\n') + 8
    const bytes = file.subarray(from, from + Number(/\/Length (\d+)/.exec(head)![1]))
    objects.set(id, { head, stream: (head.includes('/FlateDecode') ? inflateSync(bytes) : bytes).toString('latin1') })
  }
  return objects
}

function readPage(page: PdfObject, objects: Map<string, PdfObject>): ReadPdf['pages'][number] {
  const content = follow(page.head, 'Contents', objects).stream
  const fonts = new Map<string, Map<number, string>>()
  for (const [, name, id] of follow(page.head, 'Resources', objects).head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    fonts.set(name!, readUnicodeMap(follow(objects.get(id!)!.head, 'ToUnicode', objects).stream))
  }
  return { lines: readLines(content, fonts), rectangles: readRectangles(content) }
}

function follow(head: string, key: string, objects: Map<string, PdfObject>): PdfObject {
  const object = objects.get(new RegExp(`/${key} (\\d+) 0 R`).exec(head)?.[1] ?? '')
  if (!object) throw new Error(`the PDF has no ${key} where one belongs`)
  return object
}

/** Glyph numbers to text: ranges that list what each number of theirs stands for, in UTF-16. */
function readUnicodeMap(cmap: string): Map<number, string> {
  const map = new Map<number, string>()
  for (const [, first, list] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)) {
    for (const [i, [, hex]] of [...list!.matchAll(/<([0-9a-f ]*)>/gi)].entries()) {
      const units = hex!.replaceAll(' ', '').match(/.{4}/g) ?? []
      map.set(Number.parseInt(first!, 16) + i, String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))))
    }
  }
  return map
}

function readLines(content: string, fonts: Map<string, Map<number, string>>): string[] {
  const lines: string[] = []
  let glyphs = new Map<number, string>()
  for (const [, font, array] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font !== undefined) glyphs = fonts.get(font)!
    else {
      const codes = [...array!.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, hex]) => hex!.match(/.{4}/g) ?? [])
      lines.push(codes.map((code) => glyphs.get(Number.parseInt(code, 16)) ?? '\ufffd').join(''))
    }
  }
  return lines
}

function readRectangles(content: string): Rectangle[] {
  return [...content.matchAll(/^([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) re$/gm)].map(([, x, y, width, height]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }))
}
