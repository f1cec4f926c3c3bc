import { toMoneyText, type Money } from '../../kernel/money.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { RoomOccupancy, StayOffer, StayQuery } from '../../travel/stay.ts'
import type { StayShopReply } from '../contract.ts'
import { findTotal, toMoney, toPrice } from './amounts.ts'
import { toBoard } from './board.ts'
import { findInstant, toCancellation } from './cancellation.ts'
import { RAPID } from './faults.ts'
import { findForRoom, findOccupancy, toOccupancy } from './occupancy.ts'
import { toOfferId, type OfferToken } from './token.ts'
import { wireProperty, wireRate, type WireConditions, type WireLink, type WireProperty, type WireRate, type WireRoom } from './wire.ts'

/** Available rooms at this number or above are not known: it is the largest 32-bit integer. */
const ROOMS_LEFT_UNKNOWN = 2_147_483_647

/**
 * The properties with a room that answer, and one offer for each of their rates. Rates that cannot be read, or that do
 * not price every room asked for, are left out. Without the question (`query` null) nobody knows how many rooms there
 * are of each occupancy: then the offer is one room, of the occupancy that is cheapest, on dates that are not stated.
 */
export function toShopReply(properties: readonly unknown[], query: StayQuery | null): StayShopReply {
  const readable = properties.filter((property) => wireProperty.Check(property))
  const withRooms = readable.filter(({ rooms }) => (rooms ?? []).some((room) => room.rates.length > 0))
  return {
    solutions: withRooms.length,
    offers: withRooms.flatMap((property) =>
      (property.rooms ?? []).flatMap((room) => room.rates.flatMap((rate) => readRate(property, room, rate, query))),
    ),
  }
}

function readRate(property: WireProperty, room: WireRoom, rate: unknown, query: StayQuery | null): StayOffer[] {
  if (!wireRate.Check(rate) || rate.status === 'sold_out') return []
  const link = Object.values(rate.bed_groups).flatMap(({ links }) => links?.price_check ?? [])[0]
  if (!link) return []
  try {
    const occupancies = query?.rooms ?? cheapestOccupancy(rate)
    const offer = occupancies && toOffer({ property, room, rate, link, query, occupancies })
    return offer ? [offer] : []
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}

type Parts = {
  readonly property: WireProperty
  readonly room: WireRoom
  readonly rate: WireRate
  readonly link: WireLink
  readonly query: StayQuery | null
  readonly occupancies: readonly RoomOccupancy[]
}

function toOffer({ property, room, rate, link, query, occupancies }: Parts): StayOffer | undefined {
  const pricing = occupancies.flatMap((occupancy) => findForRoom(rate.occupancy_pricing, occupancy) ?? [])
  if (pricing.length < occupancies.length) return undefined
  const price = toPrice(pricing)
  const terms: OfferToken['terms'] = {
    refundable: rate.refundable ?? null,
    penalties: rate.cancel_penalties ?? [],
    nonrefundable: rate.nonrefundable_date_ranges ?? [],
  }
  const dates = query ? { checkIn: query.checkIn, checkOut: query.checkOut } : NO_DATES
  const token: OfferToken = { priceCheck: link.href, book: null, session: null, country: query?.guestCountry ?? '', terms }
  const code = String(property.property_id)
  const left = rate.available_rooms
  return {
    id: toOfferId([code, room.id, rate.id, dates, occupancies.map(toOccupancy), link.href, toMoneyText(price.total)]),
    provider: RAPID,
    property: code,
    // A reply about rooms never names the property; its static content does.
    propertyName: `Property ${code}`,
    ...dates,
    rooms: occupancies.map((occupancy) => ({ name: room.room_name || `Room ${room.id}`, code: String(room.id), occupancy })),
    ...toBoard(rate.amenities),
    ratePlan: { code: String(rate.id), name: null },
    total: price.total,
    charges: price.charges,
    payAt: toPayAt(rate.merchant_of_record),
    ...toCancellation(terms, price, query && { ...dates, rooms: occupancies.length }),
    roomsLeft: typeof left === 'number' && left >= 1 && left < ROOMS_LEFT_UNKNOWN ? Math.floor(left) : null,
    isPackageOnly: rate.sale_scenario?.package === true,
    remarks: toRemarks(rate),
    expiresAt: findInstant(link.expires),
    supplierToken: JSON.stringify(token),
  }
}

/** Of a message that is read without its question. */
const NO_DATES = { checkIn: '' as LocalDate, checkOut: '' as LocalDate }

/** Of equal ones the first by name, so that the same message is always read the same way. */
function cheapestOccupancy(rate: WireRate): readonly RoomOccupancy[] | undefined {
  const priced = Object.entries(rate.occupancy_pricing).flatMap(([key, pricing]) => {
    const occupancy = findOccupancy(key)
    const total = findTotal([pricing.totals.inclusive])
    return occupancy && total ? [{ key, occupancy, total }] : []
  })
  const [cheapest] = priced.toSorted((a, b) => a.total.amount - b.total.amount || (a.key < b.key ? -1 : 1))
  return cheapest && [cheapest.occupancy]
}

function toPayAt(merchant: string | null | undefined): StayOffer['payAt'] {
  if (merchant === 'expedia') return 'booking'
  return merchant === 'property' ? 'property' : null
}

/** What else the guest has to put down, in sentences. */
export function toRemarks({ deposits, refundable_damage_deposit: damage, card_on_file_limit: card }: WireConditions): readonly string[] {
  const say = (amount: Money | null): string =>
    amount ? `${amount.currency} ${toMoneyText(amount).amount}` : 'an amount the property tells'
  return [
    ...(deposits ?? []).map(({ value, currency, due }) => {
      const amount = say(toMoney(value, currency))
      return `The property takes a deposit of ${amount}${due ? `, due ${due.slice(0, 10)}` : ''}.`
    }),
    ...(damage ? [`The property takes a damage deposit of ${say(toMoney(damage.value, damage.currency))} and gives it back.`] : []),
    ...(card ? [`The property may charge a card for damage up to ${say(toMoney(card.value, card.currency))}.`] : []),
  ]
}
