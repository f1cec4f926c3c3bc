import type { Id } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import type { Offer } from '../travel/offer.ts'
import type { Reservation } from '../travel/reservation.ts'
import type { Operation } from './machine/index.ts'

/**
 * One write sent to a supplier. `sent` and `unknown` are undecided, and a booking has at most one of those; `abandoned`
 * is one that a person or the end of the promise has closed without the supplier's word.
 */
export type AttemptState = 'sent' | 'ok' | 'rejected' | 'unknown' | 'abandoned'

export type Attempt = {
  readonly id: Id<'att'>
  readonly bookingId: Id<'bkg'>
  readonly itemId: string
  readonly operation: Operation
  readonly provider: string
  readonly reference: string
  readonly offer: Offer
  readonly state: AttemptState
  readonly reservation: Reservation | null
  readonly reason: string | null
  readonly sentAt: Instant
  readonly answeredAt: Instant | null
  /** How often the supplier was asked about it, or it was taken up again. */
  readonly probes: number
  readonly nextProbeAt: Instant | null
  /** After this, "not found" on the supplier's side means that it never happened (semantics S4). */
  readonly horizonAt: Instant
}

const PROBE_LADDER_SECONDS = [5, 15, 60, 300]

/** How long to wait before asking the supplier again: 5 s, 15 s, 60 s, then every 5 minutes (semantics S4). */
export function probeDelayMs(probesSoFar: number): number {
  return (PROBE_LADDER_SECONDS[probesSoFar] ?? PROBE_LADDER_SECONDS.at(-1)!) * 1_000
}

/** How many references an item has: a first reservation, and a second one after "price changed". */
const REFERENCES_PER_ITEM = 2

/** Our reference for the n-th reservation tried for the item at this position; short enough for a GDS remark. */
export function attemptReference(bookingReference: string, position: number, number: number): string {
  return `${bookingReference}-${position * REFERENCES_PER_ITEM + number}`
}
