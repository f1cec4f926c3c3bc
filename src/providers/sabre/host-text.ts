/** Letters that do not decompose into a base letter and an accent, spelled as ICAO 9303 spells them in a passport. */
const SPELLED: Readonly<Record<string, string>> = {
  Ä: 'AE',
  Ö: 'OE',
  Ü: 'UE',
  ß: 'SS',
  ẞ: 'SS',
  Æ: 'AE',
  Ø: 'OE',
  Å: 'AA',
  Œ: 'OE',
  Ð: 'D',
  Đ: 'D',
  Þ: 'TH',
  Ł: 'L',
  İ: 'I',
  ı: 'I',
}

/** A name as the host stores it: capital letters and single spaces. A name without any letter becomes "X": none may be empty. */
export function toHostName(name: string): string {
  const upper = [...name.normalize('NFC').toUpperCase()].map((letter) => SPELLED[letter] ?? letter).join('')
  const plain = upper
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .replace(/['’`]/g, '')
    .replace(/[^A-Z]+/g, ' ')
    .trim()
  return plain === '' ? 'X' : plain
}

/** How two spellings of our reference are compared: a host may change case and drop punctuation. */
export function isSameReference(a: string, b: string): boolean {
  const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return plain(a) !== '' && plain(a) === plain(b)
}
