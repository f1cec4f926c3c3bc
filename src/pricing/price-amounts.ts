import Big from 'big.js'

/** `amount * factor + constant`, divided by `divisor` and rounded half up, all of them whole. */
export type PriceLine = { readonly factor: bigint; readonly constant: bigint; readonly divisor: bigint }

/** The line through two fractions of decimals, in whole numbers without a common divisor. */
export function toPriceLine(factor: Big, constant: Big, divisor: Big): PriceLine {
  const places = Math.max(...[factor, constant, divisor].map((value) => Math.max(0, value.c.length - 1 - value.e)))
  const [f, c, d] = [factor, constant, divisor].map((value) => BigInt(value.times(new Big(10).pow(places)).toFixed(0))) as [
    bigint,
    bigint,
    bigint,
  ]
  const common = gcd(gcd(f, c), d)
  return { factor: f / common, constant: c / common, divisor: d / common }
}

/** The line whose prices, rounded half up, are those of this one rounded up: (n + d - 1) / d in whole numbers. */
export function toRoundingUp({ factor, constant, divisor }: PriceLine): PriceLine {
  return { factor: 2n * factor, constant: 2n * constant + divisor - 2n, divisor: 2n * divisor }
}

/**
 * Prices many amounts by one line, exactly: in doubles while every step is a whole number they can hold, in big integers
 * otherwise. Null for an amount below zero, or a price beyond counting.
 */
export function createAmountPricer({ factor, constant, divisor }: PriceLine): (amount: number) => number | null {
  const [f, c, d] = [Number(factor), Number(constant), Number(divisor)]
  // Doubled, so that half a unit is whole too; with a margin, so that adding to it stays exact.
  const exactBelow = Math.floor((Number.MAX_SAFE_INTEGER / 4 - 2 * c - d) / (2 * f))
  return (amount) => {
    if (amount < 0) return null
    if (amount <= exactBelow) {
      const dividend = 2 * (amount * f + c) + d
      const quotient = Math.floor(dividend / (2 * d))
      const remainder = dividend - quotient * 2 * d
      return remainder < 0 ? quotient - 1 : remainder >= 2 * d ? quotient + 1 : quotient
    }
    const exact = Number((2n * (BigInt(amount) * factor + constant) + divisor) / (2n * divisor))
    return Number.isSafeInteger(exact) ? exact : null
  }
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}
