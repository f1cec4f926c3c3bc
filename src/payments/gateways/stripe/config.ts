/** How to reach Stripe. `webhookSecrets` holds one secret, or two while one replaces the other. */
export type StripeConfig = {
  readonly secretKey: string
  readonly webhookSecrets: readonly string[]
  readonly apiUrl: string
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
}

const API_URL = 'https://api.stripe.com'

/**
 * Reads `STRIPE_SECRET_KEY`, `STRIPE_WEBHOOK_SECRET`, `STRIPE_WEBHOOK_SECRET_PREVIOUS` and `STRIPE_API_URL`. Undefined when
 * neither of the first two is set: Stripe is off. Throws an Error that names every fault when it is half configured.
 */
export function readStripeConfig(environment: Readonly<Record<string, string | undefined>>): StripeConfig | undefined {
  const secretKey = environment['STRIPE_SECRET_KEY']
  const webhookSecret = environment['STRIPE_WEBHOOK_SECRET']
  const previous = environment['STRIPE_WEBHOOK_SECRET_PREVIOUS']
  const apiUrl = environment['STRIPE_API_URL'] || API_URL
  if (!secretKey && !webhookSecret) return undefined
  const faults = [
    secretKey ? '' : 'STRIPE_SECRET_KEY is missing',
    webhookSecret ? '' : 'STRIPE_WEBHOOK_SECRET is missing',
    URL.canParse(apiUrl) && /^https?:/.test(apiUrl) ? '' : 'STRIPE_API_URL is not an http address',
  ].filter((fault) => fault !== '')
  if (!secretKey || !webhookSecret || faults.length > 0) throw new Error(faults.join('; '))
  return { secretKey, webhookSecrets: previous ? [webhookSecret, previous] : [webhookSecret], apiUrl, readTimeoutMs: 5_000, writeTimeoutMs: 8_000 }
}
