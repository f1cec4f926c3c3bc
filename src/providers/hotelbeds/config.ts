import type { ProviderLimits } from '../contract.ts'

/** What an account with Hotelbeds needs. */
export type HotelbedsConfig = {
  /** Base of both APIs, to which "/hotel-api/1.0" and "/hotel-content-api/1.0" are appended: "https://api.hotelbeds.com". */
  readonly url: string
  readonly apiKey: string
  readonly secret: string
  readonly limits?: Partial<ProviderLimits>
}

/**
 * Hotelbeds answers availability in 5 s, checks a rate in 15 s and books in 60 s, or gives up itself; a write is given up
 * by us later than that. How many calls a second are granted is each contract's, so `looks` says none.
 * https://developer.hotelbeds.com/documentation/hotels/booking-api/api-reference/
 */
export const HOTELBEDS_LIMITS: ProviderLimits = {
  shopTimeoutMs: 10_000,
  readTimeoutMs: 20_000,
  writeTimeoutMs: 90_000,
  replyBytesMax: 32 * 1024 * 1024,
  concurrentMax: 40,
  retentionMs: 30 * 60_000,
  unknownHorizonMs: 30 * 60_000,
  // Every availability counts against the ratio of looks to bookings that the contract allows.
  hedging: null,
  looks: { perMinuteMax: null, perBookingMax: null },
}

/** What every request is written with. */
export type Settings = { readonly url: string; readonly apiKey: string; readonly secret: string; readonly limits: ProviderLimits }

/** The configuration with every default in its place. */
export function toSettings({ url, apiKey, secret, limits }: HotelbedsConfig): Settings {
  return { url: url.replace(/\/+$/, ''), apiKey, secret, limits: { ...HOTELBEDS_LIMITS, ...limits } }
}
