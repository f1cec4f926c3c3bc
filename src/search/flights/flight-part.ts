import { compress } from '@mongodb-js/zstd'
import { money, toMoneyText, type Money } from '../../kernel/money.ts'
import { instant } from '../../kernel/time.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { toPriceView, type OfferView } from '../../travel/offer-view.ts'
import { fromOfferView } from '../../travel/read-offer-view.ts'
import type { OfferRow } from '../engine/column-schema.ts'
import { encodePart, facetValues, fragmentText, openPart, type Part } from '../engine/part.ts'
import type { PlacedPart } from '../engine/priced-view.ts'
import { packPart, placedOffer } from '../supersets/pack-part.ts'
import { combinedOfferId, offerIdOf, SELF_TRANSFER, type Superset, type SupersetPart } from '../supersets/superset.ts'
import { FLIGHT_COLUMNS, toFlightColumns } from './flight-columns.ts'
import { toSummary, type AlternativeView } from './flight-summary.ts'
import { readNetFare, writeNetFare } from './net-fare.ts'
import { nameProduct } from './product-name.ts'
import { SegmentTexts } from './segment-texts.ts'

/** One supplier's offers as a part of a superset. Their ids are left out: an offer is named by where it stands. */
export function encodeFlightPart(provider: string, offers: readonly FlightOffer[]): Promise<SupersetPart> {
  return packPart(
    provider,
    encodePart(FLIGHT_COLUMNS, toFlightRows(offers)),
    offers.map((offer) => offer.supplierToken),
  )
}

/**
 * A part as this release writes it, from one that says less: what is not in it is not stated. Its offers keep their places, and
 * what buys them stays packed.
 */
export async function completeFlightPart(part: SupersetPart): Promise<SupersetPart> {
  const read = openPart(part.hot)
  if (read.kind !== FLIGHT_COLUMNS.kind || read.product.size > 0) return part
  const offers = Array.from({ length: read.count }, (_, i) => ({ ...readFacts(read, i, part.provider), id: '', supplierToken: '' }))
  const hot = encodePart(FLIGHT_COLUMNS, toFlightRows(offers))
  return { ...part, hot, packedHot: await compress(hot) }
}

/** The offer with this number in the superset, as its supplier sent it, under our id; null when there is none. */
export async function readFlightOffer(superset: Superset, index: number): Promise<FlightOffer | null> {
  const placed = await placedOffer(superset, index)
  if (placed === null) return null
  const { part, i, provider, token } = placed
  return { ...readFacts(part, i, provider), id: offerIdOf(superset.version, index), supplierToken: token }
}

/** Everything about an offer but its id and token. */
export function readFacts(part: Part, i: number, provider: string): Omit<FlightOffer, 'id' | 'supplierToken'> {
  const expiresAt = part.expiresAt[i]!
  const total = netOf(part, i)
  return {
    provider,
    ...readNetFare(fragmentText(part.netFare, i), total.currency),
    ...fromOfferView(readView(part, i)),
    total,
    expiresAt: expiresAt === 0 ? null : instant(expiresAt),
  }
}

/** The supplier's total. */
export function netOf(part: Part, i: number): Money {
  return money(part.net[i]!, part.currencies[part.currencyCodes[i]!]!)
}

/** What of an offer depends on the others it is shown with: its id, its price, and who else sells the same. */
export type ShownFlight = { readonly id: string; readonly total: Money; readonly alternatives: readonly AlternativeView[] }

/** The JSON of an offer from its opening brace to where the part's fragment goes on: all that depends on id and price. */
export function flightHead(part: Part, i: number, shown: ShownFlight): string {
  const provider = facetValues(part, 'suppliers', i)[0]!
  const total = netOf(part, i)
  const { solution, ...fare } = readNetFare(fragmentText(part.netFare, i), total.currency)
  const price = toPriceView({ ...fare, total }, shown.total)
  const alternatives = JSON.stringify(shown.alternatives)
  return `{"id":"${shown.id}","provider":"${provider}","solution":${solution},"alternatives":${alternatives},${JSON.stringify(price).slice(1, -1)},`
}

/** The JSON of an offer in the short form, made of the full one: few who search ask for it. */
export function flightSummary(part: Part, i: number, shown: ShownFlight): string {
  const provider = facetValues(part, 'suppliers', i)[0]!
  const bags = facetValues(part, 'bags', i)[0]!
  return JSON.stringify(toSummary(readView(part, i), { ...shown, provider, total: toMoneyText(shown.total) }, bags))
}

/** The id an offer is shown under: where it stands, or, of tickets combined by us, the ids of what it is made of. */
export function flightOfferId({ part, provider, version, firstIndex }: PlacedPart, i: number): string {
  if (provider !== SELF_TRANSFER) return offerIdOf(version, firstIndex + i)
  return combinedOfferId(readView(part, i).self_transfer!.offer_ids)
}

/** What an offer's fragment says: everything but its id, provider and price. */
function readView(part: Part, i: number): OfferView {
  return JSON.parse(`{${fragmentText(part.full, i)}`) as OfferView
}

/** Offers of one supplier as the engine encodes them. */
export function toFlightRows(offers: readonly FlightOffer[]): OfferRow[] {
  const texts = new SegmentTexts()
  return offers.map((offer) => toRow(offer, texts))
}

/** One offer as the engine encodes it. */
export function toFlightRow(offer: FlightOffer): OfferRow {
  return toRow(offer, new SegmentTexts())
}

function toRow(offer: FlightOffer, texts: SegmentTexts): OfferRow {
  const { facets, numbers } = toFlightColumns(offer)
  if (!offer.selfTransfer) nameProduct(numbers, texts.product(offer))
  return {
    net: { amount: offer.total.amount, currency: offer.total.currency },
    expiresAt: offer.expiresAt,
    facets,
    numbers,
    netFare: writeNetFare(offer),
    // What depends on the price and on where the offer stands is written when it is shown: flightHead.
    full: texts.afterPrice(offer),
    token: offer.supplierToken,
  }
}
