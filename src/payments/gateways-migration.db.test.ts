import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOldDatabase, type OldDatabase } from '../../test/support/old-database.ts'
import { createPostgres } from '../platform/postgres.ts'
import { findPayment, findPaymentByRef } from './payment-store.ts'
import { findRefund } from './refund-store.ts'

let database: OldDatabase

beforeAll(async () => {
  database = await createOldDatabase()
})
afterAll(() => database.close())

test('payments and refunds of the release before keep the reference that their gateway knows them by', async () => {
  for (const id of ['pay_1', 'pay_2'])
    await database.owner.query(
      `insert into payments.payments (id, booking_id, attempt_key, provider, status, amount, currency, provider_ref, expires_at, provider_expires_at)
       values ($1, 'bkg_' || $1, 'a', 'stripe', 'captured', 100, 'EUR', 'cs_' || $1, now(), now())`,
      [id],
    )
  await database.owner.query(
    "insert into payments.refunds (id, payment_id, booking_id, provider, reason, amount, currency) values ('rfd_1', 'pay_1', 'bkg_1', 'stripe', 'sold_out', 100, 'EUR')",
  )
  await database.migrate('0006-payment-gateways')

  const postgres = createPostgres({ url: database.url, connectionsMax: 1 })
  const [first, second] = [await findPayment(postgres.db, 'pay_1'), await findPayment(postgres.db, 'pay_2')]
  expect(first).toMatchObject({ clientRef: 'pay_1', attemptTurn: 1, providerRef: 'cs_pay_1' })
  expect(first!.number).not.toBe(second!.number)
  expect(await findPaymentByRef(postgres.db, 'stripe', 'client_ref', 'pay_2')).toEqual(second)
  expect(await findRefund(postgres.db, 'rfd_1')).toMatchObject({ clientRef: 'rfd_1' })
  await postgres.close()

  // An attempt may go on to the next gateway, and no reference is ever given to two.
  const copy = (change: string) =>
    database.owner.query(
      `insert into payments.payments (id, booking_id, attempt_key, provider, status, amount, currency, expires_at, provider_expires_at, client_ref, attempt_turn)
       select ${change} from payments.payments where id = 'pay_1'`,
    )
  await copy("'pay_3', booking_id, attempt_key, 'xendit', 'failed', amount, currency, expires_at, provider_expires_at, 'pay_3', 2")
  await expect(copy("'pay_4', booking_id, attempt_key, 'xendit', 'failed', amount, currency, now(), now(), 'pay_4', 2")).rejects.toThrow(
    /attempt_turn/,
  )
  await expect(copy("'pay_5', booking_id, 'b', 'stripe', 'failed', amount, currency, now(), now(), 'pay_1', 1")).rejects.toThrow(
    /payments_client_ref/,
  )
})
