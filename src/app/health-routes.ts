import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

type Checks = Readonly<Record<string, () => Promise<unknown>>>

/** Each check resolves when its dependency answers and rejects when it does not. Without one that is needed nothing can be served. */
export type ReadinessChecks = { readonly needed: Checks; readonly useful: Checks }

export type HealthOptions = {
  readonly checks: ReadinessChecks
  /** Why this process should be sent nothing, whatever the checks say; null while there is no reason. */
  readonly reasonToAvoid: () => string | null
}

const LiveReply = Type.Object({ status: Type.String() })
const ReadyReply = Type.Object({
  status: Type.String({ description: '"ready", "degraded" (slower, and as good as any other process), or "not ready"' }),
  checks: Type.Record(Type.String(), Type.String()),
})

/** Liveness asks nobody; readiness asks every dependency, each within a second. */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthOptions> = async (app, { checks, reasonToAvoid }) => {
  app.get('/health/live', { schema: { tags: ['site'], summary: 'The process runs', response: { 200: LiveReply } } }, () => ({
    status: 'live',
  }))
  app.get(
    '/health/ready',
    { schema: { tags: ['site'], summary: 'The process can do its work', response: { 200: ReadyReply, 503: ReadyReply } } },
    async (_request, reply) => {
      const avoided = reasonToAvoid()
      if (avoided !== null) {
        void reply.status(503)
        return { status: 'not ready', checks: { process: avoided } }
      }
      const [needed, useful] = await Promise.all([askAll(checks.needed), askAll(checks.useful)])
      const isReady = Object.values(needed).every((answer) => answer === 'ok')
      const isWhole = Object.values(useful).every((answer) => answer === 'ok')
      void reply.status(isReady ? 200 : 503)
      return { status: !isReady ? 'not ready' : isWhole ? 'ready' : 'degraded', checks: { ...needed, ...useful } }
    },
  )
}

async function askAll(checks: Checks): Promise<Record<string, string>> {
  return Object.fromEntries(await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await answers(check)] as const)))
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
