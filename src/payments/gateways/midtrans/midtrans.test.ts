import { midtrans } from '../../../../fixtures/gateways/index.ts'
import { createFacadeBench } from '../../../../test/support/gateway-bench.ts'
import { describeGateway } from '../conformance.ts'

describeGateway('Midtrans', async () => ({
  ...(await createFacadeBench(midtrans, {
    amount: '150000 IDR',
    keys: { MIDTRANS_SERVER_KEY: 'unauthorised' },
    calls: {
      create: 'create_transaction',
      query: 'get_status',
      expire: 'expire_transaction',
      refund: 'refund',
      query_refund: 'get_status',
    },
  })),
  // Snap's refusals have no code, only sentences.
  oddities: { causes: { unknown_code: 'malformed' }, repeatIsUnrecognised: true },
}))
