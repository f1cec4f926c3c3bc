import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { createCases, ok, until, type GatewayBench } from './conformance-bench.ts'
import { describeLostReplies } from './conformance-lost-replies.ts'
import type { WebhookDelivery } from './contract.ts'

/** The promises that every gateway keeps, whoever is behind it. `make` is called once. */
export function describeGateway(name: string, make: () => Promise<GatewayBench>): void {
  describe(`${name}, as every gateway,`, () => {
    let bench: GatewayBench
    beforeAll(async () => {
      bench = await make()
    })
    afterAll(() => bench.close())

    const { refOf, open, paid, refundOf, lost, hasRefunds } = createCases(() => bench)

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

    describeLostReplies(() => bench)
  })
}

function isSameDelivery(a: WebhookDelivery, b: WebhookDelivery): boolean {
  return a.url === b.url && a.rawBody.equals(b.rawBody)
}
