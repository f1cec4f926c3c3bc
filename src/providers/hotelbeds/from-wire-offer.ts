import { createHash } from 'node:crypto'
import { addMoney, sumMoney } from '../../kernel/money.ts'
import type { Instant, LocalDate } from '../../kernel/time.ts'
import type { RoomOccupancy, StayCharge, StayOffer, StayRoom } from '../../travel/stay.ts'
import { combineRates, type Combination } from './combine-rates.ts'
import { HOTELBEDS } from './faults.ts'
import { isOtherDate, toRoomRates, type RoomRate } from './from-wire-rate.ts'
import { writeToken } from './offer-token.ts'
import { groupRooms, type RoomGroup } from './room-groups.ts'
import { addTimelines } from './timeline.ts'
import type { WireHotel } from './wire.ts'

/** The stay that an answer is about, and when it is read: whether cancelling is free is a matter of the hour. */
export type AskedStay = {
  readonly checkIn: LocalDate
  readonly checkOut: LocalDate
  readonly rooms: readonly RoomOccupancy[]
  readonly now: Instant
}

/** All offers of one property, and how many of its rates could not be read. */
export function toOffers(hotel: WireHotel, stay: AskedStay): { readonly offers: readonly StayOffer[]; readonly unread: number } {
  if (isOtherDate(hotel.checkIn, stay.checkIn) || isOtherDate(hotel.checkOut, stay.checkOut)) return { offers: [], unread: 0 }
  const { rates, unread } = ratesOf(hotel, stay)
  const groups = groupRooms(stay.rooms)
  return { offers: combineRates(groups, rates).map((combination) => toOffer(hotel, stay, { groups, combination })), unread }
}

/** Every rate of a property that can be read, room by room. */
export function ratesOf(hotel: WireHotel, { checkIn, checkOut, now }: AskedStay): { rates: readonly RoomRate[]; unread: number } {
  const context = { currency: hotel.currency, now, checkIn, checkOut }
  const rooms = (hotel.rooms ?? []).map((room) => toRoomRates(room, context))
  return { rates: rooms.flatMap(({ rates }) => rates), unread: rooms.reduce((sum, room) => sum + room.unread, 0) }
}

/** One offer of one rate per group of rooms. */
export function toOffer(
  hotel: WireHotel,
  stay: AskedStay,
  { groups, combination }: { readonly groups: readonly RoomGroup[]; readonly combination: Combination },
): StayOffer {
  const first = combination[0]!
  return {
    id: toId(combination),
    provider: HOTELBEDS,
    property: String(hotel.code),
    propertyName: hotel.name,
    checkIn: stay.checkIn,
    checkOut: stay.checkOut,
    rooms: toRooms(stay.rooms, groups, combination),
    board: allSame(combination.map(({ board }) => board)),
    boardText: [...new Set(combination.flatMap(({ boardText }) => boardText ?? []))].join(' / ') || null,
    ratePlan: toRatePlan(combination),
    total: sumMoney(
      combination.map(({ net }) => net),
      first.net.currency,
    ),
    charges: addCharges(combination.flatMap(({ charges }) => charges ?? [])),
    payAt: allSame(combination.map(({ payAt }) => payAt)),
    refundable: combination.some(({ refundable }) => refundable === false)
      ? false
      : combination.every(({ refundable }) => refundable)
        ? true
        : null,
    cancellation: addTimelines(combination.map(({ cancellation }) => cancellation)),
    roomsLeft: combination.reduce<number | null>(
      (least, { allotment }) => (allotment === null ? least : Math.min(allotment, least ?? allotment)),
      null,
    ),
    isPackageOnly: combination.some(({ isPackageOnly }) => isPackageOnly),
    remarks: [...new Set(combination.flatMap(({ remarks }) => remarks))],
    expiresAt: null,
    supplierToken: writeToken({
      rates: combination.map(({ key, room, boardCode, needsCheck }, at) => ({
        key,
        room: room.code,
        board: boardCode,
        needsCheck,
        rooms: groups[at]!.rooms,
      })),
    }),
  }
}

/** A rate key is long and names everything; its hash is as unique and no one is tempted to read it. */
function toId(combination: Combination): string {
  const keys = combination.map(({ key }) => key).join('\n')
  return `hb_${createHash('sha256').update(keys).digest('base64url').slice(0, 22)}`
}

function toRooms(asked: readonly RoomOccupancy[], groups: readonly RoomGroup[], combination: Combination): StayRoom[] {
  return asked.map((occupancy, index) => {
    const { room } = combination[groups.findIndex(({ rooms }) => rooms.includes(index))]!
    return { name: room.name, code: room.code, occupancy }
  })
}

function toRatePlan(combination: Combination): StayOffer['ratePlan'] {
  const code = allSame(combination.map(({ rateClass }) => rateClass))
  return code === null ? null : { code, name: code === 'NRF' ? 'Non-refundable' : null }
}

function allSame<T>(values: readonly (T | null)[]): T | null {
  return values.every((value) => value === values[0]) ? (values[0] ?? null) : null
}

/** The same charge on several rooms is one charge; where an amount is not known, neither is the sum. */
function addCharges(charges: readonly StayCharge[]): StayCharge[] {
  const sums = new Map<string, StayCharge>()
  for (const charge of charges) {
    const key = [charge.kind, charge.name, charge.due, charge.amount?.currency].join('|')
    const sum = sums.get(key)
    sums.set(key, sum?.amount && charge.amount ? { ...sum, amount: addMoney(sum.amount, charge.amount) } : (sum ?? charge))
  }
  return [...sums.values()]
}
