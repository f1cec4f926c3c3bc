import { parseMoney, type Money } from '../../kernel/money.ts'

/**
 * An amount as Sabre writes it, a JSON number in shopping ("totalPrice": 1234.5) and a text in booking ("964.55"). The
 * number's own digits are read, never computed with. Throws a RangeError for what is no amount of the currency.
 */
export function readAmount(amount: unknown, currency: unknown): Money {
  const text = typeof amount === 'number' ? String(amount) : typeof amount === 'string' ? amount.trim() : ''
  return parseMoney(text, typeof currency === 'string' ? currency.trim() : '')
}

/** The same where it may be absent or odd: null then. */
export function findAmount(amount: unknown, currency: unknown): Money | null {
  try {
    return readAmount(amount, currency)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
