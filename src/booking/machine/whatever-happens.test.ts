import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreed, done, euros, item, no, placed, sent, two, ticketedTwo } from '../../../test/support/booking-states.ts'
import { BOOKING_EVENT_TYPES, type BookingEvent } from './events.ts'
import { decide, isFinal, isHeldByTraveller, nextStep, type BookingState, type BookingStatus } from './index.ts'
import { BOOKING_STATUSES, POSITIONS } from './state.ts'

const anyItemId = fc.constantFrom('hotel', 'flight', 'nothing')
const anyOperation = fc.constantFrom('book' as const, 'ticket' as const, 'cancel' as const)
const anyPayment = fc.constantFrom('pay_1', 'pay_2')
const anyEvent: fc.Arbitrary<BookingEvent> = fc.oneof(
  fc.constantFrom<BookingEvent>({ type: 'payment_started' }, { type: 'confirmed_unpaid' }, { type: 'time_to_pay_ended' }),
  fc.record({ type: fc.constant('money_arrived' as const), paymentId: anyPayment, amount: fc.constant(euros(20_000)) }),
  fc.record({ type: fc.constant('late_money_judged' as const), paymentId: anyPayment, isStillSold: fc.boolean() }),
  fc.record({ type: fc.constant('write_sent' as const), itemId: anyItemId, operation: anyOperation }),
  fc.record({
    type: fc.constant('write_succeeded' as const),
    itemId: anyItemId,
    operation: anyOperation,
    found: fc.constantFrom('held' as const, 'ticketed' as const, 'gone' as const, 'otherwise' as const),
  }),
  fc.record({
    type: fc.constant('write_refused' as const),
    itemId: anyItemId,
    operation: anyOperation,
    reason: fc.constantFrom('not_sent' as const, 'sold_out' as const, 'price_changed' as const, 'other' as const),
  }),
  fc.record({ type: fc.constant('write_in_doubt' as const), itemId: anyItemId, operation: anyOperation }),
  fc.record({ type: fc.constant('write_given_up' as const), itemId: anyItemId, operation: anyOperation, isProvenAbsent: fc.boolean() }),
  fc.record({ type: fc.constant('price_checked' as const), itemId: anyItemId, isCovered: fc.boolean() }),
  fc.record({
    type: fc.constant('cancellation_agreed' as const),
    itemId: anyItemId,
    reason: fc.constant('schedule_change' as const),
    isGone: fc.boolean(),
  }),
  fc.record(
    {
      type: fc.constantFrom('refund_completed' as const, 'refund_failed' as const, 'refund_requested_again' as const),
      paymentId: anyPayment,
      ofItem: anyItemId,
    },
    { requiredKeys: ['type', 'paymentId', 'ofItem'] },
  ),
  fc.record({
    type: fc.constantFrom('refund_completed' as const, 'refund_failed' as const, 'refund_requested_again' as const),
    paymentId: anyPayment,
  }),
)

/** Mostly what is next, sometimes its refusal, and anything else in between: such walks get far. */
const anyWalk = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: anyEvent },
    { weight: 6, arbitrary: fc.constant('next' as const) },
    { weight: 1, arbitrary: fc.constant('no' as const) },
    { weight: 1, arbitrary: fc.constant('dearer' as const) },
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
)

function walk(
  moves: readonly (BookingEvent | 'next' | 'no' | 'dearer')[],
  visit: (before: BookingState, event: BookingEvent, decision: ReturnType<typeof decide>) => void,
): BookingState {
  let state = two
  for (const move of moves) {
    const event =
      move === 'next' ? likely(state) : move === 'no' ? unlikely(state) : move === 'dearer' ? unlikely(state, 'price_changed') : move
    const decision = decide(state, event)
    visit(state, event, decision)
    if (decision.outcome === 'decided') state = decision.state
  }
  return state
}

function likely(state: BookingState): BookingEvent {
  if (state.status === 'INIT') return { type: 'payment_started' }
  if (state.status === 'PENDING_PAYMENT') return { type: 'money_arrived', paymentId: 'pay_1', amount: state.total }
  const step = nextStep(state)
  if (step.do === 'book' || step.do === 'ticket' || step.do === 'cancel') return sent(step.itemId, step.do)
  const writing = state.items.find((one) => one.write !== null)
  if (!writing && state.status === 'TICKETED') return agreed(state.items[0]!.id)
  if (!writing) return { type: 'refund_completed', paymentId: 'pay_1', ...(isOwn(state) && { ofItem: state.items[0]!.id }) }
  if (step.do === 'resend') return sent(writing.id, writing.write!.operation)
  return done(writing.id, writing.write!.operation, writing.write!.operation === 'book' ? 'held' : 'ticketed')
}

function isOwn(state: BookingState): boolean {
  return state.items[0]!.reason === 'schedule_change'
}

function unlikely(state: BookingState, reason: 'sold_out' | 'price_changed' = 'sold_out'): BookingEvent {
  const writing = state.items.find((one) => one.write !== null)
  return writing ? no(writing.id, writing.write!.operation, reason) : { type: 'refund_failed', paymentId: 'pay_1' }
}

const followers: Record<BookingStatus, readonly BookingStatus[]> = {
  INIT: ['PENDING_PAYMENT', 'PAID', 'CANCELLED'],
  PENDING_PAYMENT: ['PAID', 'CANCELLED'],
  PAID: ['PENDING_TICKET'],
  PENDING_TICKET: ['TICKETED', 'REFUND_PENDING', 'CANCELLED'],
  // Only where every ticket has been given back.
  TICKETED: ['REFUND_PENDING', 'REFUNDED', 'CANCELLED'],
  REFUND_PENDING: ['REFUNDED'],
  REFUNDED: ['REFUND_PENDING'],
  CANCELLED: ['PAID'],
}

const OPERATIONS = ['book', 'ticket', 'cancel'] as const
const everyEvent: readonly BookingEvent[] = [
  { type: 'payment_started' },
  { type: 'confirmed_unpaid' },
  { type: 'time_to_pay_ended' },
  ...['pay_1', 'pay_2'].flatMap((paymentId): BookingEvent[] => [
    { type: 'money_arrived', paymentId, amount: euros(10_000) },
    { type: 'late_money_judged', paymentId, isStillSold: true },
    { type: 'late_money_judged', paymentId, isStillSold: false },
    { type: 'refund_completed', paymentId },
    { type: 'refund_failed', paymentId },
    { type: 'refund_requested_again', paymentId },
    { type: 'refund_completed', paymentId, ofItem: 'hotel' },
    { type: 'refund_failed', paymentId, ofItem: 'hotel' },
    { type: 'refund_requested_again', paymentId, ofItem: 'hotel' },
  ]),
  ...OPERATIONS.flatMap((operation): BookingEvent[] => [
    sent('hotel', operation),
    { type: 'write_in_doubt', itemId: 'hotel', operation },
    ...(['held', 'ticketed', 'gone', 'otherwise'] as const).map((found) => done('hotel', operation, found)),
    ...(['not_sent', 'sold_out', 'price_changed', 'other'] as const).map((reason) => no('hotel', operation, reason)),
    { type: 'write_given_up', itemId: 'hotel', operation, isProvenAbsent: true },
    { type: 'write_given_up', itemId: 'hotel', operation, isProvenAbsent: false },
  ]),
  { type: 'price_checked', itemId: 'hotel', isCovered: true },
  { type: 'price_checked', itemId: 'hotel', isCovered: false },
  agreed('hotel'),
  agreed('hotel', true),
  agreed('nothing'),
  sent('nothing', 'book'),
]

/** Visits every event in every state that can be reached, and returns how many states there are. */
function everyState(
  start: BookingState,
  visit: (before: BookingState, event: BookingEvent, decision: ReturnType<typeof decide>) => void,
): number {
  const reached = new Map([[JSON.stringify(start), start]])
  for (const state of reached.values()) {
    for (const event of everyEvent) {
      const decision = decide(state, event)
      visit(state, event, decision)
      if (decision.outcome === 'decided') reached.set(JSON.stringify(decision.state), decision.state)
    }
  }
  return reached.size
}

describe('whatever happens, in whatever order', () => {
  test('every event is answered in every state a booking of one item can come to, without a throw, and leads on legally', () => {
    const met = new Set<string>()
    const reached = everyState(placed([item('hotel')]), (before, event, decision) => {
      met.add(`${before.status} ${event.type}`)
      if (decision.outcome === 'refused') expect(decision.code).toMatch(/^[a-z_]+$/)
      if (decision.outcome !== 'decided' || decision.state.status === before.status) return
      expect(followers[before.status]).toContain(decision.state.status)
    })
    expect(reached).toBeGreaterThan(500)
    expect([...met].toSorted()).toEqual(
      BOOKING_STATUSES.flatMap((status) => BOOKING_EVENT_TYPES.map((type) => `${status} ${type}`)).toSorted(),
    )
  })

  test('I7: a booking moves only where the statuses lead, and only a judgement of late money leads out of CANCELLED', () => {
    fc.assert(
      fc.property(anyWalk, (moves) => {
        walk(moves, (before, event, decision) => {
          if (decision.outcome !== 'decided' || decision.state.status === before.status) return
          expect(followers[before.status]).toContain(decision.state.status)
          if (before.status === 'CANCELLED') expect(event.type).toBe('late_money_judged')
          if (before.status === 'TICKETED') expect(decision.state.items.some(isHeldByTraveller)).toBe(false)
        })
      }),
      { numRuns: 2_000 },
    )
  })

  test('S4: unknown is never collapsed into rejected: while a write is undecided nothing is sent and nothing is owed for it', () => {
    fc.assert(
      fc.property(anyWalk, (moves) => {
        walk(moves, (before, event, decision) => {
          const isUndecided = before.items.some((one) => one.write?.state === 'sent' || one.write?.state === 'unknown')
          if (!isUndecided) return
          expect(['wait', 'nothing']).toContain(nextStep(before).do)
          if (event.type === 'write_sent') expect(decision.outcome).toBe('refused')
          if (event.type === 'write_in_doubt' && decision.outcome === 'decided') expect(decision.ledger).toEqual([])
        })
      }),
      { numRuns: 2_000 },
    )
  })

  test('I1, I12: in the end each item of a paid booking has a live ticket or its price is owed back, exactly once', () => {
    fc.assert(
      fc.property(anyWalk, (moves) => {
        let owed = 0
        const end = walk(moves, (_before, _event, decision) => {
          if (decision.outcome === 'decided')
            for (const entry of decision.ledger) if (entry.paymentId === decision.state.paymentId) owed += entry.amount.amount
        })
        expect(owed).toBeLessThanOrEqual(end.total.amount)
        if (end.paymentId === null || !(isFinal(end.status) || end.status === 'REFUND_PENDING')) return
        const lost = end.items.filter((one) => !isHeldByTraveller(one))
        expect(owed).toBe(lost.reduce((sum, one) => sum + one.price.amount, 0))
        for (const one of end.items) expect(one.refund === 'none').toBe(isHeldByTraveller(one))
      }),
      { numRuns: 3_000 },
    )
  })

  test('I12: each item of a ticketed trip is owed back once at most, however its giving back goes', () => {
    const anyReturn = fc.oneof(
      { weight: 1, arbitrary: anyEvent },
      {
        weight: 3,
        arbitrary: fc.constantFrom<BookingEvent | 'next' | 'no'>('next', 'no', agreed('hotel'), agreed('flight'), agreed('flight', true)),
      },
    )
    let met = 0
    fc.assert(
      fc.property(fc.array(anyReturn, { maxLength: 40, size: 'max' }), (moves) => {
        const owed: (string | null)[] = []
        let state = ticketedTwo
        for (const move of moves) {
          const event = move === 'next' ? likely(state) : move === 'no' ? unlikely(state) : move
          const decision = decide(state, event)
          if (decision.outcome !== 'decided') continue
          state = decision.state
          owed.push(...decision.ledger.filter((entry) => entry.paymentId === 'pay_1').map((entry) => entry.ofItem))
          for (const one of state.items) expect(one.refund === 'none').toBe(isHeldByTraveller(one))
        }
        met = Math.max(met, owed.length)
        expect(new Set(owed).size).toBe(owed.length)
      }),
      { numRuns: 3_000 },
    )
    expect(met).toBe(2)
  })

  test('money that nobody waits for is owed back once, however often it is told', () => {
    fc.assert(
      fc.property(anyWalk, (moves) => {
        const returned: string[] = []
        walk(moves, (_before, _event, decision) => {
          if (decision.outcome !== 'decided') return
          returned.push(...decision.ledger.filter((entry) => entry.reason === 'late_payment').map((entry) => entry.paymentId))
        })
        expect(new Set(returned).size).toBe(returned.length)
      }),
      { numRuns: 2_000 },
    )
  })

  test('every position of an item is met', () => {
    const met = new Set<string>()
    fc.assert(
      fc.property(anyWalk, (moves) => {
        walk(moves, (before) => before.items.forEach((one) => met.add(one.position)))
      }),
      { numRuns: 3_000 },
    )
    expect(POSITIONS.filter((position) => !met.has(position))).toEqual([])
  })
})
