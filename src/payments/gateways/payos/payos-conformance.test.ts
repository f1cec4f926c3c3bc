import { payos } from '../../../../fixtures/gateways/index.ts'
import { createFacadeBench } from '../../../../test/support/gateway-bench.ts'
import { describeGateway } from '../conformance.ts'

describeGateway('PayOS', async () => ({
  ...(await createFacadeBench(payos, {
    amount: '1000000 VND',
    calls: { create: 'create', query: 'get', expire: 'get', refund: null, query_refund: null },
    keys: { PAYOS_API_KEY: 'unauthorised', PAYOS_CHECKSUM_KEY: 'unauthorised' },
    ownFaults: { unsigned_reply: 'malformed', wrongly_signed_reply: 'malformed', failed_code: 'unrecognised' },
    accepted: '{}',
  })),
}))
