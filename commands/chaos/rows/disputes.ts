import { utcDate } from '../../../src/kernel/time.ts'
import { sessionOf } from '../../demo/sandbox.ts'
import { holdUp } from '../hold-up.ts'
import { startOperator } from '../operator.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import type { ChaosStack } from '../stack.ts'
import type { Journey } from '../travellers.ts'
import { until } from '../until.ts'
import { withoutPaymentGuards } from '../without.ts'
import { idsOf } from './suppliers.ts'

const TIMES = 20
const TOLD_MS = 20_000

/** F42: customers' banks take back what was paid for tickets that stand. */
export const disputeRows: readonly Row[] = [
  {
    id: 'F42',
    fault: `banks contest payments of ticketed bookings, each word of it ${TIMES} times at once: one stays open, one is won, one lost, one only asks, of one no webhook comes`,
    run: runDisputes,
    control: {
      without: 'the lock and the version of a payment, and the unique index of postings',
      disarm: withoutPaymentGuards,
      shows: ({ invariant }) => invariant === 'I5',
      run: runTogether,
    },
  },
]

async function ticketed({ stack, travellers }: RowScene, count: number): Promise<Journey[] | null> {
  const offers = await travellers.verified(count)
  const journeys = await Promise.all(offers.map((offer) => travellers.buy(offer)))
  const done = (): Promise<object[]> =>
    stack.sql(`select from booking.bookings where id = any($1) and status = 'TICKETED'`, [idsOf(journeys)])
  return (await until(async () => (await done()).length === count, TOLD_MS)) ? journeys : null
}

async function runDisputes(scene: RowScene): Promise<RowFacts> {
  const { stack, say } = scene
  const { control } = stack.gateway
  const journeys = await ticketed(scene, 5)
  if (!journeys) return { broken: ['not everybody had a ticket'] }
  const before = { calls: { ...stack.supplier.control.state().calls }, told: disputeDeliveries(stack) }
  const sessions = journeys.map(({ payment }) => sessionOf(payment!))
  const price = (at: number): number => Math.round(Number(journeys[at]!.shown.amount) * 100)
  const broken: string[] = []
  const expectIn = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    if (!(await until(isSo, TOLD_MS))) broken.push(what)
  }

  control.webhooks({ duplicate: TIMES })
  const open = control.dispute(sessions[0]!)
  const won = control.dispute(sessions[1]!, { amount: Math.floor(price(1) / 3) })
  const lost = control.dispute(sessions[2]!)
  const asking = control.dispute(sessions[3]!, { isInquiry: true })
  for (const [id, amount] of [
    [open, price(0)],
    [won, Math.floor(price(1) / 3)],
    [lost, price(2)],
  ] as const)
    await expectIn(`what the bank took by ${id} is not in the ledger`, async () => (await takenOf(stack, id)) === amount)
  for (const id of [open, won, lost, asking]) await expectIn(`nobody was told of ${id}`, async () => (await caseOf(stack, id)) === 'open')
  control.closeDispute(won, 'won')
  control.closeDispute(lost, 'lost')
  await expectIn('what came back is not in the ledger', async () => (await takenOf(stack, won)) === 0)
  await expectIn('a case that was won is still before a person', async () => (await caseOf(stack, won)) === 'done')
  // Everything that was said of them has been taken in, so that what comes next is not found by it.
  await until(async () => (await pending(stack)) === 0, TOLD_MS)
  const told = disputeDeliveries(stack) - before.told
  say(`four cases, told in ${told} webhooks`)
  if (told < 2 * TIMES) broken.push(`${told} webhooks told of cases`)
  control.webhooks({ duplicate: 1, drop: true })
  const silent = control.dispute(sessions[4]!)
  const heard = disputeDeliveries(stack)
  const foundMs = await compareBooks(stack, silent, price(4), broken)
  if (disputeDeliveries(stack) !== heard) broken.push('a webhook that was to be lost came')
  say(`a case without a webhook was found ${foundMs} ms after the comparison was asked for`)

  const { calls } = stack.supplier.control.state()
  const cancels = (calls['cancel'] ?? 0) - (before.calls['cancel'] ?? 0)
  const refunds = await stack.sql('select from payments.refunds where booking_id = any($1)', [idsOf(journeys)])
  const standing = await stack.sql(`select from booking.bookings where id = any($1) and status = 'TICKETED'`, [idsOf(journeys)])
  if (cancels > 0 || refunds.length > 0 || standing.length < journeys.length)
    broken.push(
      `${journeys.length - standing.length} tickets, ${cancels} reservations and ${refunds.length} payments were given back by themselves`,
    )
  const moves = await movesOf(stack, [open, won, lost, asking, silent])
  if (moves.join() !== '1,2,1,0,1') broken.push(`moves of 1, 2, 1, 0 and 1 were posted as ${moves.join(', ')}`)
  return { faultEndedAt: stack.clock.now(), broken, figures: { webhooks: told, found_after_ms: foundMs } }
}

/** Nothing asks again about money that has come; the comparison with the statement of the day does. */
async function compareBooks(stack: ChaosStack, dispute: string, amount: number, broken: string[]): Promise<number> {
  const operator = await startOperator(stack)
  try {
    if ((await takenOf(stack, dispute)) !== 0) broken.push('a case was known before anybody could have been told')
    const day = utcDate(stack.clock.now())
    const begun = performance.now()
    await operator.compare(day)
    const isFound = await until(async () => (await takenOf(stack, dispute)) === amount, 60_000, 250)
    const foundMs = Math.round(performance.now() - begun)
    if (!isFound) broken.push('a case of which no webhook came was not found')
    if ((await caseOf(stack, dispute)) !== 'open') broken.push('nobody was told of a case of which no webhook came')
    await operator.compared(day)
    const [row] = await stack.sql<{ count: string }>(
      `select count(*)::text as count from reporting.breaks b join payments.payments p on p.id = b.payment_id
       where b.state = 'open' and p.id in (select payment_id from payments.transactions where external_ref_id = $1)`,
      [dispute],
    )
    if (row!.count !== '0') broken.push('the difference that was mended is still open')
    return foundMs
  } finally {
    await operator.leave()
  }
}

/** Many learn of one case before the first of them has written it down. */
async function runTogether(scene: RowScene): Promise<RowFacts> {
  const { stack, say } = scene
  const journeys = await ticketed(scene, 1)
  if (!journeys) return { broken: ['nobody had a ticket'] }
  stack.gateway.control.webhooks({ duplicate: TIMES })
  const waiting = await holdUp({
    stack,
    table: 'payments.transactions',
    at: '^insert into "payments"."transactions"',
    // What is said twice of a new case.
    waiters: 2,
    begin: async () => void stack.gateway.control.dispute(sessionOf(journeys[0]!.payment!)),
  })
  say(`${waiting} were about to post the same case`)
  await until(async () => (await pending(stack)) === 0, TOLD_MS)
  return {}
}

async function takenOf(stack: ChaosStack, dispute: string): Promise<number> {
  const [row] = await stack.sql<{ sum: string }>(
    `select coalesce(-sum(amount), 0)::text as sum from payments.transactions where external_ref_id = $1 and account = 'gateway'`,
    [dispute],
  )
  return Number(row!.sum)
}

async function caseOf(stack: ChaosStack, dispute: string): Promise<string | undefined> {
  const rows = await stack.sql<{ state: string }>(`select state from platform.work_items where kind = 'chargeback' and subject_id = $1`, [
    dispute,
  ])
  return rows[0]?.state
}

function movesOf(stack: ChaosStack, disputes: readonly string[]): Promise<number[]> {
  return Promise.all(
    disputes.map(async (id) => {
      const posted = await stack.sql(`select from payments.transactions where external_ref_id = $1 and account = 'gateway'`, [id])
      return posted.length
    }),
  )
}

function disputeDeliveries(stack: ChaosStack): number {
  return stack.gateway.control
    .deliveries()
    .filter(({ type, status }) => type.startsWith('charge.dispute.') && status !== null && status < 300).length
}

async function pending(stack: ChaosStack): Promise<number> {
  const [row] = await stack.sql<{ count: string }>(
    `select (select count(*) from platform.pending_reactions) + (select count(*) from platform.events where published_at is null) as count`,
  )
  return Number(row!.count)
}
