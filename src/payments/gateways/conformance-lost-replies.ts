import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createCases, ok, type CallFault, type GatewayBench, type GatewayCall } from './conformance-bench.ts'
import type { GatewayOutcome, PaymentGateway, UnknownCause } from './contract.ts'

/** Faults before anything has happened, and why their calls are unknown. */
const BEFORE_EFFECT: Readonly<Partial<Record<CallFault, UnknownCause>>> = {
  timeout: 'timeout',
  drop: 'unreachable',
  reset: 'unreachable',
  server_error: 'server_error',
  garbage: 'malformed',
  html: 'malformed',
  bomb: 'malformed',
  huge: 'malformed',
  throttled: 'throttled',
  unknown_code: 'unrecognised',
}
const AFTER_EFFECT = [
  ['drop_after_effect', 'unreachable'],
  ['hang_after_effect', 'timeout'],
] as const

/** What every gateway promises of replies that are lost or cannot be understood: they are unknown, and nothing is done twice. */
export function describeLostReplies(getBench: () => GatewayBench): void {
  const { requestOf, paid, refundOf, lost, hasRefunds } = createCases(getBench, 10_000)

  /** A write, or where that is no call, a question. */
  const anyCall = async (): Promise<(gateway: PaymentGateway) => Promise<GatewayOutcome<unknown>>> => {
    if (!getBench().oddities?.isFirstHeardOfAtThePage) {
      const request = requestOf()
      return (gateway) => gateway.create(request)
    }
    const payment = await paid()
    return (gateway) => gateway.query(payment)
  }
  const leavesUnknown = async (kind: string, cause: UnknownCause): Promise<void> => {
    const { gateway, fault, oddities } = getBench()
    const causes = [cause, oddities?.causes?.[kind]]
    const payment = await paid()
    const calls: Partial<Record<GatewayCall, () => Promise<GatewayOutcome<unknown>>>> = {
      create: () => gateway.create(requestOf()),
      query: () => gateway.query(payment),
      expire: () => gateway.expire(payment),
      ...(hasRefunds() && {
        refund: () => gateway.refund(refundOf(payment)),
        query_refund: () => gateway.queryRefund(lost(refundOf(payment))),
      }),
    }
    for (const [call, run] of Object.entries(calls)) {
      if (!fault(call as GatewayCall, kind)) continue
      const found = await run()
      expect([call, found.outcome]).toEqual([call, 'unknown'])
      expect([call, found.outcome === 'unknown' && causes.includes(found.cause), found]).toMatchObject([call, true, {}])
    }
  }

  describe('of a reply that says neither yes nor no,', () => {
    test.each(Object.entries(BEFORE_EFFECT))('calls nothing refused that is only unknown (%s: %s)', leavesUnknown)

    test('calls nothing refused that is unknown in the provider’s own ways', async () => {
      for (const [kind, cause] of Object.entries(getBench().ownFaults ?? {})) await leavesUnknown(kind, cause)
    })

    test.each(AFTER_EFFECT)('opens one payment though the reply is lost (%s)', async (kind, cause) => {
      const { gateway, fault, books, pay, oddities, amount } = getBench()
      const request = requestOf()
      if (!fault('create', kind)) return
      expect(await gateway.create(request)).toMatchObject({ outcome: 'unknown', cause })
      const again = await gateway.create(request)
      expect(again.outcome).toBe(oddities?.addressIsToldOnce ? 'unknown' : 'ok')
      expect(books(request).opened).toBe(1)
      pay(request)
      const ref = { ...request, providerRef: again.outcome === 'ok' ? again.value.providerRef : null }
      expect(ok(await gateway.query(ref))).toMatchObject({ state: 'paid', captured: amount })
    })

    test.each(AFTER_EFFECT)('finds by our reference a refund whose reply was lost, and makes no second one (%s)', async (kind, cause) => {
      const { gateway, fault, settleRefunds, books, oddities } = getBench()
      if (!hasRefunds()) return
      const payment = await paid()
      const request = refundOf(payment)
      if (!fault('refund', kind)) return
      expect(await gateway.refund(request)).toMatchObject({ outcome: 'unknown', cause })
      const again = await gateway.refund(request)
      const repeated = oddities?.repeatIsUnrecognised ? 'unrecognised' : 'in_flight'
      if (again.outcome !== 'ok') expect(again).toMatchObject({ outcome: 'unknown', cause: repeated })
      expect(ok(await gateway.queryRefund(lost(request)))).toMatchObject({ amount: request.amount })
      settleRefunds(payment)
      expect(books(payment).refunded).toBe(request.amount.amount)
    })

    test('knows nothing where our keys are wrong, and opens nothing', async () => {
      const { keys, withOther, oddities, books } = getBench()
      expect(Object.keys(keys)).not.toEqual([])
      for (const [key, cause] of Object.entries(keys)) {
        const request = requestOf()
        const payment = oddities?.isFirstHeardOfAtThePage ? await paid() : null
        const stranger = withOther(key)
        const found = await (payment ? stranger.query(payment) : stranger.create(request))
        await stranger.close()
        expect([key, found]).toMatchObject([key, { outcome: 'unknown', cause }])
        expect(books(request).opened).toBe(0)
      }
    })

    test('knows nothing where nobody is there', async () => {
      const call = await anyCall()
      const nobody = getBench().at('http://127.0.0.1:9')
      expect(await call(nobody)).toMatchObject({ outcome: 'unknown', cause: 'unreachable' })
      await nobody.close()
    })

    test('has an answer within the total deadline though the reply drips, and makes the call once', async () => {
      const { at, oddities } = getBench()
      let calls = 0
      const dripping = createServer((_request, response) => {
        calls += 1
        response.writeHead(200, { 'content-type': 'application/json' })
        const drip = setInterval(() => response.write(' '), 50)
        response.on('close', () => clearInterval(drip))
      })
      await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve))
      const slow = at(`http://127.0.0.1:${(dripping.address() as AddressInfo).port}`)
      const write = oddities?.isFirstHeardOfAtThePage
        ? await paid().then((payment) => () => slow.refund(refundOf(payment)))
        : () => slow.create(requestOf())
      const started = performance.now()
      expect(await write()).toMatchObject({ outcome: 'unknown', cause: 'timeout' })
      expect(performance.now() - started).toBeLessThan(5_000)
      expect(calls).toBe(1)
      await slow.close()
      dripping.closeAllConnections()
      await new Promise((resolve) => dripping.close(resolve))
    })
  })
}
