/** How to reach Stripe. `webhookSecrets` holds one secret, or two while one replaces the other. Time-outs are total. */
export type StripeConfig = {
  readonly secretKey: string
  readonly webhookSecrets: readonly string[]
  readonly apiUrl: string
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
}
