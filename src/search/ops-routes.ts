import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { defineProblem } from '../kernel/problems.ts'
import type { Secret } from '../platform/secret.ts'
import { SuppliersReply } from './ops-schemas.ts'
import { toSuppliersReply } from './ops-view.ts'
import type { Suppliers } from './suppliers/suppliers.ts'

export type OpsRoutesOptions = {
  readonly scorecard: Suppliers['scorecard']
  /** What whoever asks must show; null is that nobody may, and that there is nothing here. */
  readonly token: Secret | null
}

const opsTokenNeeded = defineProblem({
  code: 'ops-token-needed',
  status: 401,
  title: 'Only operators may see this',
  detail: 'Send the header Authorization: Bearer followed by the value of OPS_TOKEN this installation was started with.',
})

/** What operators see of search. Prefix /v1. */
export const opsRoutes: FastifyPluginAsyncTypebox<OpsRoutesOptions> = async (app, { scorecard, token }) => {
  if (token === null) return

  app.addHook('onRequest', async (request, reply) => {
    // The answers are about this moment, and the refusals about this token.
    void reply.header('cache-control', 'no-store')
    if (isBearerOf(token, request.headers.authorization)) return
    void reply.header('www-authenticate', 'Bearer')
    throw opsTokenNeeded()
  })

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

/** Compares digests, so that neither how much of a guess was right nor how long the token is can be told from the time it takes. */
function isBearerOf(token: Secret, authorization: string | undefined): boolean {
  const given = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return given !== undefined && timingSafeEqual(digest(given), digest(token.reveal()))
}
