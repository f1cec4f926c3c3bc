import { parseCurrency, type Currency } from '../../../kernel/currency.ts'

/** How to reach Xendit. `callbackTokens` holds one token, or two while one replaces the other. Time-outs are total. */
export type XenditConfig = {
  readonly secretKey: string
  readonly callbackTokens: readonly string[]
  readonly apiUrl: string
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
}

/**
 * What invoices are made in, and with how many decimals Xendit writes it: rupiah and đồng are whole, although ISO 4217
 * gives the rupiah two. https://docs.xendit.co/docs/payment-links-supported-currencies
 */
export const XENDIT_DECIMALS: ReadonlyMap<Currency, number> = new Map(
  Object.entries({ IDR: 0, PHP: 2, THB: 2, VND: 0, MYR: 2, USD: 2 }).map(([code, decimals]) => [parseCurrency(code), decimals]),
)
