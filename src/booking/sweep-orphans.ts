import { plusMs, toDate } from '../kernel/time.ts'
import type { Reservation } from '../travel/reservation.ts'
import { ORPHAN_RESERVATION } from './announce-decision.ts'
import type { Attempt } from './attempt.ts'
import { itemOf, type Booking, type BookingItem } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'
import { providerOf } from './note-attempt.ts'
import type { Orphan } from './orphan-store.ts'
import { openTravellers } from './send-to-supplier.ts'

const BATCH = 10
/** Longer than a look and a cancellation together may take. */
const LEASE_MS = 5 * 60_000
const LADDER_MINUTES = [1, 5, 15, 60, 180]
const LATER_MINUTES = 360
/** About a month. */
const LOOKS_MAX = 120

/** `absent`: nothing there by our reference, so far. `kept`: the booking is not one to cancel for. `failed`: it is there and was not cancelled. */
export type Swept = 'cancelled' | 'absent' | 'no_answer' | 'failed' | 'kept' | 'busy'

/**
 * Looks for what bookings that ended without a ticket may have left with their suppliers, and cancels what it finds
 * (semantics S4). One that cannot be cancelled is put before a person, and tried again. Any number of processes may run it.
 * Returns how many were looked for.
 */
export async function sweepOrphans(deps: BookingDeps): Promise<number> {
  const due = await deps.store.claimDueOrphans(deps.db, { now: deps.clock.now(), leaseMs: LEASE_MS, limit: BATCH })
  const swept = await Promise.allSettled(due.map((orphan) => sweepOrphan(deps, orphan)))
  const failed = swept.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return due.length
}

/** A reservation that the supplier's own books show for an ended booking. */
export type OrphanFound = { readonly bookingId: string; readonly reference: string; readonly supplierRef: string | null }

/** Notes it for the sweep, where it is of no use to the booking any more. */
export async function noteFoundOrphan(deps: BookingDeps, found: OrphanFound): Promise<void> {
  const booking = await deps.store.findBooking(deps.db, found.bookingId)
  const attempt = booking && (await attemptOf(deps, booking, found.reference))
  if (!attempt || !isUnwanted(booking, itemOf(booking, attempt.itemId))) return
  const orphan = { ...found, reference: attempt.reference, provider: attempt.provider, nextLookAt: deps.clock.now() }
  await deps.records.transact(deps.db, (tx) => deps.store.noteOrphan(tx, orphan))
}

/** True where the supplier should hold nothing for the item: it could not be had, or its booking has ended without it. */
export function isUnwanted(booking: Pick<Booking, 'status'>, item: BookingItem): boolean {
  if (item.write !== null || item.position === 'ticketed') return false
  const hasEnded = ['REFUND_PENDING', 'REFUNDED', 'CANCELLED', 'TICKETED'].includes(booking.status)
  return hasEnded || ['left_over', 'refused', 'released'].includes(item.position)
}

async function attemptOf(deps: BookingDeps, booking: Booking, reference: string): Promise<Attempt | undefined> {
  const attempts = await deps.store.listAttempts(deps.db, booking.id)
  return attempts.findLast((attempt) => attempt.reference.toUpperCase() === reference.toUpperCase())
}

/** The same for one booking, now: what a person asks for. */
export async function sweepOrphansOf(deps: BookingDeps, bookingId: string): Promise<Swept[]> {
  const swept: Swept[] = []
  for (const orphan of await deps.store.listOrphans(deps.db, bookingId))
    swept.push(orphan.state === 'cancelled' ? 'cancelled' : await sweepOrphan(deps, orphan))
  return swept
}

async function sweepOrphan(deps: BookingDeps, orphan: Orphan): Promise<Swept> {
  const booking = await deps.store.findBooking(deps.db, orphan.bookingId)
  const attempt = booking && (await attemptOf(deps, booking, orphan.reference))
  if (!attempt) throw new Error(`nothing was tried under ${orphan.reference} for ${orphan.bookingId}`)
  if (!isUnwanted(booking, itemOf(booking, attempt.itemId))) return later(deps, orphan, 'kept')
  const found = await look(deps, { booking, attempt, orphan })
  if (found === 'no_answer') return later(deps, orphan, 'no_answer')
  if (found === 'absent') return later(deps, orphan, 'absent')
  if (found.status === 'cancelled') return end(deps, booking, orphan, found)
  return cancel(deps, { booking, attempt, orphan }, found)
}

type Case = { readonly booking: Booking; readonly attempt: Attempt; readonly orphan: Orphan }

async function look(deps: BookingDeps, { booking, attempt, orphan }: Case): Promise<Reservation | 'absent' | 'no_answer'> {
  const { seller, limits } = providerOf(deps, itemOf(booking, attempt.itemId))
  const call = { signal: deps.waits.deadline(limits.readTimeoutMs) }
  try {
    if (orphan.supplierRef !== null) return await seller.retrieve(orphan.supplierRef, call)
    const { reference, offer } = attempt
    const found = await seller.find({ reference, offer, travellers: openTravellers(deps, booking, offer), contact: booking.contact }, call)
    return found.outcome === 'found' ? found.reservation : 'absent'
  } catch {
    return 'no_answer'
  }
}

/** That it is being cancelled is committed first; cancelling twice is harmless, because each time is preceded by a look. */
async function cancel(deps: BookingDeps, { booking, attempt, orphan }: Case, reservation: Reservation): Promise<Swept> {
  const { seller, limits } = providerOf(deps, itemOf(booking, attempt.itemId))
  const noted = await deps.store.updateOrphan(deps.db, orphan, {
    state: 'cancelling',
    looks: orphan.looks,
    supplierRef: reservation.supplierRef,
    nextLookAt: plusMs(deps.clock.now(), LEASE_MS),
  })
  if (!noted) return 'busy'
  const outcome = await seller.cancel(reservation, { signal: deps.waits.deadline(limits.writeTimeoutMs) }).catch((error: unknown) => ({
    outcome: 'unknown' as const,
    message: error instanceof Error ? error.message : String(error),
  }))
  if (outcome.outcome === 'ok') return end(deps, booking, noted, reservation)
  await deps.records.transact(deps.db, (tx) =>
    deps.records.openWorkItem(tx, {
      kind: ORPHAN_RESERVATION,
      subjectId: booking.id,
      summary: `${booking.reference} has ended without it, and ${orphan.provider} still holds a reservation for it that could not be cancelled. Cancel it there.`,
      details: { provider: orphan.provider, references: [orphan.reference], supplierRef: reservation.supplierRef, said: outcome.message },
      severity: 'high',
    }),
  )
  return later(deps, noted, 'failed')
}

function end(deps: BookingDeps, booking: Booking, orphan: Orphan, reservation: Reservation): Promise<Swept> {
  const now = deps.clock.now()
  return deps.records.transact(deps.db, async (tx) => {
    const change = {
      state: 'cancelled',
      looks: orphan.looks + 1,
      supplierRef: reservation.supplierRef,
      nextLookAt: null,
      endedAt: now,
    } as const
    if (!(await deps.store.updateOrphan(tx, orphan, change))) return 'busy'
    await announce(deps, tx, 'booking.orphan_cancelled', booking.id, { reference: orphan.reference, supplierRef: reservation.supplierRef })
    const left = (await deps.store.listOrphans(tx, booking.id)).filter((one) => one.state !== 'cancelled')
    if (left.length === 0) await deps.records.closeWorkItem(tx, ORPHAN_RESERVATION, booking.id, toDate(now))
    return 'cancelled'
  })
}

async function later<Word extends Swept>(deps: BookingDeps, orphan: Orphan, word: Word): Promise<Word | 'busy'> {
  const looks = orphan.looks + 1
  const minutes = LADDER_MINUTES[orphan.looks] ?? LATER_MINUTES
  const isOver = looks >= LOOKS_MAX && word === 'absent'
  const updated = await deps.store.updateOrphan(deps.db, orphan, {
    state: isOver ? 'quiet' : orphan.state,
    looks,
    nextLookAt: isOver ? null : plusMs(deps.clock.now(), minutes * 60_000),
  })
  return updated ? word : 'busy'
}
