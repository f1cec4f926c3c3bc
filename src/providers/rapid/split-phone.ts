/** A telephone number as their bookings state it. */
export type SplitPhone = { readonly country_code: string; readonly number: string }

/**
 * Splits an E.164 number behind its country code; undefined when it is none. Country codes are 1, 7, the two-digit ones
 * listed here, or three digits. https://www.itu.int/pub/T-SP-E.164D
 */
export function splitPhone(phone: string): SplitPhone | undefined {
  const digits = /^\+(\d{6,15})$/.exec(phone.replace(/[\s().-]/g, ''))?.[1]
  if (!digits) return undefined
  const length = /^[17]/.test(digits) ? 1 : TWO_DIGITS.has(digits.slice(0, 2)) ? 2 : 3
  return { country_code: digits.slice(0, length), number: digits.slice(length) }
}

const TWO_DIGITS = new Set(
  (
    '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 ' +
    '81 82 84 86 90 91 92 93 94 95 98'
  ).split(' '),
)
