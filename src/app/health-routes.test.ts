import fastify from 'fastify'
import { expect, test } from 'vitest'
import { createDraining } from './draining.ts'
import { healthRoutes } from './health-routes.ts'

const works = async (): Promise<void> => undefined
const fails = (): Promise<void> => Promise.reject(new Error('down'))

async function ask(checks: { database: () => Promise<void>; cache: () => Promise<void> }, draining = createDraining()) {
  const app = fastify()
  await app.register(healthRoutes, {
    checks: { needed: { database: checks.database }, useful: { cache: checks.cache } },
    reasonToAvoid: () => (draining.isDraining() ? 'it is being stopped' : null),
  })
  const [ready, live] = [await app.inject('/health/ready'), await app.inject('/health/live')]
  await app.close()
  return { status: ready.statusCode, says: ready.json<{ status: string }>().status, live: live.statusCode }
}

test('a process without its database is not ready; one without its cache is as good as any other', async () => {
  expect(await ask({ database: works, cache: works })).toEqual({ status: 200, says: 'ready', live: 200 })
  expect(await ask({ database: works, cache: fails })).toEqual({ status: 200, says: 'degraded', live: 200 })
  expect(await ask({ database: fails, cache: works })).toEqual({ status: 503, says: 'not ready', live: 200 })
})

test('a process that is being stopped is not ready from the first moment, and alive', async () => {
  const draining = createDraining()
  draining.begin()
  expect(await ask({ database: works, cache: works }, draining)).toEqual({ status: 503, says: 'not ready', live: 200 })
  expect(draining.moving.aborted).toBe(false)
  draining.move()
  expect(draining.moving.aborted).toBe(true)
})
