import { sumMoney } from '../../kernel/money.ts'
import type { StayOffer, RoomOccupancy } from '../../travel/stay.ts'
import { mergeCharges } from './read-charges.ts'
import { addTimelines } from './read-penalties.ts'
import type { RoomOption } from './read-room-rates.ts'
import { groupBy } from './read-values.ts'

/** What an offer says of its rooms and their price, apart from where and when. */
export type Combined = Omit<
  StayOffer,
  'id' | 'provider' | 'property' | 'propertyName' | 'checkIn' | 'checkOut' | 'supplierToken' | 'expiresAt'
> & {
  readonly options: readonly RoomOption[]
}

/**
 * One offer for all rooms. Rooms are taken together under one rate plan and one board: for each room type, the rooms that
 * have it in that type and the others in their cheapest. Combinations for which too few rooms are left are not made.
 */
export function combineRooms(
  rooms: readonly { readonly occupancy: RoomOccupancy; readonly options: readonly RoomOption[] }[],
): readonly Combined[] {
  const [first] = rooms
  if (!first) return []
  const occupancies = rooms.map((room) => room.occupancy)
  if (rooms.length === 1) return first.options.map((option) => combine([option], occupancies)).filter((one) => one !== null)
  const byPlan = rooms.map((room) => groupBy(room.options, planKey))
  const combined = new Map<string, Combined>()
  for (const [plan, options] of byPlan[0]!) {
    const choices = byPlan.map((plans) => (plans.get(plan) ?? []).toSorted((a, b) => a.total.amount - b.total.amount))
    if (choices.some((choice) => choice.length === 0)) continue
    for (const type of new Set(options.map((option) => option.roomCode))) {
      const chosen = choices.map((choice) => choice.find((option) => option.roomCode === type) ?? choice[0]!)
      const whole = hasRoom(chosen) ? combine(chosen, occupancies) : null
      if (whole) combined.set(JSON.stringify(chosen.map((option) => option.key)), whole)
    }
  }
  return [...combined.values()]
}

function planKey(option: RoomOption): string {
  return JSON.stringify([option.key.ratePlanCode ?? option.key.ratePlanId, option.board, option.payAt, option.total.currency])
}

function hasRoom(chosen: readonly RoomOption[]): boolean {
  return chosen.every(
    ({ roomCode, roomsLeft }) => roomsLeft === null || chosen.filter((other) => other.roomCode === roomCode).length <= roomsLeft,
  )
}

function combine(options: readonly RoomOption[], occupancies: readonly RoomOccupancy[]): Combined | null {
  const { board, boardText, plan, payAt, total } = options[0]!
  if (options.some((option) => option.total.currency !== total.currency)) return null
  const left = options.flatMap((option) => option.roomsLeft ?? [])
  return {
    options,
    rooms: options.map((option, index) => ({ name: option.roomName, code: option.roomCode, occupancy: occupancies[index]! })),
    board,
    boardText,
    ratePlan: plan,
    total: sumMoney(
      options.map((option) => option.total),
      total.currency,
    ),
    charges: mergeCharges(options.flatMap((option) => option.charges)),
    payAt,
    refundable: options.every((option) => option.refundable === true)
      ? true
      : options.some((option) => option.refundable === false)
        ? false
        : null,
    cancellation: addTimelines(options.map((option) => option.cancellation)),
    roomsLeft: left.length === 0 ? null : Math.min(...left),
    isPackageOnly: false,
    remarks: [...new Set(options.flatMap((option) => option.remarks))],
  }
}
