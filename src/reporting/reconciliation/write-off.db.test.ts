import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import {
  ColumnNode,
  OperationNodeTransformer,
  RawNode,
  ReferenceNode,
  sql,
  ValueNode,
  type BinaryOperationNode,
  type KyselyPlugin,
  type SelectQueryNode,
} from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lineOf, openGatewayBooks, type GatewayBooks } from '../../../test/support/gateway-books.ts'
import { createBarrier, refusalOf } from '../../../test/support/payments.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { money, type Money } from '../../kernel/money.ts'
import { plusMs, utcDate } from '../../kernel/time.ts'
import { createReconciliation } from './index.ts'
import type { MoneyLine } from './sources.ts'

const DAY_MS = 86_400_000
const eur = (amount: number): Money => money(amount, 'EUR')

let database: TestDatabase
let books: GatewayBooks

beforeAll(async () => {
  database = await createTestDatabase({ connectionsMax: 20 })
})
afterAll(() => database.close())
beforeEach(() => {
  books = openGatewayBooks(database)
})

describe('S13: a difference that was written off', () => {
  test('makes the ledger say what the statement says, and is found no more, on that day or the next', async () => {
    const { statement, pay, refund, payments } = books
    const [gone, less, other, twice] = [await pay(), await pay(), await pay(), await pay()]
    const returned = await refund(twice.paymentId, twice.bookingId, eur(2_500))
    const unnoticed = await payments.start({
      ...{ bookingId: `bkg_${randomUUID()}`, amount: eur(7_700), description: 'A trip', customerEmail: 'a@example.com' },
      ...{ attemptKey: 'k', expiresAt: plusMs(books.clock.now(), 1_800_000), returnUrl: '/trips', cancelUrl: '/trips' },
    })
    statement.push(
      { ...less.line, gross: eur(9_990) },
      { ...other.line, gross: money(11_000, 'USD') },
      ...[twice.line, { ...twice.line, lineId: 'again' }, { ...returned.line, gross: eur(2_600) }],
      lineOf('payment', unnoticed.paymentId, eur(7_700), { providerRef: null, at: books.clock.now() }),
      ...[books.stranger(eur(4_321)), books.stranger(eur(300), 'chargeback')],
    )
    expect(await books.run()).toEqual({ opened: 8, settled: 0 })
    expect(await books.disagreement()).not.toEqual([])
    const found = await books.open()
    for (const one of found) await books.accept(one)
    expect(await books.disagreement()).toEqual([])
    expect(await books.unbalanced()).toEqual([])

    expect(await books.run()).toEqual({ opened: 0, settled: 0 })
    books.clock.advance(DAY_MS)
    expect(await books.run(utcDate(books.clock.now()))).toEqual({ opened: 0, settled: 0 })
    expect(await books.open()).toEqual([])
    expect((await books.writtenOff()).map((one) => one.kind).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'amount_differs',
      'amount_differs',
      'currency_differs',
      'duplicate',
      'missing_at_gateway',
      'missing_with_us',
      'missing_with_us',
      'status_differs',
    ])
    const of = (kind: string) => books.postings(found.find((one) => one.kind === kind)!.id)
    expect(await of('missing_at_gateway')).toEqual(['WRITE_OFF written_off EUR 10000', 'WRITE_OFF gateway EUR -10000'])
    expect(await of('currency_differs')).toEqual([
      'WRITE_OFF gateway USD 11000',
      'WRITE_OFF written_off USD -11000',
      'WRITE_OFF written_off EUR 10000',
      'WRITE_OFF gateway EUR -10000',
    ])
    expect(await of('duplicate')).toEqual(['WRITE_OFF gateway EUR 10000', 'WRITE_OFF written_off EUR -10000'])
    // Money of nobody we know is no gain: it waits in suspense under the name of the difference.
    const [strange] = found.filter((one) => one.kind === 'missing_with_us' && one.theirStatus === 'payment')
    expect(await books.postings(strange!.id)).toEqual(['WRITE_OFF gateway EUR 4321', 'WRITE_OFF suspense EUR -4321'])
    expect((await books.payments.balanceOf(gone.bookingId)).map(({ account, amount }) => [account, amount.amount])).toEqual([
      ['customer_due', 0],
      ['gateway', 0],
      ['sale', -10_000],
      ['written_off', 10_000],
    ])
  })

  test('of whatever differences, balances, agrees with the statement, and leaves nothing when all of them are gone', async () => {
    const fates = ['as it is', 'missing', 'another amount', 'another currency', 'twice'] as const
    const anyFact = fc.record({ amount: fc.integer({ min: 100, max: 500_000 }), fate: fc.constantFrom(...fates), isRefunded: fc.boolean() })
    const anyStranger = fc.record({
      kind: fc.constantFrom('payment' as const, 'refund' as const, 'chargeback' as const),
      amount: fc.integer({ min: 100, max: 500_000 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(anyFact, { maxLength: 6 }), fc.array(anyStranger, { maxLength: 3 }), async (facts, strangers) => {
        books = openGatewayBooks(database)
        const { statement } = books
        const honest: MoneyLine[] = []
        for (const { amount, fate, isRefunded } of facts) {
          const { paymentId, bookingId, line } = await books.pay(eur(amount))
          honest.push(line)
          if (isRefunded) honest.push((await books.refund(paymentId, bookingId, eur(amount))).line)
          for (const one of honest.slice(isRefunded ? -2 : -1)) {
            if (fate === 'as it is' || fate === 'twice') statement.push(one)
            if (fate === 'twice') statement.push({ ...one, lineId: `${one.lineId}-again` })
            if (fate === 'another amount') statement.push({ ...one, gross: eur(one.gross.amount + 1) })
            if (fate === 'another currency') statement.push({ ...one, gross: money(one.gross.amount, 'USD') })
          }
        }
        statement.push(...strangers.map(({ kind, amount }) => books.stranger(eur(amount), kind)))
        const { opened } = await books.run()
        const found = await books.open()
        expect(found).toHaveLength(opened)
        for (const one of found) await books.accept(one)
        expect(await books.unbalanced()).toEqual([])
        expect(await books.disagreement()).toEqual([])
        expect(await books.run()).toEqual({ opened: 0, settled: 0 })

        statement.splice(0, statement.length, ...honest)
        expect(await books.run()).toEqual({ opened: 0, settled: opened })
        expect(await books.unbalanced()).toEqual([])
        expect(await books.disagreement()).toEqual([])
        const { rows } = await sql`select account, currency from payments.transactions
          where payment_provider = ${books.gateway.id} and account in ('written_off', 'suspense') group by 1, 2 having sum(amount) <> 0`.execute(
          database.db,
        )
        expect(rows).toEqual([])
      }),
      { numRuns: 10, ...(process.env['FAST_CHECK_SEED'] && { seed: Number(process.env['FAST_CHECK_SEED']) }) },
    )
  }, 120_000)

  test('is posted once, though ten requests for it race and more come later', async () => {
    books.statement.push(books.stranger(eur(4_321)))
    await books.run()
    const [one] = await books.open()
    await Promise.all(Array.from({ length: 10 }, () => books.accept(one!)))
    await books.accept(one!)
    expect(await books.postings(one!.id)).toEqual(['WRITE_OFF gateway EUR 4321', 'WRITE_OFF suspense EUR -4321'])
    expect(await books.reconciliation.breaks.find(one!.id)).toMatchObject({ state: 'written_off', writeOffs: 1, resolvedBy: 'mina, raj' })
    const { rows } = await sql`select from platform.events where subject_id = ${one!.id} and name = 'reconciliation.written_off'`.execute(
      database.db,
    )
    expect(rows).toHaveLength(1)
  })

  test('is posted ten times where nothing locks it and nothing looks whether it still is open', async () => {
    books.statement.push(books.stranger(eur(4_321)))
    await books.run()
    const [one] = await books.open()
    const unguarded = createReconciliation({ ...books.deps, db: database.db.withPlugin(withoutStates(createBarrier(10))) })
    const order = { breakId: one!.id, reason: 'not worth a letter', by: 'mina, raj', agreed: one!.difference }
    await Promise.all(Array.from({ length: 10 }, () => unguarded.breaks.writeOff({ ...order, orderId: randomUUID() })))
    expect(await books.postings(one!.id)).toHaveLength(20)
  })

  test('is refused when it is larger than the difference, or smaller, and then nothing is posted', async () => {
    const { line } = await books.pay()
    books.statement.push({ ...line, gross: eur(9_900) })
    await books.run()
    const [one] = await books.open()
    expect(one!.difference).toEqual(eur(100))
    for (const agreed of [eur(101), eur(10_000), eur(99), money(100, 'USD'), null]) {
      expect(await refusalOf(books.accept(one!, { agreed }))).toMatchObject({ code: 'write-off-differs', facts: { moneyMoved: 'none' } })
    }
    // It was agreed to when it was a euro, and is ten by the time the second person says yes.
    books.statement.splice(0, 1, { ...line, gross: eur(9_000) })
    await books.run()
    expect(await refusalOf(books.accept(one!))).toMatchObject({ code: 'write-off-differs' })
    expect(await books.postings(one!.id)).toEqual([])
    expect(await books.open()).toHaveLength(1)
  })

  test('is refused of a difference that has settled, or never was', async () => {
    const line = books.stranger(eur(4_321))
    books.statement.push(line)
    await books.run()
    const [one] = await books.open()
    books.statement.pop()
    await books.run()
    expect(await refusalOf(books.accept(one!))).toMatchObject({ code: 'break-not-open' })
    expect(await refusalOf(books.accept({ ...one!, id: 'brk_none' }))).toMatchObject({ code: 'break-unknown' })
    expect(await books.postings(one!.id)).toEqual([])
  })
})

test('S13: a write-off cannot touch what is a customer’s, nor come without the difference that it is about', async () => {
  const insert = (values: string) =>
    sql`insert into payments.transactions (id, posting_id, booking_id, payment_id, break_id, account, event_type, amount, currency, payment_provider)
      values ${sql.raw(values)}`.execute(database.db)
  const faults = [
    `('txn_a', 'a', 'bkg_1', null, 'brk_1', 'sale', 'WRITE_OFF', 1, 'EUR', 'x'), ('txn_b', 'a', 'bkg_1', null, 'brk_1', 'gateway', 'WRITE_OFF', -1, 'EUR', 'x')`,
    `('txn_a', 'a', 'bkg_1', null, null, 'written_off', 'WRITE_OFF', 1, 'EUR', 'x'), ('txn_b', 'a', 'bkg_1', null, null, 'gateway', 'WRITE_OFF', -1, 'EUR', 'x')`,
    `('txn_a', 'a', null, null, null, 'gateway', 'PAYMENT_SUCCESS', 1, 'EUR', 'x'), ('txn_b', 'a', null, null, null, 'sale', 'PAYMENT_SUCCESS', -1, 'EUR', 'x')`,
  ]
  for (const values of faults) await expect(insert(values)).rejects.toMatchObject({ constraint: 'transactions_subject' })
  const crooked = `('txn_a', 'a', null, null, 'brk_1', 'suspense', 'WRITE_OFF', 1, 'EUR', 'x'), ('txn_b', 'a', null, null, 'brk_1', 'gateway', 'WRITE_OFF', -2, 'EUR', 'x')`
  await expect(insert(crooked)).rejects.toMatchObject({ constraint: 'transactions_balance' })
})

test('S13: the sheet names what was posted', async () => {
  const line = books.stranger(eur(4_321))
  books.statement.push(line)
  await books.run()
  const [one] = await books.open()
  await books.accept(one!)
  const csv: string[] = []
  for await (const row of books.reconciliation.csv(books.day)) csv.push(row)
  expect(csv[0]).toMatch(/^break,day,side,source,kind,state,.*,statement,postings\r\n$/)
  expect(csv.filter((row) => row.includes(line.clientRef!))).toEqual([
    expect.stringMatching(new RegExp(`written_off.*,books,${one!.id}:written-off:1:EUR\r\n$`)),
  ])
})

/**
 * Takes the question whether a difference is still open out of every statement, and the row locks: what they are for shows without
 * them. All have read the difference before one goes on.
 */
const withoutStates = (arrive: () => Promise<void>): KyselyPlugin => ({
  transformQuery: ({ node }) => new StateRemover().transformNode(node),
  transformResult: async ({ result }) => {
    if (result.rows.some((row) => row['state'] === 'open' && 'write_off_order' in row)) await arrive()
    return result
  },
})

class StateRemover extends OperationNodeTransformer {
  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    const { endModifiers: _locks, ...unlocked } = super.transformSelectQuery(node)
    return unlocked
  }

  protected override transformBinaryOperation(node: BinaryOperationNode): BinaryOperationNode {
    const { leftOperand, rightOperand } = node
    const isState = ReferenceNode.is(leftOperand) && ColumnNode.is(leftOperand.column) && leftOperand.column.column.name === 'state'
    const isOpen = ValueNode.is(rightOperand) && rightOperand.value === 'open'
    const yes = RawNode.createWithSql('true')
    return isState && isOpen ? { ...node, leftOperand: yes, rightOperand: yes } : super.transformBinaryOperation(node)
  }
}
