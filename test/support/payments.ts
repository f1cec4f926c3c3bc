import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  ColumnNode,
  OperationNodeTransformer,
  RawNode,
  ReferenceNode,
  type BinaryOperationNode,
  type KyselyPlugin,
  type OperationNode,
  type SelectQueryNode,
} from 'kysely'
import { startStripeMock, type StripeMock } from '../../fixtures/stripe/index.ts'
import { money } from '../../src/kernel/money.ts'
import { Problem } from '../../src/kernel/problems.ts'
import { createStoppedClock, plusMs, systemClock, toIso, type Clock } from '../../src/kernel/time.ts'
import {
  createPayments,
  paymentsStore,
  type PaymentGateway,
  type Payments,
  type PaymentsDeps,
  type StartedPayment,
} from '../../src/payments/index.ts'
import type { PaymentOrder } from '../../src/payments/index.ts'
import { postgresRecords } from '../../src/platform/records.ts'
import { timerWaits } from '../../src/platform/waits.ts'
import { createStripeGateway } from '../../src/payments/gateways/stripe/index.ts'
import { createTestDatabase, type TestDatabase } from './postgres.ts'

/** The payments context on a real database, against the Stripe mock, which delivers its webhooks over HTTP. */
export type PaymentsBench = {
  readonly database: TestDatabase
  readonly deps: PaymentsDeps
  readonly payments: Payments
  readonly mock: StripeMock
  /** Shared by the application and Stripe; it stands still. */
  readonly clock: Clock & { readonly advance: (ms: number) => void }
  readonly webhookUrl: string
  /** Statuses the webhooks were answered with, in order. */
  readonly answers: number[]
  readonly start: (bookingId: string, change?: Partial<PaymentOrder>) => Promise<StartedPayment>
  /** Starts, pays and syncs a payment of the booking. */
  readonly capture: (bookingId: string, change?: Partial<PaymentOrder> & { card?: string }) => Promise<StartedPayment>
  readonly events: (name: string, subjectId?: string) => Promise<Record<string, unknown>[]>
  readonly workItems: (kind: string) => Promise<{ subjectId: string; state: string }[]>
  /** The booking's accounts by name, zeros included when ever posted to. */
  readonly balances: (bookingId: string) => Promise<Record<string, number>>
  /** How often an event type was posted for the booking. */
  readonly postings: (bookingId: string, eventType: string) => Promise<number>
  readonly close: () => Promise<void>
}

export const PRICE = money(17_874, 'EUR')
export const WEBHOOK_SECRET = 'whsec_bench'

const SECRET_KEY = 'sk_test_bench'
const HALF_AN_HOUR = 1_800_000

export async function createPaymentsBench(options: { connectionsMax?: number } = {}): Promise<PaymentsBench> {
  const database = await createTestDatabase(options)
  const clock = createStoppedClock(toIso(systemClock.now()))
  const answers: number[] = []
  const built: { payments?: Payments } = {}
  const endpoint = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const accepted =
        built.payments?.acceptWebhook('stripe', {
          method: 'POST',
          url: request.url ?? '/',
          headers: request.headers,
          rawBody: Buffer.concat(chunks),
        }) ?? Promise.reject(new Error('not ready'))
      const answer = (status: number): void => {
        answers.push(status)
        response.writeHead(status).end()
      }
      accepted.then(
        ({ outcome }) => answer(gateway.answer(outcome).status),
        (error: unknown) => answer(error instanceof Problem ? error.status : 500),
      )
    })
  })
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  const webhookUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1/webhooks/stripe`
  const mock = await startStripeMock({ secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, webhookUrl, webhookRetryMs: 20, clock })
  const gateway = createStripeGateway({
    secretKey: SECRET_KEY,
    webhookSecrets: [WEBHOOK_SECRET],
    apiUrl: mock.url,
    readTimeoutMs: 5_000,
    writeTimeoutMs: 5_000,
  })
  const deps: PaymentsDeps = {
    db: database.db,
    store: paymentsStore,
    records: postgresRecords,
    waits: timerWaits,
    gateways: [gateway],
    clock,
    publicUrl: 'https://shop.example',
  }
  const face = createPayments(deps)
  built.payments = face

  const start: PaymentsBench['start'] = (bookingId, change = {}) =>
    face.start({
      bookingId,
      amount: PRICE,
      description: 'Jakarta to Tokyo',
      customerEmail: 'budi@example.com',
      expiresAt: plusMs(clock.now(), HALF_AN_HOUR),
      returnUrl: '/trips/1',
      cancelUrl: '/trips/1/pay',
      attemptKey: 'attempt-1',
      ...change,
    })
  return {
    database,
    deps,
    payments: face,
    mock,
    clock,
    webhookUrl,
    answers,
    start,
    capture: async (bookingId, { card, ...change } = {}) => {
      const started = await start(bookingId, change)
      mock.control.pay(started.paymentId, card === undefined ? {} : { card })
      await face.sync(started.paymentId)
      return started
    },
    events: async (name, subjectId) => {
      const rows = await database.db
        .selectFrom('platform.events')
        .select('body')
        .where('name', '=', name)
        .$if(subjectId !== undefined, (query) => query.where('subject_id', '=', subjectId!))
        .orderBy('position')
        .execute()
      return rows.map((row) => row.body as Record<string, unknown>)
    },
    workItems: async (kind) => {
      const rows = await database.db.selectFrom('platform.work_items').select(['subject_id', 'state']).where('kind', '=', kind).execute()
      return rows.map((row) => ({ subjectId: row.subject_id, state: row.state }))
    },
    balances: async (bookingId) => Object.fromEntries((await face.balanceOf(bookingId)).map((line) => [line.account, line.amount.amount])),
    postings: async (bookingId, eventType) =>
      new Set((await face.ledgerOf(bookingId)).filter((entry) => entry.eventType === eventType).map((entry) => entry.id)).size / 2,
    close: async () => {
      await mock.close()
      await gateway.close()
      endpoint.closeAllConnections()
      await new Promise((resolve) => endpoint.close(resolve))
      await database.close()
    },
  }
}

/** The gateway with one of its operations watched or held up. */
export function withGateway(deps: PaymentsDeps, change: (gateway: PaymentGateway) => Partial<PaymentGateway>): PaymentsDeps {
  const gateway = deps.gateways[0]!
  return { ...deps, gateways: [{ ...gateway, ...change(gateway) }] }
}

/** Lets `count` callers through together, when the last has arrived. */
export function createBarrier(count: number): () => Promise<void> {
  let arrived = 0
  let open: () => void
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    arrived += 1
    if (arrived === count) open()
    return opened
  }
}

/** Takes row locks and version checks out of every statement: what the guards are for shows without them. */
export const withoutGuards: KyselyPlugin = {
  transformQuery: ({ node }) => new GuardRemover().transformNode(node),
  transformResult: async ({ result }) => result,
}

class GuardRemover extends OperationNodeTransformer {
  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    const { endModifiers: _locks, ...unlocked } = super.transformSelectQuery(node)
    return unlocked
  }

  protected override transformBinaryOperation(node: BinaryOperationNode): BinaryOperationNode {
    return isVersionCheck(node.leftOperand)
      ? ({ ...node, leftOperand: TRUE, rightOperand: TRUE } satisfies BinaryOperationNode)
      : super.transformBinaryOperation(node)
  }
}

const TRUE = RawNode.createWithSql('true')

function isVersionCheck(node: OperationNode): boolean {
  return ReferenceNode.is(node) && ColumnNode.is(node.column) && node.column.column.name === 'version'
}

/** The problem that `work` is refused with; throws when it is not refused, or for another reason. */
export async function refusalOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was not refused')
}

/** Waits until `look` finds something; at most ten seconds. */
export async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const found = await look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it did not happen within ten seconds')
}
