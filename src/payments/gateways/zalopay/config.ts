/**
 * How to reach ZaloPay. `requestKey` is its key1, which signs what we send. `callbackKeys` are its key2, which signs what it
 * announces: one, or two while one replaces the other. Time-outs are total.
 */
export type ZalopayConfig = {
  readonly appId: number
  readonly requestKey: string
  readonly callbackKeys: readonly string[]
  /** Null: the one set in ZaloPay's portal. */
  readonly callbackUrl: string | null
  readonly apiUrl: string
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
}
