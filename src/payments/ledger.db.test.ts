import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPaymentsBench, PRICE, type PaymentsBench } from '../../test/support/payments.ts'
import { money } from '../kernel/money.ts'
import { inTransaction } from '../platform/postgres.ts'
import { paymentSucceeded, type Posting } from './ledger.ts'
import { enterPosting, type PostingContext } from './ledger-store.ts'

let bench: PaymentsBench
let context: PostingContext

beforeAll(async () => {
  bench = await createPaymentsBench()
  const { paymentId } = await bench.start('bkg_1')
  context = { bookingId: 'bkg_1', paymentId, provider: 'stripe', externalRef: 'pi_1' }
})
afterAll(() => bench.close())

const REWRITES = [
  ['update', "update payments.transactions set amount = 1 where booking_id = 'bkg_1'"],
  ['delete', "delete from payments.transactions where booking_id = 'bkg_1'"],
  ['truncate', 'truncate payments.transactions'],
] as const

describe('the ledger', () => {
  test.each(REWRITES)('refuses the application an %s', async (_name, statement) => {
    await expect(sql.raw(statement).execute(bench.database.db)).rejects.toMatchObject({ code: '42501' })
  })

  test.each(REWRITES)('refuses its owner an %s', async (_name, statement) => {
    const owner = new pg.Client({ connectionString: bench.database.url })
    await owner.connect()
    await expect(owner.query(statement)).rejects.toMatchObject({ code: '42501', message: expect.stringContaining('append-only') })
    await owner.end()
    expect(await bench.balances('bkg_1')).toEqual({ customer_due: 17_874, sale: -17_874 })
  })

  test('refuses a posting that does not balance, when the transaction ends', async () => {
    const oneSided: Posting = { id: 'one-sided', eventType: 'PAYMENT_SUCCESS', entries: [{ account: 'gateway', amount: PRICE }] }
    const crooked: Posting = {
      id: 'crooked',
      eventType: 'PAYMENT_SUCCESS',
      entries: [
        { account: 'gateway', amount: PRICE },
        { account: 'sale', amount: money(-17_873, 'EUR') },
      ],
    }
    const twoCurrencies: Posting = {
      id: 'two-currencies',
      eventType: 'PAYMENT_SUCCESS',
      entries: [
        { account: 'gateway', amount: PRICE },
        { account: 'sale', amount: money(-17_874, 'USD') },
      ],
    }
    for (const posting of [oneSided, crooked, twoCurrencies]) {
      await expect(inTransaction(bench.database.db, (tx) => enterPosting(tx, posting, context))).rejects.toMatchObject({
        code: '23514',
        constraint: 'transactions_balance',
      })
    }
    expect(await bench.balances('bkg_1')).toEqual({ customer_due: 17_874, sale: -17_874 })
  })

  test('takes a posting once, however many post it at once', async () => {
    const posting = paymentSucceeded(context.paymentId, PRICE)
    const entered = await Promise.all(
      Array.from({ length: 20 }, () => inTransaction(bench.database.db, (tx) => enterPosting(tx, posting, context))),
    )
    expect(entered.filter(Boolean)).toHaveLength(1)
    expect(await bench.balances('bkg_1')).toEqual({ customer_due: 0, gateway: 17_874, sale: -17_874 })
    expect(await bench.payments.ledgerOf('bkg_1')).toMatchObject([
      { eventType: 'PAYMENT_INITIATED', account: 'customer_due', amount: PRICE },
      { eventType: 'PAYMENT_INITIATED', account: 'sale' },
      { eventType: 'PAYMENT_SUCCESS', account: 'gateway', externalRef: 'pi_1' },
      { eventType: 'PAYMENT_SUCCESS', account: 'customer_due' },
    ])
  })
})
