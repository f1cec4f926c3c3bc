import Type, { type Static } from 'typebox'
import type { ProviderLimits } from '../contract.ts'

const Limit = (maximum: number) => Type.Optional(Type.Integer({ minimum: 1, maximum }))

/** Duffel's environment: off, or on with everything that a call needs. */
export const duffelConfigSchema = Type.Union([
  Type.Object({ enabled: Type.Literal(false) }),
  Type.Object({
    enabled: Type.Literal(true),
    /** Base of the API, to which "/air/orders" and the like are appended: "https://api.duffel.com". */
    url: Type.String({ pattern: '^https?://' }),
    /** "duffel_test_…" or "duffel_live_…": the token decides whether real tickets are bought. */
    accessToken: Type.String({ minLength: 1 }),
    /** Sent as `Duffel-Version`; this adapter speaks v2 and nothing else. */
    version: Type.Optional(Type.Literal('v2')),
    limits: Type.Optional(
      Type.Object({
        shopTimeoutMs: Limit(60_000),
        readTimeoutMs: Limit(120_000),
        writeTimeoutMs: Limit(180_000),
        replyBytesMax: Limit(64 * 1024 * 1024),
        concurrentMax: Limit(500),
        retentionMs: Limit(3_600_000),
        unknownHorizonMs: Limit(86_400_000),
        hedging: Type.Optional(Type.Union([Type.Object({ afterPercentile: Type.Number({ minimum: 50, maximum: 100 }) }), Type.Null()])),
        looks: Type.Optional(
          Type.Object({
            perMinuteMax: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
            perBookingMax: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
          }),
        ),
      }),
    ),
  }),
])

/** A configuration that is on. */
export type DuffelConfig = Extract<Static<typeof duffelConfigSchema>, { enabled: true }>

/**
 * An offer lives about 30 minutes; an order may take two minutes at the airline's, so a write is given up only after
 * 130 s (semantics S1, S4). A search of a busy route returned inline is 1.5 MB and may be several times that.
 *
 * Of the 4,000 requests a minute a quarter is left for verifying and booking. 1,500 searches per booking are what Duffel
 * expects of agents who sell on its airline contracts:
 * https://help.duffel.com/hc/en-gb/articles/360019684099-Is-there-any-limit-to-how-many-searches-I-can-make
 */
export const DUFFEL_LIMITS: ProviderLimits = {
  shopTimeoutMs: 15_000,
  readTimeoutMs: 20_000,
  writeTimeoutMs: 130_000,
  replyBytesMax: 16 * 1024 * 1024,
  concurrentMax: 40,
  retentionMs: 30 * 60_000,
  unknownHorizonMs: 30 * 60_000,
  // Every search is counted, so one that is sent twice is paid for twice.
  hedging: null,
  looks: { perMinuteMax: 3_000, perBookingMax: 1_500 },
}

/** What every request is written with. */
export type Settings = { readonly url: string; readonly accessToken: string; readonly version: 'v2'; readonly limits: ProviderLimits }

/** The configuration with every default in its place. */
export function toSettings(config: DuffelConfig): Settings {
  const limits = Object.fromEntries(Object.entries(config.limits ?? {}).filter(([, value]) => value !== undefined))
  return {
    url: config.url.replace(/\/+$/, ''),
    accessToken: config.accessToken,
    version: config.version ?? 'v2',
    limits: { ...DUFFEL_LIMITS, ...limits },
  }
}
