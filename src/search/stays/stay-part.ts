import { money, type Money } from '../../kernel/money.ts'
import { instant } from '../../kernel/time.ts'
import { toStayOfferView, type StayOfferView } from '../../travel/stay-view.ts'
import type { CancellationStep, StayCharge, StayOffer } from '../../travel/stay.ts'
import type { OfferRow } from '../engine/column-schema.ts'
import { encodePart, fragmentText, type Part } from '../engine/part.ts'
import { packPart, placedOffer } from '../supersets/pack-part.ts'
import { stayOfferIdOf, type Superset, type SupersetPart } from '../supersets/superset.ts'
import { STAY_COLUMNS, toStayColumns, type HouseColumns } from './stay-columns.ts'
import { currencyOf, priceKeyOf } from './stay-pricer.ts'

/** One supplier's stays as a part of a superset, each with its house, by the supplier's code of the property. Throws for a code without one. */
export function encodeStayPart(
  provider: string,
  offers: readonly StayOffer[],
  houses: ReadonlyMap<string, HouseColumns>,
): Promise<SupersetPart> {
  const rows = offers.map((offer) => toStayRow(offer, houses.get(offer.property)!))
  return packPart(
    provider,
    encodePart(STAY_COLUMNS, rows),
    offers.map((offer) => offer.supplierToken),
  )
}

/** The offer with this number in the superset, as its supplier sent it, under our id; null when there is none. */
export async function readStayOffer(superset: Superset, index: number): Promise<StayOffer | null> {
  const placed = await placedOffer(superset, index)
  if (placed === null) return null
  const { part, i, provider, token } = placed
  return { ...readStayFacts(part, i, provider), id: stayOfferIdOf(superset.version, index), supplierToken: token }
}

/** Everything about an offer but its id and token. */
export function readStayFacts(part: Part, i: number, provider: string): Omit<StayOffer, 'id' | 'supplierToken'> {
  const expiresAt = part.expiresAt[i]!
  const view = readTerms(part, i)
  const hidden = JSON.parse(fragmentText(part.netFare, i)) as Hidden
  return {
    provider,
    property: view.property.code,
    propertyName: view.property.name,
    checkIn: view.check_in as StayOffer['checkIn'],
    checkOut: view.check_out as StayOffer['checkOut'],
    rooms: view.rooms.map(({ name, adults, child_ages }, room) => ({
      name,
      code: hidden.roomCodes[room] ?? null,
      occupancy: { adults, childAges: child_ages },
    })),
    board: view.board,
    boardText: view.board_text,
    ratePlan: hidden.ratePlan,
    total: netOf(part, i),
    charges: hidden.charges,
    payAt: view.pay_at,
    refundable: view.refundable,
    cancellation: hidden.cancellation,
    roomsLeft: view.rooms_left,
    isPackageOnly: false,
    remarks: view.remarks,
    expiresAt: expiresAt === 0 ? null : instant(expiresAt),
  }
}

/** The JSON of an offer from its opening brace to where the part's fragment goes on: all that depends on id and price. */
export function stayHead(part: Part, i: number, provider: string, shown: { readonly id: string; readonly total: Money }): string {
  const offer = { ...readStayFacts(part, i, provider), id: shown.id, supplierToken: '' }
  const { total, cancellation } = toStayOfferView(offer, { total: shown.total })
  return `${JSON.stringify({ kind: 'stay', id: shown.id, provider, total, cancellation }).slice(0, -1)},`
}

/** One offer as the engine encodes it. */
export function toStayRow(offer: StayOffer, house: HouseColumns): OfferRow {
  const {
    kind: _kind,
    id: _id,
    provider: _provider,
    total: _total,
    cancellation: _cancellation,
    ...terms
  } = toStayOfferView({ ...offer, propertyName: house.called })
  const hidden: Hidden = {
    roomCodes: offer.rooms.map((room) => room.code),
    ratePlan: offer.ratePlan,
    charges: offer.charges,
    cancellation: offer.cancellation,
  }
  return {
    net: { amount: offer.total.amount, currency: priceKeyOf(offer) },
    expiresAt: offer.expiresAt,
    ...toStayColumns(offer, house),
    netFare: JSON.stringify(hidden),
    // What depends on the price and on where the offer stands is written when it is shown: stayHead.
    full: JSON.stringify(terms).slice(1),
    token: offer.supplierToken,
  }
}

/** What an offer is made of that is not shown, or not as it is. Amounts of money are plain objects in JSON too. */
type Hidden = {
  readonly roomCodes: readonly (string | null)[]
  readonly ratePlan: StayOffer['ratePlan']
  readonly charges: readonly StayCharge[]
  readonly cancellation: readonly CancellationStep[] | null
}

type Terms = Omit<StayOfferView, 'kind' | 'id' | 'provider' | 'total' | 'cancellation'>

/** What an offer's fragment says: everything but its id, provider, price and what follows from it. */
function readTerms(part: Part, i: number): Terms {
  return JSON.parse(`{${fragmentText(part.full, i)}`) as Terms
}

function netOf(part: Part, i: number): Money {
  return money(part.net[i]!, currencyOf(part.currencies[part.currencyCodes[i]!]!))
}
