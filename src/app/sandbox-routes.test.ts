import fastify from 'fastify'
import { expect, test } from 'vitest'
import { SANDBOX_SCENARIOS } from '../providers/index.ts'
import { sandboxRoutes } from './sandbox-routes.ts'

test('tells every scenario as the table has it', async () => {
  const app = fastify()
  await app.register(sandboxRoutes, { prefix: '/v1' })
  const reply = await app.inject('/v1/sandbox/scenarios')
  expect(reply.statusCode).toBe(200)
  expect(reply.json()).toEqual({ data: SANDBOX_SCENARIOS })
  await app.close()
})
