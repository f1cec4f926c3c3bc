import type { ProviderLimits } from '../contract.ts'

/** Where Testwire is and who asks. `currency` is what flights are asked for in; stays say it themselves. */
export type TestwireConfig = {
  readonly url: string
  readonly key: string
  readonly currency: string
  readonly limits?: Partial<ProviderLimits>
}

export type Settings = { readonly url: string; readonly key: string; readonly currency: string; readonly limits: ProviderLimits }

/** A search waits for the slow route (9 s) and not for the one that never answers. Six hundred offers are under 2 MB. */
export const TESTWIRE_LIMITS: ProviderLimits = {
  shopTimeoutMs: 12_000,
  readTimeoutMs: 10_000,
  writeTimeoutMs: 20_000,
  replyBytesMax: 16 * 1024 * 1024,
  concurrentMax: 40,
  retentionMs: 30 * 60_000,
  unknownHorizonMs: 30 * 60_000,
  hedging: null,
  looks: { perMinuteMax: null, perBookingMax: null },
}

/** The configuration with every default in its place. */
export function toSettings({ url, key, currency, limits }: TestwireConfig): Settings {
  return { url: url.replace(/\/+$/, ''), key, currency, limits: { ...TESTWIRE_LIMITS, ...limits } }
}
