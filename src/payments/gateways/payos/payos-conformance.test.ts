import { payos } from '../../../../fixtures/gateways/index.ts'
import { createFacadeBench } from '../../../../test/support/gateway-bench.ts'
import { describeGateway } from '../conformance.ts'

describeGateway('PayOS', async () => ({
  ...(await createFacadeBench(payos, {
    amount: '1000000 VND',
    calls: { create: 'create', query: 'get', expire: 'get', refund: null, query_refund: null },
    accepted: '{}',
  })),
}))
