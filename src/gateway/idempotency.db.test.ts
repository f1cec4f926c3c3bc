import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { defineProblem } from '../kernel/problems.ts'
import { createStoppedClock, systemClock, type Clock } from '../kernel/time.ts'
import { createPostgres } from '../platform/postgres.ts'
import { createIdempotency, problemDetails, type Idempotent } from './index.ts'

const START = '2026-11-26T08:00:00Z'

let database: TestDatabase
let closers: (() => Promise<unknown>)[]

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => {
  closers = []
})
afterEach(async () => {
  for (const close of closers.toReversed()) await close()
})

type Process = {
  readonly send: (key: string) => Promise<{ status: number; body: { by?: string; code?: string }; isReplayed: boolean }>
  readonly begun: string[]
  /** Nobody hears of it again: it cannot even say that it is alive. */
  readonly die: () => Promise<void>
}

/** An API process of its own, with its own connections. `work` is done under the request's name. */
async function startProcess(by: string, options: { clock?: Clock; work?: (name: string) => Promise<void> } = {}): Promise<Process> {
  const postgres = createPostgres({ url: database.url, connectionsMax: 4 })
  const idempotent: Idempotent = createIdempotency({ db: postgres.db, clock: options.clock ?? systemClock })
  const begun: string[] = []
  const app: FastifyInstance = fastify()
  await app.register(problemDetails)
  app.post('/things', (request, reply) =>
    idempotent(request, reply, async (name) => {
      begun.push(name)
      await options.work?.(name)
      return { status: 201, body: { by } }
    }),
  )
  let dying: Promise<void> | undefined
  const die = () => (dying ??= postgres.close())
  closers.push(die)
  return {
    begun,
    die,
    send: async (key) => {
      const reply = await app.inject({ method: 'POST', url: '/things', headers: { 'idempotency-key': key }, payload: { a: 1 } })
      return { status: reply.statusCode, body: reply.json(), isReplayed: reply.headers['idempotency-replayed'] === 'true' }
    },
  }
}

/** Ends when it is let go of. */
function held(): { readonly until: Promise<void>; readonly letGo: () => void } {
  let letGo = (): void => undefined
  const until = new Promise<void>((resolve) => (letGo = resolve))
  closers.push(async () => letGo())
  return { until, letGo }
}

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** Leaves a column of the keys as it is, whatever is written to it: takes a guard away until the test is over. */
async function keepColumn(column: 'locked_until' | 'created_at'): Promise<void> {
  await asOwner(`
    create function keep_column() returns trigger language plpgsql as $$ begin new.${column} := old.${column}; return new; end $$;
    create trigger keep_column before update on platform.idempotency_keys for each row execute function keep_column()`)
  closers.push(() => asOwner('drop trigger keep_column on platform.idempotency_keys; drop function keep_column()'))
}

/** Sends until it is answered otherwise than "in flight". */
async function sendUntilAnswered(process: Process, key: string) {
  for (;;) {
    const reply = await process.send(key)
    if (reply.body.code !== 'request-in-flight') return reply
    expect(reply.status).toBe(409)
    await pause(250)
  }
}

test('a request whose process died is worked on again after ten seconds, under the same name', { timeout: 40_000 }, async () => {
  const { until } = held()
  const [doomed, next] = [await startProcess('doomed', { work: () => until }), await startProcess('next')]
  const key = randomUUID()
  void doomed.send(key).catch(() => undefined)
  await expect.poll(() => doomed.begun.length).toBe(1)
  await doomed.die()
  const begun = performance.now()
  expect(await next.send(key)).toMatchObject({ status: 409, body: { code: 'request-in-flight' } })
  expect(await sendUntilAnswered(next, key)).toMatchObject({ status: 201, body: { by: 'next' }, isReplayed: false })
  const waitedMs = performance.now() - begun
  expect(waitedMs).toBeGreaterThan(6_000)
  expect(waitedMs).toBeLessThan(15_000)
  expect(next.begun).toEqual(doomed.begun)
  expect(await next.send(key)).toMatchObject({ status: 201, body: { by: 'next' }, isReplayed: true })
})

const SLOW_MS = 13_000

async function workSlowly(): Promise<{ times: number; answers: (string | undefined)[] }> {
  const work = () => pause(SLOW_MS)
  const [slow, other] = [await startProcess('slow', { work }), await startProcess('other', { work })]
  const key = randomUUID()
  const first = slow.send(key)
  await expect.poll(() => slow.begun.length).toBe(1)
  const repeat = sendUntilAnswered(other, key)
  const answers = [await first, await repeat].map(({ body }) => body.by)
  return { times: slow.begun.length + other.begun.length, answers }
}

test('one that is slow but lives is left alone: its work is done once, and everybody gets its answer', { timeout: 40_000 }, async () => {
  expect(await workSlowly()).toEqual({ times: 1, answers: ['slow', 'slow'] })
})

test('and would be done twice if it did not say that it lives', { timeout: 60_000 }, async () => {
  await keepColumn('locked_until')
  expect((await workSlowly()).times).toBe(2)
})

const refused = defineProblem({ code: 'refused', status: 422, title: 'No', detail: 'No.' })

type Ending = 'answers' | 'refuses' | 'fails'

/** A process stands still, is taken over, comes back and ends its work before the one that took over. */
async function comeBack(ending: Ending) {
  const [first, second] = [held(), held()]
  const later = createStoppedClock(START)
  const frozen = await startProcess('frozen', {
    clock: createStoppedClock(START),
    work: async () => {
      await first.until
      if (ending === 'refuses') throw refused({ moneyMoved: 'none' })
      if (ending === 'fails') throw new Error('it broke')
    },
  })
  later.advance(10_001)
  const next = await startProcess('next', { clock: later, work: () => second.until })
  const key = randomUUID()
  const late = frozen.send(key)
  await expect.poll(() => frozen.begun.length).toBe(1)
  const answer = next.send(key)
  await expect.poll(() => next.begun.length).toBe(1)
  first.letGo()
  const told = await late
  const meanwhile = await next.send(key)
  second.letGo()
  return { told, meanwhile, answer: await answer, repeat: await next.send(key) }
}

test.each([
  ['answers', 409],
  ['refuses', 409],
  ['fails', 500],
] as const)('a process that was taken over, comes back and %s, changes nothing: one answer counts', async (ending, status) => {
  const { told, meanwhile, answer, repeat } = await comeBack(ending)
  expect(told.status).toBe(status)
  expect(told.body.by).toBeUndefined()
  expect(meanwhile).toMatchObject({ status: 409, body: { code: 'request-in-flight' } })
  expect(answer).toMatchObject({ status: 201, body: { by: 'next' } })
  expect(repeat).toMatchObject({ status: 201, body: { by: 'next' }, isReplayed: true })
})

test('and would answer in its place if the two could not be told apart', async () => {
  await keepColumn('created_at')
  const { told, repeat } = await comeBack('answers')
  expect(told.body.by).toBe('frozen')
  expect(repeat.body.by).toBe('frozen')
})

test('of twenty repeats that find a dead request, one takes it over', async () => {
  const { until } = held()
  const doomed = await startProcess('doomed', { clock: createStoppedClock(START), work: () => until })
  const later = createStoppedClock(START)
  later.advance(10_001)
  const next = await startProcess('next', { clock: later, work: () => pause(300) })
  const key = randomUUID()
  void doomed.send(key).catch(() => undefined)
  await expect.poll(() => doomed.begun.length).toBe(1)
  const statuses = (await Promise.all(Array.from({ length: 20 }, () => next.send(key)))).map(({ status }) => status)
  expect(next.begun).toHaveLength(1)
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1)
  expect(new Set(statuses)).toEqual(new Set([201, 409]))
})
