import { xendit } from '../../../../fixtures/gateways/index.ts'
import { createFacadeBench } from '../../../../test/support/gateway-bench.ts'
import { describeGateway } from '../conformance.ts'

describeGateway('Xendit', () =>
  createFacadeBench(xendit, {
    amount: '150000 IDR',
    keys: { XENDIT_SECRET_KEY: 'unauthorised' },
    calls: {
      create: 'create_invoice',
      query: 'list_invoices',
      expire: 'list_invoices',
      refund: 'create_refund',
      query_refund: 'list_refunds',
    },
  }),
)
