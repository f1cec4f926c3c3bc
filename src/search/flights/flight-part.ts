import { compress, decompress } from '@mongodb-js/zstd'
import { money, toMoneyText, type Money } from '../../kernel/money.ts'
import { instant } from '../../kernel/time.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { toOfferView, toPriceView, type OfferView } from '../../travel/offer-view.ts'
import { fromOfferView } from '../../travel/read-offer-view.ts'
import { findCarrier } from '../../travel/places.ts'
import type { OfferRow } from '../engine/column-schema.ts'
import { encodePart, facetValues, fragmentText, openPart, type Part } from '../engine/part.ts'
import type { PlacedPart } from '../engine/priced-view.ts'
import { combinedOfferId, offerIdOf, SELF_TRANSFER, type Superset, type SupersetPart } from '../supersets/superset.ts'
import { FLIGHT_COLUMNS, toFlightColumns } from './flight-columns.ts'
import { toSummary } from './flight-summary.ts'

/** What a shown price is made of, as a part keeps it. */
type NetFare = Pick<FlightOffer, 'solution' | 'base' | 'taxes' | 'passengers'>

const carrierName = (code: string) => findCarrier(code)?.name

/** One supplier's offers as a part of a superset. Their ids are left out: an offer is named by where it stands. */
export async function encodeFlightPart(provider: string, offers: readonly FlightOffer[]): Promise<SupersetPart> {
  const hot = encodePart(FLIGHT_COLUMNS, offers.map(toFlightRow))
  const cold = encodeTokens(offers.map((offer) => offer.supplierToken))
  const [packedHot, packedCold] = await Promise.all([compress(hot), compress(cold)])
  return { provider, offers: offers.length, hot, packedHot, packedCold, coldBytes: cold.length }
}

/** The offer with this number in the superset, as its supplier sent it, under our id; null when there is none. */
export async function readFlightOffer(superset: Superset, index: number): Promise<FlightOffer | null> {
  let first = 0
  for (const { provider, offers, hot, packedCold } of superset.parts) {
    if (index < first + offers) {
      const token = tokenAt(await decompress(packedCold), index - first)
      return { ...readFacts(openPart(hot), index - first, provider), id: offerIdOf(superset.version, index), supplierToken: token }
    }
    first += offers
  }
  return null
}

/** Everything about an offer but its id and token. */
export function readFacts(part: Part, i: number, provider: string): Omit<FlightOffer, 'id' | 'supplierToken'> {
  const view = JSON.parse(`{${fragmentText(part.full, i)}`) as OfferView
  const expiresAt = part.expiresAt[i]!
  return {
    provider,
    ...readNetFare(part, i),
    ...fromOfferView(view),
    total: netOf(part, i),
    expiresAt: expiresAt === 0 ? null : instant(expiresAt),
  }
}

/** The supplier's total. */
export function netOf(part: Part, i: number): Money {
  return money(part.net[i]!, part.currencies[part.currencyCodes[i]!]!)
}

/** The JSON of an offer from its opening brace to where the part's fragment goes on: all that depends on id and price. */
export function flightHead(
  part: Part,
  i: number,
  shown: { readonly id: string; readonly total: Money; readonly form: 'full' | 'summary' },
): string {
  const provider = facetValues(part, 'suppliers', i)[0]!
  if (shown.form === 'summary') return `{"id":"${shown.id}","provider":"${provider}","total":${JSON.stringify(toMoneyText(shown.total))},`
  const { solution, ...fare } = readNetFare(part, i)
  const price = toPriceView({ ...fare, total: netOf(part, i) }, shown.total)
  return `{"id":"${shown.id}","provider":"${provider}","solution":${solution},${JSON.stringify(price).slice(1, -1)},`
}

/** The id an offer is shown under: where it stands, or, of tickets combined by us, the ids of what it is made of. */
export function flightOfferId({ part, provider, version, firstIndex }: PlacedPart, i: number): string {
  if (provider !== SELF_TRANSFER) return offerIdOf(version, firstIndex + i)
  const { self_transfer } = JSON.parse(`{${fragmentText(part.full, i)}`) as OfferView
  return combinedOfferId(self_transfer!.offer_ids)
}

function readNetFare(part: Part, i: number): NetFare {
  return JSON.parse(fragmentText(part.netFare, i)) as NetFare
}

/** One offer as the engine encodes it. */
export function toFlightRow(offer: FlightOffer): OfferRow {
  const { solution, base, taxes, passengers } = offer
  // What depends on the price and on where the offer stands is written when it is shown: flightHead.
  const {
    id: _id,
    provider: _provider,
    solution: _solution,
    total: _total,
    base: _base,
    taxes: _taxes,
    passengers: _passengers,
    ...rest
  } = toOfferView(offer, { carrierName })
  return {
    net: { amount: offer.total.amount, currency: offer.total.currency },
    expiresAt: offer.expiresAt,
    ...toFlightColumns(offer),
    netFare: JSON.stringify({ solution, base, taxes, passengers } satisfies NetFare),
    full: JSON.stringify(rest).slice(1),
    summary: JSON.stringify(toSummary(offer)).slice(1),
    token: offer.supplierToken,
  }
}

function encodeTokens(tokens: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(tokens), 'utf8')
}

function tokenAt(cold: Buffer, i: number): string {
  const token = (JSON.parse(cold.toString('utf8')) as string[])[i]
  if (token === undefined) throw new RangeError('the part holds no token for this offer')
  return token
}
