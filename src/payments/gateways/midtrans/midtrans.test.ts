import { midtrans } from '../../../../fixtures/gateways/index.ts'
import { createFacadeBench } from '../../../../test/support/gateway-bench.ts'
import { describeGateway } from '../conformance.ts'

describeGateway('Midtrans', () =>
  createFacadeBench(midtrans, {
    amount: '150000 IDR',
    calls: {
      create: 'create_transaction',
      query: 'get_status',
      expire: 'expire_transaction',
      refund: 'refund',
      query_refund: 'get_status',
    },
  }),
)
