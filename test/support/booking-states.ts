import { money, sumMoney } from '../../src/kernel/money.ts'
import { decide } from '../../src/booking/machine/decide.ts'
import type { BookingEvent, LedgerIntent } from '../../src/booking/machine/events.ts'
import type { BookingState, ItemState } from '../../src/booking/machine/state.ts'

export const euros = (cents: number) => money(cents, 'EUR')

export function item(id: string, changes: Partial<ItemState> = {}): ItemState {
  const price = euros(10_000)
  const facts = { isPaidAtProperty: false, payment: 'due', position: 'waiting', write: null, bookings: 0, isKept: false } as const
  return { id, price, ...facts, reason: null, refund: 'none', ...changes }
}

export function placed(items: readonly ItemState[] = [item('a')]): BookingState {
  const total = sumMoney(
    items.map((one) => one.price),
    'EUR',
  )
  return { status: 'INIT', total, paymentId: null, latePaymentId: null, returnedPaymentIds: [], failureReason: null, items }
}

/** Applies events that must each be decided, and returns the last state with everything owed on the way. */
export function after(start: BookingState, ...events: readonly BookingEvent[]): { state: BookingState; ledger: LedgerIntent[] } {
  const ledger: LedgerIntent[] = []
  let state = start
  for (const event of events) {
    const decision = decide(state, event)
    if (decision.outcome !== 'decided') throw new Error(`${event.type} was ${JSON.stringify(decision)} at ${JSON.stringify(state)}`)
    state = decision.state
    ledger.push(...decision.ledger)
  }
  return { state, ledger }
}

export const paidFor: readonly BookingEvent[] = [
  { type: 'payment_started' },
  { type: 'money_arrived', paymentId: 'pay_1', amount: euros(10_000) },
]
export const paidForTwo: readonly BookingEvent[] = [
  { type: 'payment_started' },
  { type: 'money_arrived', paymentId: 'pay_1', amount: euros(20_000) },
]
export const sent = (itemId: string, operation: 'book' | 'ticket' | 'cancel'): BookingEvent => ({ type: 'write_sent', itemId, operation })
export const done = (
  itemId: string,
  operation: 'book' | 'ticket' | 'cancel',
  found: 'held' | 'ticketed' | 'gone' | 'otherwise',
): BookingEvent => ({
  type: 'write_succeeded',
  itemId,
  operation,
  found,
})
export const no = (itemId: string, operation: 'book' | 'ticket' | 'cancel', reason: 'not_sent' | 'sold_out' | 'price_changed' | 'other') =>
  ({ type: 'write_refused', itemId, operation, reason }) as const
export const two = placed([item('hotel'), item('flight')])

export const agreed = (itemId: string, isGone = false): BookingEvent => ({
  type: 'cancellation_agreed',
  itemId,
  reason: 'schedule_change',
  isGone,
})

/** Two flights, paid for and ticketed. */
export const ticketedTwo = after(
  two,
  ...paidForTwo,
  sent('hotel', 'book'),
  done('hotel', 'book', 'ticketed'),
  sent('flight', 'book'),
  done('flight', 'book', 'ticketed'),
).state
