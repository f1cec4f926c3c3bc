import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline } from '../../test/support/fake-airline.ts'
import { refusalOf } from '../../test/support/payments.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { money } from '../kernel/money.ts'
import { utcDate } from '../kernel/time.ts'
import { writeOffLedger } from '../payments/index.ts'
import { createReconciliation, type Breaks, type Reconciliation } from '../reporting/index.ts'
import { createOps, type Ops } from './index.ts'

let database: TestDatabase
let desk: BookingDesk
let reconciliation: Reconciliation
let ops: Ops
/** What the gateway says it took of a stranger, in cents; null: nothing. */
let taken: number | null
let source: string
/** What happens to the process that writes off. */
let dies: 'before' | 'after' | null
/** How often a write-off has got as far as the books. */
let reached: number

beforeAll(async () => {
  database = await createTestDatabase({ connectionsMax: 20 })
})
afterAll(() => database.close())
beforeEach(() => {
  taken = 4_321
  dies = null
  reached = 0
  source = `gateway_${randomUUID()}`
  desk = createBookingDesk(database, createFakeAirline().provider)
  const { clock, bookings, payments } = desk
  const { db } = database
  const at = clock.now()
  reconciliation = createReconciliation({
    ...{ db, clock, suppliers: [], ledger: writeOffLedger, isDaily: false, breakHours: 24 },
    gateways: [
      {
        id: source,
        listSettled: async function* () {
          if (taken === null) return
          yield { kind: 'payment', lineId: 'line', clientRef: null, providerRef: 'theirs', gross: money(taken, 'USD'), fee: null, at }
        },
      },
    ],
  })
  const breaks: Breaks = {
    find: reconciliation.breaks.find,
    writeOff: async (order) => {
      reached += 1
      if (dies === 'before') throw new Error('the process died')
      const written = await reconciliation.breaks.writeOff(order)
      if (dies === 'after') throw new Error('the process died')
      return written
    },
  }
  ops = createOps({
    ...{ db, clock, bookings, payments, breaks, reissueDocuments: async () => undefined },
    approvalLimit: money(1_000_000, 'USD'),
    toDisplayCurrency: (amount) => amount,
  })
})

const run = () => reconciliation.run(utcDate(desk.clock.now()), 'test')

/** The open case of the stranger's money, and a proposal of Mina's to write it off. */
async function propose(): Promise<{ workItemId: string; actionId: string; breakId: string }> {
  await run()
  const [found] = (await reconciliation.listBreaks({ state: 'open', limit: 500 })).filter((one) => one.source === source)
  const { items } = await ops.list({ state: 'open', kind: 'reconciliation_break', limit: 100 })
  const workItemId = items.find((item) => item.subject_id === found!.id)!.id
  const order = { workItemId, action: 'write-off', input: { reason: 'a test of the terminal' }, by: 'mina', requestName: randomUUID() }
  const proposed = await ops.act(order)
  expect(proposed).toMatchObject({ state: 'proposed', needsApproval: true, amount: money(4_321, 'USD') })
  return { workItemId, actionId: proposed.id, breakId: found!.id }
}

const approve = (of: { workItemId: string; actionId: string }, by = 'raj') => ops.decide({ ...of, decision: 'approve', by, reason: null })
const entriesOf = async (breakId: string) =>
  (
    await database.db
      .selectFrom('payments.transactions')
      .select(['account', 'amount'])
      .where('break_id', '=', breakId)
      .orderBy('position')
      .execute()
  ).map(({ account, amount }) => `${account} ${amount}`)
const ONCE = ['gateway 4321', 'suspense -4321']

test('S13, S14: a write-off takes two people, also far below the limit, and nothing is posted by one', async () => {
  const proposal = await propose()
  expect(await refusalOf(approve(proposal, 'mina'))).toMatchObject({ code: 'approval-by-proposer' })
  expect(await entriesOf(proposal.breakId)).toEqual([])
  expect(await approve(proposal)).toMatchObject({ state: 'done', decidedBy: 'raj' })
  expect(await entriesOf(proposal.breakId)).toEqual(ONCE)
  const [posted] = await database.db
    .selectFrom('payments.transactions')
    .select('payload')
    .where('break_id', '=', proposal.breakId)
    .execute()
  expect(posted!.payload).toMatchObject({ by: 'mina, raj', reason: 'a test of the terminal', order: proposal.actionId })
})

test('S13: of ten approvals that race one posts it, and the others are told that it is decided', async () => {
  const proposal = await propose()
  const settled = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => approve(proposal, `operator-${index}`)))
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(settled.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []))).toEqual(
    Array.from({ length: 9 }, () => 'action-decided'),
  )
  expect(reached).toBe(1)
  expect(await entriesOf(proposal.breakId)).toEqual(ONCE)
})

test.each(['before', 'after'] as const)(
  'S13: a process that dies %s it was posted leaves it to another, which posts it once',
  async (when) => {
    const proposal = await propose()
    dies = when
    await expect(approve(proposal)).rejects.toThrow('the process died')
    dies = null
    expect(await entriesOf(proposal.breakId)).toEqual(when === 'before' ? [] : ONCE)
    desk.clock.advance(4 * 60_000)
    expect(await ops.resume()).toBe(1)
    expect(await entriesOf(proposal.breakId)).toEqual(ONCE)
    expect((await ops.view(proposal.workItemId)).log).toMatchObject([{ state: 'done', outcome: 'written off: a test of the terminal' }])
    expect(await ops.resume()).toBe(0)
  },
)

test('S13: a difference that has grown while the second person thought is not written off', async () => {
  const proposal = await propose()
  taken = 987_654
  await run()
  expect(await refusalOf(approve(proposal))).toMatchObject({ code: 'write-off-differs' })
  expect(await entriesOf(proposal.breakId)).toEqual([])
  expect((await ops.view(proposal.workItemId)).state).toBe('open')
})

test('S13, S14: a case whose write-off was taken back comes before a person again', async () => {
  const proposal = await propose()
  await approve(proposal)
  taken = 5_000
  await run()
  expect(await entriesOf(proposal.breakId)).toEqual([...ONCE, 'gateway -4321', 'suspense 4321'])
  expect(await ops.view(proposal.workItemId)).toMatchObject({ state: 'open', closed_by: null, money_at_stake: { amount: '50.00' } })
})
