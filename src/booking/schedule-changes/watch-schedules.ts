import { plusMs, type Instant } from '../../kernel/time.ts'
import type { Slice } from '../../travel/flight.ts'
import { isStay } from '../../travel/offer.ts'
import { isHeldByTraveller } from '../machine/index.ts'
import { soldFlight, type ScheduleChangeDeps, type SoldFlight } from './deps.ts'
import { departureOf, foundInChanges, foundInReservation, lastDepartureOf, type Found } from './judge-change.ts'
import { noteFound } from './note-found.ts'

const BATCH = 20
/** Longer than a look takes; a look that failed is taken again after this. */
const LEASE_MS = 5 * 60_000
/** Airlines change flights from the first day on, but not in the first minutes. */
const FIRST_LOOK_MS = 10 * 60_000

/** Looks after the flights of a booking from now on. Harmless to repeat. */
export async function startWatching(deps: ScheduleChangeDeps, bookingId: string): Promise<void> {
  const booking = await deps.store.findBooking(deps.db, bookingId)
  for (const item of booking?.items ?? [])
    if (!isStay(item.offer) && item.position === 'ticketed')
      await deps.changes.startWatch(deps.db, item.id, plusMs(deps.clock.now(), FIRST_LOOK_MS))
}

/**
 * Asks the suppliers about the tickets that are due for a look, and notes what has changed. Any number of processes may run
 * it: each claims its tickets in the database. Returns how many were looked at; one's trouble does not keep the others
 * waiting, and is thrown at the end.
 */
export async function watchSchedules(deps: ScheduleChangeDeps): Promise<number> {
  const due = await deps.changes.claimDueWatches(deps.db, { now: deps.clock.now(), leaseMs: LEASE_MS, limit: BATCH })
  const looks = await Promise.allSettled(due.map((watch) => lookAt(deps, watch)))
  const faults = looks.flatMap((look) => (look.status === 'rejected' ? [look.reason as unknown] : []))
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} of ${due.length} tickets could not be asked about`)
  return due.length
}

async function lookAt(deps: ScheduleChangeDeps, watch: { readonly itemId: string; readonly bookingId: string }): Promise<void> {
  const booking = await deps.store.findBooking(deps.db, watch.bookingId)
  const sold = booking && (await soldFlight(deps, booking, watch.itemId))
  const now = deps.clock.now()
  const next = sold && isHeldByTraveller(sold.item) ? nextLookAt(sold.offer.slices, now) : null
  if (!sold || next === null) return deps.changes.setNextLook(deps.db, watch.itemId, null)
  await noteFound(deps, watch, await look(sold))
  await deps.changes.setNextLook(deps.db, watch.itemId, next)
}

/** What the supplier shows to be changed: in its own words where it has some, in the reservation otherwise. */
async function look({ seller, supplierRef, offer, read }: SoldFlight): Promise<Found | null> {
  if (seller.airlineChanges) return foundInChanges(await seller.airlineChanges(supplierRef, read()))
  return foundInReservation(await seller.retrieve(supplierRef, read()), offer.slices)
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** The nearer the departure, the more a change matters, and the more of them there are: how long before it, and how often. */
const CADENCE: readonly (readonly [withinMs: number, everyMs: number])[] = [
  [DAY_MS, HOUR_MS / 4],
  [3 * DAY_MS, HOUR_MS],
  [7 * DAY_MS, 4 * HOUR_MS],
  [30 * DAY_MS, 12 * HOUR_MS],
]

/** When a ticket is looked at again; null when its last flight has left. */
export function nextLookAt(slices: readonly Slice[], now: Instant): Instant | null {
  const last = lastDepartureOf(slices)
  if (last !== null && last <= now) return null
  const departures = slices.flatMap((slice) => departureOf([slice]) ?? [])
  const toNext = Math.min(...departures.filter((departure) => departure > now).map((departure) => departure - now))
  // Between two flights of one direction nothing is ahead of a slice: that is as near as can be.
  const nearness = toNext === Infinity ? 0 : toNext
  const everyMs = CADENCE.find(([withinMs]) => nearness <= withinMs)?.[1] ?? DAY_MS
  return plusMs(now, everyMs)
}
