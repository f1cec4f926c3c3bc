import { createHmac } from 'node:crypto'
import { startStripeMock } from '../../../../fixtures/stripe/index.ts'
import { startSink } from '../../../../test/support/gateway-bench.ts'
import { money } from '../../../kernel/money.ts'
import { systemClock } from '../../../kernel/time.ts'
import type { CallFault, GatewayCall } from '../conformance-bench.ts'
import { describeGateway } from '../conformance.ts'
import { createStripeGateway } from './index.ts'

const OPERATIONS = {
  create: 'create_session',
  query: 'retrieve_session',
  expire: 'expire_session',
  refund: 'create_refund',
  query_refund: 'list_refunds',
} as const satisfies Readonly<Record<GatewayCall, string>>

describeGateway('Stripe', async () => {
  const sink = await startSink('/v1/webhooks/stripe')
  const account = { secretKey: 'sk_test_conformance', webhookSecret: 'whsec_conformance' }
  const mock = await startStripeMock({ ...account, webhookUrl: sink.url })
  const create = (change: { secretKey?: string; apiUrl?: string } = {}) =>
    createStripeGateway({
      secretKey: account.secretKey,
      webhookSecrets: [account.webhookSecret],
      apiUrl: mock.url,
      readTimeoutMs: 400,
      writeTimeoutMs: 400,
      ...change,
    })
  const gateway = create()
  const deliveries = (reference: string) => sink.deliveries.filter(({ rawBody }) => rawBody.includes(reference))
  return {
    gateway,
    clock: systemClock,
    amount: money(17_872, 'EUR'),
    fault: (call, kind) => {
      // The mock has no connections to reset, and sends nothing that is merely long.
      if (kind === 'reset') return false
      mock.control.fault(OPERATIONS[call], kind as Exclude<CallFault, 'reset'>)
      return true
    },
    keys: { STRIPE_SECRET_KEY: 'unauthorised' },
    at: (apiUrl) => create({ apiUrl }),
    withOther: () => create({ secretKey: 'sk_test_of_another_merchant' }),
    pay: ({ clientRef }, amount) => void mock.control.pay(clientRef, amount === undefined ? {} : { amount }),
    books: ({ clientRef }) => {
      const lines = mock.control.ledger().filter(({ reference }) => reference === clientRef)
      const sum = (name: 'captured' | 'refunded'): number => lines.reduce((total, line) => total + line[name], 0)
      return { opened: lines.length, captured: sum('captured'), refunded: sum('refunded') }
    },
    deliveries: ({ clientRef }) => deliveries(clientRef),
    forge: ({ clientRef }, how) => {
      const genuine = deliveries(clientRef).at(-1)!
      const body = genuine.rawBody.toString()
      const sign = (secret: string, at: number): string =>
        `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
      const now = Math.floor(systemClock.now() / 1_000)
      if (how === 'edited')
        return { ...genuine, rawBody: Buffer.from(body.replace(/\d/, '9').replace(/"livemode":false/, '"livemode":true')) }
      if (how === 'unsigned') return { ...genuine, headers: {} }
      const signature = how === 'other_key' ? sign('whsec_of_another', now) : sign(account.webhookSecret, now + 86_400)
      return { ...genuine, headers: { ...genuine.headers, 'stripe-signature': signature } }
    },
    settleRefunds: () => undefined,
    // Its package tells no status of a failure whose body it cannot read.
    oddities: { causes: { server_error: 'malformed' } },
    close: async () => {
      await gateway.close()
      await mock.close()
      await sink.close()
    },
  }
})
