import { money, sumMoney, type Money } from '../../kernel/money.ts'
import { decideWrite } from './decide-write.ts'
import { decided, KNOWN, refused, type Decision } from './decision.ts'
import type { BookingEvent, LedgerIntent } from './events.ts'
import { mustBeGivenBack } from './next-step.ts'
import {
  isFailing,
  isHeldByTraveller,
  isPaidAtProperty,
  type BookingState,
  type BookingStatus,
  type FailureReason,
  type ItemState,
} from './state.ts'

/**
 * The whole of what may happen to a booking, without any I/O: every event is answered in every state. Rules: semantics S3,
 * S4, S6, S7, S9, S12.
 */
export function decide(state: BookingState, event: BookingEvent): Decision {
  switch (event.type) {
    case 'payment_started':
      if (isPaidAtProperty(state)) return refused('paid_at_property')
      if (state.status === 'PENDING_PAYMENT') return KNOWN
      if (state.status !== 'INIT') return refused('not_in_this_status')
      return decided({ ...state, status: 'PENDING_PAYMENT' }, ['payment_started'])
    case 'confirmed_unpaid':
      if (!isPaidAtProperty(state)) return refused('to_be_paid')
      if (state.status !== 'INIT' && state.status !== 'PENDING_PAYMENT') return refused('not_in_this_status')
      return decided({ ...state, status: 'PAID', items: state.items.map((item) => ({ ...item, payment: 'at_property' })) }, ['paid'])
    case 'money_arrived':
      return moneyArrived(state, event)
    case 'late_money_judged':
      return lateMoneyJudged(state, event)
    case 'time_to_pay_ended':
      if (state.status === 'CANCELLED') return KNOWN
      if (state.status !== 'INIT' && state.status !== 'PENDING_PAYMENT') return refused('not_in_this_status')
      return decided({ ...state, status: 'CANCELLED' }, ['cancelled'])
    case 'cancellation_agreed':
      return cancellationAgreed(state, event)
    case 'refund_completed':
    case 'refund_failed':
    case 'refund_requested_again':
      return refundNews(state, event)
    default: {
      const written = decideWrite(state, event)
      if (!('items' in written)) return written
      return state.status === 'TICKETED' ? returnSettled(state, written) : settled(written)
    }
  }
}

/** Money never moves a booking that is not waiting for it (semantics S7). */
function moneyArrived(state: BookingState, event: Extract<BookingEvent, { type: 'money_arrived' }>): Decision {
  const { paymentId } = event
  if (state.paymentId === paymentId || state.latePaymentId === paymentId || state.returnedPaymentIds.includes(paymentId)) return KNOWN
  if (state.status === 'PENDING_PAYMENT') return decided(paid(state, paymentId), ['paid'])
  const couldBeReinstated = state.status === 'CANCELLED' && state.paymentId === null && state.latePaymentId === null
  const isInFull = event.amount.currency === state.total.currency && event.amount.amount === state.total.amount
  if (couldBeReinstated && isInFull && !isPaidAtProperty(state) && !isFailing(state))
    return decided({ ...state, latePaymentId: paymentId }, ['late_payment_arrived'])
  return returned(state, paymentId, event.amount)
}

function lateMoneyJudged(state: BookingState, event: Extract<BookingEvent, { type: 'late_money_judged' }>): Decision {
  if (state.paymentId === event.paymentId || state.returnedPaymentIds.includes(event.paymentId)) return KNOWN
  if (state.latePaymentId !== event.paymentId) return refused('another_payment')
  if (state.status !== 'CANCELLED') return refused('not_in_this_status')
  const judged = { ...state, latePaymentId: null }
  if (event.isStillSold) return decided(paid(judged, event.paymentId), ['reinstated', 'paid'])
  return returned(judged, event.paymentId, state.total)
}

/** Money nobody waits for is owed back from the moment it is noticed. */
function returned(state: BookingState, paymentId: string, amount: Money): Decision {
  const owed: LedgerIntent = { eventType: 'REFUND_REQUESTED', paymentId, amount, reason: 'late_payment', ofItem: null }
  return decided({ ...state, returnedPaymentIds: [...state.returnedPaymentIds, paymentId] }, ['late_payment_returned'], [owed])
}

function paid(state: BookingState, paymentId: string): BookingState {
  const items = state.items.map((item): ItemState => ({ ...item, payment: item.isPaidAtProperty ? 'at_property' : 'paid' }))
  return { ...state, status: 'PAID', paymentId, items }
}

/** News of money on its way back. Only the gateway's "completed" makes a booking REFUNDED (semantics S9). */
function refundNews(
  state: BookingState,
  event: Extract<BookingEvent, { type: 'refund_completed' | 'refund_failed' | 'refund_requested_again' }>,
): Decision {
  // Of money that was never this booking's: its refund leaves the booking as it is.
  const refunded = state.paymentId === event.paymentId ? state.items.filter((item) => isRefundOf(item, event.ofItem)) : []
  const become = (refund: ItemState['refund']): BookingState => {
    const items = state.items.map((item) => (refunded.includes(item) ? { ...item, refund } : item))
    return { ...state, items, status: state.status === 'TICKETED' ? 'TICKETED' : statusAfterRefund(state.status, items) }
  }
  if (event.type === 'refund_failed') {
    if (refunded.length === 0) return decided(state, ['refund_failed'])
    if (refunded.every((item) => item.refund === 'failed')) return KNOWN
    return decided(become('failed'), ['refund_failed'])
  }
  if (refunded.length === 0) return KNOWN
  if (event.type === 'refund_requested_again') {
    if (!refunded.some((item) => item.refund === 'failed')) return refused('not_in_this_status')
    return decided(become('requested'))
  }
  if (refunded.every((item) => item.refund === 'completed')) return KNOWN
  return decided(become('completed'), ['refund_completed'])
}

/** What was given back by agreement is refunded by itself; all else that could not be had is one refund. */
function isRefundOf(item: ItemState, ofItem: string | undefined): boolean {
  if (item.refund === 'none') return false
  return ofItem === undefined ? item.reason !== 'schedule_change' : item.id === ofItem
}

/** REFUNDED is a booking of which every refund is completed (semantics S9). */
function statusAfterRefund(status: BookingStatus, items: readonly ItemState[]): BookingStatus {
  if (status !== 'REFUND_PENDING' && status !== 'REFUNDED') return status
  return items.every((item) => item.refund === 'none' || item.refund === 'completed') ? 'REFUNDED' : 'REFUND_PENDING'
}

/** Only a ticket that stands is given back, and its supplier is asked to take it back once. */
function cancellationAgreed(state: BookingState, event: Extract<BookingEvent, { type: 'cancellation_agreed' }>): Decision {
  const item = state.items.find((one) => one.id === event.itemId)
  if (!item) return refused('no_such_item')
  if (item.position !== 'ticketed' && item.reason === event.reason) return KNOWN
  if (state.status !== 'TICKETED') return refused('not_in_this_status')
  if (item.position !== 'ticketed' || item.isKept || item.write) return refused('not_ticketed')
  const position = event.isGone ? 'released' : 'returning'
  const items = state.items.map((one): ItemState => (one === item ? { ...one, position, reason: event.reason } : one))
  const agreed = returnSettled(state, { ...state, items })
  return agreed.outcome === 'decided' ? { ...agreed, events: ['cancellation_agreed', ...agreed.events] } : agreed
}

/** What follows from an answer about a ticket that is given back: its price is owed, or the traveller keeps it. */
function returnSettled(before: BookingState, state: BookingState): Decision {
  const back = state.items.find((item, index) => isHeldByTraveller(before.items[index]!) && !isHeldByTraveller(item))
  const kept = state.items.some((item, index) => item.isKept && !before.items[index]!.isKept)
  if (!back) return decided(state, kept ? ['cancellation_refused'] : [])
  const isOwed = back.payment === 'paid' && back.price.amount > 0
  const items = state.items.map((item): ItemState => (item === back && isOwed ? { ...item, refund: 'requested' } : item))
  const next: BookingState = { ...state, items, status: items.some(isHeldByTraveller) ? 'TICKETED' : statusWithoutTickets(items) }
  const failureReason = next.status === 'TICKETED' ? state.failureReason : (state.failureReason ?? 'schedule_change')
  if (!isOwed) return decided({ ...next, failureReason }, next.status === 'CANCELLED' ? ['cancelled'] : [])
  const owed: LedgerIntent = {
    eventType: 'REFUND_REQUESTED',
    paymentId: state.paymentId!,
    amount: back.price,
    reason: 'schedule_change',
    ofItem: back.id,
  }
  return decided({ ...next, failureReason }, ['refund_pending'], [owed])
}

function statusWithoutTickets(items: readonly ItemState[]): BookingStatus {
  return items.every((item) => item.refund === 'none') ? 'CANCELLED' : statusAfterRefund('REFUND_PENDING', items)
}

/** What follows at once when nothing is under way any more: tickets for all, or the money back for what could not be had. */
function settled(state: BookingState): Decision {
  if (state.status !== 'PENDING_TICKET' || state.items.some((item) => item.write !== null)) return decided(state)
  if (state.items.every((item) => item.position === 'ticketed')) return decided({ ...state, status: 'TICKETED' }, ['ticketed'])
  if (!isFailing(state) || state.items.some(mustBeGivenBack)) return decided(state)
  const lost = state.items.filter((item) => item.position !== 'ticketed')
  const kept = state.items.length - lost.length
  const owed = sumMoney(
    lost.map((item) => (item.payment === 'paid' ? item.price : money(0, state.total.currency))),
    state.total.currency,
  )
  const failureReason = reasonOf(lost)
  if (owed.amount === 0) {
    if (kept > 0) return decided({ ...state, status: 'TICKETED', failureReason }, ['ticketed'])
    return decided({ ...state, status: 'CANCELLED', failureReason }, ['cancelled'])
  }
  const items = state.items.map((item): ItemState =>
    item.position !== 'ticketed' && item.payment === 'paid' ? { ...item, refund: 'requested' } : item,
  )
  const ledger: LedgerIntent[] = [
    { eventType: 'REFUND_REQUESTED', paymentId: state.paymentId!, amount: owed, reason: failureReason, ofItem: null },
  ]
  if (kept > 0) return decided({ ...state, status: 'TICKETED', failureReason, items }, ['ticketed', 'refund_pending'], ledger)
  return decided({ ...state, status: 'REFUND_PENDING', failureReason, items }, ['refund_pending'], ledger)
}

/** The reason the traveller is told: that of the item which failed, not of those that were given back because of it. */
function reasonOf(lost: readonly ItemState[]): FailureReason {
  return lost.find((item) => item.reason !== null)?.reason ?? 'rejected'
}
