import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { FACADES, startFacade, type RunningFacade } from '../../fixtures/gateways/index.ts'
import { problemDetails } from '../../src/gateway/index.ts'
import type { Money } from '../../src/kernel/money.ts'
import { createStoppedClock, plusMs, systemClock, toIso, type Clock } from '../../src/kernel/time.ts'
import {
  createPayments,
  paymentsRoutes,
  paymentsStore,
  type PaymentOrder,
  type Payments,
  type PaymentsDeps,
} from '../../src/payments/index.ts'
import { postgresRecords } from '../../src/platform/records.ts'
import { timerWaits } from '../../src/platform/waits.ts'
import { gatewayOf } from './gateway-bench.ts'
import { createTestDatabase, type TestDatabase } from './postgres.ts'

/** Payments on a real database, before every provider's façade, whose notifications come over HTTP to the real routes. */
export type GatewayShop = {
  readonly database: TestDatabase
  readonly deps: PaymentsDeps
  readonly payments: Payments
  /** Shared by the application and the providers; it stands still. */
  readonly clock: Clock & { readonly advance: (ms: number) => void }
  readonly mocks: ReadonlyMap<string, RunningFacade>
  readonly url: string
  /** A payment by this gateway and no other. */
  readonly start: (gatewayId: string, order: { bookingId: string; amount: Money } & Partial<PaymentOrder>) => ReturnType<Payments['start']>
  readonly close: () => Promise<void>
}

const HALF_AN_HOUR_MS = 1_800_000

export function orderOf(clock: Clock, order: { bookingId: string; amount: Money } & Partial<PaymentOrder>): PaymentOrder {
  return {
    description: 'Jakarta to Tokyo',
    customerEmail: 'budi@example.com',
    customerIp: '203.0.113.7',
    expiresAt: plusMs(clock.now(), HALF_AN_HOUR_MS),
    returnUrl: '/trips/1',
    cancelUrl: '/trips/1/pay',
    attemptKey: 'attempt-1',
    ...order,
  }
}

export async function createGatewayShop(): Promise<GatewayShop> {
  const database = await createTestDatabase()
  const clock = createStoppedClock(toIso(systemClock.now()))
  const built: { payments?: Payments } = {}
  const face = (): Payments => {
    if (!built.payments) throw new Error('the shop is not open yet')
    return built.payments
  }
  const app = Fastify().setValidatorCompiler(TypeBoxValidatorCompiler)
  await app.register(problemDetails)
  await app.register(paymentsRoutes, {
    prefix: '/v1',
    payments: {
      acceptWebhook: (provider, delivery) => face().acceptWebhook(provider, delivery),
      answerWebhook: (provider, verdict) => face().answerWebhook(provider, verdict),
    },
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const running = await Promise.all(
    FACADES.map((facade) =>
      startFacade(facade, {
        webhookUrl: `${url}/v1/webhooks/${facade.id}`,
        secret: (label) => Buffer.from(`${facade.id} ${label}`).toString('base64url').padEnd(24, 'x').slice(0, 24),
        clock,
        haste: 1_000_000,
      }),
    ),
  )
  const mocks = new Map(running.map((mock) => [mock.id, mock]))
  const gateways = running.map(({ id, environment }) => gatewayOf(id, environment, 1_000, clock))
  const deps: PaymentsDeps = {
    db: database.db,
    store: paymentsStore,
    records: postgresRecords,
    waits: timerWaits,
    gateways,
    clock,
    publicUrl: 'https://shop.example',
  }
  built.payments = createPayments(deps)
  return {
    database,
    deps,
    payments: built.payments,
    clock,
    mocks,
    url,
    start: (gatewayId, order) =>
      createPayments({ ...deps, gateways: gateways.filter(({ id }) => id === gatewayId) }).start(orderOf(clock, order)),
    close: async () => {
      await Promise.all(running.map((mock) => mock.close()))
      await Promise.all(gateways.map((gateway) => gateway.close()))
      await app.close()
      await database.close()
    },
  }
}
