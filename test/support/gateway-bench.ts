import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Facade } from '../../fixtures/gateways/facade.ts'
import { startFacade, type RunningFacade } from '../../fixtures/gateways/index.ts'
import { unsign } from '../../fixtures/gateways/unsign.ts'
import { parseMoney } from '../../src/kernel/money.ts'
import type { Clock } from '../../src/kernel/time.ts'
import { systemClock } from '../../src/kernel/time.ts'
import type { Forged, GatewayBench, GatewayCall } from '../../src/payments/gateways/conformance-bench.ts'
import type { PaymentGateway, PaymentRef, UnknownCause, WebhookDelivery } from '../../src/payments/gateways/contract.ts'
import type { GatewayModule } from '../../src/payments/gateways/module.ts'
import { createGateways } from '../../src/payments/index.ts'
import { secret } from '../../src/platform/secret.ts'

/** A server that keeps what it is sent and answers everything with the same; for notifications. */
export type Sink = { readonly url: string; readonly deliveries: readonly WebhookDelivery[]; readonly close: () => Promise<void> }

export async function startSink(path: string, answer: { status: number; body: string } = { status: 200, body: '{}' }): Promise<Sink> {
  const deliveries: WebhookDelivery[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const method = request.method === 'GET' ? 'GET' : 'POST'
      deliveries.push({ method, url: request.url ?? '/', headers: request.headers, rawBody: Buffer.concat(chunks) })
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    deliveries,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The gateway that a façade's own environment makes. */
export function gatewayOf(
  id: GatewayModule['id'],
  environment: Readonly<Record<string, string>>,
  timeoutMs = 400,
  clock: Clock = systemClock,
): PaymentGateway {
  const values = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, secret(value)]))
  return createGateways(new Map([[id, values]]), { clock, readTimeoutMs: timeoutMs, writeTimeoutMs: timeoutMs })[0]!
}

export type FacadeBench = GatewayBench & { readonly mock: RunningFacade; readonly sink: Sink; readonly gateway: PaymentGateway }

/**
 * A gateway before its façade, for the promises every gateway keeps. `calls` names the façade's operation behind each call
 * of the gateway's; null where it makes none. `amount`: "150000 IDR".
 */
export async function createFacadeBench<Account>(
  facade: Facade<Account>,
  options: {
    readonly amount: string
    readonly calls: Readonly<Record<GatewayCall, string | null>>
    readonly keys: Readonly<Record<string, UnknownCause>>
    readonly ownFaults?: Readonly<Record<string, UnknownCause>>
    readonly accepted?: string
  },
): Promise<FacadeBench> {
  const sink = await startSink(`/v1/webhooks/${facade.id}`, { status: 200, body: options.accepted ?? '{}' })
  const secretOf = (label: string): string => Buffer.from(label).toString('base64url').padEnd(24, 'x').slice(0, 24)
  const mock = await startFacade(facade, { webhookUrl: sink.url, secret: secretOf })
  const gateway = gatewayOf(facade.id, mock.environment)
  const [decimal, currency] = options.amount.split(' ')
  const ours = (ref: PaymentRef): readonly WebhookDelivery[] =>
    sink.deliveries.filter(({ url, rawBody }) => url.includes(ref.clientRef) || rawBody.includes(ref.clientRef))
  const account = facade.createAccount(secretOf)
  const stranger = facade.createAccount((label) => secretOf(`!${label}`))
  return {
    mock,
    sink,
    gateway,
    clock: mock.clock,
    amount: parseMoney(decimal!, currency!),
    fault: (call, kind) => {
      const operation = options.calls[call]
      if (operation !== null) mock.faults.arm({ match: operation, kind })
      return operation !== null
    },
    keys: options.keys,
    ...(options.ownFaults && { ownFaults: options.ownFaults }),
    at: (apiUrl) => {
      const moved = Object.entries(mock.environment).map(([name, value]) => [name, value.replace(mock.url, apiUrl)])
      return gatewayOf(facade.id, Object.fromEntries(moved))
    },
    withOther: (key) => {
      if (!mock.environment[key]) throw new Error(`there is no ${key}`)
      return gatewayOf(facade.id, { ...mock.environment, [key]: 'of-another-merchant' })
    },
    pay: (ref, amount) => void mock.pay(ref.clientRef, amount === undefined ? {} : { amount }),
    books: (ref) => {
      const lines = mock.engine.truth().filter(({ reference }) => reference === ref.clientRef)
      const sum = (name: 'captured' | 'refunded'): number => lines.reduce((total, line) => total + line[name], 0)
      return { opened: lines.length, captured: sum('captured'), refunded: sum('refunded') }
    },
    deliveries: ours,
    forge: (ref, how) => forge(facade, { mock, account, stranger }, ours(ref).at(-1)!, ref, how),
    settleRefunds: (ref) => {
      for (const intent of mock.engine.findByClientRef(ref.clientRef))
        for (const refund of mock.engine.refundsOf(intent)) if (refund.state === 'pending') mock.engine.settleRefund(refund, 'succeeded')
    },
    close: async () => {
      await gateway.close()
      await mock.close()
      await sink.close()
    },
  }
}

const A_DAY_MS = 86_400_000

function forge<Account>(
  facade: Facade<Account>,
  { mock, account, stranger }: { mock: RunningFacade; account: Account; stranger: Account },
  genuine: WebhookDelivery,
  ref: PaymentRef,
  how: Forged,
): WebhookDelivery | null {
  if (how === 'unsigned') {
    const [address, query] = genuine.url.split('?')
    const bare = unsign({ method: genuine.method, headers: {}, body: genuine.rawBody.toString(), ...(query !== undefined && { query }) })
    return {
      ...genuine,
      url: address! + (bare.query === undefined ? '' : `?${bare.query}`),
      headers: bare.headers,
      rawBody: Buffer.from(bare.body),
    }
  }
  if (how === 'edited') {
    const raise = (text: string): string =>
      text.replace(/(amount"?[^0-9a-z]{1,4})(\d)/i, (_, name: string, digit: string) => name + String((Number(digit) % 9) + 1))
    const edited = { ...genuine, url: raise(genuine.url), rawBody: Buffer.from(raise(genuine.rawBody.toString())) }
    if (edited.url === genuine.url && edited.rawBody.equals(genuine.rawBody)) throw new Error('nothing was edited')
    return edited
  }
  const told = mock.notifier.kept().findLast(({ event }) => event.intent.clientRef === ref.clientRef)
  if (!told) return null
  const at = how === 'future' ? A_DAY_MS : 0
  const [written] = facade.notify(told.event, how === 'other_key' ? stranger : account, (mock.clock.now() + at) as never)
  if (!written) return null
  const url = genuine.url.split('?')[0]! + (written.query === undefined ? '' : `?${written.query}`)
  return { method: written.method, url, headers: written.headers, rawBody: Buffer.from(written.body) }
}
