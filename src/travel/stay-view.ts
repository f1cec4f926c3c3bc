import { isSameMoney, toMoneyText, type Money, type MoneyText } from '../kernel/money.ts'
import { toIso } from '../kernel/time.ts'
import type { Static } from 'typebox'
import type { StayOfferSchema } from './stay-schemas.ts'
import { nightsOf, shareOfPrice, type StayOffer } from './stay.ts'

/** A stay as it travels in JSON, the same wherever one is shown. */
export type StayOfferView = Static<typeof StayOfferSchema>

/**
 * The JSON form of a stay at the price shown. What cancelling costs is told as its share of that price, and the supplier's
 * own charges only where the guest pays them at the property: the rest would reveal what we pay. The token never leaves.
 */
export function toStayOfferView(offer: StayOffer, options: { readonly total?: Money } = {}): StayOfferView {
  const total = options.total ?? offer.total
  const isNet = isSameMoney(total, offer.total)
  const shown = (amount: Money | null): MoneyText | null =>
    amount === null ? null : toMoneyText(isNet ? amount : shareOfPrice(total, offer.total, amount))
  return {
    kind: 'stay',
    id: offer.id,
    provider: offer.provider,
    property: { code: offer.property, name: offer.propertyName },
    check_in: offer.checkIn,
    check_out: offer.checkOut,
    nights: nightsOf(offer),
    rooms: offer.rooms.map(({ name, occupancy }) => ({
      name,
      adults: occupancy.adults,
      child_ages: [...occupancy.childAges],
    })),
    board: offer.board,
    board_text: offer.boardText,
    rate_plan: offer.ratePlan?.name ?? null,
    total: toMoneyText(total),
    pay_at: offer.payAt,
    due_at_property: offer.charges
      .filter(({ due }) => due === 'property')
      .map(({ kind, name, amount }) => ({ kind, name, amount: amount && toMoneyText(amount) })),
    refundable: offer.refundable,
    cancellation:
      offer.cancellation?.map(({ from, penalty }) => ({ from: from === null ? null : toIso(from), penalty: shown(penalty) })) ?? null,
    rooms_left: offer.roomsLeft,
    remarks: [...offer.remarks],
    expires_at: offer.expiresAt === null ? null : toIso(offer.expiresAt),
  }
}
