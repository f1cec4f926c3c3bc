import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { defineProblem, invalidRequest, Problem, type FieldFault } from '../kernel/problems.ts'
import { CommitUnknown, isDatabaseUnavailable } from '../platform/postgres-faults.ts'
import { serviceBusy } from './service-busy.ts'

const notFound = defineProblem({
  code: 'not-found',
  status: 404,
  title: 'There is nothing here',
  detail: 'No resource has this address. The list of addresses is at /openapi.json.',
})

const internalFault = defineProblem({
  code: 'internal-error',
  status: 500,
  title: 'Something went wrong on our side',
  detail: 'It has been noted. If you were booking or paying, look at the booking before you try again: the request may have taken effect.',
})

/** What Fastify itself refuses, by its error code, in words that say what to do. */
const refusals: Record<string, { code: string; title: string; detail: string }> = {
  FST_ERR_CTP_INVALID_JSON_BODY: {
    code: 'malformed-body',
    title: 'The body is not valid JSON',
    detail: 'Nothing has been changed. Send a JSON document.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: 'malformed-body',
    title: 'The body is empty',
    detail: 'Nothing has been changed. Send a JSON document, at least {}.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported-media-type',
    title: 'The body is not JSON',
    detail: 'Send it as Content-Type: application/json.',
  },
  FST_ERR_BAD_URL: {
    code: 'malformed-address',
    title: 'The address is not well formed',
    detail: 'A percent sign in it is not followed by the two digits of a byte. Encode the address and send it again.',
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: 'address-too-long',
    title: 'The address is too long',
    detail: 'No id is that long. Check the address.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body-too-large',
    title: 'The body is too large',
    detail: 'Nothing has been changed. Send less than 256 kB.',
  },
}

/**
 * Renders every refusal as RFC 9457 problem details. Members of ours besides the standard's: `code`, `request_id`,
 * `errors`, `retryable`, `money_moved`. Faults of our own are logged with their cause and tell the client nothing.
 */
export const problemDetails = fp(
  async (app: FastifyInstance) => {
    app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(toProblem(error), error, request, reply))
    app.setNotFoundHandler((request, reply) => sendProblem(notFound(), null, request, reply))
  },
  { name: 'problem-details' },
)

/** What the router refuses before there is a route, for Fastify's `frameworkErrors`. */
export function refuseAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(toProblem(error), error, request, reply)
}

function toProblem(error: FastifyError): Problem {
  if (error instanceof Problem) return error
  if (error.validation)
    return invalidRequest({ moneyMoved: 'none', errors: error.validation.map((fault) => toFieldFault(fault, error.validationContext)) })
  if (error instanceof CommitUnknown) {
    return serviceBusy({
      moneyMoved: 'unknown',
      detail:
        'The request may have taken effect: our database did not say. Send it again with the same Idempotency-Key after the time in Retry-After. It takes effect once.',
    })
  }
  if (isDatabaseUnavailable(error)) return serviceBusy({ moneyMoved: 'none' })
  const status = error.statusCode ?? 500
  if (status >= 500) return internalFault({ moneyMoved: 'unknown', retryable: false })
  const refusal = refusals[error.code] ?? { code: 'refused', title: 'The request was refused', detail: error.message }
  return new Problem({ ...refusal, status }, { moneyMoved: 'none' })
}

function toFieldFault(fault: NonNullable<FastifyError['validation']>[number], context: string | undefined): FieldFault {
  const params = fault.params as Record<string, unknown>
  const missing = params['missingProperty'] ?? (params['requiredProperties'] as string[] | undefined)?.[0]
  const surplus = params['additionalProperty'] ?? (params['additionalProperties'] as string[] | undefined)?.[0]
  const path = [fault.instancePath, missing ?? surplus].filter(Boolean).join('/')
  const pointer = context === 'body' ? `/${path}`.replace('//', '/') : path.replace(/^\//, '')
  const message = surplus === undefined ? (fault.message ?? 'is not valid') : 'is not a field of this request'
  return { pointer, code: fault.keyword, message }
}

function sendProblem(problem: Problem, error: Error | null, request: FastifyRequest, reply: FastifyReply): void {
  if (problem.status >= 500)
    request.log.error({ err: error?.cause ?? error, code: problem.code, route: request.routeOptions.url }, 'request failed')
  const { moneyMoved = 'none', retryable = problem.status >= 500, retryAfterSeconds, errors, more } = problem.facts
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  const body = {
    ...more,
    type: `/problems/${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    instance: request.url.split('?')[0],
    code: problem.code,
    request_id: request.id,
    ...(errors && { errors }),
    retryable,
    money_moved: moneyMoved,
  }
  // Serialised here, so that a route's response schema cannot drop a member.
  void reply.status(problem.status).type('application/problem+json').serializer(JSON.stringify).send(body)
}
