import { Negotiator } from '@fastify/accept-negotiator'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import { CODINGS, type Coding } from './answer/answers.ts'
import type { AnswerFacts, SearchAnswer, SearchOptions } from './answer/search-offers.ts'

/** The longest that `Prefer: wait` is obeyed; many proxies give up after 30 s. */
const WAIT_SECONDS_MAX = 25

/** The same answer, older by a few seconds. */
export const NotModified = Type.Null({ description: 'Nothing but the age of the prices has changed.' })

/** The schema documents the parameters and our own reader judges them: it names every fault at once and corrects nothing. */
export const asIs = () => (value: unknown) => ({ value })

/** The query string as it was sent: a parsed one has lost the order and the repetitions. */
export function queryOf(request: FastifyRequest): string {
  const url = request.raw.url!
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at + 1)
}

const AT_ONCE = { waitMs: 0, knownTag: null, signal: null } as const

/** How a request wants to be answered. */
export function optionsOf(request: FastifyRequest, reply: FastifyReply): SearchOptions {
  const { headers } = request
  const coding = chooseCoding(headers['accept-encoding'])
  const isPlain = headers['prefer'] === undefined || headers['if-none-match'] === undefined
  return isPlain ? { ...AT_ONCE, coding } : { ...readPreference(request, reply), coding }
}

/** `Prefer: wait=10` (RFC 7240 §4.3) together with the tag of the answer that is known. */
function readPreference(request: FastifyRequest, reply: FastifyReply): Omit<SearchOptions, 'coding'> {
  const knownTag = request.headers['if-none-match'] ?? null
  const seconds = Number(/(?:^|[,;\s])wait=(\d{1,4})(?=$|[,;\s])/i.exec(String(request.headers['prefer']))?.[1] ?? 0)
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return { waitMs: Math.min(seconds, WAIT_SECONDS_MAX) * 1_000, knownTag, signal: gone.signal }
}

/** `address` is where this answer is found, its query in its one spelling. */
export type Ready = { readonly canonicalQuery: string; readonly address: string; readonly answer: SearchAnswer; readonly now: number }

/**
 * Sends an answer with what caches need: `Age` counts from when the oldest price was true and `max-age` ends when it is no
 * longer fresh (RFC 9111 §4.2), so that no cache between us and the traveller shows a price for longer than we would.
 */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, { canonicalQuery, address, answer, now }: Ready): void {
  const { facts, body, coding } = answer
  const { headers } = request
  const known = headersOf(facts, now)
  void reply.headers(known)
  // Said only to who wrote it otherwise.
  if (queryOf(request) !== canonicalQuery) void reply.header('content-location', `${address}?${canonicalQuery}`)
  if (headers['prefer'] !== undefined) void reply.header('preference-applied', String(headers['prefer']))
  if (headers['if-none-match']?.includes(known.etag) === true) {
    answer.giveBack?.()
    return void reply.code(304).send()
  }
  if (coding !== null) void reply.header('content-encoding', coding)
  // "finish" is when the last byte has gone to the operating system; a reader who goes away first leaves the memory to the collector.
  if (answer.giveBack !== null) reply.raw.once('finish', answer.giveBack)
  void reply.send(body)
}

type AnswerHeaders = { readonly etag: string; readonly age: number } & Readonly<Record<string, string | number>>

const written = new WeakMap<AnswerFacts, AnswerHeaders>()

/** The headers of an answer, written anew each second. */
function headersOf(facts: AnswerFacts, now: number): AnswerHeaders {
  // Rounded up, and the lifetime down: a cache counts in whole seconds, and must not gain one.
  const age = Math.max(0, Math.ceil((now - facts.checkedAt) / 1_000))
  const known = written.get(facts)
  if (known?.age === age) return known
  const lifetime = Math.floor((facts.freshUntil - facts.checkedAt) / 1_000)
  const made = {
    'content-type': 'application/json; charset=utf-8',
    etag: `W/"${facts.tag}"`,
    age,
    'cache-control': facts.isComplete && !facts.isStale ? `public, max-age=${lifetime}` : 'public, no-cache',
    vary: 'accept-encoding',
  }
  written.set(facts, made)
  return made
}

/** There are few different headers; a stranger's inventions must not fill the memory. */
const ACCEPTS_MAX = 500
const negotiator = new Negotiator({ supportedValues: [...CODINGS], cache: new LRUCache<string, string>({ max: ACCEPTS_MAX }) })

/** The coding to answer in, from Accept-Encoding (RFC 9110 §12.5.3); null for none. */
function chooseCoding(header: string | undefined): Coding | null {
  return header === undefined || header.length > 200 ? null : (negotiator.negotiate(header) as Coding | null)
}
