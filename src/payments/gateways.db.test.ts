import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FACADES } from '../../fixtures/gateways/index.ts'
import { createGatewayShop, type GatewayShop } from '../../test/support/gateway-shop.ts'
import { refusalOf, until } from '../../test/support/payments.ts'
import { money, type Money } from '../kernel/money.ts'
import { inTransaction } from '../platform/postgres.ts'

let shop: GatewayShop
let bookings = 0
let bookingId: string

beforeAll(async () => {
  shop = await createGatewayShop()
})
afterAll(() => shop.close())
beforeEach(() => {
  bookings += 1
  bookingId = `bkg_${bookings}`
})

/** What each provider is asked for; the others take đồng. */
const PRICES: Readonly<Record<string, Money>> = { xendit: money(15_000_000, 'IDR'), midtrans: money(15_000_000, 'IDR') }
const OTHERWISE = money(2_000_000, 'VND')

const inboxOf = async (provider: string): Promise<number> =>
  (await shop.database.db.selectFrom('payments.inbox').select('id').where('provider', '=', provider).execute()).length
const notified = async (paymentId: string): Promise<number> =>
  (
    await shop.database.db
      .selectFrom('platform.events')
      .select('id')
      .where('name', '=', 'payment.notified')
      .where('subject_id', '=', paymentId)
      .execute()
  ).length
const balances = async (): Promise<Record<string, number>> =>
  Object.fromEntries((await shop.payments.balanceOf(bookingId)).map((line) => [line.account, line.amount.amount]))

describe.each(FACADES.map(({ id, name }) => [name, id] as const))('by %s', (_name, id) => {
  const amount = PRICES[id] ?? OTHERWISE
  const mock = () => shop.mocks.get(id)!
  const capabilities = () => shop.deps.gateways.find((gateway) => gateway.id === id)!.capabilities

  test('a customer pays on the hosted page, is announced, and is captured once; the money goes back once', async () => {
    const { paymentId, redirectUrl } = await shop.start(id, { bookingId, amount })
    const page = await fetch(redirectUrl!)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('TEST MODE')])
    const paid = await fetch(redirectUrl!, { method: 'POST', body: new URLSearchParams({ outcome: 'paid' }), redirect: 'manual' })
    expect([paid.status, paid.headers.get('location')]).toEqual([303, expect.stringContaining('https://shop.example/trips/1')])
    await until(async () => (await notified(paymentId)) > 0)
    expect(await balances()).toEqual({ customer_due: amount.amount, sale: -amount.amount })

    const outcomes = await Promise.all(Array.from({ length: 10 }, () => shop.payments.sync(paymentId)))
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['captured', ...Array(9).fill('unchanged')])
    expect(await balances()).toEqual({ customer_due: 0, gateway: amount.amount, sale: -amount.amount })

    const refund = await inTransaction(shop.database.db, (tx) =>
      shop.payments.requestRefund(tx, { paymentId, bookingId, amount, reason: 'sold_out' }),
    )
    await Promise.all(Array.from({ length: 5 }, () => shop.payments.sendRefund(refund.id)))
    if (capabilities().refund === 'manual') await shop.payments.noteManualRefund(refund.id, { bankReference: 'FT1', by: 'usr_an' })
    for (const intent of mock().engine.list())
      for (const one of mock().engine.refundsOf(intent)) if (one.state === 'pending') mock().engine.settleRefund(one, 'succeeded')
    // Each of the five has put the next look further away.
    shop.clock.advance(400_000)
    await until(async () => {
      await shop.payments.pollRefunds()
      return (await shop.payments.findRefund(refund.id))?.status === 'completed'
    })
    expect(await balances()).toEqual({ customer_due: 0, gateway: 0, refund_due: 0, sale: 0 })
    if (capabilities().refund !== 'manual')
      expect(
        mock()
          .engine.truth()
          .reduce((sum, line) => sum + (line.amount === amount.amount ? line.refunded : 0), 0),
      ).toBe(amount.amount)
  })

  test('nothing is stored of a notification that is forged, and one that comes twenty times is one', async () => {
    const { paymentId, redirectUrl } = await shop.start(id, { bookingId, amount })
    await fetch(redirectUrl!)
    const reference = (await shop.payments.find(paymentId))!.clientRef
    mock().pay(reference)
    await until(async () => (await notified(paymentId)) > 0)
    const before = await inboxOf(id)
    const events = await notified(paymentId)
    for (const forgery of ['other_key', 'unsigned'] as const) {
      const [told] = await mock().notifier.resend(reference, 1, forgery)
      const [genuine] = await mock().notifier.resend(reference, 1, 'replay')
      expect([forgery, `${told!.status} ${told!.body}`]).not.toEqual([forgery, `${genuine!.status} ${genuine!.body}`])
    }
    await mock().notifier.resend(reference, 20, null)
    expect([await inboxOf(id), await notified(paymentId)]).toEqual([before, events])
  })

  test('a notification that comes before the page was answered for finds the payment', async () => {
    mock().notifier.heal()
    mock().faults.clear()
    mock().faults.arm({ match: '*', kind: 'webhook_before_reply' })
    const started = await shop.start(id, { bookingId, amount })
    const payment = await shop.payments.find(started.paymentId)
    // Where nothing is called to open a page, or something is asked first, there is nothing to overtake.
    mock().faults.clear()
    if (payment!.status !== 'open') return
    await shop.payments.sync(started.paymentId)
    const truth = mock()
      .engine.truth()
      .find(({ reference }) => reference === payment!.clientRef)
    expect((await shop.payments.find(started.paymentId))?.status).toBe(truth?.state === 'paid' ? 'captured' : 'open')
  })

  test('all notifications are lost, and the poller finds the money', async () => {
    mock().notifier.spoil({ drop: true })
    const { paymentId, redirectUrl } = await shop.start(id, { bookingId, amount })
    await fetch(redirectUrl!)
    mock().pay((await shop.payments.find(paymentId))!.clientRef)
    shop.clock.advance(16_000)
    await until(async () => {
      await shop.payments.syncOpen()
      return (await shop.payments.find(paymentId))?.status === 'captured'
    })
    expect(await notified(paymentId)).toBe(0)
    mock().notifier.heal()
  })
})

test('money that the provider holds for fraud is a case for a person: no capture, no second page; and it counts once it is released', async () => {
  const midtrans = shop.mocks.get('midtrans')!
  const amount = PRICES['midtrans']!
  const { paymentId } = await shop.start('midtrans', { bookingId, amount })
  const intent = midtrans.engine.findByClientRef((await shop.payments.find(paymentId))!.clientRef)[0]!
  midtrans.engine.setAside(intent, 'suspicious')
  await until(async () => (await notified(paymentId)) > 0)
  expect((await shop.payments.sync(paymentId)).outcome).toBe('mismatched')
  expect((await shop.payments.sync(paymentId)).outcome).toBe('unchanged')
  const items = async () =>
    await shop.database.db.selectFrom('platform.work_items').select(['kind', 'state']).where('subject_id', '=', paymentId).execute()
  expect(await items()).toEqual([{ kind: 'payment_suspicious', state: 'open' }])
  expect(await balances()).toEqual({ customer_due: amount.amount, sale: -amount.amount })
  expect((await refusalOf(shop.start('xendit', { bookingId, amount, attemptKey: 'again' }))).code).toBe('payment-under-review')

  midtrans.pay(intent.clientRef)
  expect((await shop.payments.sync(paymentId)).outcome).toBe('captured')
  expect(await items()).toEqual([{ kind: 'payment_suspicious', state: 'done' }])
  expect(await balances()).toEqual({ customer_due: 0, gateway: amount.amount, sale: -amount.amount })
})

test('an address of no provider is refused, and nothing is stored', async () => {
  const reply = await fetch(`${shop.url}/v1/webhooks/nobody`, { method: 'POST', body: '{}' })
  expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([404, 'gateway-unknown'])
  expect((await fetch(`${shop.url}/v1/webhooks/nobody?vnp_Amount=1`)).status).toBe(404)
  expect(await inboxOf('nobody')).toBe(0)
})
