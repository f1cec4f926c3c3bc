import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPaymentsBench, refusalOf, withGateway, type PaymentsBench } from '../../test/support/payments.ts'
import { inTransaction } from '../platform/postgres.ts'
import { createPayments } from './index.ts'

let bench: PaymentsBench

beforeAll(async () => {
  bench = await createPaymentsBench()
})
afterAll(() => bench.close())

test('a refund the provider cannot make is left to a person, never sent, and is done when the person says so', async () => {
  const sent: string[] = []
  const byHand = createPayments(
    withGateway(bench.deps, (gateway) => ({
      capabilities: { ...gateway.capabilities, refund: 'manual' },
      refund: async ({ refundId }) => {
        sent.push(refundId)
        throw new Error('there is no such call')
      },
    })),
  )
  const { paymentId, amount } = await bench.capture('bkg_1')
  const order = { paymentId, bookingId: 'bkg_1', amount, reason: 'sold_out' }
  const { id } = await inTransaction(bench.database.db, (tx) => byHand.requestRefund(tx, order))
  expect((await byHand.sendRefund(id)).outcome).toBe('unknown')
  expect((await byHand.sendRefund(id)).outcome).toBe('unknown')
  expect(await bench.workItems('refund_by_hand')).toEqual([{ subjectId: id, state: 'open' }])
  expect(await bench.balances('bkg_1')).toEqual({ customer_due: 0, gateway: 17_874, refund_due: -17_874, sale: 0 })

  expect(await byHand.noteRefundByHand({ refundId: id, reference: 'FT26330' })).toMatchObject({
    status: 'completed',
    providerRef: 'FT26330',
  })
  expect(await byHand.noteRefundByHand({ refundId: id, reference: 'FT26331' })).toMatchObject({ providerRef: 'FT26330' })
  expect(await bench.workItems('refund_by_hand')).toEqual([{ subjectId: id, state: 'done' }])
  expect(await bench.balances('bkg_1')).toEqual({ customer_due: 0, gateway: 0, refund_due: 0, sale: 0 })
  expect(await bench.events('refund.completed', id)).toHaveLength(1)
  expect(sent).toEqual([])
})

test('a refund the provider makes itself is not noted by hand', async () => {
  const { paymentId, amount } = await bench.capture('bkg_2')
  const { id } = await inTransaction(bench.database.db, (tx) =>
    bench.payments.requestRefund(tx, { paymentId, bookingId: 'bkg_2', amount, reason: 'sold_out' }),
  )
  expect((await refusalOf(bench.payments.noteRefundByHand({ refundId: id, reference: 'x' }))).code).toBe('refund-not-by-hand')
  expect((await refusalOf(bench.payments.noteRefundByHand({ refundId: 'rfd_0', reference: 'x' }))).code).toBe('refund-unknown')
})
