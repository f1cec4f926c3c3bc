import type { Announcement, LedgerIntent } from './events.ts'
import type { BookingState } from './state.ts'

/**
 * `decided`: the state afterwards, what the ledger is owed, and what is to be announced, all to be written in one
 * transaction. `known`: the event tells nothing new; a repetition is harmless. `refused`: it cannot happen to a booking
 * that stands like this, and nothing may be written.
 */
export type Decision =
  | {
      readonly outcome: 'decided'
      readonly state: BookingState
      readonly ledger: readonly LedgerIntent[]
      readonly events: readonly Announcement[]
    }
  | { readonly outcome: 'known' }
  | { readonly outcome: 'refused'; readonly code: RefusalCode }

/** Why an event cannot happen: the booking's status is past or before it, there is no such item, write or ticket. */
export type RefusalCode =
  | 'not_in_this_status'
  | 'no_such_item'
  | 'no_such_write'
  | 'not_ticketed'
  | 'another_payment'
  | 'paid_at_property'
  | 'to_be_paid'

export const KNOWN: Decision = { outcome: 'known' }

export function refused(code: RefusalCode): Decision {
  return { outcome: 'refused', code }
}

export function decided(state: BookingState, events: readonly Announcement[] = [], ledger: readonly LedgerIntent[] = []): Decision {
  return { outcome: 'decided', state, ledger, events }
}
