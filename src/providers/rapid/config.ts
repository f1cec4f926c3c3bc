import type { ProviderLimits } from '../contract.ts'
import type { ProviderEnvironment, Variable } from '../module.ts'

/** What Rapid needs from the environment; the first variable switches it on. */
export const RAPID_ENVIRONMENT = {
  RAPID_URL: { description: 'Expedia Rapid API', example: 'https://api.ean.com' },
  RAPID_API_KEY: { description: 'Expedia Rapid API key' },
  RAPID_SHARED_SECRET: { description: 'Expedia Rapid shared secret' },
  RAPID_POINT_OF_SALE: { description: 'partner_point_of_sale, as Expedia assigned it', isOptional: true },
  RAPID_BILLING_TERMS: { description: 'billing_terms, as Expedia assigned them', isOptional: true },
  RAPID_PAYMENT_TERMS: { description: 'payment_terms, as Expedia assigned them', isOptional: true },
  RAPID_PLATFORM_NAME: { description: 'platform_name, as Expedia assigned it', isOptional: true },
  RAPID_CUSTOMER_IP: {
    description: 'address sent as Customer-Ip',
    example: '203.0.113.7',
    isOptional: true,
    pattern: /^[\da-fA-F.:]{3,45}$/,
  },
  RAPID_BILLING_LINE: { description: 'our billing address: street and number', isOptional: true },
  RAPID_BILLING_CITY: { description: 'our billing address: city', isOptional: true },
  RAPID_BILLING_STATE: { description: 'our billing address: state, needed in AU, CA and US', isOptional: true },
  RAPID_BILLING_POSTAL_CODE: { description: 'our billing address: postal code, needed in CA, GB and US', isOptional: true },
  RAPID_BILLING_COUNTRY: {
    description: 'our billing address: country, ISO 3166-1 alpha-2',
    example: 'ID',
    isOptional: true,
    pattern: /^[A-Z]{2}$/,
  },
} as const satisfies Readonly<Record<string, Variable>>

/**
 * Expedia recommends 90 seconds for a booking and says that no reply comes after 120: by then it either exists or never
 * will. https://developers.expediagroup.com/docs/products/rapid/resources/reference/rapid-error-responses
 *
 * 250 properties of twelve rates, 2.5 kB each, are 8 MB before compression; the cap holds for both. How many searches a
 * minute are granted is a matter of the contract.
 */
export const RAPID_LIMITS: ProviderLimits = {
  shopTimeoutMs: 12_000,
  readTimeoutMs: 20_000,
  writeTimeoutMs: 90_000,
  replyBytesMax: 24 * 1024 * 1024,
  concurrentMax: 40,
  retentionMs: 30 * 60_000,
  unknownHorizonMs: 120_000,
  // Look-to-book is watched, and nothing in their rules allows asking twice.
  hedging: null,
  looks: { perMinuteMax: null, perBookingMax: null },
}

/** Where we are billed; null parts are not sent. */
export type BillingAddress = {
  readonly line: string | null
  readonly city: string | null
  readonly state: string | null
  readonly postalCode: string | null
  /** Null: the guest's country is stated, because one has to be. */
  readonly country: string | null
}

/** What every request is written with. */
export type Settings = {
  /** Scheme and host only: their links bring the path, version included. */
  readonly url: string
  readonly apiKey: string
  readonly sharedSecret: string
  /** Query parameters that Expedia assigns to a partner, by their own names. */
  readonly assigned: Readonly<Record<string, string>>
  readonly customerIp: string
  readonly billing: BillingAddress
  readonly limits: ProviderLimits
}

/** The settings of an environment. `read` throws for what has to be set. */
export function toSettings({ read, find }: ProviderEnvironment, limits: ProviderLimits = RAPID_LIMITS): Settings {
  const assigned = {
    partner_point_of_sale: find('RAPID_POINT_OF_SALE'),
    billing_terms: find('RAPID_BILLING_TERMS'),
    payment_terms: find('RAPID_PAYMENT_TERMS'),
    platform_name: find('RAPID_PLATFORM_NAME'),
  }
  return {
    url: new URL(read('RAPID_URL')).origin,
    apiKey: read('RAPID_API_KEY'),
    sharedSecret: read('RAPID_SHARED_SECRET'),
    assigned: Object.fromEntries(Object.entries(assigned).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    // The address of this machine's own loopback says no less than that we are not told the customer's.
    customerIp: find('RAPID_CUSTOMER_IP') ?? '127.0.0.1',
    billing: {
      line: find('RAPID_BILLING_LINE') ?? null,
      city: find('RAPID_BILLING_CITY') ?? null,
      state: find('RAPID_BILLING_STATE') ?? null,
      postalCode: find('RAPID_BILLING_POSTAL_CODE') ?? null,
      country: find('RAPID_BILLING_COUNTRY') ?? null,
    },
    limits,
  }
}
