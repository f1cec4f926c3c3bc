import type { FieldFault } from '../../kernel/problems.ts'

// Read by hand, character by character: twenty thousand searches a second pass here, each with other values.

/** What the values of a comma list are, and what is said when one is not. */
export type ListRule = {
  readonly has: (value: string) => boolean
  /** Small letters mean the same. */
  readonly inCapitals: boolean
  readonly code: string
  readonly message: string
  readonly tooMany: string
}

const VALUES_MAX = 50

/** The values of a comma list, sorted and each once; null after telling the fault. */
export function listOf(faults: FieldFault[], name: string, text: string, rule: ListRule): string[] | null {
  const list = rule.inCapitals ? text.toUpperCase() : text
  const values: string[] = []
  for (let from = 0; from <= list.length;) {
    const comma = list.indexOf(',', from)
    const to = comma === -1 ? list.length : comma
    const value = list.slice(from, to)
    if (!rule.has(value)) {
      faults.push({ pointer: name, code: rule.code, message: `${JSON.stringify(value.slice(0, 20))} ${rule.message}` })
      return null
    }
    insert(values, value)
    if (values.length > VALUES_MAX) {
      faults.push({ pointer: name, code: rule.tooMany, message: `at most ${VALUES_MAX} can be chosen` })
      return null
    }
    from = to + 1
  }
  return values
}

/** Puts a value where it belongs in a sorted list, unless it is there. */
export function insert(sorted: string[], value: string): void {
  let at = sorted.length
  while (at > 0 && sorted[at - 1]! > value) at -= 1
  if (at > 0 && sorted[at - 1] === value) return
  for (let last = sorted.length; last > at; last -= 1) sorted[last] = sorted[last - 1]!
  sorted[at] = value
}

/** Two letters, or a letter and a digit. */
export function isAirlineCode(text: string): boolean {
  if (text.length !== 2) return false
  const [first, second] = [text.charCodeAt(0), text.charCodeAt(1)]
  return (isCapital(first) && (isCapital(second) || isDigit(second))) || (isDigit(first) && isCapital(second))
}

/** Three letters. */
export function isPlaceCode(text: string): boolean {
  return text.length === 3 && isCapital(text.charCodeAt(0)) && isCapital(text.charCodeAt(1)) && isCapital(text.charCodeAt(2))
}

/** A word of small letters, digits, "-" and "_". */
export function isSupplierId(text: string): boolean {
  if (text.length === 0 || text.length > 40) return false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (!(code >= 97 && code <= 122) && !isDigit(code) && code !== 45 && code !== 95) return false
  }
  return true
}

/** "06:30" as minutes since midnight; -1 when it is no time of day. */
export function minuteOfDayOf(text: string): number {
  if (text.length !== 5 || text.charCodeAt(2) !== 58) return -1
  const hour = twoDigitsOf(text, 0)
  const minute = twoDigitsOf(text, 3)
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 ? hour * 60 + minute : -1
}

/** The inverse of {@link minuteOfDayOf}. */
export function timeOfDay(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

const WHOLE_DIGITS_MAX = 12

/** A decimal such as "178" or "178.50" in minor units of which `digits` make the fraction; NaN for anything else. */
export function minorUnitsOf(text: string, digits: number): number {
  let amount = 0
  let at = 0
  for (; at < text.length && isDigit(text.charCodeAt(at)); at += 1) amount = amount * 10 + text.charCodeAt(at) - 48
  if (at === 0 || at > WHOLE_DIGITS_MAX) return Number.NaN
  if (at === text.length) return amount * 10 ** digits
  if (text.charCodeAt(at) !== 46 || at + 1 === text.length) return Number.NaN
  let missing = digits
  for (at += 1; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48
    // Surplus digits are accepted when they are zeros.
    if (digit < 0 || digit > 9 || (missing === 0 && digit !== 0)) return Number.NaN
    if (missing === 0) continue
    amount = amount * 10 + digit
    missing -= 1
  }
  return amount * 10 ** missing
}

/** The one spelling of an amount of minor units: "178", "178.50". */
export function decimalOf(amount: number, digits: number): string {
  const unit = 10 ** digits
  const fraction = amount % unit
  const whole = String((amount - fraction) / unit)
  return fraction === 0 ? whole : `${whole}.${String(fraction).padStart(digits, '0')}`
}

function twoDigitsOf(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at), text.charCodeAt(at + 1)]
  return isDigit(tens) && isDigit(ones) ? (tens - 48) * 10 + ones - 48 : -1
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
