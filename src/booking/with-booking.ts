import type { Instant } from '../kernel/time.ts'
import type { Tx } from '../platform/postgres.ts'
import { announceDecision } from './announce-decision.ts'
import { StaleBooking, type Booking, type ItemFacts } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { decide, type BookingEvent, type RefusalCode } from './machine/index.ts'
import { bookingUnknown } from './problems.ts'

/** Facts that come with an event: they are written with it and decide nothing. */
export type EventFacts = {
  readonly item?: ItemFacts
  readonly answerPromisedBy?: Instant
  /** Who made it happen; the gateway or "farewire" where nobody did. */
  readonly actor?: string
  readonly refundId?: string
}

/** The ways to change a booking: an event that the state machine decides, or facts about an item. */
export type BookingWrite = {
  /** Writes what follows from the event, once; throws {@link IllegalEvent} when it cannot happen. The booking as it then is. */
  readonly happen: (event: BookingEvent, facts?: EventFacts) => Promise<Booking>
  readonly note: (itemId: string, facts: ItemFacts) => Promise<Booking>
}

export type BookingWork<T> = (tx: Tx, booking: Booking, write: BookingWrite) => Promise<T>

/** An event that cannot happen to a booking that stands like this: a bug of the caller's, never a client's doing. */
export class IllegalEvent extends Error {
  readonly code: RefusalCode
  constructor(booking: Pick<Booking, 'id' | 'status'>, event: BookingEvent, code: RefusalCode) {
    super(`${event.type} cannot happen to ${booking.id}, which is ${booking.status}: ${code}`)
    this.name = 'IllegalEvent'
    this.code = code
  }
}

const ROUNDS_MAX = 8

/**
 * Reads a booking, lets `work` decide, and writes its change only if nobody else has written since (`WHERE version =
 * read_version`); otherwise all of `work`'s statements are rolled back and it decides again. Throws booking-unknown.
 */
export async function withBooking<T>(
  deps: Pick<BookingDeps, 'db' | 'clock' | 'store' | 'records' | 'payments'>,
  id: string,
  work: BookingWork<T>,
): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await deps.records.transact(deps.db, async (tx) => {
        const booking = await deps.store.findBooking(tx, id)
        if (!booking) throw bookingUnknown({ more: { booking_id: id } })
        let current = booking
        const update = async (next: Booking): Promise<Booking> => {
          current = await deps.store.updateBooking(tx, current, next, deps.clock.now())
          return current
        }
        return work(tx, booking, {
          happen: async (event, facts = {}) => {
            const decision = decide(current, event)
            if (decision.outcome === 'known') return current
            if (decision.outcome === 'refused') throw new IllegalEvent(current, event, decision.code)
            const before = current
            const { answerPromisedBy = current.answerPromisedBy } = facts
            // The machine copies items whole; what it does not know of them it leaves as it was.
            const items = decision.state.items as Booking['items']
            const itemId = 'itemId' in event ? event.itemId : null
            await update({ ...current, ...decision.state, items: withFacts(items, itemId, facts.item), answerPromisedBy })
            await announceDecision(deps, tx, { before, after: current, decision, event, facts })
            return current
          },
          note: (itemId, facts) => update({ ...current, items: withFacts(current.items, itemId, facts) }),
        })
      })
    } catch (error) {
      if (!(error instanceof StaleBooking) || round >= ROUNDS_MAX) throw error
    }
  }
}

function withFacts(items: Booking['items'], itemId: string | null, facts: ItemFacts | undefined): Booking['items'] {
  if (itemId === null || !facts) return items
  return items.map((item) => (item.id === itemId ? { ...item, ...facts } : item))
}
