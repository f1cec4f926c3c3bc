import type { ProviderLimits } from '../contract.ts'
import { VERSIONS, type Version } from './wire.ts'

/** An airline's interface: whose it is, in which version it is asked, and where. */
export type AirlineConfig = {
  /** IATA designator. */
  readonly airline: string
  readonly version: Version
  /** Where requests go. "{message}" in it becomes the request's name ("AirShopping") where an airline has a path for each. */
  readonly url: string
}

/** Everything a call needs. */
export type NdcConfig = AirlineConfig & {
  readonly apiKey: string
  /** The agency's IATA number. */
  readonly agencyId: string
  readonly agencyName: string | null
  /** What prices are asked for in, ISO 4217; null for the airline's choice. */
  readonly currency: string | null
  readonly limits: ProviderLimits
}

/** How long we wait and how much we accept. Airlines that ticket through a GDS take a minute for it. */
export const NDC_LIMITS: ProviderLimits = {
  shopTimeoutMs: 20_000,
  readTimeoutMs: 30_000,
  writeTimeoutMs: 100_000,
  replyBytesMax: 16_777_216,
  concurrentMax: 20,
  // Offers state when they expire, mostly after 20 to 30 minutes.
  retentionMs: 25 * 60_000,
  unknownHorizonMs: 30 * 60_000,
  hedging: null,
  // The ratio of searches to bookings is agreed with each airline; whoever has one writes it here.
  looks: { perMinuteMax: null, perBookingMax: null },
}

const ENTRY = String.raw`\s*[A-Z0-9]{2}=(?:${VERSIONS.map((version) => version.replace('.', String.raw`\.`)).join('|')})@https?:\/\/[^\s,]+\s*`

/** What NDC_AIRLINES must look like: entries with commas between them, each airline once. */
export const AIRLINES_PATTERN = new RegExp(`^(?!(?:.*,)?\\s*([A-Z0-9]{2})=.*,\\s*\\1=)${ENTRY}(?:,${ENTRY})*$`)

/** Reads NDC_AIRLINES, "AF=21.3@https://ndc.example/af,KW=17.2@https://…". Throws an Error that says which entry is wrong, and why. */
export function parseAirlines(text: string): readonly AirlineConfig[] {
  const airlines = text.split(',').map(parseAirline)
  const twice = airlines.find((one, i) => airlines.findIndex((other) => other.airline === one.airline) !== i)
  if (twice) throw new Error(`NDC_AIRLINES names ${twice.airline} twice`)
  return airlines
}

function parseAirline(entry: string): AirlineConfig {
  const match = /^([^=]*)=([^@]*)@(.*)$/.exec(entry.trim())
  if (!match) throw new Error(`NDC_AIRLINES: "${entry.trim()}" is not CODE=VERSION@URL, such as AF=21.3@https://ndc.example/af`)
  const [, airline = '', stated = '', url = ''] = match
  if (!/^[A-Z0-9]{2}$/.test(airline)) throw new Error(`NDC_AIRLINES: "${airline}" is not an airline's two-character code in capitals`)
  const version = VERSIONS.find((one) => one === stated)
  if (!version) throw new Error(`NDC_AIRLINES: ${airline} has version "${stated}"; known are ${VERSIONS.join(', ')}`)
  if (!/^https?:\/\/[^\s]+$/.test(url)) throw new Error(`NDC_AIRLINES: ${airline} has "${url}", which is not an http address`)
  return { airline, version, url }
}
