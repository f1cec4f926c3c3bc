import type { Call } from '../../providers/contract.ts'
import { isStay } from '../../travel/offer.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { itemOf, type Booking, type BookingItem } from '../booking.ts'
import type { BookingDeps } from '../deps.ts'
import { providerOf } from '../note-attempt.ts'
import type { Seller } from '../seller.ts'
import type { ScheduleChangeStore } from './change-store.ts'

export type ScheduleChangeDeps = BookingDeps & { readonly changes: ScheduleChangeStore }

/** The kind of work item of a change that a person has to deal with; its subject is the change set. */
export const SCHEDULE_CHANGE = 'schedule_change'

/** A flight that was sold, who sells it, and what it is called there. */
export type SoldFlight = {
  readonly item: BookingItem
  readonly offer: FlightOffer
  readonly seller: Seller
  readonly supplierRef: string
  /** A call within the supplier's usual time to read, or to write. */
  readonly read: () => Call
  readonly write: () => Call
  readonly horizonMs: number
  readonly writeTimeoutMs: number
}

/** The flight of a booking's item as its supplier knows it; undefined where the item is no flight. Throws when nothing was reserved. */
export async function soldFlight(deps: ScheduleChangeDeps, booking: Booking, itemId: string): Promise<SoldFlight | undefined> {
  const item = itemOf(booking, itemId)
  const { offer } = item
  if (isStay(offer)) return undefined
  const attempts = await deps.store.listAttempts(deps.db, booking.id)
  const reservation = attempts.findLast((attempt) => attempt.itemId === itemId && attempt.reservation !== null)?.reservation
  if (!reservation) throw new Error(`${itemId} is ticketed and was never reserved`)
  const { seller, limits } = providerOf(deps, item)
  return {
    item,
    offer,
    seller,
    supplierRef: reservation.supplierRef,
    read: () => ({ signal: deps.waits.deadline(limits.readTimeoutMs) }),
    write: () => ({ signal: deps.waits.deadline(limits.writeTimeoutMs) }),
    horizonMs: limits.unknownHorizonMs,
    writeTimeoutMs: limits.writeTimeoutMs,
  }
}
