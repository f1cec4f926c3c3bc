import { parseCurrency, type Currency } from '../../../kernel/currency.ts'

/** How to reach Midtrans. The first of `serverKeys` is called with; notifications signed with any of them are ours. Time-outs are total. */
export type MidtransConfig = {
  readonly serverKeys: readonly string[]
  /** Where pages are opened: "https://app.midtrans.com". */
  readonly snapUrl: string
  /** Where transactions are asked about and refunded: "https://api.midtrans.com". */
  readonly apiUrl: string
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
}

/** Snap takes rupiah only. https://docs.midtrans.com/reference/request-body-json-parameter */
export const MIDTRANS_CURRENCIES: readonly Currency[] = [parseCurrency('IDR')]
