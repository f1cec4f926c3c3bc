import { money, type Money } from '../kernel/money.ts'
import { daysBetween, type Instant, type LocalDate } from '../kernel/time.ts'

/** Who sleeps in one room. Ages of children are at check-in; 17 is the highest. */
export type RoomOccupancy = { readonly adults: number; readonly childAges: readonly number[] }

/** A search for stays as a supplier is asked it: broad, without filters, for properties it is known to sell. */
export type StayQuery = {
  /** The supplier's own codes of the properties, from its static content. */
  readonly properties: readonly string[]
  readonly checkIn: LocalDate
  readonly checkOut: LocalDate
  readonly rooms: readonly RoomOccupancy[]
  /** Where the guest lives, ISO 3166-1 alpha-2: rates may be sold in some markets only. */
  readonly guestCountry: string
  /** The currency asked for; a supplier may answer in another. */
  readonly currency: string
}

/** What the rate includes to eat: nothing, breakfast, half board, full board, all inclusive. */
export type BoardBasis = 'RO' | 'BB' | 'HB' | 'FB' | 'AI'

export const BOARD_BASES = ['RO', 'BB', 'HB', 'FB', 'AI'] as const satisfies readonly BoardBasis[]

/** One room of the stay. `name` is as the supplier calls it: "Double room, sea view". */
export type StayRoom = { readonly name: string; readonly code: string | null; readonly occupancy: RoomOccupancy }

/**
 * A step of a cancellation timeline: who cancels from `from` on (null: from the booking on) pays `penalty`, until the next
 * step. Ascending. A penalty of zero is free cancellation; null is one that the supplier does not put into an amount.
 */
export type CancellationStep = { readonly from: Instant | null; readonly penalty: Money | null }

/** A charge beside the room's price. `due` says who takes it: we, with the price (then it is in the total), or the property. */
export type StayCharge = {
  readonly kind: 'tax' | 'fee' | 'resort_fee' | 'city_tax' | 'other'
  readonly name: string
  readonly amount: Money | null
  readonly due: 'booking' | 'property'
}

/**
 * Rooms at a rate in a property, for the whole stay: immutable, priced net in the supplier's currency.
 * `supplierToken` is the adapter's own (a rate key, a link) and never parsed by anyone else.
 */
export type StayOffer = {
  readonly id: string
  readonly provider: string
  /** The supplier's code of the property; with the provider it names a property of the static content. */
  readonly property: string
  /** As the reply says it; the static content may say it better. */
  readonly propertyName: string
  readonly checkIn: LocalDate
  readonly checkOut: LocalDate
  readonly rooms: readonly StayRoom[]
  readonly board: BoardBasis | null
  /** The supplier's words for what is included to eat, null when it does not say. */
  readonly boardText: string | null
  readonly ratePlan: { readonly code: string | null; readonly name: string | null } | null
  /** Net for the whole stay in all rooms: what we pay, or what the guest pays at the property. */
  readonly total: Money
  readonly charges: readonly StayCharge[]
  /** Who takes the guest's money; null when the supplier does not say. */
  readonly payAt: 'booking' | 'property' | null
  /** Tri-state: whether cancelling now is free; null is "the supplier does not say". */
  readonly refundable: boolean | null
  /** Null when the supplier does not say; empty never. */
  readonly cancellation: readonly CancellationStep[] | null
  /** Rooms left at this rate, null when not said. */
  readonly roomsLeft: number | null
  /** A rate that may be shown and sold as part of a package only. */
  readonly isPackageOnly: boolean
  /** Remarks of the rate that the guest must be shown before booking. */
  readonly remarks: readonly string[]
  readonly expiresAt: Instant | null
  readonly supplierToken: string
}

/**
 * The part of the price shown that an amount of the supplier's is of its own price (semantics S9): all of it is exactly all of
 * it, parts round up in minor units and are never more than the price. Where a share cannot be told, the amount itself.
 */
export function shareOfPrice(shown: Money, net: Money, part: Money): Money {
  if (net.amount <= 0 || part.currency !== net.currency) return part
  const share = (BigInt(shown.amount) * BigInt(part.amount) + BigInt(net.amount) - 1n) / BigInt(net.amount)
  return money(Math.min(shown.amount, Number(share)), shown.currency)
}

/** Nights of a stay. */
export function nightsOf(stay: Pick<StayOffer, 'checkIn' | 'checkOut'>): number {
  return daysBetween(stay.checkIn, stay.checkOut)
}

/** A guest by name. One of each room is enough; `room` counts from 0. `age` is of a child at check-in, null for an adult. */
export type Guest = {
  readonly room: number
  readonly isLead: boolean
  readonly title: 'mr' | 'ms' | 'mrs' | 'miss' | 'dr' | null
  readonly givenName: string
  readonly familyName: string
  readonly age: number | null
}
