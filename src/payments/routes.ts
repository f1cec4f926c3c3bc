import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { AcceptedWebhook } from './accept-webhook.ts'
import type { WebhookDelivery } from './gateways/contract.ts'
import { WebhookReply } from './schemas.ts'

export type PaymentsRoutesOptions = {
  readonly payments: { readonly acceptWebhook: (provider: string, delivery: WebhookDelivery) => Promise<AcceptedWebhook> }
}

const BODY_BYTES_MAX = 512 * 1024

/** `POST /webhooks/stripe`. Register it encapsulated: inside, every body stays the bytes that were signed. */
export const paymentsRoutes: FastifyPluginAsyncTypebox<PaymentsRoutesOptions> = async (app, { payments }) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) => done(null, body))

  app.post(
    '/webhooks/stripe',
    {
      bodyLimit: BODY_BYTES_MAX,
      schema: {
        tags: ['webhooks'],
        summary: 'Announcements of Stripe',
        description: 'Signed by Stripe; anything else is refused.',
        response: { 200: WebhookReply },
      },
    },
    async (request) => {
      const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      await payments.acceptWebhook('stripe', { headers: request.headers, rawBody })
      return { received: true }
    },
  )
}
