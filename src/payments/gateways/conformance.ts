import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { money, type Money } from '../../kernel/money.ts'
import { plusMs, type Clock } from '../../kernel/time.ts'
import type { GatewayOutcome, PaymentGateway, PaymentRef, PaymentRequest, RefundRef, RefundRequest, WebhookDelivery } from './contract.ts'

/** What can be made to go wrong with a call. The last two take effect and lose the reply. */
export type CallFault =
  | 'timeout'
  | 'drop'
  | 'server_error'
  | 'garbage'
  | 'html'
  | 'bomb'
  | 'throttled'
  | 'unknown_code'
  | 'drop_after_effect'
  | 'hang_after_effect'

/** The call that is to go wrong. */
export type GatewayCall = 'create' | 'query' | 'expire' | 'refund' | 'query_refund'

/** A notification that is not what it should be. `future`: signed as of tomorrow. */
export type Forged = 'edited' | 'other_key' | 'unsigned' | 'future'

/**
 * `addressIsToldOnce`: who lost it has a payment at the provider and nowhere to send the customer. `isFirstHeardOfAtThePage`:
 * a payment that nobody has been to is as unknown to the provider as one that never was.
 */
export type Oddities = { readonly addressIsToldOnce?: true; readonly isFirstHeardOfAtThePage?: true }

/** A gateway before a provider of our own that keeps books. */
export type GatewayBench = {
  readonly gateway: PaymentGateway
  readonly clock: Clock
  /** An amount that the provider takes; divisible by four. */
  readonly amount: Money
  /** Arms the next call of this kind to go wrong; false where the gateway makes no such call. */
  readonly fault: (call: GatewayCall, kind: CallFault) => boolean
  /** The customer pays; minor units. */
  readonly pay: (ref: PaymentRef, amount?: number) => void
  /** What the provider holds of this reference, in minor units; `opened` is how many payments it has of it. */
  readonly books: (ref: PaymentRef) => { readonly opened: number; readonly captured: number; readonly refunded: number }
  /** What the provider has announced of it so far. */
  readonly deliveries: (ref: PaymentRef) => readonly WebhookDelivery[]
  /** Something that looks like the last of these; null where the provider's way of signing has no such thing. */
  readonly forge: (ref: PaymentRef, how: Forged) => WebhookDelivery | null
  /** Lets refunds under way be done. */
  readonly settleRefunds: (ref: PaymentRef) => void
  /** What the provider's own protocol does not let it do. */
  readonly oddities?: Oddities
  readonly close: () => Promise<void>
}

const BEFORE_EFFECT: readonly CallFault[] = ['timeout', 'drop', 'server_error', 'garbage', 'html', 'bomb', 'throttled', 'unknown_code']
const AFTER_EFFECT: readonly CallFault[] = ['drop_after_effect', 'hang_after_effect']
const HALF_AN_HOUR_MS = 1_800_000
const TEN_MINUTES_MS = 600_000

/** The promises that every gateway keeps, whoever is behind it. `make` is called once. */
export function describeGateway(name: string, make: () => Promise<GatewayBench>): void {
  describe(`${name}, as every gateway,`, () => {
    let bench: GatewayBench
    let payments = 0
    beforeAll(async () => {
      bench = await make()
    })
    afterAll(() => bench.close())

    const refOf = (providerRef: string | null = null, number = (payments += 1)): PaymentRef => {
      const paymentId = `pay_conformance${number}`
      const createdAt = bench.clock.now()
      return {
        paymentId,
        clientRef: bench.gateway.clientRef({ paymentId, number, createdAt }),
        createdAt,
        amount: bench.amount,
        providerRef,
      }
    }
    const requestOf = (ref = refOf()): PaymentRequest => ({
      ...ref,
      description: 'Jakarta to Tokyo',
      customerEmail: 'budi@example.com',
      customerIp: '203.0.113.7',
      expiresAt: plusMs(ref.createdAt, HALF_AN_HOUR_MS + TEN_MINUTES_MS),
      returnUrl: 'https://shop.example/trips/1',
      cancelUrl: 'https://shop.example/trips/1/pay',
    })
    const open = async (): Promise<{ request: PaymentRequest; ref: PaymentRef }> => {
      const request = requestOf()
      const { providerRef } = ok(await bench.gateway.create(request))
      return { request, ref: { ...request, providerRef } }
    }
    const paid = async (amount?: number): Promise<PaymentRef & { readonly providerPaymentRef: string }> => {
      const { ref } = await open()
      bench.pay(ref, amount)
      const { providerPaymentRef } = ok(await bench.gateway.query(ref))
      if (providerPaymentRef === null) throw new Error('a paid payment has nothing to refund against')
      return { ...ref, providerPaymentRef }
    }
    const refundOf = (
      payment: PaymentRef & { readonly providerPaymentRef: string },
      amount: number = bench.amount.amount / 4,
    ): RefundRequest => {
      const refundId = `rfd_conformance${(payments += 1)}`
      const createdAt = bench.clock.now()
      const clientRef = bench.gateway.refundClientRef({ refundId, number: payments, createdAt })
      return { refundId, clientRef, createdAt, amount: money(amount, bench.amount.currency), payment }
    }
    const lost = (request: RefundRequest): RefundRef => ({ ...request, providerRefundRef: null })
    const hasRefunds = (): boolean => bench.gateway.capabilities.refund !== 'manual'

    test('makes one reference of one payment, and never the same of two', () => {
      const at = bench.clock.now()
      const make = (number: number) => bench.gateway.clientRef({ paymentId: `pay_${number}`, number, createdAt: at })
      const refund = (number: number) => bench.gateway.refundClientRef({ refundId: `rfd_${number}`, number, createdAt: at })
      expect(make(7)).toBe(make(7))
      expect(new Set(Array.from({ length: 500 }, (_, i) => make(i + 1))).size).toBe(500)
      expect(new Set(Array.from({ length: 500 }, (_, i) => refund(i + 1))).size).toBe(500)
    })

    test('opens one payment however often it is asked', async () => {
      const { request } = await open()
      if (bench.oddities?.addressIsToldOnce) {
        expect(await bench.gateway.create(request)).toMatchObject({ outcome: 'unknown' })
        return expect(bench.books(request).opened).toBe(1)
      }
      const again = ok(await bench.gateway.create(request))
      expect(again.redirectUrl).toMatch(/^https?:\/\//)
      expect(ok(await bench.gateway.create(request))).toEqual(again)
      expect(bench.books(request).opened).toBeLessThanOrEqual(1)
    })

    test.each(AFTER_EFFECT)('opens one payment though the reply is lost (%s)', async (kind) => {
      const request = requestOf()
      if (!bench.fault('create', kind)) return
      expect(await bench.gateway.create(request)).toMatchObject({ outcome: 'unknown' })
      const again = await bench.gateway.create(request)
      expect(again.outcome).toBe(bench.oddities?.addressIsToldOnce ? 'unknown' : 'ok')
      expect(bench.books(request).opened).toBe(1)
      bench.pay(request)
      const ref = { ...request, providerRef: again.outcome === 'ok' ? again.value.providerRef : null }
      expect(ok(await bench.gateway.query(ref))).toMatchObject({ state: 'paid', captured: bench.amount })
    })

    test.each(BEFORE_EFFECT)('calls nothing refused that is only unknown (%s)', async (kind) => {
      const payment = await paid()
      const calls: Partial<Record<GatewayCall, () => Promise<GatewayOutcome<unknown>>>> = {
        create: () => bench.gateway.create(requestOf()),
        query: () => bench.gateway.query(payment),
        expire: () => bench.gateway.expire(payment),
        ...(hasRefunds() && {
          refund: () => bench.gateway.refund(refundOf(payment)),
          query_refund: () => bench.gateway.queryRefund(lost(refundOf(payment))),
        }),
      }
      for (const [call, run] of Object.entries(calls)) {
        if (!bench.fault(call as GatewayCall, kind)) continue
        expect([call, (await run()).outcome]).toEqual([call, 'unknown'])
      }
    })

    test('tells what was really paid, and that nothing was', async () => {
      const { ref } = await open()
      expect(ok(await bench.gateway.query(ref))).toMatchObject({ state: 'open', captured: null })
      bench.pay(ref)
      expect(ok(await bench.gateway.query(ref))).toMatchObject({ state: 'paid', captured: bench.amount })
      const other = bench.amount.amount / 2
      expect(ok(await bench.gateway.query(await paid(other))).captured).toEqual(money(other, bench.amount.currency))
    })

    test('does not find a payment that there is not', async () => {
      const found = await bench.gateway.query(refOf())
      if (bench.oddities?.isFirstHeardOfAtThePage) expect(found).toMatchObject({ value: { state: 'open', captured: null } })
      else expect(found.outcome).not.toBe('ok')
    })

    test('ends a payment early where it can, and says when the customer was faster', async () => {
      const { ref } = await open()
      expect(ok(await bench.gateway.expire(ref))).toBe(bench.gateway.capabilities.canExpireEarly ? 'expired' : 'too_late')
      if (bench.gateway.capabilities.canExpireEarly) {
        expect(ok(await bench.gateway.query(ref)).state).toBe('expired')
        expect(ok(await bench.gateway.expire(ref))).toBe('expired')
      }
      expect(ok(await bench.gateway.expire(await paid()))).toBe('too_late')
    })

    test('gives back once under one key, a part and then the rest', async () => {
      if (!hasRefunds()) return
      const payment = await paid()
      const first = refundOf(payment)
      expect(ok(await bench.gateway.queryRefund(lost(first)))).toBeNull()
      const made = ok(await bench.gateway.refund(first))
      expect(made.amount).toEqual(first.amount)
      // Whatever the provider says to the same again, it gives back once.
      await bench.gateway.refund(first)
      bench.settleRefunds(payment)
      expect(ok(await bench.gateway.queryRefund({ ...first, providerRefundRef: made.providerRefundRef }))).toMatchObject({
        state: 'succeeded',
      })
      await bench.gateway.refund(first)
      bench.settleRefunds(payment)
      expect(bench.books(payment).refunded).toBe(first.amount.amount)
      const rest = refundOf(payment, bench.amount.amount - first.amount.amount)
      ok(await bench.gateway.refund(rest))
      bench.settleRefunds(payment)
      expect(bench.books(payment).refunded).toBe(bench.amount.amount)
    })

    test('tells of a refund with its payment, under our reference, where it tells of any', async () => {
      if (!hasRefunds()) return
      const payment = await paid()
      const before = ok(await bench.gateway.query(payment)).refunds
      const made = ok(await bench.gateway.refund(refundOf(payment)))
      bench.settleRefunds(payment)
      const after = ok(await bench.gateway.query(payment)).refunds
      if (!before || !after) return expect([before, after]).toEqual([undefined, undefined])
      expect(before).toEqual({ list: [], isComplete: true })
      expect(after.list).toMatchObject([{ state: 'succeeded', amount: made.amount, providerRefundRef: made.providerRefundRef }])
      expect(after.list[0]!.clientRef).toMatch(/^rfd_?conformance\d+$/)
    })

    test.each(AFTER_EFFECT)('finds by our reference a refund whose reply was lost (%s)', async (kind) => {
      if (!hasRefunds()) return
      const payment = await paid()
      const request = refundOf(payment)
      if (!bench.fault('refund', kind)) return
      expect(await bench.gateway.refund(request)).toMatchObject({ outcome: 'unknown' })
      expect(ok(await bench.gateway.queryRefund(lost(request)))).toMatchObject({ amount: request.amount })
      bench.settleRefunds(payment)
      expect(bench.books(payment).refunded).toBe(request.amount.amount)
    })

    test('never gives back more than was paid', async () => {
      if (!hasRefunds()) return
      const payment = await paid()
      expect((await bench.gateway.refund(refundOf(payment, bench.amount.amount * 2))).outcome).not.toBe('ok')
      expect(bench.books(payment).refunded).toBe(0)
    })

    test('knows its own notifications, which name the payment, however often they come', async () => {
      const ref = await paid()
      const [delivery] = await until(() => bench.deliveries(ref))
      const verified = bench.gateway.verify(delivery!, bench.clock.now())
      if (verified.outcome !== 'genuine') throw new Error(verified.reason)
      const { hint } = verified
      const names = [hint.paymentId === ref.paymentId, hint.clientRef === ref.clientRef, hint.providerRef === ref.providerRef]
      expect([...names, hint.providerPaymentRef === ref.providerPaymentRef]).toContain(true)
      expect(bench.gateway.verify(delivery!, bench.clock.now())).toEqual(verified)
    })

    test.each(['edited', 'other_key', 'unsigned', 'future'] as const)('is not taken in by a notification that is %s', async (how) => {
      const ref = await paid()
      const [genuine] = await until(() => bench.deliveries(ref))
      const forged = bench.forge(ref, how)
      if (!forged) return
      const found = bench.gateway.verify(forged, bench.clock.now())
      const { notifyIntegrity } = bench.gateway.capabilities
      // A token says nothing of what it comes with, and a signature without a time nothing of when; what is in them is a hint,
      // and may not take the place of the genuine one.
      if ((how === 'edited' && notifyIntegrity === 'static_token') || (how === 'future' && notifyIntegrity !== 'body_hmac')) {
        const before = bench.gateway.verify(genuine!, bench.clock.now())
        if (found.outcome === 'genuine' && before.outcome === 'genuine' && !isSameDelivery(forged, genuine!))
          expect(found.hint.dedupeKey).not.toBe(before.hint.dedupeKey)
        return
      }
      expect(found.outcome).toBe('forged')
    })

    test('answers a forged notification as it answers no other', () => {
      const { answer } = bench.gateway
      expect(answer('accepted').status).toBe(200)
      const print = (verdict: Parameters<typeof answer>[0]) => `${answer(verdict).status} ${answer(verdict).body}`
      for (const verdict of ['forged', 'later'] as const) expect(print(verdict)).not.toBe(print('accepted'))
    })
  })
}

function isSameDelivery(a: WebhookDelivery, b: WebhookDelivery): boolean {
  return a.url === b.url && a.rawBody.equals(b.rawBody)
}

function ok<T>(reply: GatewayOutcome<T>): T {
  if (reply.outcome !== 'ok') throw new Error(`${reply.outcome} ${'code' in reply ? reply.code : reply.cause}: ${reply.message}`)
  return reply.value
}

async function until<T>(look: () => readonly T[]): Promise<readonly T[]> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const found = look()
    if (found.length > 0) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('nothing was announced within five seconds')
}
