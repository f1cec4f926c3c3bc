import { vnpay } from '../../../../fixtures/gateways/index.ts'
import { createFacadeBench } from '../../../../test/support/gateway-bench.ts'
import { describeGateway } from '../conformance.ts'
import type { PaymentRequest } from '../contract.ts'

/** VNPay hears of a payment from the customer's browser: here every customer goes to the page at once. */
describeGateway('VNPay', async () => {
  const bench = await createFacadeBench(vnpay, {
    amount: '1000000 VND',
    calls: { create: null, query: 'transaction', expire: 'transaction', refund: 'transaction', query_refund: 'transaction' },
    keys: { VNPAY_HASH_SECRET: 'malformed' },
    ownFaults: { unsigned_reply: 'malformed', wrongly_signed_reply: 'malformed', busy: 'unrecognised' },
    accepted: '{"RspCode":"00"}',
  })
  const create = async (request: PaymentRequest) => {
    const created = await bench.gateway.create(request)
    if (created.outcome === 'ok') await fetch(created.value.redirectUrl!)
    return created
  }
  return { ...bench, gateway: { ...bench.gateway, create }, oddities: { isFirstHeardOfAtThePage: true } }
})
