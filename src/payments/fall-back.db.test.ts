import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { gatewayOf } from '../../test/support/gateway-bench.ts'
import { createGatewayShop, orderOf, type GatewayShop } from '../../test/support/gateway-shop.ts'
import { refusalOf, until } from '../../test/support/payments.ts'
import { money } from '../kernel/money.ts'
import { createGatewayHealth } from './choose-gateway.ts'
import { createPayments, type PaymentGateway, type PaymentOrder, type Payments, type PaymentsDeps } from './index.ts'

let shop: GatewayShop
let payments: Payments
let deps: PaymentsDeps
let gateways: PaymentGateway[] = []
let bookings = 0
let bookingId: string

beforeAll(async () => {
  shop = await createGatewayShop()
})
afterAll(() => shop.close())
afterEach(() => Promise.all(gateways.map((gateway) => gateway.close())))
beforeEach(() => {
  bookings += 1
  bookingId = `bkg_${bookings}`
  for (const mock of shop.mocks.values()) {
    mock.faults.clear()
    mock.notifier.heal()
  }
  // Their breakers remember what happened to the last test.
  gateways = ['xendit', 'midtrans'].map((id) => gatewayOf(id, shop.mocks.get(id)!.environment, 1_000, shop.clock))
  deps = { ...shop.deps, gateways, health: createGatewayHealth(shop.clock) }
  payments = createPayments(deps)
})

const PRICE = money(15_000_000, 'IDR')
const start = (change: Partial<PaymentOrder> = {}) =>
  payments.start(orderOf(shop.clock, { bookingId, amount: PRICE, country: 'ID', ...change }))
const states = async () =>
  (await payments.paymentsOf(bookingId)).map(({ provider, status, failureCode }) => [provider, status, failureCode])
const isNotified = async (paymentId: string): Promise<boolean> => {
  const events = shop.database.db.selectFrom('platform.events').select('id').where('name', '=', 'payment.notified')
  return (await events.where('subject_id', '=', paymentId).execute()).length > 0
}
const balances = async (): Promise<Record<string, number>> =>
  Object.fromEntries((await payments.balanceOf(bookingId)).map((line) => [line.account, line.amount.amount]))

describe('a gateway that cannot open a page is followed by the next', () => {
  test('when it turns the payment down: the attempt has ended, its posting is taken back, one page is open', async () => {
    const amount = money(15_000_000_000, 'IDR') // more than Xendit takes at once
    const started = await start({ amount })
    expect(await states()).toEqual([
      ['xendit', 'failed', 'MAXIMUM_TRANSFER_AMOUNT_ERROR'],
      ['midtrans', 'open', null],
    ])
    expect(started.redirectUrl).toContain(shop.mocks.get('midtrans')!.url)
    expect(await balances()).toEqual({ customer_due: amount.amount, sale: -amount.amount })
    expect(await start({ amount })).toEqual(started)
  })

  test('when it cannot be reached: nothing was opened there', async () => {
    shop.mocks.get('xendit')!.faults.arm({ match: '*', kind: 'drop', n: 20 })
    const started = await start()
    expect(await states()).toEqual([
      ['xendit', 'failed', 'passed_on'],
      ['midtrans', 'open', null],
    ])
    const [abandoned] = await payments.paymentsOf(bookingId)
    expect(shop.mocks.get('xendit')!.engine.findByClientRef(abandoned!.clientRef)).toEqual([])
    expect(started.status).toBe('open')
    expect(await balances()).toEqual({ customer_due: PRICE.amount, sale: -PRICE.amount })
  })

  test('when it opened a page and the reply was lost: the page is closed, and money that comes to it all the same is late', async () => {
    const xendit = shop.mocks.get('xendit')!
    xendit.faults.arm({ match: 'create_invoice', kind: 'hang_after_effect' })
    const started = await start()
    const [abandoned, second] = await payments.paymentsOf(bookingId)
    expect(await states()).toEqual([
      ['xendit', 'failed', 'passed_on'],
      ['midtrans', 'open', null],
    ])
    expect(second!.id).toBe(started.paymentId)
    expect(xendit.engine.findByClientRef(abandoned!.clientRef).map(({ state }) => state)).toEqual(['expired'])

    xendit.pay(abandoned!.clientRef, { late: true })
    await until(() => isNotified(abandoned!.id))
    expect(await payments.sync(abandoned!.id)).toMatchObject({ outcome: 'captured', payment: { capturedLate: true } })
    expect(await balances()).toEqual({ customer_due: PRICE.amount, gateway: PRICE.amount, sale: -2 * PRICE.amount })
    expect((await payments.find(started.paymentId))?.status).toBe('open')
  })

  test('and is looked at once more when its page can no longer be paid, should nobody tell of its money', async () => {
    const xendit = shop.mocks.get('xendit')!
    xendit.faults.arm({ match: 'create_invoice', kind: 'hang_after_effect' })
    xendit.notifier.spoil({ drop: true })
    await start()
    const [abandoned] = await payments.paymentsOf(bookingId)
    xendit.pay(abandoned!.clientRef, { late: true })
    shop.clock.advance(60 * 60_000)
    await until(async () => {
      await payments.syncOpen()
      return (await payments.find(abandoned!.id))?.status === 'captured'
    })
    expect(await payments.find(abandoned!.id)).toMatchObject({ capturedLate: true, nextCheckAt: null })
  })

  test('when the request it gave up on arrives after all, and is paid: the money is late, the second page stays', async () => {
    const xendit = shop.mocks.get('xendit')!
    xendit.faults.arm({ match: 'create_invoice', kind: 'webhook_before_reply', delay_ms: 2_500 })
    const started = await start()
    const [abandoned] = await payments.paymentsOf(bookingId)
    expect(await states()).toEqual([
      ['xendit', 'failed', 'passed_on'],
      ['midtrans', 'open', null],
    ])
    await until(() => isNotified(abandoned!.id))
    expect(await payments.sync(abandoned!.id)).toMatchObject({ outcome: 'captured', payment: { capturedLate: true } })
    expect((await payments.find(started.paymentId))?.status).toBe('open')
  })

  test('however often the customer clicks meanwhile: one page is open in the end', async () => {
    shop.mocks.get('xendit')!.faults.arm({ match: '*', kind: 'drop', n: 200 })
    const started = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => start({ attemptKey: `click-${index}` })))
    const pages = new Set(started.flatMap((one) => (one.status === 'fulfilled' ? [one.value.redirectUrl] : [])))
    expect(pages.size).toBe(1)
    const open = (await payments.paymentsOf(bookingId)).filter(({ status }) => status === 'open')
    expect(open.map(({ provider, redirectUrl }) => [provider, redirectUrl])).toEqual([['midtrans', [...pages][0]]])
    expect(await balances()).toEqual({ customer_due: PRICE.amount, sale: -PRICE.amount })
  })

  test('and is not asked first again while it is known to be down', async () => {
    const xendit = shop.mocks.get('xendit')!
    xendit.faults.arm({ match: '*', kind: 'drop', n: 200 })
    await start()
    xendit.faults.clear()
    bookingId = `${bookingId}-next`
    await start()
    expect(await states()).toEqual([['midtrans', 'open', null]])
    shop.clock.advance(61_000)
    bookingId = `${bookingId}-later`
    await start()
    expect(await states()).toEqual([['xendit', 'open', null]])
  })
})

describe('a payment is not passed on', () => {
  test('once its page may have been handed out, whatever is asked later', async () => {
    const first = await start()
    shop.mocks.get('xendit')!.faults.arm({ match: '*', kind: 'drop', n: 20 })
    expect(await start({ attemptKey: 'again' })).toEqual(first)
    expect(await states()).toEqual([['xendit', 'open', null]])
  })

  /** One process hears nothing from Xendit while another one opens the page and sends the customer there, just before the first gives up. */
  async function raceForPage(change: (slow: PaymentsDeps) => PaymentsDeps) {
    const [gateway, next] = gateways
    let sent: Promise<{ redirectUrl: string | null }> = Promise.reject(new Error('nobody was sent anywhere'))
    sent.catch(() => undefined)
    const slow: PaymentGateway = {
      ...gateway!,
      create: async () => ({ outcome: 'unknown', cause: 'timeout', message: 'the reply was lost' }),
      query: async (ref) => {
        const found = await gateway!.query(ref)
        sent = payments.start(orderOf(shop.clock, { bookingId, amount: PRICE, country: 'ID', attemptKey: 'other' }))
        await sent
        return found
      },
    }
    const started = await createPayments(change({ ...deps, gateways: [slow, next!] })).start(
      orderOf(shop.clock, { bookingId, amount: PRICE, country: 'ID' }),
    )
    return { started, sent: await sent }
  }

  test('when somebody else has sent the customer to its page in the meantime', async () => {
    const { started, sent } = await raceForPage((slow) => slow)
    expect(started.redirectUrl).toBe(sent.redirectUrl)
    expect(await states()).toEqual([['xendit', 'open', null]])
  })

  test('which it would be if nobody looked whether an address had been stored', async () => {
    const { started, sent } = await raceForPage((slow) => ({
      ...slow,
      store: {
        ...slow.store,
        lockPayment: async (tx, id) => {
          const payment = await slow.store.lockPayment(tx, id)
          return payment && { ...payment, redirectUrl: null }
        },
      },
    }))
    expect(started.redirectUrl).not.toBe(sent.redirectUrl)
    expect((await states()).map(([provider, status]) => [provider, status])).toEqual([
      ['xendit', 'failed'],
      ['midtrans', 'open'],
    ])
  })

  test('when its money is there already', async () => {
    const xendit = shop.mocks.get('xendit')!
    xendit.faults.arm({ match: 'create_invoice', kind: 'hang_after_effect' })
    const [gateway, next] = gateways
    const paidMeanwhile: PaymentGateway = {
      ...gateway!,
      create: async (request) => {
        const reply = await gateway!.create(request)
        xendit.pay(request.clientRef)
        return reply
      },
    }
    payments = createPayments({ ...deps, gateways: [paidMeanwhile, next!] })
    expect((await refusalOf(start())).code).toBe('booking-already-paid')
    expect(await states()).toEqual([['xendit', 'captured', null]])
    expect(await balances()).toEqual({ customer_due: 0, gateway: PRICE.amount, sale: -PRICE.amount })
  })

  test('when there is nobody to pass it on to: it stays open, and the next call continues it', async () => {
    payments = createPayments({ ...deps, gateways: deps.gateways.slice(0, 1) })
    const xendit = shop.mocks.get('xendit')!
    xendit.faults.arm({ match: '*', kind: 'drop', n: 3 })
    expect((await refusalOf(start())).code).toBe('payment-gateway-unavailable')
    expect(await states()).toEqual([['xendit', 'open', null]])
    expect((await start()).redirectUrl).toContain(xendit.url)
    expect(await states()).toEqual([['xendit', 'open', null]])
  })

  test('to a gateway that does not take the currency: it is refused and nothing is written', async () => {
    expect((await refusalOf(start({ amount: money(100, 'JPY') }))).facts.more).toEqual({ gateway_code: 'currency_not_supported' })
    expect(await states()).toEqual([])
  })
})
