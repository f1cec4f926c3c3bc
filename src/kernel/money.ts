import { minorDigits, parseCurrency, type Currency } from './currency.ts'

/** A whole number of minor units (cents, rupiah sen, yen). Branded so that `a + b`, a plain number, is no money. */
export type MinorUnits = number & { readonly brand: 'MinorUnits' }

/** An amount of one currency in whole minor units. May be negative in a ledger; never a fraction, never a float. */
export type Money = { readonly amount: MinorUnits; readonly currency: Currency }

/** How an amount travels in JSON: a decimal string and a currency code. */
export type MoneyText = { amount: string; currency: string }

/** Money from a count of minor units. Throws a RangeError unless it is a safe integer of a known currency. */
export function money(minorUnits: number, currency: string): Money {
  if (!Number.isSafeInteger(minorUnits)) throw new RangeError(`${minorUnits} is not a whole number of minor units`)
  // `-0` equals 0 but not in Object.is, JSON or a Map key; there is one zero.
  return { amount: (minorUnits === 0 ? 0 : minorUnits) as MinorUnits, currency: parseCurrency(currency) }
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?$/

/**
 * Reads a decimal string ("178.74", "60200", "2538.0") without ever passing through a float.
 * Surplus digits are accepted only when they are zeros ("957.3200"); anything else throws a RangeError.
 */
export function parseMoney(decimal: string, currency: string): Money {
  const code = parseCurrency(currency)
  const match = DECIMAL.exec(decimal)
  if (!match) throw new RangeError(`"${decimal}" is not a decimal amount`)
  const [, sign, whole = '', fraction = ''] = match
  const digits = minorDigits(code)
  if (/[1-9]/.test(fraction.slice(digits))) throw new RangeError(`"${decimal}" has more than ${digits} decimals, ${code} has ${digits}`)
  const minor = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return money(sign ? -minor : minor, code)
}

/** The amount as a decimal string with exactly the currency's digits: 17874 EUR is "178.74", 60200 KRW is "60200". */
export function formatAmount(value: Money): string {
  const digits = minorDigits(value.currency)
  const sign = value.amount < 0 ? '-' : ''
  const text = String(Math.abs(value.amount)).padStart(digits + 1, '0')
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** The JSON form of an amount. */
export function toMoneyText(value: Money): MoneyText {
  return { amount: formatAmount(value), currency: value.currency }
}

/** The inverse of {@link toMoneyText}; throws a RangeError on anything it did not make. */
export function fromMoneyText(text: MoneyText): Money {
  return parseMoney(text.amount, text.currency)
}

/** For a person: "EUR 178.74". The code stands first and is never a symbol, because "$" has twenty meanings. */
export function formatMoney(value: Money): string {
  return `${value.currency} ${formatAmount(value)}`
}

function assertSameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} cannot be combined`)
}

/** The sum of two amounts of one currency; throws a RangeError when the currencies differ. */
export function addMoney(a: Money, b: Money): Money {
  assertSameCurrency(a, b)
  return money(a.amount + b.amount, a.currency)
}

/** `a - b` in one currency; throws a RangeError when the currencies differ. */
export function subtractMoney(a: Money, b: Money): Money {
  assertSameCurrency(a, b)
  return money(a.amount - b.amount, a.currency)
}

/** The amount with the opposite sign. */
export function negateMoney(value: Money): Money {
  return money(-value.amount, value.currency)
}

/** The amount times a whole count, for example a fare for each of three passengers. */
export function multiplyMoney(value: Money, count: number): Money {
  if (!Number.isSafeInteger(count)) throw new RangeError(`${count} is not a whole count`)
  return money(value.amount * count, value.currency)
}

/** The sum of a list in the given currency; an empty list is zero. */
export function sumMoney(values: readonly Money[], currency: string): Money {
  return values.reduce(addMoney, money(0, currency))
}

/** Negative when `a` is less, 0 when equal, positive when more; throws a RangeError when the currencies differ. */
export function compareMoney(a: Money, b: Money): number {
  assertSameCurrency(a, b)
  return a.amount - b.amount
}

/** True when both the amount and the currency are the same. Never throws. */
export function isSameMoney(a: Money, b: Money): boolean {
  return a.currency === b.currency && a.amount === b.amount
}

/** How a fraction of a minor unit is settled: a fee or penalty rounds up, a share given back rounds down. */
export type Rounding = 'up' | 'down' | 'half-up'

/** `basisPoints` hundredths of a percent of an amount ≥ 0, rounded once to whole minor units by the named rule. */
export function shareOf(value: Money, basisPoints: number, rounding: Rounding): Money {
  if (!Number.isSafeInteger(basisPoints) || basisPoints < 0) throw new RangeError(`${basisPoints} is not a whole number of basis points`)
  if (value.amount < 0) throw new RangeError('a share is taken of an amount that is not negative')
  const product = BigInt(value.amount) * BigInt(basisPoints)
  const surplus = { up: 9_999n, down: 0n, 'half-up': 5_000n }[rounding]
  return money(Number((product + surplus) / 10_000n), value.currency)
}
