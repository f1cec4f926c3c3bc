/** What stands for a character that the font has no shape for. One per character, so that the length of a name is kept. */
export const UNPRINTABLE = '\u25a1'

/**
 * Text as the font can show it: composed (NFC, which is how the font holds Vietnamese), control characters and line
 * breaks as spaces, marks that steer direction left out, and {@link UNPRINTABLE} for what has no glyph.
 */
export function toPrintable(text: string, hasGlyph: (codePoint: number) => boolean): string {
  let printable = ''
  for (const character of text.normalize('NFC')) {
    if (/[\p{Cc}\u2028\u2029]/u.test(character)) printable += ' '
    else if (/\p{Cf}/u.test(character)) continue
    else if (hasGlyph(character.codePointAt(0)!)) printable += character
    // A mark belongs to the letter before it, which has its own box already.
    else if (!/\p{M}/u.test(character)) printable += UNPRINTABLE
  }
  return printable.replace(/ {2,}/g, ' ').trim()
}
