import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { defineProblem, Problem } from '../kernel/problems.ts'
import { plusMs, toDate, type Clock } from '../kernel/time.ts'
import type { Db } from '../platform/postgres.ts'

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

/** Longer than any request may take; afterwards a repeat takes the place of a request whose process died. */
const LOCK_MS = 60_000

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
 * the business (409, 410, 422 …) are answers and are stored; faults of ours are not, so that a repeat tries again.
 */
export function createIdempotency(deps: IdempotencyDeps): Idempotent {
  return async (request, reply, work) => {
    const key = readKey(request)
    const scope = `${deps.principalOf?.(request) ?? 'traveller'} ${request.method} ${request.url.split('?')[0]}`
    const requestHash = createHash('sha256')
      .update(JSON.stringify(request.body ?? null))
      .digest('hex')
    const stored = await claim(deps, { scope, key, requestHash })
    if (stored) {
      void reply.header('idempotency-replayed', 'true')
      return send(reply, stored)
    }
    try {
      const answer = await work(`${scope} ${key}`)
      await store(deps, { scope, key }, answer)
      return send(reply, answer)
    } catch (error) {
      const settling =
        error instanceof Problem && error.status < 500 ? storeRefusal(deps, { scope, key }, error) : release(deps, { scope, key })
      // What happened is what the client is told, and not that it could not be noted.
      await settling.catch(() => releaseLater(deps, { scope, key }))
      throw error
    }
  }
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

type KeyName = { readonly scope: string; readonly key: string }

async function claim(deps: IdempotencyDeps, request: KeyName & { requestHash: string }): Promise<StoredAnswer | null> {
  const now = deps.clock.now()
  const lockedUntil = toDate(plusMs(now, LOCK_MS))
  const inserted = await deps.db
    .insertInto('platform.idempotency_keys')
    .values({ scope: request.scope, key: request.key, request_hash: request.requestHash, locked_until: lockedUntil })
    .onConflict((conflict) => conflict.columns(['scope', 'key']).doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows === 1n) return null
  const row = await deps.db
    .selectFrom('platform.idempotency_keys')
    .selectAll()
    .where('scope', '=', request.scope)
    .where('key', '=', request.key)
    .executeTakeFirst()
  if (!row) throw inFlight({ retryable: true, retryAfterSeconds: 1 })
  if (row.request_hash !== request.requestHash)
    throw keyReused({ moneyMoved: 'none', errors: [{ pointer: 'Idempotency-Key', code: 'reused', message: 'was used with another body' }] })
  if (row.status !== null) return { status: row.status, body: row.body }
  const takenOver = await deps.db
    .updateTable('platform.idempotency_keys')
    .set({ locked_until: lockedUntil })
    .where('scope', '=', request.scope)
    .where('key', '=', request.key)
    .where('status', 'is', null)
    .where('locked_until', '<', toDate(now))
    .executeTakeFirst()
  if (takenOver.numUpdatedRows === 1n) return null
  throw inFlight({ retryable: true, retryAfterSeconds: 1, moneyMoved: 'unknown' })
}

async function store(deps: IdempotencyDeps, name: KeyName, answer: StoredAnswer): Promise<void> {
  await deps.db
    .updateTable('platform.idempotency_keys')
    .set({ status: answer.status, body: JSON.stringify(answer.body) })
    .where('scope', '=', name.scope)
    .where('key', '=', name.key)
    .execute()
}

function storeRefusal(deps: IdempotencyDeps, name: KeyName, problem: Problem): Promise<void> {
  const { code, title, facts, message } = problem
  return store(deps, name, { status: problem.status, body: { code, title, facts: { ...facts, detail: message } } })
}

function fromStoredRefusal(answer: StoredAnswer): Problem {
  const { code, title, facts } = answer.body as Pick<Problem, 'code' | 'title' | 'facts'>
  return new Problem({ code, title, status: answer.status, detail: '' }, facts)
}

async function release(deps: IdempotencyDeps, name: KeyName): Promise<void> {
  await deps.db
    .deleteFrom('platform.idempotency_keys')
    .where('scope', '=', name.scope)
    .where('key', '=', name.key)
    .where('status', 'is', null)
    .execute()
}

const RELEASE_AGAIN_MS = 1_000
const RELEASES_MAX = 30

/** Lets go of a key when the database is back, so that the repeat that was asked for need not wait for the lock to end. */
function releaseLater(deps: IdempotencyDeps, name: KeyName, attempt = 1): void {
  const again = setTimeout(() => {
    release(deps, name).catch(() => attempt < RELEASES_MAX && releaseLater(deps, name, attempt + 1))
  }, RELEASE_AGAIN_MS)
  again.unref()
}

const KEPT_MS = 7 * 24 * 3_600_000

/** Forgets keys older than a week; returns how many. */
export async function forgetIdempotencyKeys(deps: IdempotencyDeps): Promise<number> {
  const { numDeletedRows } = await deps.db
    .deleteFrom('platform.idempotency_keys')
    .where('created_at', '<', toDate(plusMs(deps.clock.now(), -KEPT_MS)))
    .executeTakeFirst()
  return Number(numDeletedRows)
}
