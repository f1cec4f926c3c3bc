import type { ProviderLimits } from '../contract.ts'

/** The limits that apply when nothing else is configured. MasterPricer answers from a cache: its offers are kept 12 minutes (semantics S1). */
export const AMADEUS_DEFAULT_LIMITS: ProviderLimits = {
  shopTimeoutMs: 15_000,
  readTimeoutMs: 25_000,
  // A booking is six messages to a host that may take its time for each.
  writeTimeoutMs: 110_000,
  replyBytesMax: 8_388_608,
  concurrentMax: 40,
  retentionMs: 12 * 60_000,
  unknownHorizonMs: 30 * 60_000,
  hedging: null,
  // Look-to-book is charged by contract and not by a rule of the API's; whoever has one writes it here.
  looks: { perMinuteMax: null, perBookingMax: null },
}

/** Everything a call needs. */
export type AmadeusOn = {
  /** The endpoint: "https://nodeD1.production.webservices.amadeus.com/1ASIWABCDEF", or without the WSAP when that is given apart. */
  readonly url: string
  /** The web service access point, "1ASIWABCDEF"; null when it is in the url. */
  readonly wsap: string | null
  /** The user of the access point, "WSABCDEF". */
  readonly username: string
  /** As Amadeus issued it, in clear: it is only ever sent as a digest. */
  readonly password: string
  /** The office that sells and owns the PNRs, "PARFW2100". */
  readonly officeId: string
  /** SU is a supervisor, the duty of web service users. */
  readonly dutyCode: string
  /** ISO 3166-1 alpha-2 of the ticket stock, "FR": voids name it. */
  readonly market: string
  /** What fares are asked for in, ISO 4217; null for the office's own currency. */
  readonly currency: string | null
  /** Stateful sessions open at once in this process. Contracts grant a fixed number, and one more is refused for everybody. */
  readonly sessionsMax: number
  readonly limits: ProviderLimits
}

/** Contracts usually begin with this many concurrent conversations. */
export const SESSIONS_MAX = 10
