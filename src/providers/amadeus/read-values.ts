import { multiplyMoney, parseMoney, sumMoney, type Money } from '../../kernel/money.ts'
import { instantOf, isLocalDate, type LocalDate, type LocalDateTime, type ZonedTime } from '../../kernel/time.ts'
import { child, type XmlElement } from '../../platform/xml.ts'
import type { Baggage } from '../../travel/flight.ts'
import { findPlace, zonedOffset } from '../../travel/places.ts'
import { ProviderError } from '../errors.ts'
import { PROVIDER_ID } from './exchange.ts'

/** The error for a message that is XML and ours to read, but does not say what it must. */
export function malformed(message: string, cause?: unknown): ProviderError {
  return new ProviderError(PROVIDER_ID, 'malformed', message, { cause })
}

/** The element at the end of a path of first children, or undefined. */
export function at(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let found = element
  for (const name of path) found = child(found, name)
  return found
}

/** The trimmed text at the end of a path of first children; undefined where it is absent or empty. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  const text = at(element, ...path)?.text.trim()
  return text === '' ? undefined : text
}

/** The text at the end of a path, which must be there; throws ProviderError('malformed') naming it when it is not. */
export function required(element: XmlElement | undefined, ...path: readonly string[]): string {
  const text = textAt(element, ...path)
  if (text === undefined) throw malformed(`${element?.name ?? 'the message'} has no ${path.join('/')}`)
  return text
}

/** An amount in the currency's own units, "64.24" or "46668". Throws ProviderError('malformed'). */
export function readMoney(amount: string, currency: string): Money {
  try {
    return parseMoney(amount, currency)
  } catch (error) {
    throw malformed(`"${amount.slice(0, 40)} ${currency.slice(0, 3)}" is not an amount`, error)
  }
}

/** An amount that may be absent; absent and unreadable are both null, for facts that the total does not depend on. */
export function readMoneyOrNull(amount: string | undefined, currency: string | undefined): Money | null {
  if (amount === undefined || currency === undefined) return null
  try {
    return parseMoney(amount, currency)
  } catch {
    return null
  }
}

/** An amount in minor units with the number of digits that the message states: 84280 with 2 is 842.80. */
export function readMinorUnits(amount: string | undefined, digits: number, currency: string | undefined): Money | null {
  if (amount === undefined || !/^\d{1,15}$/.test(amount)) return null
  if (digits === 0) return readMoneyOrNull(amount, currency)
  const padded = amount.padStart(digits + 1, '0')
  return readMoneyOrNull(`${padded.slice(0, -digits)}.${padded.slice(-digits)}`, currency)
}

/** The date "150117" is 2017-01-15; undefined for anything that is no date of this century. */
export function readDate(text: string | undefined): LocalDate | undefined {
  if (text === undefined || !/^\d{6}$/.test(text)) return undefined
  const date = `20${text.slice(4, 6)}-${text.slice(2, 4)}-${text.slice(0, 2)}`
  return isLocalDate(date) ? date : undefined
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

/** The date "25SEP16" in running text, as 2016-09-25. */
export function readNamedDate(text: string | undefined): LocalDate | undefined {
  const match = /\b(\d{2})([A-Z]{3})(\d{2})\b/.exec(text ?? '')
  const month = MONTHS.indexOf(match?.[2] ?? '') + 1
  if (!match || month === 0) return undefined
  const date = `20${match[3]}-${String(month).padStart(2, '0')}-${match[1]}`
  return isLocalDate(date) ? date : undefined
}

/** The date in parts: `<year>2013</year><month>10</month><day>13</day>`. */
export function readDateParts(dateTime: XmlElement | undefined): LocalDate | undefined {
  const part = (name: string): string => (textAt(dateTime, name) ?? '').padStart(2, '0')
  const date = `${part('year')}-${part('month')}-${part('day')}`
  return isLocalDate(date) ? date : undefined
}

/**
 * A wall-clock time at an airport: "150117" and "0740" at BRU. Their messages state no offset, so it is the airport's own at
 * that moment; null for a place we do not know. Throws ProviderError('malformed').
 */
export function readTime(date: string | undefined, time: string | undefined, place: string): ZonedTime {
  const day = readDate(date)
  const clock = /^\d{3,4}$/.test(time ?? '') ? time!.padStart(4, '0') : undefined
  if (!day || !clock || clock > '2359' || clock.slice(2) > '59')
    throw malformed(`"${(date ?? '').slice(0, 10)} ${(time ?? '').slice(0, 10)}" is not a time at ${place.slice(0, 5)}`)
  return toPlaceTime(`${day}T${clock.slice(0, 2)}:${clock.slice(2)}`, place)
}

/** A local time "2026-12-01T18:35" with the offset of the airport it is told at. */
export function toPlaceTime(local: string, place: string): ZonedTime {
  const zone = findPlace(place)?.timeZone
  return { local: local as LocalDateTime, offset: zone === undefined ? null : zonedOffset(zone, local) }
}

/** Minutes between two times, when both offsets are known and the order makes sense; else null. */
export function minutesBetween(from: ZonedTime, to: ZonedTime): number | null {
  if (from.offset === null || to.offset === null) return null
  const minutes = (instantOf({ local: to.local, offset: to.offset }) - instantOf({ local: from.local, offset: from.offset })) / 60_000
  return minutes >= 0 ? minutes : null
}

/** The elapsed time "0115" in minutes: an hour and a quarter. Hours may have three digits. */
export function readElapsedMinutes(text: string | undefined): number | null {
  return text !== undefined && /^\d{3,5}$/.test(text) && text.slice(-2) <= '59'
    ? Number(text.slice(0, -2)) * 60 + Number(text.slice(-2))
    : null
}

/** A whole number, or null. */
export function readCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null
}

const KILOGRAMS_PER_POUND = 0.45359237

/**
 * A free allowance: so many pieces (N, or PC), or so much weight (W, 700) in kilograms or pounds. Zero pieces is a fact; what has
 * neither form says nothing.
 */
export function readAllowance(quantity: string | undefined, kind: string | undefined, unit: string | undefined): readonly Baggage[] {
  const value = readCount(quantity)
  if (value === null) return []
  if (kind === 'N' || kind === 'P' || kind === 'PC') return [{ kind: 'checked', pieces: value, weightKg: null }]
  if (kind !== 'W' && kind !== '700' && kind !== 'K' && kind !== 'L') return []
  const isPounds = unit === 'L' || unit === '701' || kind === 'L'
  return [{ kind: 'checked', pieces: null, weightKg: isPounds ? Math.round(value * KILOGRAMS_PER_POUND) : value }]
}

/** The sum of amounts in one currency, or null when one of them is not known. */
export function sumKnown(amounts: readonly (Money | null)[], currency: string): Money | null {
  const known = amounts.filter((amount) => amount !== null && amount.currency === currency)
  return known.length === amounts.length && amounts.length > 0 ? sumMoney(known as Money[], currency) : null
}

/** An amount for each of `count` passengers, or null. */
export function timesKnown(amount: Money | null, count: number): Money | null {
  return amount === null || count === 1 ? amount : multiplyMoney(amount, count)
}
