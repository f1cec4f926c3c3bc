import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

/** Each check resolves when its dependency answers and rejects when it does not. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>

const LiveReply = Type.Object({ status: Type.String() })
const ReadyReply = Type.Object({ status: Type.String(), checks: Type.Record(Type.String(), Type.String()) })

/** Liveness asks nobody; readiness asks every dependency, each within a second. */
export const healthRoutes: FastifyPluginAsyncTypebox<{ checks: ReadinessChecks }> = async (app, { checks }) => {
  app.get('/health/live', { schema: { tags: ['site'], summary: 'The process runs', response: { 200: LiveReply } } }, () => ({
    status: 'live',
  }))
  app.get(
    '/health/ready',
    { schema: { tags: ['site'], summary: 'The process can do its work', response: { 200: ReadyReply, 503: ReadyReply } } },
    async (_request, reply) => {
      const results = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await answers(check)] as const))
      const isReady = results.every(([, result]) => result === 'ok')
      void reply.status(isReady ? 200 : 503)
      return { status: isReady ? 'ready' : 'not ready', checks: Object.fromEntries(results) }
    },
  )
}

async function answers(check: () => Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer within 1 s'), 1_000)
  })
  const answer = check().then(
    () => 'ok',
    () => 'failed',
  )
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer))
}
