import { createRequire } from 'node:module'
import path from 'node:path'

/** Colours of the identity on light paper (web/src/ui/tokens.css). Every pair of text and ground is at least 4.5:1. */
export const COLOURS = {
  text: '#162324',
  secondary: '#4a5a5b',
  tertiary: '#627171',
  line: '#ddd8d0',
  panel: '#f6f2ec',
  wire: '#b05c2c',
  action: '#025956',
} as const

/** A4 in points, and the frame that everything is drawn in. */
export const PAGE = { width: 595.28, height: 841.89, left: 48, right: 547.28, top: 44, bottom: 782, footer: 800 } as const

export type FontName = 'regular' | 'bold' | 'mono'

export type TextStyle = { readonly font: FontName; readonly size: number; readonly colour: string }

export const STYLES = {
  wordmark: { font: 'bold', size: 15, colour: COLOURS.text },
  title: { font: 'bold', size: 19, colour: COLOURS.text },
  heading: { font: 'bold', size: 12, colour: COLOURS.text },
  strong: { font: 'bold', size: 10, colour: COLOURS.text },
  body: { font: 'regular', size: 9, colour: COLOURS.text },
  detail: { font: 'regular', size: 8.5, colour: COLOURS.secondary },
  label: { font: 'regular', size: 7.5, colour: COLOURS.tertiary },
  time: { font: 'bold', size: 12, colour: COLOURS.text },
  locator: { font: 'mono', size: 23, colour: COLOURS.text },
  code: { font: 'mono', size: 9.5, colour: COLOURS.text },
  link: { font: 'regular', size: 7.5, colour: COLOURS.action },
} as const satisfies Record<string, TextStyle>

const FONT_FILES: Readonly<Record<FontName, string>> = {
  regular: 'DejaVuSansCondensed.ttf',
  bold: 'DejaVuSansCondensed-Bold.ttf',
  mono: 'DejaVuSansMono-Bold.ttf',
}

/** Where a font lies. The family covers Latin with Vietnamese, Greek and Cyrillic; it does not cover Thai or CJK. */
export function fontFile(name: FontName): string {
  const folder = path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'))
  return path.join(folder, 'ttf', FONT_FILES[name])
}
