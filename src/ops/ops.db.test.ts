import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline, type FakeAirline } from '../../test/support/fake-airline.ts'
import { adult, flightOffer, reservation } from '../../test/support/offers.ts'
import { refusalOf, withoutGuards } from '../../test/support/payments.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { money } from '../kernel/money.ts'
import type { Breaks } from '../reporting/index.ts'
import type { OpsDeps } from './deps.ts'
import { createOps, type Ops } from './index.ts'

let database: TestDatabase
let supplier: FakeAirline
let desk: BookingDesk
let deps: OpsDeps
let ops: Ops

const LIMIT = money(50_000, 'USD')
const breaks: Breaks = {
  find: async () => undefined,
  writeOff: async () => {
    throw new Error('there is none')
  },
}

beforeAll(async () => {
  database = await createTestDatabase({ connectionsMax: 20 })
})
afterAll(() => database.close())
beforeEach(async () => {
  // Every test looks at the list of cases; none is to see another's.
  await database.db
    .updateTable('platform.work_items')
    .set({ state: 'done', closed_by: 'an earlier test' })
    .where('state', '=', 'open')
    .execute()
  supplier = createFakeAirline()
  desk = createBookingDesk(database, supplier.provider)
  deps = {
    ...{ db: database.db, clock: desk.clock, bookings: desk.bookings, payments: desk.payments, breaks },
    reissueDocuments: async () => undefined,
    approvalLimit: LIMIT,
    toDisplayCurrency: (amount) => (amount.currency === 'USD' ? amount : null),
  }
  ops = createOps(deps)
})

async function placePaid(total = money(41_250, 'USD')): Promise<string> {
  const offer = flightOffer({ id: `off_${randomUUID()}`, total })
  desk.offers.set(offer.id, offer)
  await desk.bookings.verify(offer.id)
  const { id } = await desk.bookings.place({
    offerIds: [offer.id],
    expectedTotal: total,
    travellers: { passengers: [adult()], guests: [] },
    contact: { email: 'budi@example.com', phone: '+62812345678' },
    userId: null,
    placedBy: randomUUID(),
  })
  const payment = await desk.bookings.pay({ bookingId: id, expectedTotal: total, returnPath: '/trips', attemptKey: randomUUID() })
  desk.gateway.pay(payment!.paymentId)
  await desk.payments.sync(payment!.paymentId)
  await desk.bookings.markPaid({ bookingId: id, paymentId: payment!.paymentId, amount: total.amount, currency: total.currency })
  return id
}

/** A booking that was sold out after it was paid, and whose refund the gateway then failed. */
async function withFailedRefund(total?: ReturnType<typeof money>): Promise<{ bookingId: string; refundId: string; itemId: string }> {
  supplier.behave = { book: { outcome: 'rejected', reason: 'sold_out', code: 'SOLD', message: 'sold out' } }
  const bookingId = await placePaid(total)
  await desk.bookings.advance(bookingId)
  const { refund } = desk.gateway
  Object.assign(desk.gateway, {
    refund: async (request: Parameters<typeof refund>[0]) => {
      const reply = await refund({ ...request, refundId: `${request.refundId}-failed` })
      return reply.outcome === 'ok' ? { ...reply, value: { ...reply.value, state: 'failed', failureCode: 'closed_account' } } : reply
    },
  })
  const [asked] = await desk.payments.refundsOf(bookingId)
  expect((await desk.payments.sendRefund(asked!.id)).outcome).toBe('failed')
  Object.assign(desk.gateway, { refund })
  await desk.bookings.noteRefundFailed({ bookingId, paymentId: asked!.paymentId, refundId: asked!.id })
  return { bookingId, refundId: asked!.id, itemId: await itemOf('refund_failed', asked!.id) }
}

async function itemOf(kind: string, subjectId: string): Promise<string> {
  const row = await database.db
    .selectFrom('platform.work_items')
    .select('id')
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .executeTakeFirstOrThrow()
  return row.id
}

const act = (workItemId: string, action: string, by: string, input: Record<string, string> = {}, requestName = randomUUID()) =>
  ops.act({ workItemId, action, input, by, requestName })

async function auditOf(itemId: string): Promise<[string, string][]> {
  const rows = await database.db
    .selectFrom('platform.events')
    .select(['name', 'actor'])
    .where('subject_id', '=', itemId)
    .orderBy('position')
    .execute()
  return rows.map((row) => [row.name, row.actor])
}

describe('S14: what takes two people', () => {
  test('above the limit one person proposes, another one approves, and the money goes back', async () => {
    const { bookingId, itemId } = await withFailedRefund(money(50_001, 'USD'))
    expect((await ops.view(itemId)).actions.find((action) => action.name === 'refund')).toMatchObject({ needs_approval: true })
    const proposed = await act(itemId, 'refund', 'mina')
    expect(proposed).toMatchObject({ state: 'proposed', proposedBy: 'mina', amount: money(50_001, 'USD') })
    expect(await desk.payments.refundsOf(bookingId)).toHaveLength(1)

    const order = { workItemId: itemId, actionId: proposed.id, decision: 'approve' as const, reason: null }
    expect(await refusalOf(ops.decide({ ...order, by: 'mina' }))).toMatchObject({ code: 'approval-by-proposer', status: 403 })
    expect(await desk.payments.refundsOf(bookingId)).toHaveLength(1)
    expect(await ops.decide({ ...order, by: 'raj' })).toMatchObject({ state: 'done', decidedBy: 'raj' })
    expect(await refusalOf(ops.decide({ ...order, by: 'raj' }))).toMatchObject({ code: 'action-decided' })

    const [first, again] = await desk.payments.refundsOf(bookingId)
    expect(again).toMatchObject({ reason: `${first!.reason}:again`, status: 'requested', amount: money(50_001, 'USD') })
    await desk.payments.sendRefund(again!.id)
    await desk.bookings.noteRefundCompleted({ bookingId, paymentId: again!.paymentId, refundId: again!.id })
    expect((await desk.bookings.get(bookingId)).status).toBe('REFUNDED')
    expect((await desk.payments.balanceOf(bookingId)).every((line) => line.amount.amount === 0)).toBe(true)
    expect(await ops.view(itemId)).toMatchObject({ state: 'done', closed_by: 'raj', resolution: `asked for again as ${again!.id}` })
    expect(await auditOf(itemId)).toEqual([
      ['work_item.action_proposed', 'mina'],
      ['work_item.action_approved', 'raj'],
      ['work_item.action_done', 'raj'],
    ])
  })

  test('up to the limit one person is enough, and money without a rate always takes two', async () => {
    const alone = await withFailedRefund(money(50_000, 'USD'))
    expect(await act(alone.itemId, 'refund', 'mina')).toMatchObject({ state: 'done', decidedBy: null })
    const foreign = await withFailedRefund(money(100, 'EUR'))
    expect(await act(foreign.itemId, 'refund', 'mina')).toMatchObject({ state: 'proposed' })
  })

  test('what was rejected is not done, and can be proposed again', async () => {
    const { bookingId, itemId } = await withFailedRefund(money(60_000, 'USD'))
    const proposed = await act(itemId, 'refund', 'mina')
    expect(await refusalOf(act(itemId, 'close', 'raj', { reason: 'never mind' }))).toMatchObject({ code: 'action-under-way' })
    const rejected = await ops.decide({ workItemId: itemId, actionId: proposed.id, decision: 'reject', reason: 'wrong account', by: 'raj' })
    expect(rejected).toMatchObject({ state: 'rejected', decidedBy: 'raj', decisionReason: 'wrong account' })
    expect(await desk.payments.refundsOf(bookingId)).toHaveLength(1)
    expect(await act(itemId, 'refund', 'mina')).toMatchObject({ state: 'proposed' })
    expect(await ops.view(itemId)).toMatchObject({ state: 'open' })
  })

  const approvals = async (approver: Ops, order: { workItemId: string; actionId: string }): Promise<number> => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => approver.decide({ ...order, decision: 'approve', reason: null, by: `person-${index}` })),
    )
    return results.filter((result) => result.status === 'fulfilled').length
  }

  test('of eight who approve at the same time one does it', async () => {
    let done = 0
    const bookings: OpsDeps['bookings'] = {
      ...deps.bookings,
      requestRefundAgain: async (refundId) => {
        done += 1
        await new Promise((resolve) => setTimeout(resolve, 50))
        return deps.bookings.requestRefundAgain(refundId)
      },
    }
    const guarded = await withFailedRefund(money(60_000, 'USD'))
    const first = await act(guarded.itemId, 'refund', 'mina')
    expect(await approvals(createOps({ ...deps, bookings }), { workItemId: guarded.itemId, actionId: first.id })).toBe(1)
    expect(done).toBe(1)

    done = 0
    const unguarded = await withFailedRefund(money(60_000, 'USD'))
    const second = await act(unguarded.itemId, 'refund', 'mina')
    const open = createOps({ ...deps, bookings, db: database.db.withPlugin(withoutGuards) })
    await approvals(open, { workItemId: unguarded.itemId, actionId: second.id })
    expect(done, 'without row lock and version several do it').toBeGreaterThan(1)
    // Even then the refund's name keeps the money from going twice.
    expect(await desk.payments.refundsOf(unguarded.bookingId)).toHaveLength(2)
  })
})

describe('doing something about a case', () => {
  test('a request that is repeated is the same action', async () => {
    const { bookingId, itemId } = await withFailedRefund()
    const name = randomUUID()
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => act(itemId, 'refund', 'mina', {}, name)))
    const ids = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.id] : []))
    expect(new Set(ids).size).toBe(1)
    expect(await desk.payments.refundsOf(bookingId)).toHaveLength(2)
  })

  test('one whose process died over it is taken up again, and done once', async () => {
    const { bookingId, itemId } = await withFailedRefund()
    const dying: OpsDeps['bookings'] = {
      ...deps.bookings,
      requestRefundAgain: async (refundId) => {
        await deps.bookings.requestRefundAgain(refundId)
        throw new Error('the process died after the refund was asked for')
      },
    }
    await expect(
      createOps({ ...deps, bookings: dying }).act({
        workItemId: itemId,
        action: 'refund',
        input: {},
        by: 'mina',
        requestName: randomUUID(),
      }),
    ).rejects.toThrow(/died/)
    expect(await ops.resume()).toBe(0)
    expect((await ops.view(itemId)).log).toMatchObject([{ state: 'running' }])
    desk.clock.advance(4 * 60_000)
    expect((await Promise.all([ops.resume(), ops.resume(), ops.resume()])).reduce((sum, count) => sum + count)).toBe(1)
    expect(await ops.view(itemId)).toMatchObject({ state: 'done', log: [{ state: 'done' }] })
    expect(await desk.payments.refundsOf(bookingId)).toHaveLength(2)
  })

  test('what it does not offer, or lacks what it needs, is refused and nothing is logged', async () => {
    const { itemId } = await withFailedRefund()
    expect(await refusalOf(act(itemId, 'replay', 'mina'))).toMatchObject({
      code: 'action-not-allowed',
      facts: { more: { actions: ['refund', 'close'] } },
    })
    expect(await refusalOf(act(itemId, 'close', 'mina', { reason: ' ' }))).toMatchObject({
      facts: { errors: [{ pointer: '/reason', code: 'required' }] },
    })
    expect(await refusalOf(act(itemId, 'refund', 'mina', { supplier_ref: 'x' }))).toMatchObject({
      facts: { errors: [{ pointer: '/supplier_ref' }] },
    })
    expect((await ops.view(itemId)).log).toEqual([])
    expect(await act(itemId, 'close', 'mina', { reason: 'paid in cash' })).toMatchObject({ state: 'done' })
    expect(await refusalOf(act(itemId, 'refund', 'mina'))).toMatchObject({ code: 'work-item-closed' })
  })

  test('a case is claimed by one person, and taken over only on purpose', async () => {
    const { itemId } = await withFailedRefund()
    await ops.claim({ workItemId: itemId, by: 'mina', takeOver: false })
    expect(await refusalOf(ops.claim({ workItemId: itemId, by: 'raj', takeOver: false }))).toMatchObject({ code: 'work-item-taken' })
    await ops.claim({ workItemId: itemId, by: 'raj', takeOver: true })
    expect(await ops.view(itemId)).toMatchObject({ owner: 'raj', is_overdue: false })
    expect((await ops.list({ owner: 'raj', state: 'open', limit: 10 })).items.map((item) => item.id)).toEqual([itemId])
  })

  test('cases are listed oldest first, page by page, none twice and none left out', async () => {
    const ids: string[] = []
    for (let count = 0; count < 5; count += 1) ids.push((await withFailedRefund()).itemId)
    const seen: string[] = []
    let afterId: string | undefined
    do {
      const page = await ops.list({ state: 'open', kind: 'refund_failed', limit: 2, ...(afterId !== undefined && { afterId }) })
      seen.push(...page.items.map((item) => item.id))
      afterId = page.nextAfterId ?? undefined
    } while (afterId !== undefined)
    expect(seen).toEqual(ids.toSorted())
  })
})

describe('S4: a write whose answer is missing', () => {
  /** Past the horizon, with a supplier that does not answer: a person is asked. */
  async function inDoubt(): Promise<{ bookingId: string; itemId: string }> {
    const bookingId = await placePaid()
    supplier.behave = { book: 'lost', dark: true }
    await desk.bookings.advance(bookingId)
    desk.clock.advance(31 * 60_000)
    await desk.bookings.settleInDoubt()
    return { bookingId, itemId: await itemOf('unknown_outcome', bookingId) }
  }

  test('is asked for at once by whoever wants to, and its case closes by itself', async () => {
    const { bookingId, itemId } = await inDoubt()
    expect(await act(itemId, 'probe', 'mina')).toMatchObject({ state: 'done', outcome: 'the supplier did not say' })
    supplier.behave = {}
    expect(await act(itemId, 'probe', 'mina')).toMatchObject({ state: 'done', outcome: 'the booking is TICKETED' })
    expect(await ops.view(itemId)).toMatchObject({
      state: 'done',
      closed_by: null,
      subject: { booking: { id: bookingId, status: 'TICKETED' } },
    })
    expect(supplier.calls.book).toBe(1)
  })

  test('takes a reservation found by hand only if the supplier shows it as what was sold', async () => {
    const { bookingId, itemId } = await inDoubt()
    const reference = `${(await desk.bookings.get(bookingId)).reference}-1`
    expect(await refusalOf(act(itemId, 'attach-reference', 'mina', { supplier_ref: reference }))).toMatchObject({
      code: 'reservation-not-ours',
    })
    supplier.behave = {}
    const { retrieve } = supplier.provider.flights!
    const shows = (made: ReturnType<typeof reservation>) => Object.assign(supplier.provider.flights!, { retrieve: async () => made })
    shows(reservation({ supplierRef: 'other', segments: [{ ...reservation().segments[0]!, flightNumber: '999' }] }))
    expect(await refusalOf(act(itemId, 'attach-reference', 'mina', { supplier_ref: 'other' }))).toMatchObject({
      facts: { detail: 'It is for GA999, and GA874 was sold.' },
    })
    shows(reservation({ supplierRef: reference, status: 'cancelled' }))
    expect(await refusalOf(act(itemId, 'attach-reference', 'mina', { supplier_ref: reference }))).toMatchObject({
      code: 'reservation-not-ours',
    })
    expect((await desk.bookings.get(bookingId)).status).toBe('PENDING_TICKET')
    Object.assign(supplier.provider.flights!, { retrieve })
    expect(await act(itemId, 'attach-reference', 'mina', { supplier_ref: reference })).toMatchObject({ state: 'done' })
    expect((await desk.bookings.get(bookingId)).status).toBe('TICKETED')

    const second = await inDoubt()
    supplier.behave = {}
    const refusal = await refusalOf(act(second.itemId, 'attach-reference', 'mina', { supplier_ref: reference }))
    expect(refusal).toMatchObject({ facts: { detail: 'Another booking of ours has this reservation.' } })
  })

  test('can be given up: the money goes back, and what turns up later is cancelled', async () => {
    const { bookingId, itemId } = await inDoubt()
    expect(await act(itemId, 'give-up', 'mina', { reason: 'the airline is bankrupt' })).toMatchObject({ state: 'done' })
    expect((await desk.bookings.get(bookingId)).status).toBe('REFUND_PENDING')
    expect(await desk.payments.refundsOf(bookingId)).toHaveLength(1)
    const orphan = await itemOf('orphan_reservation', bookingId)
    supplier.behave = {}
    expect(await act(orphan, 'cancel', 'mina')).toMatchObject({ outcome: 'looked at the supplier: cancelled' })
    expect(supplier.calls.cancel).toBe(1)
    expect(await ops.view(orphan)).toMatchObject({ state: 'done', closed_by: null })
  })
})

test('a case that software closed is opened again when it comes back, and one that a person closed stays closed', async () => {
  const { openWorkItem, closeWorkItem } = await import('../platform/work-items.ts')
  const open = (subjectId: string) =>
    database.db.transaction().execute((tx) => openWorkItem(tx, { kind: 'thing_odd', subjectId, summary: 'odd', details: {} }))
  const [byItself, byPerson] = [randomUUID(), randomUUID()]
  await open(byItself)
  await open(byPerson)
  await database.db.transaction().execute((tx) => closeWorkItem(tx, 'thing_odd', byItself, new Date()))
  await act(await itemOf('thing_odd', byPerson), 'close', 'mina', { reason: 'fine' })
  await open(byItself)
  await open(byPerson)
  expect(await ops.view(await itemOf('thing_odd', byItself))).toMatchObject({ state: 'open', closed_at: null })
  expect(await ops.view(await itemOf('thing_odd', byPerson))).toMatchObject({ state: 'done', closed_by: 'mina' })
})
