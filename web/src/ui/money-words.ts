import type { Money } from '../api/types.ts'

/** An amount in minor units with the number of digits its text has, exact: no float ever holds money. */
export function toMinor(amount: string): { units: bigint; digits: number } {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount)
  if (match === null) return { units: 0n, digits: 0 }
  const fraction = match[3] ?? ''
  const units = BigInt(`${match[2]}${fraction}`)
  return { units: match[1] === '-' ? -units : units, digits: fraction.length }
}

/** The amount as people write it, "$1,178.74"; every digit of the text is shown, none is added beyond the currency's. */
export function moneyWords(money: Money): string {
  const { digits } = toMinor(money.amount)
  try {
    // Intl reads a decimal text exactly; the number type of the declaration is narrower than the standard.
    return new Intl.NumberFormat('en', {
      style: 'currency',
      currency: money.currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(money.amount as unknown as number)
  } catch {
    return `${money.currency} ${money.amount}`
  }
}

/** The same without the fraction, for filters and tabs where the exact price stands elsewhere; rounded up, never down. */
export function roughMoneyWords(money: Money): string {
  const { units, digits } = toMinor(money.amount)
  const scale = 10n ** BigInt(digits)
  const whole = units / scale + (units % scale > 0n ? 1n : 0n)
  return moneyWords({ amount: whole.toString(), currency: money.currency })
}

/** The amount without its sign, for sentences that say the direction in words. */
export function withoutSign(money: Money): Money {
  return { amount: money.amount.replace(/^-/, ''), currency: money.currency }
}

/** Below, at or above zero. */
export function signOf(money: Money): -1 | 0 | 1 {
  const { units } = toMinor(money.amount)
  return units < 0n ? -1 : units > 0n ? 1 : 0
}

/** Negative when `a` is the smaller amount; both must be of one currency. */
export function compareMoney(a: Money, b: Money): number {
  const left = toMinor(a.amount)
  const right = toMinor(b.amount)
  const digits = Math.max(left.digits, right.digits)
  const difference = left.units * 10n ** BigInt(digits - left.digits) - right.units * 10n ** BigInt(digits - right.digits)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The sum of amounts of one currency, in its digits; null when one is not stated or is of another, or there are none. */
export function sumOf(amounts: readonly (Money | null)[]): Money | null {
  const [first] = amounts
  if (first === undefined || first === null) return null
  const { digits } = toMinor(first.amount)
  let units = 0n
  for (const amount of amounts) {
    if (amount === null || amount.currency !== first.currency) return null
    const minor = toMinor(amount.amount)
    if (minor.digits !== digits) return null
    units += minor.units
  }
  return { amount: toText(units, digits), currency: first.currency }
}

/** An equal share of the amount, rounded up to the minor unit, and whether it divides without rest. */
export function shareOf(money: Money, count: number): { share: Money; isExact: boolean } {
  const { units, digits } = toMinor(money.amount)
  const parts = BigInt(Math.max(1, count))
  const rest = units % parts
  const share = units / parts + (rest > 0n ? 1n : 0n)
  return { share: { amount: toText(share, digits), currency: money.currency }, isExact: rest === 0n }
}

function toText(units: bigint, digits: number): string {
  if (units < 0n) return `-${toText(-units, digits)}`
  if (digits === 0) return units.toString()
  const text = units.toString().padStart(digits + 1, '0')
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`
}
