import { sumMoney } from '../../kernel/money.ts'
import type { RoomRate } from './from-wire-rate.ts'
import type { RoomGroup } from './room-groups.ts'

/** One rate for each group of rooms, in the order of the groups: together they are the whole stay. */
export type Combination = readonly RoomRate[]

/**
 * The combinations of a property's rates that a guest would choose from. Groups share board, kind of rate, way of paying and
 * packaging; each rate is combined with the same type of room for the other groups or, where there is none, with their
 * cheapest. Where no kind of rate is sold to every group, the cheapest mixture is the one offer.
 */
export function combineRates(groups: readonly RoomGroup[], rates: readonly RoomRate[]): Combination[] {
  const byGroup = groups.map((group) => rates.filter((rate) => fits(rate, group)).toSorted((a, b) => a.net.amount - b.net.amount))
  if (byGroup.some((own) => own.length === 0)) return []
  if (byGroup.length === 1) return unique(byGroup[0]!.map((rate) => [rate]))
  const alike = combineBy(byGroup, groups, kindOf)
  if (alike.length > 0) return alike
  return combineBy(byGroup, groups, payKindOf)
    .toSorted((a, b) => totalOf(a) - totalOf(b))
    .slice(0, 1)
}

function combineBy(
  byGroup: readonly (readonly RoomRate[])[],
  groups: readonly RoomGroup[],
  kind: (rate: RoomRate) => string,
): Combination[] {
  const found = byGroup.flatMap((own, at) =>
    own.flatMap((rate): Combination[] => {
      const parts = byGroup.map((other, index) => (index === at ? rate : partnerOf(rate, other, kind)))
      return parts.every((part) => part !== undefined) ? [parts] : []
    }),
  )
  return unique(found).filter((combination) => isEnough(combination, groups))
}

/** The rate for another group that goes with this one: the same type of room, otherwise the cheapest of its kind. */
function partnerOf(rate: RoomRate, others: readonly RoomRate[], kind: (rate: RoomRate) => string): RoomRate | undefined {
  const alike = others.filter((other) => kind(other) === kind(rate))
  return alike.find((other) => other.room.code !== null && other.room.code === rate.room.code) ?? alike[0]
}

function kindOf(rate: RoomRate): string {
  return [rate.boardCode, rate.rateClass, payKindOf(rate)].join('|')
}

function payKindOf({ payAt, isPackageOnly, net }: RoomRate): string {
  return [payAt, isPackageOnly, net.currency].join('|')
}

/** Whether a rate is for the rooms of a group. */
function fits(rate: RoomRate, { occupancy, rooms }: RoomGroup): boolean {
  if (rate.count !== null && rate.count !== rooms.length) return false
  if (rate.adults !== null && rate.adults !== occupancy.adults) return false
  if (rate.children !== null && rate.children !== occupancy.childAges.length) return false
  // For several rooms their ages come one room after the other, or once for all of them.
  if (rate.ages === null || rate.ages.length === 0) return true
  const asked = occupancy.childAges.toSorted((a, b) => a - b)
  const stated = rate.ages.toSorted((a, b) => a - b)
  const all = rooms.flatMap(() => asked).toSorted((a, b) => a - b)
  return String(stated) === String(asked) || String(stated) === String(all)
}

/** Two groups in one type of room need as many of it as both together. */
function isEnough(combination: Combination, groups: readonly RoomGroup[]): boolean {
  return combination.every((rate) => {
    if (rate.allotment === null || rate.room.code === null) return true
    const needed = combination.reduce((sum, other, at) => sum + (other.room.code === rate.room.code ? groups[at]!.rooms.length : 0), 0)
    return needed <= Math.max(rate.allotment, groups[combination.indexOf(rate)]!.rooms.length)
  })
}

function totalOf(combination: Combination): number {
  return sumMoney(
    combination.map(({ net }) => net),
    combination[0]!.net.currency,
  ).amount
}

function unique(combinations: readonly Combination[]): Combination[] {
  return [...new Map(combinations.map((combination) => [combination.map(({ key }) => key).join('\n'), combination])).values()]
}
