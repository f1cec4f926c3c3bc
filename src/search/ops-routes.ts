import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SuppliersReply } from './ops-schemas.ts'
import { toSuppliersReply } from './ops-view.ts'
import type { Suppliers } from './suppliers/suppliers.ts'

export type OpsRoutesOptions = {
  readonly scorecard: Suppliers['scorecard']
  /** Refuses whoever is no operator; null is that nobody is, and that there is nothing here. */
  readonly guard: ((request: FastifyRequest, reply: FastifyReply) => Promise<void>) | null
}

/** What operators see of search. Prefix /v1. */
export const opsRoutes: FastifyPluginAsyncTypebox<OpsRoutesOptions> = async (app, { scorecard, guard }) => {
  if (guard === null) return
  app.addHook('onRequest', guard)

  app.get(
    '/ops/suppliers',
    {
      schema: {
        summary: 'How the suppliers do',
        description:
          'Needs Authorization: Bearer with OPS_TOKEN, without which this address does not exist. Looks and bookings are counted by all processes together; times, outcomes and the breaker are those of the process that answers.',
        tags: ['operations'],
        response: { 200: SuppliersReply },
      },
    },
    async () => toSuppliersReply(await scorecard()),
  )
}
