import { plusMs } from '../kernel/time.ts'
import { isUniqueViolation, type Tx } from '../platform/postgres.ts'
import { attemptReference, type Attempt } from './attempt.ts'
import { itemOf, type Booking, type BookingItem } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { nextStep } from './machine/index.ts'
import { noteAttempt, noteResend, type Errand } from './note-attempt.ts'
import { requote } from './requote.ts'
import { sendToSupplier } from './send-to-supplier.ts'
import { withBooking, type BookingWrite } from './with-booking.ts'

/** At most this many supplier calls for an item in one go: book, requote, book, ticket, cancel and one to spare. */
const STEPS_MAX_PER_ITEM = 6
const ITEMS_MAX = 6

/**
 * Takes a paid booking as far as it will go without waiting: reserves, tickets, completes, or gives back and refunds.
 * Each write to the supplier is noted in its own transaction before it is sent and is sent by whoever noted it, once.
 * Safe to call at any time, any number of times, by several processes.
 */
export async function advanceBooking(deps: BookingDeps, bookingId: string): Promise<void> {
  for (let step = 0; step < STEPS_MAX_PER_ITEM * ITEMS_MAX; step += 1) {
    const taken = await takeStep(deps, bookingId)
    const errand = taken && 'requote' in taken ? await requote(deps, taken.requote.booking, taken.requote.attempt) : taken
    if (!errand) return
    const booking = await sendToSupplier(deps, errand.booking, errand.attempt)
    const next = nextStep(booking)
    if (next.do === 'nothing' || next.do === 'wait') return
  }
}

/** A supplier that could not be reached is not tried again at once. */
const RESEND_AFTER_MS = 15_000

type Taken = Errand | { readonly requote: Errand } | null

/** Writes the next step into the database; what is then to be done outside it is returned. */
async function takeStep(deps: BookingDeps, bookingId: string): Promise<Taken> {
  try {
    return await withBooking(deps, bookingId, async (tx, booking, write) => {
      const step = nextStep(booking)
      switch (step.do) {
        case 'nothing':
        case 'wait':
          return null
        case 'book':
          return await book(deps, tx, booking, write, { item: itemOf(booking, step.itemId), number: step.number })
        case 'requote':
          return { requote: { booking, attempt: await lastAttempt(deps, tx, booking, step.itemId) } }
        case 'resend': {
          const last = await lastAttempt(deps, tx, booking, step.itemId)
          // The sweeper comes by again; by then the way to the supplier may be open.
          if (last.answeredAt !== null && deps.clock.now() < last.answeredAt + RESEND_AFTER_MS) return null
          const sent = await write.happen({ type: 'write_sent', itemId: step.itemId, operation: last.operation })
          return await noteResend(deps, tx, sent, last)
        }
        case 'ticket':
        case 'cancel': {
          const { offer, reference, reservation } = await lastAttempt(deps, tx, booking, step.itemId)
          const sent = await write.happen({ type: 'write_sent', itemId: step.itemId, operation: step.do })
          return await noteAttempt(deps, tx, sent, { itemId: step.itemId, operation: step.do, reference, offer, reservation })
        }
      }
    })
  } catch (error) {
    // Another process noted the same write first, and sends it.
    if (isUniqueViolation(error, 'attempts_undecided') || isUniqueViolation(error, 'attempts_reference_operation_key')) return null
    throw error
  }
}

async function book(
  deps: BookingDeps,
  tx: Tx,
  booking: Booking,
  write: BookingWrite,
  { item, number }: { readonly item: BookingItem; readonly number: number },
): Promise<Errand> {
  const isFirst = booking.status === 'PAID'
  const sent = await write.happen(
    { type: 'write_sent', itemId: item.id, operation: 'book' },
    isFirst ? { answerPromisedBy: plusMs(deps.clock.now(), deps.policy.answerMinutes * 60_000) } : {},
  )
  const reference = attemptReference(booking.reference, booking.items.indexOf(item), number)
  return noteAttempt(deps, tx, sent, { itemId: item.id, operation: 'book', reference, offer: item.offer, reservation: null })
}

async function lastAttempt(deps: BookingDeps, tx: Tx, booking: Booking, itemId: string): Promise<Attempt> {
  const last = (await deps.store.listAttempts(tx, booking.id)).findLast((attempt) => attempt.itemId === itemId)
  if (!last) throw new Error(`nothing has been tried for ${itemId} of ${booking.id}`)
  return last
}
