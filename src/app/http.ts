import path from 'node:path'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastify, { LogController, type FastifyInstance, type FastifyRequest } from 'fastify'
import { bookingRoutes, scheduleChangeRoutes } from '../booking/index.ts'
import { createIdempotency, createOperators, operatorGuard, problemDetails, refuseAddress, serviceBusy } from '../gateway/index.ts'
import { newId } from '../kernel/ids.ts'
import { workItemRoutes } from '../ops/index.ts'
import { paymentsRoutes } from '../payments/index.ts'
import { reportingRoutes } from '../reporting/index.ts'
import { opsRoutes, priceRoutes, searchRoutes, stayRoutes } from '../search/index.ts'
import type { Config } from './config.ts'
import type { Draining } from './draining.ts'
import { healthRoutes } from './health-routes.ts'
import { watchOverload } from './overload.ts'
import { sandboxRoutes } from './sandbox-routes.ts'
import { servePage } from './serve-page.ts'
import type { Services } from './services.ts'
import { siteRoutes } from './site-routes.ts'
import { testClockRoutes } from './test-clock-routes.ts'

const BODY_BYTES_MAX = 256 * 1024

/** The HTTP face: what a request meets, in order, and then the contexts' routes. Not yet listening. */
export async function createHttp(config: Config, services: Services, draining: Draining): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: services.logger.child({ part: 'http' }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    connectionTimeout: 30_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    genReqId: () => newId('req'),
    requestIdHeader: false,
    frameworkErrors: refuseAddress,
    // What arrives on an open connection while the last requests finish is served as well.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    ajv: { customOptions: { allErrors: true, removeAdditional: false, coerceTypes: false, strict: false } },
  }) as unknown as FastifyInstance

  // Bodies are JSON; a webhook's raw bytes have a parser of their own.
  app.removeContentTypeParser('text/plain')
  await app.register(problemDetails)
  // Not an async one: every answer passes here.
  app.addHook('onSend', (request, reply, payload, done) => {
    void reply.header('request-id', request.id)
    if (draining.isDraining()) void reply.header('connection', 'close')
    done(null, payload)
  })
  const overload = watchOverload({ loopDelayMaxMs: config.loopDelayMaxMs })
  app.addHook('onClose', async () => overload.close())
  app.addHook('onRequest', (request, _reply, done) => {
    const isRefused = overload.reason() !== null && !request.url.startsWith('/health/')
    done(isRefused ? serviceBusy({ moneyMoved: 'none' }) : undefined)
  })
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // Pictures of houses lie with the suppliers whose houses they are.
        imgSrc: ["'self'", 'data:', 'https:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'", 'data:'],
        upgradeInsecureRequests: null,
      },
    },
    // The local stack and many proxies speak plain HTTP to this process; the edge sets it.
    strictTransportSecurity: false,
  })
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Farewire', version: '1', description: 'Search, book, pay, ticket.' } },
  })
  await app.register(swaggerUi, { routePrefix: '/docs/api' })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())

  await app.register(healthRoutes, {
    checks: services.readiness,
    reasonToAvoid: () => (draining.isDraining() ? 'it is being stopped' : overload.reason()),
  })
  await app.register(siteRoutes, { prefix: '/v1', isSandbox: config.isSandbox, currency: config.displayCurrency })
  await app.register(searchRoutes, { prefix: '/v1', search: services.search, moving: draining.moving })
  await app.register(stayRoutes, { prefix: '/v1', search: services.search })
  await app.register(priceRoutes, { prefix: '/v1', prices: services.search.prices, clock: services.clock })
  const guard = operatorGuard(createOperators(config.operators))
  const operatorOf = (request: FastifyRequest): string => request.operator ?? ''
  const idempotentOperators = createIdempotency({
    db: services.db,
    clock: services.clock,
    principalOf: (request) => `operator ${operatorOf(request)}`,
  })
  await app.register(opsRoutes, { prefix: '/v1', scorecard: services.search.scorecard, guard })
  await app.register(workItemRoutes, { prefix: '/v1', ops: services.ops, guard, operatorOf, idempotent: idempotentOperators })
  await app.register(reportingRoutes, {
    ...{ prefix: '/v1', reconciliation: services.reconciliation, guard, operatorOf, idempotent: idempotentOperators },
    ...{ queueAges: services.queueAges, jobCounts: services.jobCounts, clock: services.clock },
  })
  const idempotent = createIdempotency({ db: services.db, clock: services.clock })
  await app.register(scheduleChangeRoutes, { prefix: '/v1', bookings: services.bookings, idempotent })
  await app.register(bookingRoutes, {
    prefix: '/v1',
    bookings: services.bookings,
    idempotent,
    readDocument: services.fulfilment.readDocument,
    onChange: services.changes.subscribe,
    moving: draining.moving,
  })
  if (services.testClock) await app.register(testClockRoutes, { prefix: '/v1', clock: services.testClock })
  if (config.isSandbox) await app.register(sandboxRoutes, { prefix: '/v1' })
  await app.register(paymentsRoutes, { prefix: '/v1', payments: services.payments })
  if (config.http.webDirectory) await servePage(app, path.resolve(config.http.webDirectory))
  return app
}
