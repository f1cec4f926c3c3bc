import { isFailing, type BookingState, type ItemState } from './state.ts'

/** What has to be asked of a supplier next. */
export type Step =
  /** Send the reservation of the item as its n-th. */
  | { readonly do: 'book'; readonly itemId: string; readonly number: number }
  /** The price moved between verify and book: ask for it once more, live (semantics S2). */
  | { readonly do: 'requote'; readonly itemId: string }
  /** The supplier never got the write: the same one again, after a while. */
  | { readonly do: 'resend'; readonly itemId: string }
  | { readonly do: 'ticket'; readonly itemId: string }
  /** Give back what will not be used. */
  | { readonly do: 'cancel'; readonly itemId: string }
  /** A write is undecided: nothing else is sent for any item (semantics S4). */
  | { readonly do: 'wait' }
  | { readonly do: 'nothing' }

const NOTHING: Step = { do: 'nothing' }
const WAIT: Step = { do: 'wait' }

/**
 * What comes next, from the state and nothing else, so that whoever comes by — the reaction to a payment, a probe, the
 * sweeper after a crash — continues in the same place. Every item is reserved before the first is ticketed, and once one
 * cannot be had, what is certainly there of the others is given back, the last first (semantics S12). Pure.
 */
export function nextStep(state: BookingState): Step {
  if (state.status === 'TICKETED') return nextReturn(state)
  if (state.status !== 'PAID' && state.status !== 'PENDING_TICKET') return NOTHING
  const writing = state.items.find((item) => item.write !== null)
  if (writing) return writing.write!.state === 'unreached' ? { do: 'resend', itemId: writing.id } : WAIT
  if (isFailing(state)) {
    const last = state.items.findLast(mustBeGivenBack)
    return last ? { do: 'cancel', itemId: last.id } : NOTHING
  }
  const repriced = state.items.find((item) => item.position === 'repriced')
  if (repriced) return { do: 'requote', itemId: repriced.id }
  const waiting = state.items.find((item) => item.position === 'waiting')
  if (waiting) return { do: 'book', itemId: waiting.id, number: waiting.bookings + 1 }
  const booked = state.items.find((item) => item.position === 'booked')
  return booked ? { do: 'ticket', itemId: booked.id } : NOTHING
}

/** What was agreed to be given back of a trip that stands: one after the other, and nothing while an answer is missing. */
function nextReturn(state: BookingState): Step {
  const writing = state.items.find((item) => item.write !== null)
  if (writing) return writing.write!.state === 'unreached' ? { do: 'resend', itemId: writing.id } : WAIT
  const returning = state.items.find((item) => item.position === 'returning')
  return returning ? { do: 'cancel', itemId: returning.id } : NOTHING
}

/** True of an item that is certainly at the supplier and has no use when another one fails. */
export function mustBeGivenBack(item: ItemState): boolean {
  return item.position === 'booked' || item.position === 'unusable' || (item.position === 'ticketed' && !item.isKept)
}
