import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lineOf, openGatewayBooks, type GatewayBooks } from '../../../test/support/gateway-books.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { money, type Money } from '../../kernel/money.ts'
import { plusMs, utcDate } from '../../kernel/time.ts'

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

describe('S13: when what was written off changes', () => {
  test('money that turns up after all takes the write-off back, and whoever closed the case is not asked again', async () => {
    const { line } = await books.pay()
    await books.run()
    const [one] = await books.open()
    await books.accept(one!)
    books.clock.advance(3 * DAY_MS)
    books.statement.push({ ...line, at: books.clock.now() })
    expect(await books.run(utcDate(books.clock.now()))).toEqual({ opened: 0, settled: 1 })
    expect(await books.postings(one!.id)).toEqual([
      'WRITE_OFF written_off EUR 10000',
      'WRITE_OFF gateway EUR -10000',
      'WRITE_OFF_REVERSED written_off EUR -10000',
      'WRITE_OFF_REVERSED gateway EUR 10000',
    ])
    expect(await books.disagreement()).toEqual([])
    expect(await books.unbalanced()).toEqual([])
    expect(await books.reconciliation.breaks.find(one!.id)).toMatchObject({ state: 'settled' })
    expect(await books.run(utcDate(books.clock.now())), 'again').toEqual({ opened: 0, settled: 0 })
    expect(await books.postings(one!.id)).toHaveLength(4)
  })

  test('less of it than was written off takes the whole back, and the rest is a difference of its own', async () => {
    const { line } = await books.pay()
    await books.run()
    const [one] = await books.open()
    await books.accept(one!)
    books.statement.push({ ...line, gross: eur(9_000) })
    expect(await books.run()).toEqual({ opened: 1, settled: 1 })
    expect(await books.open()).toMatchObject([{ kind: 'amount_differs', difference: eur(1_000) }])
    for (const rest of await books.open()) await books.accept(rest)
    expect(await books.disagreement()).toEqual([])
  })

  test('a difference that has become another is open again, goes before a person, and can be written off again', async () => {
    const { line } = await books.pay()
    books.statement.push({ ...line, gross: eur(9_900) })
    await books.run()
    const [one] = await books.open()
    await books.accept(one!)
    await database.db
      .updateTable('platform.work_items')
      .set({ state: 'done', closed_by: 'raj', closed_at: sql`now()` })
      .where('subject_id', '=', one!.id)
      .execute()
    books.statement.splice(0, 1, { ...line, gross: eur(9_800) })
    expect(await books.run()).toEqual({ opened: 1, settled: 0 })
    expect(await books.item(one!.id)).toEqual({ state: 'open', closed_by: null })
    const [again] = await books.open()
    expect(again).toMatchObject({ id: one!.id, difference: eur(200), resolvedBy: null })
    await books.accept(again!)
    expect(await books.postings(one!.id)).toEqual([
      'WRITE_OFF written_off EUR 100',
      'WRITE_OFF gateway EUR -100',
      'WRITE_OFF_REVERSED written_off EUR -100',
      'WRITE_OFF_REVERSED gateway EUR 100',
      'WRITE_OFF written_off EUR 200',
      'WRITE_OFF gateway EUR -200',
    ])
    expect(await books.disagreement()).toEqual([])
    expect(await books.run()).toEqual({ opened: 0, settled: 0 })
  })

  test('a decision that is carried out once more after that does nothing', async () => {
    const { line } = await books.pay()
    await books.run()
    const [one] = await books.open()
    await books.accept(one!, { orderId: 'act_1' })
    books.statement.push(line)
    await books.run()
    books.statement.pop()
    await books.run()
    expect(await books.open()).toHaveLength(1)
    await books.accept(one!, { orderId: 'act_1' })
    expect(await books.open(), 'it takes a new decision').toHaveLength(1)
    expect(await books.postings(one!.id)).toHaveLength(4)
  })

  test('a payment of a stranger that turns out to be ours leaves suspense', async () => {
    const { payments } = books
    const { paymentId } = await payments.start({
      ...{ bookingId: `bkg_${randomUUID()}`, amount: eur(10_000), description: 'A trip', customerEmail: 'a@example.com' },
      ...{ attemptKey: 'k', expiresAt: plusMs(books.clock.now(), 1_800_000), returnUrl: '/trips', cancelUrl: '/trips' },
    })
    const line = lineOf('payment', paymentId, eur(10_000), { providerRef: `pi_${paymentId}`, at: books.clock.now() })
    books.statement.push(line)
    await books.run()
    const [one] = await books.open()
    expect(one!.kind).toBe('status_differs')
    await books.accept(one!)
    books.gateway.pay(paymentId)
    await payments.sync(paymentId)
    expect(await books.run()).toEqual({ opened: 0, settled: 1 })
    expect(await books.disagreement()).toEqual([])
    expect(await books.unbalanced()).toEqual([])
  })
})
