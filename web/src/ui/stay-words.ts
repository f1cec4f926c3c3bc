import type { HouseDetails, Money, StayOffer } from '../api/types.ts'
import { moneyWords, shareOf, toMinor } from './money-words.ts'
import { dayWords, instantDayWords, instantWords } from './time-words.ts'

const boards: Record<NonNullable<StayOffer['board']>, string> = {
  RO: 'Room only',
  BB: 'Breakfast included',
  HB: 'Half board: breakfast and one meal a day',
  FB: 'Full board: breakfast, lunch and dinner',
  AI: 'All inclusive',
}

/** A board by its code, for a choice among them. */
export function boardName(code: string): string {
  const words: string | undefined = boards[code as keyof typeof boards]
  return words?.split(':')[0] ?? code
}

/** "Breakfast included"; what nobody says is "not stated", never "room only". */
export function boardWords({ board, board_text }: Pick<StayOffer, 'board' | 'board_text'>): string {
  if (board !== null) return boards[board]
  return board_text === null ? 'Meals: not stated' : plainCase(board_text)
}

/** "3 nights". */
export function nightsWords(nights: number): string {
  return `${nights} ${nights === 1 ? 'night' : 'nights'}`
}

/** "Tue 1 Dec 2026 – Fri 4 Dec 2026". */
export function stayDaysWords(stay: { check_in: string; check_out: string }): string {
  return `${dayWords(stay.check_in)} – ${dayWords(stay.check_out)}`
}

/** "2 adults, children of 5 and 8". */
export function roomGuestsWords(adults: number, childAges: readonly number[]): string {
  const grown = `${adults} ${adults === 1 ? 'adult' : 'adults'}`
  if (childAges.length === 0) return grown
  if (childAges.length === 1) return `${grown}, a child of ${childAges[0]}`
  return `${grown}, children of ${childAges.slice(0, -1).join(', ')} and ${childAges.at(-1)}`
}

/** Everyone in all rooms, "2 rooms, 3 adults, 2 children". */
export function allGuestsWords(rooms: readonly { adults: number; childAges: readonly number[] }[]): string {
  const adults = rooms.reduce((sum, room) => sum + room.adults, 0)
  const children = rooms.reduce((sum, room) => sum + room.childAges.length, 0)
  return [
    `${rooms.length} ${rooms.length === 1 ? 'room' : 'rooms'}`,
    `${adults} ${adults === 1 ? 'adult' : 'adults'}`,
    ...(children === 0 ? [] : [`${children} ${children === 1 ? 'child' : 'children'}`]),
  ].join(', ')
}

/** Rooms by name, equal ones counted: "2 × Double room, sea view". */
export function roomNames(rooms: readonly { name: string }[]): string {
  const counts = new Map<string, number>()
  for (const { name } of rooms) counts.set(plainCase(name), (counts.get(plainCase(name)) ?? 0) + 1)
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).join(', ')
}

/** Suppliers that write in capitals are not shouting. */
export function plainCase(text: string): string {
  return text === text.toUpperCase() ? text.charAt(0) + text.slice(1).toLowerCase() : text
}

/** The steps of a cancellation that are still to come: what is in force now, and what follows. */
function stepsAhead({ cancellation }: Pick<StayOffer, 'cancellation'>, nowMs: number) {
  return (cancellation ?? []).filter((_, i, all) => {
    const next = all[i + 1]?.from
    return next === undefined || next === null || Date.parse(next) > nowMs
  })
}

const isZero = (money: Money) => toMinor(money.amount).units === 0n

/** Whether cancelling now is free, and until when, short: what is not stated is said to be so. */
export function freeCancellationWords(stay: Pick<StayOffer, 'refundable' | 'cancellation'>, nowMs: number): string {
  if (stay.refundable === null) return 'Cancelling: not stated'
  if (!stay.refundable) return 'No free cancellation'
  const [now, next] = stepsAhead(stay, nowMs)
  const isFree = now !== undefined && now.penalty !== null && isZero(now.penalty)
  return isFree && next?.from != null ? `Free cancellation until ${instantDayWords(next.from)}` : 'Free cancellation'
}

/** What cancelling costs and from when, a sentence for each step from now on, by the reader's clock. */
export function cancellationWords(stay: Pick<StayOffer, 'refundable' | 'cancellation' | 'pay_at'>, nowMs: number): string[] {
  if (stay.cancellation === null) {
    if (stay.refundable === null) return ['The hotel has not told us what cancelling costs. Ask before you rely on it.']
    return [
      stay.refundable
        ? 'Cancelling is free now. The hotel has not told us until when.'
        : 'Cancelling is not free. The hotel has not told us what it costs.',
    ]
  }
  const takes = stay.pay_at === 'property' ? 'charges' : 'keeps'
  const steps = stepsAhead(stay, nowMs)
  return steps.map(({ from, penalty }, i) => {
    const until = steps[i + 1]?.from ?? null
    const end = until === null ? '' : `until ${instantWords(until, nowMs)}`
    const begins =
      i === 0 || from === null
        ? until === null
          ? 'From now on'
          : upperFirst(end)
        : `From ${instantWords(from, nowMs)}${end === '' ? '' : ` ${end}`}`
    if (penalty === null) return `${begins}: the hotel ${takes} a part it has not told us.`
    return isZero(penalty) ? `${begins}: free.` : `${begins}: the hotel ${takes} ${moneyWords(penalty)}.`
  })
}

/** Who takes the money. */
export function payAtWords(payAt: StayOffer['pay_at']): string {
  if (payAt === null) return 'When you pay: not stated'
  return payAt === 'booking' ? 'Pay now' : 'Pay at the hotel'
}

/** "$120.00 a night", "about" where the nights do not divide the price. */
export function perNightWords(total: Money, nights: number): string {
  const { share, isExact } = shareOf(total, nights)
  return `${isExact ? '' : 'about '}${moneyWords(share)} a night`
}

/** What the guest pays at the hotel beside the price, each by itself; empty where nothing is stated. */
export function dueWords({ due_at_property }: Pick<StayOffer, 'due_at_property'>): string[] {
  return due_at_property.map(({ name, amount }) => `${plainCase(name)}: ${amount === null ? 'amount not stated' : moneyWords(amount)}`)
}

/** "4 stars", "3.5 stars"; null where nobody says. */
export function starsWords(stars: number | null): string | null {
  return stars === null ? null : `${stars} ${stars === 1 ? 'star' : 'stars'}`
}

/** "8.6 of 10"; null where nobody has rated it. */
export function ratingWords(rating: number | null): string | null {
  return rating === null ? null : `${rating.toFixed(1)} of 10`
}

/** "850 m", "2.4 km". */
export function distanceWords(meters: number): string {
  return meters < 1_000 ? `${meters} m` : `${(meters / 1_000).toFixed(1)} km`
}

const amenities: Record<HouseDetails['amenities'][number], string> = {
  wifi: 'Wi-Fi',
  pool: 'Pool',
  parking: 'Parking',
  gym: 'Gym',
  spa: 'Spa',
  restaurant: 'Restaurant',
  bar: 'Bar',
  air_conditioning: 'Air conditioning',
  family_rooms: 'Family rooms',
  airport_shuttle: 'Airport shuttle',
  pets: 'Pets allowed',
  accessible: 'Wheelchair accessible',
  beach: 'Beach',
  kitchen: 'Kitchen',
  laundry: 'Laundry',
  reception_24h: '24-hour reception',
}

/** What a house has, in words. */
export function amenityWords(amenity: string): string {
  const words: string | undefined = amenities[amenity as keyof typeof amenities]
  return words ?? amenity
}

const types: Record<HouseDetails['type'], string> = {
  hotel: 'Hotel',
  apartment: 'Apartment',
  hostel: 'Hostel',
  resort: 'Resort',
  guest_house: 'Guest house',
  other: 'Other',
}

/** What kind of house it is. */
export function houseTypeWords(type: string): string {
  const words: string | undefined = types[type as keyof typeof types]
  return words ?? type
}

function upperFirst(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
