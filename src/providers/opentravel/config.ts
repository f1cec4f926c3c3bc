import Type, { type Static } from 'typebox'
import type { ProviderLimits } from '../contract.ts'

/** How long we wait and how much we accept. A hotel's own system may take a minute to confirm. */
export const OPENTRAVEL_DEFAULT_LIMITS: ProviderLimits = {
  shopTimeoutMs: 15_000,
  readTimeoutMs: 20_000,
  writeTimeoutMs: 90_000,
  replyBytesMax: 8_388_608,
  concurrentMax: 30,
  retentionMs: 20 * 60_000,
  unknownHorizonMs: 30 * 60_000,
  hedging: null,
  // How often one may ask is a matter of the contract with each seller; the standard says nothing.
  looks: { perMinuteMax: null, perBookingMax: null },
}

/** How many properties an availability request may name: few enough that all their rates stay within the limits of a reply. */
export const PROPERTIES_MAX = 50

/** How many hotels a page of static content holds. */
export const PAGE_MAX = 100

/** Everything a call needs. */
export const OpenTravelOn = Type.Object(
  {
    /** The one address that takes every message. */
    url: Type.String({ pattern: '^https?://[^\\s]+$' }),
    username: Type.String({ minLength: 1 }),
    password: Type.String({ minLength: 1 }),
    /** As whom we ask (POS/Source/RequestorID); null leaves the requestor out. */
    requestorId: Type.Union([Type.String({ minLength: 1, maxLength: 32 }), Type.Null()], { default: null }),
    /** The chain whose hotels are asked for, where the seller wants one; null for a seller of many. */
    chainCode: Type.Union([Type.String({ minLength: 1, maxLength: 8 }), Type.Null()], { default: null }),
    /** What rates are asked for in, ISO 4217; null for the seller's own currency. */
    currency: Type.Union([Type.String({ pattern: '^[A-Z]{3}$' }), Type.Null()], { default: null }),
  },
  { additionalProperties: false },
)

export type OpenTravelOn = Static<typeof OpenTravelOn> & { readonly limits: ProviderLimits }
