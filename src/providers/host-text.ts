import type { LocalDate } from '../kernel/time.ts'
import type { Passenger } from '../travel/passenger.ts'

/* How the hosts of the GDSs store text: capital letters, dates as 18APR90, documents in one line. */

/** Letters that do not decompose into a base letter and an accent. */
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

/**
 * A name as the host stores it: capital letters A to Z and single spaces, spelled the way ICAO 9303 spells it in a
 * passport's machine readable zone. A name without any such letter becomes "X", because the host takes no empty name.
 */
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

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const

/** A date as the host writes it: 1990-04-18 is "18APR90". */
export function toHostDate(date: LocalDate): string {
  return `${date.slice(8, 10)}${MONTHS[Number(date.slice(5, 7)) - 1] ?? ''}${date.slice(2, 4)}`
}

/** The gender letter of a travel document: an infant's ends in I. */
function genderCode(passenger: Passenger): string {
  const letter = passenger.gender === 'female' ? 'F' : passenger.gender === 'male' ? 'M' : 'U'
  return passenger.type === 'infant' && letter !== 'U' ? `${letter}I` : letter
}

/**
 * The free text of an SSR DOCS: document, issuing country, number, nationality, birth, gender, expiry, names, with what a
 * host puts between them: P/ID/C1234567/ID/18APR90/M/01JAN31/SANTOSO/BUDI
 */
export function docsText(passenger: Passenger, between: '/' | '-'): string | null {
  const document = passenger.document
  if (!document) return null
  const number = document.number.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return [
    'P',
    document.issuingCountry,
    number,
    document.nationality,
    toHostDate(passenger.bornOn),
    genderCode(passenger),
    toHostDate(document.expiresOn),
    toHostName(passenger.familyName),
    toHostName(passenger.givenName),
  ].join(between)
}

/** How two spellings of our reference are compared: a host may change case and drop punctuation. */
export function isSameReference(a: string, b: string): boolean {
  const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return plain(a) !== '' && plain(a) === plain(b)
}
