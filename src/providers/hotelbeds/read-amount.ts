import { parseMoney, type Money } from '../../kernel/money.ts'

/** "280.72" or 280.72: both are the decimal that was written. Throws a RangeError for anything else. */
export function readAmount(amount: string | number, currency: string): Money {
  return parseMoney(String(amount).trim(), currency)
}

/** An amount, or null when it is not stated or none that can be read. */
export function findAmount(amount: string | number | null | undefined, currency: string | null | undefined): Money | null {
  if (amount === null || amount === undefined || amount === '' || !currency) return null
  try {
    return readAmount(amount, currency)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
