import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGatewayShop, type GatewayShop } from '../../../test/support/gateway-shop.ts'
import { money } from '../../kernel/money.ts'
import { utcDate } from '../../kernel/time.ts'
import { writeOffLedger } from '../../payments/index.ts'
import { createReconciliation } from './index.ts'

let shop: GatewayShop
beforeAll(async () => {
  shop = await createGatewayShop()
})
afterAll(() => shop.close())

test('F43: a payment and its refund agree with the books of every gateway that has any; the others are not called matched', async () => {
  const kept = shop.deps.gateways.filter((gateway) => gateway.listSettled)
  expect(kept.map(({ id }) => id)).toContain('xendit')
  for (const { id, capabilities } of kept) {
    const bookingId = `bkg_${randomUUID()}`
    const amount = money(15_000_000, capabilities.currencies.find((currency) => currency === 'IDR') ?? capabilities.currencies[0]!)
    const { paymentId, redirectUrl } = await shop.start(id, { bookingId, amount })
    await fetch(redirectUrl!)
    const mock = shop.mocks.get(id)!
    mock.pay((await shop.payments.find(paymentId))!.clientRef)
    expect((await shop.payments.sync(paymentId)).outcome).toBe('captured')
    const refund = await shop.database.db
      .transaction()
      .execute((tx) => shop.payments.requestRefund(tx, { paymentId, bookingId, amount, reason: 'sold_out' }))
    await shop.payments.sendRefund(refund.id)
    for (const intent of mock.engine.list())
      for (const one of mock.engine.refundsOf(intent)) if (one.state === 'pending') mock.engine.settleRefund(one, 'succeeded')
    await shop.payments.sendRefund(refund.id)
    expect((await shop.payments.findRefund(refund.id))!.status).toBe('completed')
  }
  const reconciliation = createReconciliation({
    ...{
      db: shop.database.db,
      clock: shop.clock,
      gateways: shop.deps.gateways,
      suppliers: [],
      ledger: writeOffLedger,
      isDaily: false,
      breakHours: 24,
    },
  })
  const run = await reconciliation.run(utcDate(shop.clock.now()), 'test')
  expect(await reconciliation.listBreaks({ state: 'open', limit: 10 })).toEqual([])
  // One that has been taken out of the configuration is still told of, by what the ledger says came by it.
  const without = createReconciliation({
    ...{ db: shop.database.db, clock: shop.clock, gateways: [], suppliers: [], ledger: writeOffLedger, isDaily: false, breakHours: 24 },
  })
  const blind = await without.run(utcDate(shop.clock.now()), 'test')
  expect(blind!.sources.map(({ source, state }) => [source, state])).toEqual(kept.map(({ id }) => [id, 'no_statement']))
  for (const source of run!.sources)
    expect([source.source, source.state, source.error, source.lines, source.matched]).toEqual(
      kept.some(({ id }) => id === source.source) ? [source.source, 'compared', null, 2, 2] : [source.source, 'no_statement', null, 0, 0],
    )
})
