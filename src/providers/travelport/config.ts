import Type, { type Static } from 'typebox'
import type { ProviderLimits } from '../contract.ts'

/** How long we wait and how much we accept. The host may take a minute and a half to book or ticket. */
export const TravelportLimits = Type.Object(
  {
    shopTimeoutMs: Type.Integer({ minimum: 100, maximum: 60_000, default: 15_000 }),
    readTimeoutMs: Type.Integer({ minimum: 100, maximum: 120_000, default: 20_000 }),
    writeTimeoutMs: Type.Integer({ minimum: 100, maximum: 180_000, default: 100_000 }),
    replyBytesMax: Type.Integer({ minimum: 10_000, maximum: 64_000_000, default: 8_388_608 }),
    concurrentMax: Type.Integer({ minimum: 1, maximum: 500, default: 40 }),
    retentionMs: Type.Integer({ minimum: 60_000, maximum: 3_600_000, default: 12 * 60_000 }),
    unknownHorizonMs: Type.Integer({ minimum: 0, maximum: 86_400_000, default: 30 * 60_000 }),
    hedging: Type.Union([Type.Object({ afterPercentile: Type.Number({ minimum: 50, maximum: 100 }) }), Type.Null()], { default: null }),
    looks: Type.Object({
      perMinuteMax: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { default: null }),
      perBookingMax: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { default: null }),
    }),
  },
  { additionalProperties: false },
)

/** The limits that apply when nothing else is configured: GDS offers are kept 12 minutes (semantics S1). */
export const TRAVELPORT_DEFAULT_LIMITS: ProviderLimits = {
  shopTimeoutMs: 15_000,
  readTimeoutMs: 20_000,
  writeTimeoutMs: 100_000,
  replyBytesMax: 8_388_608,
  concurrentMax: 40,
  retentionMs: 12 * 60_000,
  unknownHorizonMs: 30 * 60_000,
  hedging: null,
  // Scans are charged by contract and not by a rule of the API's; whoever has one writes it here.
  looks: { perMinuteMax: null, perBookingMax: null },
}

/** How hotels are sold. */
export const TravelportHotels = Type.Object(
  {
    /** TRM is Travelport Rooms and More, which brings the aggregators' rates. */
    providerCode: Type.String({ minLength: 2, maxLength: 5, default: 'TRM' }),
    /** IATA codes of the cities whose hotels are ours to sell: the host has no list of all its hotels. */
    cities: Type.Array(Type.String({ pattern: '^[A-Z]{3}$' }), { minItems: 1, maxItems: 5_000 }),
    /** Our IATA number, by which the agency guarantees a room; null guarantees nothing. */
    iataNumber: Type.Union([Type.String({ pattern: '^\\d{7,8}$' }), Type.Null()], { default: null }),
  },
  { additionalProperties: false },
)

export type TravelportHotels = Static<typeof TravelportHotels>

/** Everything a call needs. */
export const TravelportOn = Type.Object(
  {
    on: Type.Literal(true),
    /** Base of the gateway, to which the service is appended: "https://emea.universal-api.travelport.com/B2BGateway/connect/uAPI". */
    baseUrl: Type.String({ pattern: '^https?://[^\\s]+$' }),
    /** With its prefix, as Travelport issues it: "Universal API/uAPI1234567890-abcdef". */
    username: Type.String({ minLength: 1 }),
    password: Type.String({ minLength: 1 }),
    targetBranch: Type.String({ minLength: 1, maxLength: 25 }),
    /** The host system: 1G is Galileo. */
    providerCode: Type.String({ minLength: 2, maxLength: 5, default: '1G' }),
    /** The office (PCC) to act for; null for the branch's own. */
    pseudoCityCode: Type.Union([Type.String({ minLength: 2, maxLength: 10 }), Type.Null()], { default: null }),
    /** What fares are asked for in, ISO 4217; null for the branch's own currency. */
    currency: Type.Union([Type.String({ pattern: '^[A-Z]{3}$' }), Type.Null()], { default: null }),
    limits: TravelportLimits,
    /** What is sold beside flights; absent or null sells no hotels. */
    hotels: Type.Optional(Type.Union([TravelportHotels, Type.Null()])),
  },
  { additionalProperties: false },
)

/** Off, or on with everything required. */
export const TravelportConfig = Type.Union([Type.Object({ on: Type.Literal(false) }, { additionalProperties: false }), TravelportOn])

export type TravelportConfig = Static<typeof TravelportConfig>
export type TravelportOn = Static<typeof TravelportOn>
