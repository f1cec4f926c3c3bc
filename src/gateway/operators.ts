import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { defineProblem } from '../kernel/problems.ts'
import type { Secret } from '../platform/secret.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, where {@link operatorGuard} has let somebody in. */
    operator?: string
  }
}

/** Finds out who shows a token; null for nobody. */
export type Operators = (authorization: string | undefined) => string | null

const opsTokenNeeded = defineProblem({
  code: 'ops-token-needed',
  status: 401,
  title: 'Only operators may see this',
  detail: 'Send the header Authorization: Bearer followed by a token of OPS_TOKENS, or by OPS_TOKEN, this installation was started with.',
})

/**
 * The people who may operate the installation, each by a token of the own; null where there is none. Every token's digest is
 * compared in constant time, so that neither who it nearly was nor how much of a guess was right can be told from the time.
 */
export function createOperators(people: readonly { readonly name: string; readonly token: Secret }[] | null): Operators | null {
  if (people === null || people.length === 0) return null
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const known = people.map(({ name, token }) => ({ name, digest: digest(token.reveal()) }))
  return (authorization) => {
    const given = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    const shown = digest(given ?? '')
    let found: string | null = null
    for (const person of known) if (timingSafeEqual(shown, person.digest)) found = person.name
    return given === undefined ? null : found
  }
}

/** Lets operators in, notes who it is in `request.operator`, and keeps answers out of caches. Null where nobody is one. */
export function operatorGuard(operators: Operators | null): ((request: FastifyRequest, reply: FastifyReply) => Promise<void>) | null {
  if (operators === null) return null
  return async (request, reply) => {
    // The answers are about this moment, and the refusals about this token.
    void reply.header('cache-control', 'no-store')
    const operator = operators(request.headers.authorization)
    if (operator === null) {
      void reply.header('www-authenticate', 'Bearer')
      throw opsTokenNeeded()
    }
    request.operator = operator
  }
}
