import { addMoney, multiplyMoney, parseMoney, sumMoney, type Money } from '../../kernel/money.ts'
import { instantOf, parseZonedTime, type ZonedTime } from '../../kernel/time.ts'
import type { Baggage } from '../../travel/flight.ts'
import { attribute, child, childText, type XmlElement } from '../../platform/xml.ts'
import { ProviderError } from '../errors.ts'
import { PROVIDER_ID } from './exchange.ts'

/** The error for a message that is XML and ours to read, but does not say what it must. */
export function malformed(message: string, cause?: unknown): ProviderError {
  return new ProviderError(PROVIDER_ID, 'malformed', message, { cause })
}

/** An attribute that must be there; throws ProviderError('malformed') naming it when it is not. */
export function required(element: XmlElement, name: string): string {
  const value = attribute(element, name)
  if (value === undefined || value === '') throw malformed(`${element.name} has no ${name}`)
  return value
}

/** Their amount, currency first: "EUR178.74", "KRW60200", "UAH2538.0". Throws ProviderError('malformed'). */
export function readMoney(text: string): Money {
  try {
    return parseMoney(text.slice(3), text.slice(0, 3))
  } catch (error) {
    throw malformed(`"${text.slice(0, 40)}" is not an amount`, error)
  }
}

/** An amount that may be absent; absent and unreadable are both null, for facts that the total does not depend on. */
export function readMoneyOrNull(text: string | undefined): Money | null {
  if (text === undefined || text === '') return null
  try {
    return parseMoney(text.slice(3), text.slice(0, 3))
  } catch {
    return null
  }
}

/** How an amount is read that may be absent. */
export type MoneyReader = typeof readMoneyOrNull

/** {@link readMoneyOrNull} for one reply: in a large one the same amounts stand again and again, and each is read once. */
export function createMoneyReader(): MoneyReader {
  const known = new Map<string, Money | null>()
  return (text) => {
    if (text === undefined || text === '') return null
    const before = known.get(text)
    if (before !== undefined) return before
    const amount = readMoneyOrNull(text)
    known.set(text, amount)
    return amount
  }
}

/** "true" and "false" as such; absent, or anything else, is null: the supplier does not say. */
export function readFlag(text: string | undefined): boolean | null {
  return text === 'true' ? true : text === 'false' ? false : null
}

/** A local time with the offset that the message states. Throws ProviderError('malformed'). */
export function readTime(element: XmlElement, name: string): ZonedTime {
  const text = required(element, name)
  try {
    return parseZonedTime(text)
  } catch (error) {
    throw malformed(`${element.name} has the time "${text.slice(0, 40)}"`, error)
  }
}

/** A whole number, or null. */
export function readCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null
}

const DURATION = /^P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d+(?:\.\d+)?S)?)?$/

/** An XML Schema duration, "P1DT1H10M0S", in whole minutes; null when absent or of another form. */
export function readDurationMinutes(text: string | undefined): number | null {
  const match = text === undefined ? null : DURATION.exec(text)
  return match ? Number(match[1] ?? 0) * 1440 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0) : null
}

/** Minutes between two times, when both state their offset and the order makes sense; else null. */
export function minutesBetween(from: ZonedTime, to: ZonedTime): number | null {
  if (from.offset === null || to.offset === null) return null
  const minutes = (instantOf({ local: to.local, offset: to.offset }) - instantOf({ local: from.local, offset: from.offset })) / 60_000
  return minutes >= 0 ? minutes : null
}

const KILOGRAMS_PER_POUND = 0.45359237

/** The checked allowance of a FareInfo. Zero pieces is a fact; without pieces and weight nothing is said. */
export function readAllowance(fareInfo: XmlElement | undefined): readonly Baggage[] {
  const allowance = child(fareInfo, 'BaggageAllowance')
  const pieces = readCount(childText(allowance, 'NumberOfPieces'))
  const weight = child(allowance, 'MaxWeight')
  const value = Number.parseFloat(attribute(weight, 'Value') ?? '')
  const unit = attribute(weight, 'Unit') ?? ''
  const weightKg = !Number.isFinite(value)
    ? null
    : /^kilo/i.test(unit)
      ? value
      : /^pound/i.test(unit)
        ? Math.round(value * KILOGRAMS_PER_POUND)
        : null
  return pieces === null && weightKg === null ? [] : [{ kind: 'checked', pieces, weightKg }]
}

/** The checked allowance as AirPrice prints it for a direction: "0P", "2P", "20K". Anything else says nothing. */
export function readAllowanceText(text: string | undefined): readonly Baggage[] {
  const match = /^(\d{1,2})([PK])$/.exec(text ?? '')
  if (!match) return []
  const value = Number(match[1])
  return [match[2] === 'P' ? { kind: 'checked', pieces: value, weightKg: null } : { kind: 'checked', pieces: null, weightKg: value }]
}

/**
 * The prices on one element, in the currency of its total. A base filed in another currency counts by its equivalent.
 * Taxes are without the fees.
 */
export type Prices = { readonly total: Money; readonly base: Money | null; readonly taxes: Money | null; readonly fees: Money | null }

/** Reads TotalPrice, which is authoritative, and what it is made of. */
export function readPrices(element: XmlElement, moneyOf: MoneyReader = readMoneyOrNull): Prices {
  const written = required(element, 'TotalPrice')
  const total = moneyOf(written) ?? readMoney(written)
  const base = readAmountIn(total.currency, element, BASES, moneyOf)
  const taxes = readAmountIn(total.currency, element, TAXES, moneyOf)
  const fees = readAmountIn(total.currency, element, FEES, moneyOf)
  return { total, base, taxes, fees }
}

/** What an offer's taxes are: with the fees. */
export function taxesAndFees({ taxes, fees }: Prices): Money | null {
  return taxes && fees ? addMoney(taxes, fees) : taxes
}

const BASES = ['EquivalentBasePrice', 'BasePrice', 'ApproximateBasePrice']
const TAXES = ['Taxes', 'ApproximateTaxes']
const FEES = ['Fees', 'ApproximateFees']

/** The first of these amounts that is in the currency, or null. */
function readAmountIn(currency: string, element: XmlElement, names: readonly string[], moneyOf: MoneyReader): Money | null {
  for (const name of names) {
    const amount = moneyOf(attribute(element, name))
    if (amount?.currency === currency) return amount
  }
  return null
}

/** The sum of amounts, or null when one of them is not known. */
export function sumKnown(amounts: readonly (Money | null)[], currency: string): Money | null {
  if (amounts.length === 1) return amounts[0]?.currency === currency ? amounts[0] : null
  const known = amounts.filter((amount) => amount !== null && amount.currency === currency)
  return known.length === amounts.length && amounts.length > 0 ? sumMoney(known as Money[], currency) : null
}

/** An amount for each of `count` passengers, or null. */
export function timesKnown(amount: Money | null, count: number): Money | null {
  return amount === null || count === 1 ? amount : multiplyMoney(amount, count)
}
