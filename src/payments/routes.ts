import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../kernel/problems.ts'
import type { Payments } from './index.ts'
import { webhookMalformed, webhookSignatureInvalid } from './problems.ts'
import { GatewayParams } from './schemas.ts'

export type PaymentsRoutesOptions = { readonly payments: Pick<Payments, 'acceptWebhook' | 'answerWebhook'> }

const BODY_BYTES_MAX = 512 * 1024

/**
 * `POST` and `GET /webhooks/:gateway`: one provider announces by its address alone. What is answered is for the provider
 * to say. Register it encapsulated: inside, every body stays the bytes that were signed.
 */
export const paymentsRoutes: FastifyPluginAsyncTypebox<PaymentsRoutesOptions> = async (app, { payments }) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) => done(null, body))
  const schema = {
    tags: ['webhooks'],
    summary: 'Announcements of a payment provider',
    description: 'Signed by the provider; anything else is refused.',
    params: GatewayParams,
  }

  const accept = async (gateway: string, request: FastifyRequest, reply: FastifyReply) => {
    const { outcome, reason } = await payments
      .acceptWebhook(gateway, {
        method: request.method === 'GET' ? 'GET' : 'POST',
        url: request.url,
        headers: request.headers,
        rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      })
      .catch((error: unknown) => {
        if (error instanceof Problem) throw error
        request.log.error({ err: error, gateway }, 'a delivery could not be kept')
        return { outcome: 'later' as const, reason: null }
      })
    const answer = payments.answerWebhook(gateway, outcome)
    if (outcome === 'forged' && answer.status === 401) throw webhookSignatureInvalid({ retryable: false })
    if (outcome === 'malformed' && answer.status === 400)
      throw webhookMalformed({ detail: reason ?? 'It cannot be read.', retryable: false })
    // Bytes, because Fastify would write a text of JSON as JSON once more.
    return reply.code(answer.status).headers(answer.headers).send(Buffer.from(answer.body))
  }

  app.post('/webhooks/:gateway', { bodyLimit: BODY_BYTES_MAX, schema }, (request, reply) => accept(request.params.gateway, request, reply))
  app.get('/webhooks/:gateway', { schema }, (request, reply) => accept(request.params.gateway, request, reply))
}
