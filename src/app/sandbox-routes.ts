import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { SANDBOX_SCENARIOS } from '../providers/index.ts'
import { OneOf } from '../travel/schemas.ts'

const ScenariosReply = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: OneOf(['route', 'surname', 'date', 'property']),
      trigger: Type.String({
        description: 'What to type: two airports, the lead traveller’s family name, a day on the marked route, the name of a house.',
      }),
      sells: Type.Array(OneOf(['flights', 'stays'])),
      happens: Type.String(),
      shows: Type.String({ description: 'The rule that can be watched.' }),
    }),
  ),
})

/** What can be made to happen in a sandbox, and how. Prefix /v1; not registered elsewhere. */
export const sandboxRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/sandbox/scenarios',
    { schema: { tags: ['sandbox'], summary: 'What can be made to happen here, and how', response: { 200: ScenariosReply } } },
    () => ({ data: SANDBOX_SCENARIOS.map((scenario) => ({ ...scenario, sells: [...scenario.sells] })) }),
  )
}
