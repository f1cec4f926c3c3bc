import { addMoney, money, parseMoney, type Money } from '../../kernel/money.ts'
import { isCurrency } from '../../kernel/currency.ts'
import { daysBetween, isLocalDate, plusDays, type LocalDate } from '../../kernel/time.ts'
import { attribute, children, descendants, type XmlElement } from '../../platform/xml.ts'
import { ProviderError } from '../errors.ts'
import { PROVIDER_ID } from './wire.ts'

/** The error for a message that is XML and ours to read, but does not say what it must. */
export function malformed(message: string, cause?: unknown): ProviderError {
  return new ProviderError(PROVIDER_ID, 'malformed', message, { cause })
}

/** Reads the amounts of one message. */
export type MoneyReader = {
  /** The amount in an attribute of an element, in its CurrencyCode or else in `currency`; null when it is not there or unreadable. */
  readonly amount: (element: XmlElement | undefined, name: string, currency?: string | null) => Money | null
}

/**
 * The amounts of a message. "8550" with DecimalPlaces="2" is 85.50 by the standard, but whoever writes "335.88" with
 * DecimalPlaces="2" elsewhere in the message means 8550 by "8550": a point in any such amount settles it for all.
 */
export function createMoneyReader(message: XmlElement): MoneyReader {
  const known = new Map<string, Money | null>()
  let hasPoints: boolean | undefined
  const amount: MoneyReader['amount'] = (element, name, currency = null) => {
    const text = attribute(element, name)?.trim()
    const code = attribute(element, 'CurrencyCode')?.trim() || currency
    if (!text || !code || !isCurrency(code)) return null
    const places = text.includes('.') ? 0 : (readCount(attribute(element, 'DecimalPlaces')) ?? 0)
    const isMinor = places > 0 && !(hasPoints ??= writesPoints(message))
    const key = `${text} ${code} ${isMinor ? places : ''}`
    const before = known.get(key)
    if (before !== undefined) return before
    const value = isMinor ? fromMinor(text, places, code) : readDecimal(text, code)
    known.set(key, value)
    return value
  }
  return { amount }
}

function readDecimal(text: string, currency: string): Money | null {
  try {
    return parseMoney(text, currency)
  } catch {
    return null
  }
}

function fromMinor(text: string, places: number, currency: string): Money | null {
  if (!/^\d{1,15}$/.test(text) || places > 4) return null
  const padded = text.padStart(places + 1, '0')
  return readDecimal(`${padded.slice(0, -places)}.${padded.slice(-places)}`, currency)
}

const AMOUNTS = ['AmountAfterTax', 'AmountBeforeTax', 'Amount']

function writesPoints(message: XmlElement): boolean {
  return ['Total', 'Base', 'Tax', 'Taxes', 'Fee', 'AmountPercent'].some((name) =>
    descendants(message, name).some((element) => AMOUNTS.some((one) => attribute(element, one)?.includes('.'))),
  )
}

/** The sum of amounts of one currency; null when there is none, or one of them is null or of another currency. */
export function sumKnown(amounts: readonly (Money | null)[]): Money | null {
  const first = amounts[0]
  if (!first) return null
  let sum = money(0, first.currency)
  for (const amount of amounts) {
    if (amount === null || amount.currency !== sum.currency) return null
    sum = addMoney(sum, amount)
  }
  return sum
}

/** A percentage in basis points, "50.00" being 5000; more than four decimals are rounded up. Null when it is none. */
export function readBasisPoints(text: string | undefined): number | null {
  const match = /^(\d{1,3})(?:\.(\d+))?$/.exec(text?.trim() ?? '')
  if (!match) return null
  const fraction = (match[2] ?? '').padEnd(2, '0')
  const surplus = /[1-9]/.test(fraction.slice(2)) ? 1 : 0
  return Number(match[1]) * 100 + Number(fraction.slice(0, 2)) + surplus
}

/** "true" and "1", "false" and "0"; anything else is null: the message does not say. */
export function readFlag(text: string | undefined): boolean | null {
  const value = text?.trim().toLowerCase()
  return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : null
}

/** A whole number, or null. */
export function readCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : null
}

/** The date that a date or a time begins with, or null. */
export function readDate(text: string | undefined): LocalDate | null {
  const date = text?.trim().slice(0, 10)
  return date !== undefined && isLocalDate(date) ? date : null
}

const NIGHTS_MAX = 400

/** The dates of a TimeSpan or StayDateRange, whose end may be given as a duration in nights or days ("P3N", "P3D", "3"). */
export function readDates(span: XmlElement | undefined): { readonly checkIn: LocalDate; readonly checkOut: LocalDate } | null {
  const checkIn = readDate(attribute(span, 'Start'))
  if (!checkIn) return null
  const nights = /^P?(\d{1,3})[ND]?$/.exec(attribute(span, 'Duration')?.trim() ?? '')?.[1]
  const checkOut = readDate(attribute(span, 'End')) ?? (nights ? plusDays(checkIn, Number(nights)) : null)
  // Nobody stays for years: a span that long is a mistake, and every night of it would be looked at.
  return checkOut && checkOut > checkIn && daysBetween(checkIn, checkOut) <= NIGHTS_MAX ? { checkIn, checkOut } : null
}

/**
 * The words in a description: of its Text elements, of its own where it has none, or its Name. Markup in them becomes
 * blanks. Null when it says nothing.
 */
export function readText(element: XmlElement | undefined): string | null {
  if (!element) return null
  const texts = children(element, 'Text').map((one) => toPlain(one.text))
  const nested = children(element, 'ListItem').map((one) => toPlain(one.text))
  const text = [...texts, ...nested].filter((one) => one !== '').join(' ') || toPlain(element.text)
  return text === '' ? toPlain(attribute(element, 'Name') ?? '') || null : text
}

const TEXT_MAX = 2_000

function toPlain(text: string): string {
  return text
    .replace(/<[^<>]{0,100}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, TEXT_MAX)
}

/** The elements of a list by a key, each group in the list's order. */
export function groupBy<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return groups
}
