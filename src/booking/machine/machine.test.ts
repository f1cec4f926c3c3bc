import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money, sumMoney } from '../../kernel/money.ts'
import { BOOKING_EVENT_TYPES, type BookingEvent, type LedgerIntent } from './events.ts'
import { decide, isFinal, isHeldByTraveller, nextStep, type BookingState, type BookingStatus, type ItemState } from './index.ts'
import { BOOKING_STATUSES, POSITIONS } from './state.ts'

const euros = (cents: number) => money(cents, 'EUR')

function item(id: string, changes: Partial<ItemState> = {}): ItemState {
  const price = euros(10_000)
  const facts = { isPaidAtProperty: false, payment: 'due', position: 'waiting', write: null, bookings: 0, isKept: false } as const
  return { id, price, ...facts, reason: null, refund: 'none', ...changes }
}

function placed(items: readonly ItemState[] = [item('a')]): BookingState {
  const total = sumMoney(
    items.map((one) => one.price),
    'EUR',
  )
  return { status: 'INIT', total, paymentId: null, latePaymentId: null, returnedPaymentIds: [], failureReason: null, items }
}

/** Applies events that must each be decided, and returns the last state with everything owed on the way. */
function after(start: BookingState, ...events: readonly BookingEvent[]): { state: BookingState; ledger: LedgerIntent[] } {
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

const paidFor: readonly BookingEvent[] = [{ type: 'payment_started' }, { type: 'money_arrived', paymentId: 'pay_1', amount: euros(10_000) }]
const paidForTwo: readonly BookingEvent[] = [
  { type: 'payment_started' },
  { type: 'money_arrived', paymentId: 'pay_1', amount: euros(20_000) },
]
const sent = (itemId: string, operation: 'book' | 'ticket' | 'cancel'): BookingEvent => ({ type: 'write_sent', itemId, operation })
const done = (
  itemId: string,
  operation: 'book' | 'ticket' | 'cancel',
  found: 'held' | 'ticketed' | 'gone' | 'otherwise',
): BookingEvent => ({
  type: 'write_succeeded',
  itemId,
  operation,
  found,
})
const no = (itemId: string, operation: 'book' | 'ticket' | 'cancel', reason: 'not_sent' | 'sold_out' | 'price_changed' | 'other') =>
  ({ type: 'write_refused', itemId, operation, reason }) as const
const two = placed([item('hotel'), item('flight')])

describe('a booking of one item', () => {
  test('is ticketed when it is held and then ticketed', () => {
    const { state, ledger } = after(
      placed(),
      ...paidFor,
      sent('a', 'book'),
      done('a', 'book', 'held'),
      sent('a', 'ticket'),
      done('a', 'ticket', 'ticketed'),
    )
    expect(state).toMatchObject({ status: 'TICKETED', items: [{ position: 'ticketed', payment: 'paid', refund: 'none' }] })
    expect(ledger).toEqual([])
  })

  test('S9: is REFUNDED only when the gateway says completed', () => {
    const { state, ledger } = after(placed(), ...paidFor, sent('a', 'book'), no('a', 'book', 'sold_out'))
    expect(state).toMatchObject({ status: 'REFUND_PENDING', failureReason: 'sold_out' })
    expect(ledger).toEqual([{ eventType: 'REFUND_REQUESTED', paymentId: 'pay_1', amount: euros(10_000), reason: 'sold_out', ofItem: null }])
    expect(after(state, { type: 'refund_completed', paymentId: 'pay_1' }).state.status).toBe('REFUNDED')
    const failed = after(state, { type: 'refund_failed', paymentId: 'pay_1' }).state
    expect(failed).toMatchObject({ status: 'REFUND_PENDING', items: [{ refund: 'failed' }] })
    const again = after(failed, { type: 'refund_requested_again', paymentId: 'pay_1' }, { type: 'refund_completed', paymentId: 'pay_1' })
    expect(again.state.status).toBe('REFUNDED')
    // Banks send money back days later: then it is owed again, and in sight.
    expect(after(again.state, { type: 'refund_failed', paymentId: 'pay_1' }).state.status).toBe('REFUND_PENDING')
  })

  test('S2: looks at the price once after "price changed", and a second time it is over', () => {
    const repriced = after(placed(), ...paidFor, sent('a', 'book'), no('a', 'book', 'price_changed')).state
    expect(nextStep(repriced)).toEqual({ do: 'requote', itemId: 'a' })
    const covered = after(repriced, { type: 'price_checked', itemId: 'a', isCovered: true }).state
    expect(nextStep(covered)).toEqual({ do: 'book', itemId: 'a', number: 2 })
    expect(after(covered, sent('a', 'book'), no('a', 'book', 'price_changed')).state).toMatchObject({
      status: 'REFUND_PENDING',
      failureReason: 'price_changed',
    })
    expect(after(repriced, { type: 'price_checked', itemId: 'a', isCovered: false }).state.status).toBe('REFUND_PENDING')
  })

  test('S4: sends nothing while a write is undecided, and gives back what a refused ticket leaves before it refunds', () => {
    const doubtful = after(placed(), ...paidFor, sent('a', 'book'), { type: 'write_in_doubt', itemId: 'a', operation: 'book' }).state
    expect(nextStep(doubtful)).toEqual({ do: 'wait' })
    expect(decide(doubtful, sent('a', 'book'))).toEqual({ outcome: 'refused', code: 'no_such_write' })
    const refused = after(doubtful, done('a', 'book', 'held'), sent('a', 'ticket'), no('a', 'ticket', 'other'))
    expect(refused.ledger).toEqual([])
    expect(nextStep(refused.state)).toEqual({ do: 'cancel', itemId: 'a' })
    expect(after(refused.state, sent('a', 'cancel'), done('a', 'cancel', 'gone')).state.status).toBe('REFUND_PENDING')
  })

  test('sends again what never arrived, five times at most', () => {
    let { state } = after(placed(), ...paidFor, sent('a', 'book'), no('a', 'book', 'not_sent'))
    for (let times = 1; times <= 5; times += 1) {
      expect(nextStep(state)).toEqual({ do: 'resend', itemId: 'a' })
      state = after(state, sent('a', 'book'), no('a', 'book', 'not_sent')).state
    }
    expect(state.status).toBe('REFUND_PENDING')
  })

  test('S7: late money never flips it; it is reinstated only by what was found live, and otherwise given back in full', () => {
    const cancelled = after(placed(), { type: 'payment_started' }, { type: 'time_to_pay_ended' }).state
    const late = after(cancelled, { type: 'money_arrived', paymentId: 'pay_9', amount: euros(10_000) })
    expect(late.state).toMatchObject({ status: 'CANCELLED', latePaymentId: 'pay_9', paymentId: null })
    expect(late.ledger).toEqual([])
    expect(after(late.state, { type: 'late_money_judged', paymentId: 'pay_9', isStillSold: true }).state).toMatchObject({
      status: 'PAID',
      paymentId: 'pay_9',
    })
    const gone = after(late.state, { type: 'late_money_judged', paymentId: 'pay_9', isStillSold: false })
    expect(gone.state.status).toBe('CANCELLED')
    expect(gone.ledger).toEqual([
      { eventType: 'REFUND_REQUESTED', paymentId: 'pay_9', amount: euros(10_000), reason: 'late_payment', ofItem: null },
    ])
    expect(decide(gone.state, { type: 'money_arrived', paymentId: 'pay_9', amount: euros(10_000) })).toEqual({ outcome: 'known' })
  })

  test('a second payment is given back, and the first is not', () => {
    const { state, ledger } = after(placed(), ...paidFor, { type: 'money_arrived', paymentId: 'pay_2', amount: euros(10_000) })
    expect(state).toMatchObject({ status: 'PAID', paymentId: 'pay_1' })
    expect(ledger.map((one) => one.paymentId)).toEqual(['pay_2'])
  })

  test('of a property that takes the money itself moves none of ours', () => {
    const start = placed([item('a', { isPaidAtProperty: true })])
    expect(decide(start, { type: 'payment_started' })).toEqual({ outcome: 'refused', code: 'paid_at_property' })
    const failed = after(start, { type: 'confirmed_unpaid' }, sent('a', 'book'), no('a', 'book', 'sold_out'))
    expect(failed).toMatchObject({ state: { status: 'CANCELLED' }, ledger: [] })
  })
})

describe('S12: a booking of several items', () => {
  test('reserves every item before it tickets the first', () => {
    const steps: string[] = []
    let { state } = after(two, ...paidForTwo)
    for (let step = nextStep(state); step.do === 'book' || step.do === 'ticket'; step = nextStep(state)) {
      steps.push(`${step.do} ${step.itemId}`)
      state = after(state, sent(step.itemId, step.do), done(step.itemId, step.do, step.do === 'book' ? 'held' : 'ticketed')).state
    }
    expect(steps).toEqual(['book hotel', 'book flight', 'ticket hotel', 'ticket flight'])
    expect(state.status).toBe('TICKETED')
  })

  test('gives back only what it certainly got, the last first, and then all of the money', () => {
    const { state } = after(
      two,
      ...paidForTwo,
      sent('hotel', 'book'),
      done('hotel', 'book', 'held'),
      sent('flight', 'book'),
      no('flight', 'book', 'sold_out'),
    )
    expect(nextStep(state)).toEqual({ do: 'cancel', itemId: 'hotel' })
    const { state: end, ledger } = after(state, sent('hotel', 'cancel'), done('hotel', 'cancel', 'gone'))
    expect(end).toMatchObject({ status: 'REFUND_PENDING', failureReason: 'sold_out' })
    expect(ledger.map((one) => one.amount)).toEqual([euros(20_000)])
  })

  test('a ticket that its supplier does not take back stays with the traveller, and the rest is refunded', () => {
    const { state, ledger } = after(
      two,
      ...paidForTwo,
      sent('hotel', 'book'),
      done('hotel', 'book', 'ticketed'),
      sent('flight', 'book'),
      no('flight', 'book', 'sold_out'),
      sent('hotel', 'cancel'),
      no('hotel', 'cancel', 'other'),
    )
    expect(state).toMatchObject({ status: 'TICKETED', items: [{ refund: 'none', isKept: true }, { refund: 'requested' }] })
    expect(ledger.map((one) => one.amount)).toEqual([euros(10_000)])
  })
})

const ticketedTwo = after(
  two,
  ...paidForTwo,
  sent('hotel', 'book'),
  done('hotel', 'book', 'ticketed'),
  sent('flight', 'book'),
  done('flight', 'book', 'ticketed'),
).state
const agreed = (itemId: string, isGone = false): BookingEvent => ({
  type: 'cancellation_agreed',
  itemId,
  reason: 'schedule_change',
  isGone,
})

describe('S11: a ticket given back because the airline changed it', () => {
  test('is cancelled first and refunded in full then, while the rest of the trip stands', () => {
    const { state, ledger } = after(ticketedTwo, agreed('flight'))
    expect(state).toMatchObject({ status: 'TICKETED', items: [{ position: 'ticketed' }, { position: 'returning', refund: 'none' }] })
    expect(ledger).toEqual([])
    expect(nextStep(state)).toEqual({ do: 'cancel', itemId: 'flight' })
    const given = after(state, sent('flight', 'cancel'), done('flight', 'cancel', 'gone'))
    expect(given.state).toMatchObject({ status: 'TICKETED', items: [{ refund: 'none' }, { position: 'released', refund: 'requested' }] })
    expect(given.ledger).toEqual([
      { eventType: 'REFUND_REQUESTED', paymentId: 'pay_1', amount: euros(10_000), reason: 'schedule_change', ofItem: 'flight' },
    ])
    expect(nextStep(given.state)).toEqual({ do: 'nothing' })
  })

  test('takes the booking to REFUND_PENDING with the last of them, and to REFUNDED with the last refund, each told apart', () => {
    const { state } = after(ticketedTwo, agreed('flight', true), agreed('hotel'), sent('hotel', 'cancel'), done('hotel', 'cancel', 'gone'))
    expect(state).toMatchObject({ status: 'REFUND_PENDING', failureReason: 'schedule_change' })
    const one = after(state, { type: 'refund_completed', paymentId: 'pay_1', ofItem: 'hotel' }).state
    expect(one).toMatchObject({ status: 'REFUND_PENDING', items: [{ refund: 'completed' }, { refund: 'requested' }] })
    expect(decide(one, { type: 'refund_completed', paymentId: 'pay_1' })).toEqual({ outcome: 'known' })
    expect(after(one, { type: 'refund_completed', paymentId: 'pay_1', ofItem: 'flight' }).state.status).toBe('REFUNDED')
  })

  test('that its supplier has cancelled already is owed back at once, and only once', () => {
    const { state, ledger } = after(ticketedTwo, agreed('flight', true))
    expect(ledger.map((entry) => entry.amount)).toEqual([euros(10_000)])
    expect(decide(state, agreed('flight', true))).toEqual({ outcome: 'known' })
    expect(decide(state, agreed('flight'))).toEqual({ outcome: 'known' })
    expect(nextStep(state)).toEqual({ do: 'nothing' })
  })

  test('that its supplier does not take back stays the traveller’s, is not asked for again, and is told', () => {
    const decision = decide(after(ticketedTwo, agreed('flight'), sent('flight', 'cancel')).state, no('flight', 'cancel', 'other'))
    expect(decision).toMatchObject({ outcome: 'decided', events: ['cancellation_refused'], ledger: [] })
    const { state } = decision as { state: BookingState }
    expect(state).toMatchObject({ status: 'TICKETED', items: [{}, { position: 'ticketed', isKept: true, refund: 'none' }] })
    expect(decide(state, agreed('flight'))).toEqual({ outcome: 'refused', code: 'not_ticketed' })
  })

  test('S4: is not refunded while nobody knows, and stands where its supplier shows it standing after the horizon', () => {
    const doubtful = after(ticketedTwo, agreed('flight'), sent('flight', 'cancel'), {
      type: 'write_in_doubt',
      itemId: 'flight',
      operation: 'cancel',
    })
    expect(doubtful.ledger).toEqual([])
    expect(nextStep(doubtful.state)).toEqual({ do: 'wait' })
    const standing = decide(doubtful.state, { type: 'write_given_up', itemId: 'flight', operation: 'cancel', isProvenAbsent: true })
    expect(standing).toMatchObject({ state: { items: [{}, { position: 'ticketed', isKept: true }] }, ledger: [] })
    const silent = decide(doubtful.state, { type: 'write_given_up', itemId: 'flight', operation: 'cancel', isProvenAbsent: false })
    expect(silent).toMatchObject({ state: { items: [{}, { position: 'left_over', refund: 'requested' }] } })
  })
})

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
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
)

function walk(
  moves: readonly (BookingEvent | 'next' | 'no')[],
  visit: (before: BookingState, event: BookingEvent, decision: ReturnType<typeof decide>) => void,
): BookingState {
  let state = two
  for (const move of moves) {
    const event = move === 'next' ? likely(state) : move === 'no' ? unlikely(state) : move
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

function unlikely(state: BookingState): BookingEvent {
  const writing = state.items.find((one) => one.write !== null)
  return writing ? no(writing.id, writing.write!.operation, 'sold_out') : { type: 'refund_failed', paymentId: 'pay_1' }
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
