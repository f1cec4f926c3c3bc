import type { Currency } from '../../kernel/currency.ts'
import type { ProviderLimits } from '../contract.ts'

/** Who signs in where a session is needed, which is the search for reservations only. */
export type Agent = { readonly user: string; readonly password: string; readonly organization: string }

/** What every call is written with. */
export type SabreSettings = {
  /** Base of the REST APIs, to which "/v5/offers/shop" and the like are appended: "https://api.platform.sabre.com". */
  readonly url: string
  /** Where SOAP messages are sent: "https://webservices.platform.sabre.com". */
  readonly soapUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** The office that sells, a pseudo city code of three or four characters. */
  readonly pcc: string
  readonly agent: Agent
  /** What prices are asked for in; null for the office's own currency. */
  readonly currency: Currency | null
  /** The country of the ticket stock, as tickets are printed; null where the office's profile says it. */
  readonly ticketCountry: string | null
  /** A stored printer profile; null where none has to be named. */
  readonly printerProfile: number | null
  readonly limits: ProviderLimits
}

/**
 * A search in production takes up to fifteen seconds. Booking and ticketing orchestrate half a dozen services, one of
 * them at the airline's, and wait up to 25 s by their own account; a write is given up after 120 s. The largest replies
 * are of searches with several brands per itinerary, some megabytes. Sabre's offers have no lifetime of their own: what
 * was shopped is priced again before it is booked.
 */
export const SABRE_LIMITS: ProviderLimits = {
  shopTimeoutMs: 20_000,
  readTimeoutMs: 25_000,
  writeTimeoutMs: 120_000,
  replyBytesMax: 24 * 1024 * 1024,
  concurrentMax: 40,
  retentionMs: 20 * 60_000,
  unknownHorizonMs: 30 * 60_000,
  // Every search counts against the office's look-to-book ratio.
  hedging: null,
  // By contract and not by a rule of the API's; whoever has one writes it here.
  looks: { perMinuteMax: null, perBookingMax: null },
}

/** The way to the SOAP services beside a REST address: "api.cert.platform.…" is "webservices.cert.platform.…" there. */
export function soapUrlBeside(restUrl: string): string {
  const url = new URL(restUrl)
  return `${url.protocol}//${url.host.replace(/^api\./, 'webservices.')}/`
}

/**
 * The agent that a client id names: "V1:<user>:<office>:<domain>", whose secret is the agent's password. Undefined for a
 * client id of another form, which names none.
 */
export function agentOfClient(clientId: string, clientSecret: string): Agent | undefined {
  const [version, user, organization] = clientId.split(':')
  return version === 'V1' && user && organization ? { user, password: clientSecret, organization } : undefined
}
