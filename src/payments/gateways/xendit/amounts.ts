import { minorDigits } from '../../../kernel/currency.ts'
import { formatAmount, parseMoney, type Money } from '../../../kernel/money.ts'
import { UnrepresentableAmount } from '../amounts.ts'
import { XENDIT_DECIMALS } from './config.ts'

/** A JSON number holds this many digits of any decimal exactly. */
const DIGITS_MAX = 15

/** The amount as Xendit's number, in whole units; throws {@link UnrepresentableAmount}. */
export function toXenditAmount(value: Money): number {
  const decimals = XENDIT_DECIMALS.get(value.currency)
  if (decimals === undefined) throw new UnrepresentableAmount(value, 'Xendit makes no invoices in it')
  if (value.amount <= 0) throw new UnrepresentableAmount(value, 'it is not above zero')
  if (value.amount % 10 ** Math.max(0, minorDigits(value.currency) - decimals) !== 0)
    throw new UnrepresentableAmount(value, `Xendit takes ${decimals} decimals`)
  if (String(value.amount).length > DIGITS_MAX) throw new UnrepresentableAmount(value, 'it has too many digits')
  return Number(formatAmount(value))
}

/** Xendit's decimal, as text, as money; throws a RangeError for an unknown currency or a fraction of our minor unit. */
export function fromXenditAmount(decimal: string, currency: string): Money {
  return parseMoney(decimal, currency)
}
