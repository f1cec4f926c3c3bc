import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline } from '../../test/support/fake-airline.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { createIdempotency, createOperators, operatorGuard, problemDetails } from '../gateway/index.ts'
import { money } from '../kernel/money.ts'
import { plusMs, utcDate } from '../kernel/time.ts'
import { writeOffLedger } from '../payments/index.ts'
import { secret } from '../platform/secret.ts'
import { openWorkItem } from '../platform/work-items.ts'
import { createReconciliation, readQueueAges, reportingRoutes, type Reconciliation } from '../reporting/index.ts'
import { createOps, workItemRoutes } from './index.ts'

const TOKENS = { mina: 'a-token-of-mina-with-24-characters', raj: 'a-token-of-raj-with-24-characters' } as const

let database: TestDatabase
let desk: BookingDesk
let app: FastifyInstance
let reconciliation: Reconciliation

beforeAll(async () => {
  database = await createTestDatabase()
  desk = createBookingDesk(database, createFakeAirline().provider)
  const { clock, bookings, payments } = desk
  const { db } = database
  const stranger = { kind: 'payment', lineId: 'txn_1', clientRef: null, fee: null, at: clock.now() } as const
  reconciliation = createReconciliation({
    ...{ db, clock, suppliers: [], ledger: writeOffLedger, isDaily: false, breakHours: 24 },
    gateways: [
      {
        id: 'stripe',
        listSettled: async function* () {
          yield { ...stranger, providerRef: '=cmd|calc', gross: money(4_321, 'USD') }
        },
      },
    ],
  })
  const ops = createOps({
    ...{ db, clock, bookings, payments, breaks: reconciliation.breaks, reissueDocuments: async () => undefined },
    ...{ approvalLimit: money(50_000, 'USD'), toDisplayCurrency: (amount) => amount },
  })
  const guard = operatorGuard(createOperators(Object.entries(TOKENS).map(([name, token]) => ({ name, token: secret(token) }))))
  const operatorOf = (request: { operator?: string }) => request.operator ?? ''
  const idempotent = createIdempotency({ db, clock, principalOf: (request) => `operator ${operatorOf(request)}` })
  app = Fastify() as unknown as FastifyInstance
  await app.register(problemDetails)
  await app.register(workItemRoutes, { prefix: '/v1', ops, guard, operatorOf, idempotent })
  const jobCounts = async () => ({ ticketing: { wait: 1, active: 0, delayed: 0, failed: 2 } })
  await app.register(reportingRoutes, {
    ...{ prefix: '/v1', reconciliation, guard, operatorOf, idempotent, clock },
    ...{ queueAges: () => readQueueAges(db), jobCounts },
  })
})
afterAll(async () => {
  await app.close()
  await database.close()
})

type Person = keyof typeof TOKENS
const get = (url: string, person: Person = 'mina') =>
  app.inject({ url: `/v1${url}`, headers: { authorization: `Bearer ${TOKENS[person]}` } })
const post = (url: string, payload: object, person: Person = 'mina', key: string | null = randomUUID()) =>
  app.inject({
    method: 'POST',
    url: `/v1${url}`,
    payload,
    headers: { authorization: `Bearer ${TOKENS[person]}`, ...(key !== null && { 'idempotency-key': key }) },
  })

/** A case about a payment of USD 600.00. */
async function mismatched(): Promise<string> {
  const { paymentId } = await desk.payments.start({
    ...{ bookingId: `bkg_${randomUUID()}`, amount: money(60_000, 'USD'), description: 'A trip', customerEmail: 'a@example.com' },
    ...{ expiresAt: plusMs(desk.clock.now(), 1_800_000), returnUrl: '/trips', cancelUrl: '/trips', attemptKey: randomUUID() },
  })
  await database.db
    .transaction()
    .execute((tx) =>
      openWorkItem(tx, { kind: 'payment_mismatched', subjectId: paymentId, summary: 'another amount', details: {}, severity: 'high' }),
    )
  const row = await database.db.selectFrom('platform.work_items').select('id').where('subject_id', '=', paymentId).executeTakeFirstOrThrow()
  return row.id
}

describe('the addresses of work items', () => {
  let id: string
  beforeEach(async () => {
    id = await mismatched()
  })

  test.each(['/ops/work-items', '/ops/queues', '/ops/reconciliations', '/ops/reconciliations/2026-11-24.csv'])(
    '%s is refused to strangers',
    async (url) => {
      for (const authorization of [undefined, `Bearer ${TOKENS.mina}x`, `Bearer ${TOKENS.mina.slice(1)}`, 'Bearer '])
        expect(
          (await app.inject({ url: `/v1${url}`, headers: authorization === undefined ? {} : { authorization } })).json(),
        ).toMatchObject({ status: 401, code: 'ops-token-needed' })
    },
  )

  test('tell everything about a case, and list it by what is asked', async () => {
    const reply = await get(`/ops/work-items/${id}`)
    expect(reply.headers['cache-control']).toBe('no-store')
    expect(reply.json()).toMatchObject({
      ...{ id, kind: 'payment_mismatched', severity: 'high', state: 'open', owner: null, cause: 'another amount', is_overdue: false },
      money_at_stake: { amount: '600.00', currency: 'USD' },
      subject: { payment: { status: 'open', amount: { amount: '600.00', currency: 'USD' } }, refund: null },
      actions: [
        { name: 'probe', needs: [], needs_approval: false },
        { name: 'close', needs: [{ name: 'reason', required: true }], needs_approval: true },
      ],
      ...{ log: [], history: [] },
    })
    expect((await get('/ops/work-items?state=open&kind=payment_mismatched&older_than=1d')).json()).toEqual({ data: [], next_cursor: null })
    expect((await get('/ops/work-items?state=open&limit=1')).json().data).toHaveLength(1)
    expect((await get('/ops/work-items?cursor=bm90IGEgY3Vyc29y')).json()).toMatchObject({ code: 'invalid-request' })
    expect((await get('/ops/work-items/wrk_00000000000000000000000000')).json()).toMatchObject({ status: 404, code: 'work-item-unknown' })
  })

  test('take an Idempotency-Key, which is each person’s own, and do one thing for one key', async () => {
    const url = `/ops/work-items/${id}/actions/close`
    expect((await post(url, { reason: 'x' }, 'mina', null)).json()).toMatchObject({ status: 400, code: 'idempotency-key-missing' })
    const key = randomUUID()
    const first = await post(url, { reason: 'settled by phone' }, 'mina', key)
    expect([first.statusCode, first.json()]).toMatchObject([202, { state: 'proposed', proposed_by: 'mina', needs_approval: true }])
    const again = await post(url, { reason: 'settled by phone' }, 'mina', key)
    expect(again.json()).toEqual(first.json())
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect((await post(url, { reason: 'settled by phone' }, 'raj', key)).json()).toMatchObject({ status: 409, code: 'action-under-way' })

    const approvals = `/ops/work-items/${id}/approvals`
    const body = { action_id: first.json().id, decision: 'approve' }
    expect((await post(approvals, body, 'mina')).json()).toMatchObject({ status: 403, code: 'approval-by-proposer', money_moved: 'none' })
    expect((await post(approvals, body, 'raj')).json()).toMatchObject({ state: 'done', decided_by: 'raj' })
    expect((await post(approvals, body, 'raj')).json()).toMatchObject({ status: 409, code: 'action-decided' })
    const { state, closed_by, history } = (await get(`/ops/work-items/${id}`)).json()
    expect([state, closed_by]).toEqual(['done', 'raj'])
    expect(history.map((one: { event: string; by: string }) => `${one.by} ${one.event}`)).toEqual([
      'mina work_item.action_proposed',
      'raj work_item.action_approved',
      'raj work_item.action_done',
    ])
  })

  test('claim a case', async () => {
    expect((await post(`/ops/work-items/${id}/claim`, {})).json()).toMatchObject({ owner: 'mina' })
    expect((await post(`/ops/work-items/${id}/claim`, {}, 'raj')).json()).toMatchObject({
      status: 409,
      code: 'work-item-taken',
      owner: 'mina',
    })
    expect((await post(`/ops/work-items/${id}/claim`, { take_over: true }, 'raj')).json()).toMatchObject({ owner: 'raj' })
  })
})

test('S14: a difference is written off by two people, whatever it is worth, and the sheet carries no formula', async () => {
  const day = utcDate(desk.clock.now())
  expect((await post('/ops/reconciliations', { day: '2026-02-30' })).json()).toMatchObject({ code: 'invalid-request' })
  const asked = await post('/ops/reconciliations', { day })
  expect([asked.statusCode, asked.json()]).toMatchObject([202, { state: 'requested', asked_by: 'mina', day }])
  await reconciliation.runDue()
  const { runs, breaks } = (await get(`/ops/reconciliations?day=${day}&state=open`)).json()
  expect(runs).toMatchObject([
    { state: 'done', opened: 1, sources: [{ source: 'stripe', state: 'compared', statement: 'books', lines: 1, matched: 0, untold: 0 }] },
  ])
  expect(breaks).toMatchObject([
    { kind: 'missing_with_us', their_ref: '=cmd|calc', theirs: { amount: '43.21', currency: 'USD' }, ours: null },
  ])
  const sheet = await get(`/ops/reconciliations/${day}.csv`)
  expect(sheet.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(sheet.headers['content-disposition']).toContain(`reconciliation-${day}.csv`)
  expect(sheet.body).toContain(`,'=cmd|calc,`)

  const [item] = (await get('/ops/work-items?state=open&kind=reconciliation_break')).json().data
  const proposed = await post(`/ops/work-items/${item.id}/actions/write-off`, { reason: 'a test of the terminal' })
  expect(proposed.json()).toMatchObject({ state: 'proposed', amount: { amount: '43.21', currency: 'USD' } })
  const approved = await post(`/ops/work-items/${item.id}/approvals`, { action_id: proposed.json().id, decision: 'approve' }, 'raj')
  expect(approved.json()).toMatchObject({ state: 'done' })
  expect((await get(`/ops/reconciliations?day=${day}&state=written_off`)).json().breaks).toMatchObject([
    {
      ...{ resolved_by: 'mina, raj', resolution: 'a test of the terminal', statement: 'books' },
      ledger: [
        { event_type: 'WRITE_OFF', account: 'gateway', amount: { amount: '43.21', currency: 'USD' } },
        { event_type: 'WRITE_OFF', account: 'suspense', amount: { amount: '-43.21', currency: 'USD' } },
      ],
    },
  ])
})

test('what waits is told with the age of the oldest', async () => {
  const { data, jobs } = (await get('/ops/queues')).json()
  expect(data.map((one: { queue: string }) => one.queue)).toEqual(
    expect.arrayContaining(['outbox', 'reactions', 'dead_letters', 'attempts_in_doubt', 'refunds_under_way', 'orphans', 'work_items']),
  )
  const outbox = data.find((one: { queue: string }) => one.queue === 'outbox')
  expect(outbox.waiting).toBeGreaterThan(0)
  expect(outbox.oldest_seconds).toBeGreaterThanOrEqual(0)
  expect(jobs).toMatchObject({ ticketing: { wait: 1, failed: 2 } })
})
