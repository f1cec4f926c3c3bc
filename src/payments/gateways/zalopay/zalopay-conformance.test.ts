import { zalopay } from '../../../../fixtures/gateways/index.ts'
import { createFacadeBench } from '../../../../test/support/gateway-bench.ts'
import { describeGateway } from '../conformance.ts'

describeGateway('ZaloPay', async () => ({
  ...(await createFacadeBench(zalopay, {
    amount: '1000000 VND',
    calls: { create: 'create', query: 'query', expire: 'query', refund: 'refund', query_refund: 'query_refund' },
    keys: { ZALOPAY_KEY1: 'unauthorised' },
    ownFaults: { busy: 'server_error', throttled_code: 'throttled' },
    accepted: '{"return_code":1}',
  })),
  oddities: { addressIsToldOnce: true },
}))
