import { refused, type Decision } from './decision.ts'
import type { BookingEvent, Found, RefusalReason } from './events.ts'
import { nextStep } from './next-step.ts'
import type { BookingState, FailureReason, ItemState, Operation } from './state.ts'

/** After so many times without reaching the supplier, the traveller gets the money back. */
const RESENDS_MAX = 5
/** A second "price changed" ends it: pricing and booking systems that disagree must not send us round in circles (semantics S2). */
const BOOKINGS_MAX = 2

type WriteEvent = Exclude<Extract<BookingEvent, { itemId: string }>, { type: 'cancellation_agreed' }>

/** What a write to a supplier, or its answer, makes of the booking; what follows from that is for the caller. */
export function decideWrite(state: BookingState, event: WriteEvent): BookingState | Decision {
  const item = state.items.find((one) => one.id === event.itemId)
  if (!item) return refused('no_such_item')
  if (event.type === 'write_sent') return sent(state, item, event.operation)
  if (event.type === 'price_checked') {
    if (item.position !== 'repriced' || item.write) return refused('no_such_write')
    const next: Partial<ItemState> = event.isCovered ? { position: 'waiting', reason: null } : { position: 'refused' }
    return withItem(state, { ...item, ...next })
  }
  const { write } = item
  if (write?.operation !== event.operation || write.state === 'unreached') return refused('no_such_write')
  switch (event.type) {
    case 'write_in_doubt':
      return withItem(state, { ...item, write: { ...write, state: 'unknown' } })
    case 'write_succeeded':
      return withItem(state, succeeded(item, event.operation, event.found))
    case 'write_refused':
      if (event.reason === 'not_sent' && write.resends < RESENDS_MAX)
        return withItem(state, { ...item, write: { ...write, state: 'unreached' } })
      return withItem(state, turnedDown(item, event.operation, event.reason))
    case 'write_given_up':
      return withItem(state, givenUp(item, event.operation, event.isProvenAbsent))
  }
}

/** Only what is next is ever sent: that is what keeps a booking from being sent twice. */
function sent(state: BookingState, item: ItemState, operation: Operation): BookingState | Decision {
  const step = nextStep(state)
  if (step.do === 'resend' && step.itemId === item.id && item.write!.operation === operation)
    return withItem(state, { ...item, write: { operation, state: 'sent', resends: item.write!.resends + 1 } })
  if (step.do !== operation || step.itemId !== item.id) return refused('no_such_write')
  const next: ItemState = {
    ...item,
    write: { operation, state: 'sent', resends: 0 },
    bookings: operation === 'book' ? item.bookings + 1 : item.bookings,
  }
  return { ...withItem(state, next), status: state.status === 'TICKETED' ? 'TICKETED' : 'PENDING_TICKET' }
}

function succeeded(item: ItemState, operation: Operation, found: Found): ItemState {
  const done = { ...item, write: null }
  if (operation === 'cancel') return { ...done, position: 'released' }
  if (found === 'ticketed') return { ...done, position: 'ticketed', reason: null }
  if (found === 'gone') return { ...done, position: 'refused', reason: item.reason ?? 'rejected' }
  if (operation === 'book' && found === 'held') return { ...done, position: 'booked', reason: null }
  // A waitlisted segment is not held, and tickets for some are not tickets for all.
  return { ...done, position: 'unusable', reason: item.reason ?? 'rejected' }
}

function turnedDown(item: ItemState, operation: Operation, refusal: RefusalReason): ItemState {
  const done = { ...item, write: null }
  const reason = refusal === 'sold_out' || refusal === 'price_changed' ? refusal : 'rejected'
  if (operation === 'ticket') return { ...done, position: 'unusable', reason }
  if (operation === 'cancel') return notGivenBack(item)
  if (refusal === 'price_changed' && item.bookings < BOOKINGS_MAX) return { ...done, position: 'repriced', reason }
  return { ...done, position: 'refused', reason }
}

/** A ticket that stands is the traveller's; anything else that could not be given back is looked for by a person. */
function notGivenBack(item: ItemState): ItemState {
  if (item.position === 'ticketed') return { ...item, write: null, isKept: true }
  if (item.position === 'returning') return kept(item)
  return { ...item, write: null, position: 'left_over', reason: item.reason ?? 'rejected' }
}

function kept(item: ItemState): ItemState {
  return { ...item, write: null, position: 'ticketed', isKept: true, reason: null }
}

/**
 * Decided without the supplier's word. A ticketing goes on to a cancellation, which voids what may be there; a cancellation
 * of which there is no trace leaves what it was to take away.
 */
function givenUp(item: ItemState, operation: Operation, isProvenAbsent: boolean): ItemState {
  const reason: FailureReason = isProvenAbsent ? 'rejected' : 'no_answer'
  if (operation === 'ticket') return { ...item, write: null, position: 'unusable', reason }
  // Its supplier shows it standing as before: the traveller has a ticket, and no refund.
  if (item.position === 'returning' && isProvenAbsent) return kept(item)
  if (operation === 'cancel') return { ...item, write: null, position: 'left_over', reason: item.reason ?? reason }
  return { ...item, write: null, position: 'left_over', reason: 'no_answer' }
}

function withItem(state: BookingState, changed: ItemState): BookingState {
  return { ...state, items: state.items.map((item) => (item.id === changed.id ? changed : item)) }
}
