/**
 * How to reach PayOS. `checksumKey` signs everything, both ways; PayOS gives a channel no second one. Customers pay at
 * `payUrl`. Time-outs are total.
 */
export type PayosConfig = {
  readonly clientId: string
  readonly apiKey: string
  readonly checksumKey: string
  readonly apiUrl: string
  readonly payUrl: string
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
}
