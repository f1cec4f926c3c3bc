import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPaymentsBench, refusalOf, type PaymentsBench } from '../../test/support/payments.ts'

let bench: PaymentsBench
beforeAll(async () => {
  bench = await createPaymentsBench()
})
afterAll(() => bench.close())

test('a reference found by hand counts only if the gateway says that it is this payment', async () => {
  const [mine, other] = [await bench.start('bkg_mine'), await bench.start('bkg_other')]
  const refOf = async (paymentId: string) => (await bench.payments.find(paymentId))!.providerRef!
  const right = await refOf(mine.paymentId)
  bench.mock.control.pay(mine.paymentId)
  await bench.database.db
    .updateTable('payments.payments')
    .set({ provider_ref: 'cs_of_another_account' })
    .where('id', '=', mine.paymentId)
    .execute()
  expect((await bench.payments.sync(mine.paymentId)).outcome).toBe('unknown')
  expect(await bench.workItems('payment_not_at_gateway')).toEqual([{ subjectId: mine.paymentId, state: 'open' }])

  for (const wrong of ['cs_nothing', await refOf(other.paymentId)])
    expect(await refusalOf(bench.payments.attachReference({ paymentId: mine.paymentId, providerRef: wrong }))).toMatchObject({
      code: 'reference-not-ours',
    })
  expect((await bench.payments.find(mine.paymentId))!.status).toBe('open')

  expect(await bench.payments.attachReference({ paymentId: mine.paymentId, providerRef: right })).toMatchObject({ outcome: 'captured' })
  expect(await bench.balances('bkg_mine')).toMatchObject({ gateway: 17_874, customer_due: 0 })
  expect(await refusalOf(bench.payments.attachReference({ paymentId: mine.paymentId, providerRef: right }))).toMatchObject({
    code: 'reference-not-ours',
  })
  expect(await refusalOf(bench.payments.attachReference({ paymentId: 'pay_none', providerRef: right }))).toMatchObject({
    code: 'payment-unknown',
  })
})
