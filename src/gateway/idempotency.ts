import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { defineProblem, Problem } from '../kernel/problems.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db } from '../platform/postgres.ts'
import { answerKey, findKey, freeKey, keepKey, takeNewKey, takeSilentKey, type HeldKey } from './idempotency-keys.ts'

const keyMissing = defineProblem({
  code: 'idempotency-key-missing',
  status: 400,
  title: 'The Idempotency-Key header is missing',
  detail: 'Nothing has been changed. Send a key of your own, such as a UUID, and the same one when you repeat the request.',
})
const keyReused = defineProblem({
  code: 'idempotency-key-reused',
  status: 422,
  title: 'The Idempotency-Key was used for another request',
  detail: 'Nothing has been changed by this request. A key stands for one request with one body; use a new key for a new one.',
})
const inFlight = defineProblem({
  code: 'request-in-flight',
  status: 409,
  title: 'The same request is still being worked on',
  detail: 'Send it again with the same key after the time in Retry-After to get its answer.',
})

export type IdempotencyDeps = {
  readonly db: Db
  readonly clock: Clock
  /** Whose key it is: two people's same keys are two. Absent: the travellers', who have no names. */
  readonly principalOf?: (request: FastifyRequest) => string
}

/** One answer of a request: what a repeat of it gets again. */
export type StoredAnswer = { readonly status: number; readonly body: unknown }

/** Works on a request at most once at a time; `requestName` is unique to it and can serve as a natural key. */
export type Idempotent = (
  request: FastifyRequest,
  reply: FastifyReply,
  work: (requestName: string) => Promise<StoredAnswer>,
) => Promise<unknown>

/**
 * Answers a POST that carries an Idempotency-Key (semantics S5): the first gets the work done, a repeat gets the stored
 * answer with `Idempotency-Replayed: true`, another body under the same key 422, one that is too early 409. Refusals of
 * the business (409, 410, 422 …) are answers and are stored; faults of ours are not, so that a repeat tries again. The work of
 * a process that has said nothing for ten seconds is done again by a repeat, under the same name, which its effects bear; should
 * that process come back, the repeat's answer is the one that counts.
 */
export function createIdempotency(deps: IdempotencyDeps): Idempotent {
  return async (request, reply, work) => {
    const key = readKey(request)
    const scope = `${deps.principalOf?.(request) ?? 'traveller'} ${request.method} ${request.url.split('?')[0]}`
    const requestHash = createHash('sha256')
      .update(JSON.stringify(request.body ?? null))
      .digest('hex')
    const claimed = await claim(deps, { scope, key, requestHash })
    if (!('held' in claimed)) {
      void reply.header('idempotency-replayed', 'true')
      return send(reply, claimed)
    }
    const { held } = claimed
    const keeping = keepKey(deps, held)
    try {
      const answer = await work(`${scope} ${key}`)
      if (!(await answerKey(deps, held, answer))) throw stillInFlight()
      return send(reply, answer)
    } catch (error) {
      if (!(await settle(deps, held, error))) throw stillInFlight()
      throw error
    } finally {
      keeping.stop()
    }
  }
}

/** Keeps a refusal as the answer, or lets go of the key; false where it has been taken over, so that two answers are never given. */
async function settle(deps: IdempotencyDeps, held: HeldKey, error: unknown): Promise<boolean> {
  try {
    if (error instanceof Problem && error.status < 500) return await answerKey(deps, held, toAnswer(error))
    await freeKey(deps, held)
  } catch {
    // What happened is what the client is told, and not that it could not be noted.
    freeLater(deps, held)
  }
  return true
}

function stillInFlight(): Problem {
  return inFlight({ retryable: true, retryAfterSeconds: 1, moneyMoved: 'unknown' })
}

function send(reply: FastifyReply, answer: StoredAnswer): unknown {
  void reply.status(answer.status)
  if (answer.status >= 400) throw fromStoredRefusal(answer)
  return answer.body
}

function readKey(request: FastifyRequest): string {
  const header = request.headers['idempotency-key']
  const key = typeof header === 'string' ? header.replace(/^"(.*)"$/, '$1') : ''
  if (key === '')
    throw keyMissing({ moneyMoved: 'none', errors: [{ pointer: 'Idempotency-Key', code: 'required', message: 'is required' }] })
  if (key.length > 255 || !/^[\x21-\x7e]+$/.test(key)) {
    throw keyMissing({
      moneyMoved: 'none',
      detail: 'Nothing has been changed. A key is 1 to 255 printable characters without spaces.',
      errors: [{ pointer: 'Idempotency-Key', code: 'pattern', message: 'is not 1 to 255 printable characters' }],
    })
  }
  return key
}

async function claim(
  deps: IdempotencyDeps,
  request: { scope: string; key: string; requestHash: string },
): Promise<StoredAnswer | { readonly held: HeldKey }> {
  const held = await takeNewKey(deps, request)
  if (held) return { held }
  const row = await findKey(deps, request)
  if (!row) throw inFlight({ retryable: true, retryAfterSeconds: 1 })
  if (row.request_hash !== request.requestHash)
    throw keyReused({ moneyMoved: 'none', errors: [{ pointer: 'Idempotency-Key', code: 'reused', message: 'was used with another body' }] })
  if (row.status !== null) return { status: row.status, body: row.body }
  const takenOver = await takeSilentKey(deps, request)
  if (takenOver) return { held: takenOver }
  throw stillInFlight()
}

function toAnswer(problem: Problem): StoredAnswer {
  const { code, title, facts, message } = problem
  return { status: problem.status, body: { code, title, facts: { ...facts, detail: message } } }
}

function fromStoredRefusal(answer: StoredAnswer): Problem {
  const { code, title, facts } = answer.body as Pick<Problem, 'code' | 'title' | 'facts'>
  return new Problem({ code, title, status: answer.status, detail: '' }, facts)
}

const RELEASE_AGAIN_MS = 1_000
const RELEASES_MAX = 30

/** Lets go of a key when the database is back, so that the repeat that was asked for need not wait for its holder's silence. */
function freeLater(deps: IdempotencyDeps, held: HeldKey, attempt = 1): void {
  const again = setTimeout(() => {
    freeKey(deps, held).catch(() => attempt < RELEASES_MAX && freeLater(deps, held, attempt + 1))
  }, RELEASE_AGAIN_MS)
  again.unref()
}
