import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

const SiteReply = Type.Object({
  sandbox: Type.Boolean({ description: 'Suppliers and payments are not real here.' }),
  currency: Type.String({ description: 'ISO 4217: what prices are shown and charged in.' }),
})

/** What a page needs to know about this installation before anything else. Prefix /v1. */
export const siteRoutes: FastifyPluginAsyncTypebox<{ isSandbox: boolean; currency: string }> = async (app, options) => {
  app.get(
    '/site',
    { schema: { tags: ['site'], summary: 'What this installation is', response: { 200: SiteReply } } },
    async (_request, reply) => {
      void reply.header('cache-control', 'public, max-age=300')
      return { sandbox: options.isSandbox, currency: options.currency }
    },
  )
}
