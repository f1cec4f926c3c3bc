import { Negotiator } from '@fastify/accept-negotiator'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import { EVENT_STREAM_HEADERS } from '../platform/event-stream.ts'
import { searchPlaces } from '../travel/places.ts'
import { CODINGS, type Coding } from './answer/answers.ts'
import type { Search } from './index.ts'
import { SearchParameters } from './question/parameter-schemas.ts'
import { invalidSearch } from './problems.ts'
import { readParameters } from './question/read-parameters.ts'
import { PlaceParameters, PlaceReply, SearchReply, SummaryReply } from './schemas.ts'
import type { AnswerFacts, SearchAnswer, SearchOptions } from './answer/search-offers.ts'
import type { ParsedSearch } from './question/search-query.ts'
import { toPlaceReply } from './answer/search-view.ts'
import { createStreamReplies } from './stream-reply.ts'

export type SearchRoutesOptions = {
  readonly search: Pick<Search, 'parse' | 'searchOffers' | 'streamOffers' | 'now'>
  /** Live streams at once in this process; further ones are told to ask without. */
  readonly streamsMax?: number
  readonly heartbeatMs?: number
  /** The longest a stream may last. */
  readonly streamMs?: number
}

const PLACE_TEXT_MAX = 64
/** The longest that `Prefer: wait` is obeyed; many proxies give up after 30 s. */
const WAIT_SECONDS_MAX = 25

/** The same answer, older by a few seconds. */
const NotModified = Type.Null({ description: 'Nothing but the age of the prices has changed.' })

/** The schema documents the parameters and our own reader judges them: it names every fault at once and corrects nothing. */
const asIs = () => (value: unknown) => ({ value })

/** Search and places over HTTP. Prefix /v1. */
export const searchRoutes: FastifyPluginAsyncTypebox<SearchRoutesOptions> = async (app, options) => {
  const { search, streamsMax = 1_000, heartbeatMs = 10_000, streamMs = 60_000 } = options
  const streamReply = createStreamReplies({ search, streamsMax, heartbeatMs, streamMs })
  // Before the server waits for open connections to end: a stream would keep it waiting.
  app.addHook('preClose', async () => streamReply.close())

  app.get(
    '/flights/offers',
    {
      validatorCompiler: asIs,
      schema: {
        summary: 'Search flights',
        description:
          'A search is a GET. What a supplier failed to say is told in sources; it never fails the search. While suppliers are being asked, an answer may be partial: ask again with If-None-Match and Prefer: wait=10, or follow /stream.',
        tags: ['search'],
        querystring: SearchParameters,
        response: { 200: Type.Union([SearchReply, SummaryReply]), 304: NotModified },
      },
    },
    // Not an async function: what lies ready is sent without a promise.
    (request, reply) => {
      const asked = search.parse(queryOf(request))
      const { headers } = request
      const coding = chooseCoding(headers['accept-encoding'])
      const isPlain = headers['prefer'] === undefined || headers['if-none-match'] === undefined
      const answer = search.searchOffers(asked, isPlain ? { ...AT_ONCE, coding } : { ...readPreference(request, reply), coding })
      if (answer instanceof Promise) return answer.then((ready) => sendAnswer(request, reply, { asked, answer: ready, now: search.now() }))
      return sendAnswer(request, reply, { asked, answer, now: search.now() })
    },
  )

  app.get(
    '/flights/offers/stream',
    {
      validatorCompiler: asIs,
      exposeHeadRoute: false,
      schema: {
        summary: 'Follow a search while suppliers answer',
        description:
          'Server-sent events: `source` when a supplier is asked or has answered; `offers` with what to put into and take out of the first page; `facets`; `done` at the end. Last-Event-ID is understood.',
        tags: ['search'],
        querystring: SearchParameters,
        response: { 200: { content: { 'text/event-stream': { schema: Type.String() } } } },
      },
    },
    async (request, reply) => {
      const asked = search.parse(queryOf(request))
      if (asked.view.after !== null)
        throw invalidSearch({
          errors: [{ pointer: 'after', code: 'not-here', message: 'a stream shows the first page; ask for others without /stream' }],
        })
      const lastEventId = request.headers['last-event-id']
      const seen = typeof lastEventId === 'string' ? lastEventId : null
      const events = streamReply.start(asked, seen, (error) => request.log.error({ err: error }, 'a search stream broke off'))
      return reply.headers(EVENT_STREAM_HEADERS).send(events as never)
    },
  )

  app.get(
    '/places',
    {
      validatorCompiler: asIs,
      schema: { summary: 'Find airports and cities', tags: ['search'], querystring: PlaceParameters, response: { 200: PlaceReply } },
    },
    async (request, reply) => {
      const read = readParameters(request.query, ['q', 'limit'])
      const text = read.required('q') ?? ''
      if (text.length > PLACE_TEXT_MAX) read.refuse('q', 'too-long', `is longer than ${PLACE_TEXT_MAX} characters`)
      const limit = read.whole('limit', 1, 20) ?? 8
      if (read.faults.length > 0) throw invalidSearch({ detail: 'Correct the parameters named in errors.', errors: read.faults })
      void reply.header('cache-control', 'public, max-age=3600')
      return { data: searchPlaces(text, limit).map(toPlaceReply) }
    },
  )
}

/** The query string as it was sent: a parsed one has lost the order and the repetitions. */
function queryOf(request: FastifyRequest): string {
  const url = request.raw.url!
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at + 1)
}

const AT_ONCE = { waitMs: 0, knownTag: null, signal: null } as const

/** `Prefer: wait=10` (RFC 7240 §4.3) together with the tag of the answer that is known. */
function readPreference(request: FastifyRequest, reply: FastifyReply): Omit<SearchOptions, 'coding'> {
  const knownTag = request.headers['if-none-match'] ?? null
  const seconds = Number(/(?:^|[,;\s])wait=(\d{1,4})(?=$|[,;\s])/i.exec(String(request.headers['prefer']))?.[1] ?? 0)
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return { waitMs: Math.min(seconds, WAIT_SECONDS_MAX) * 1_000, knownTag, signal: gone.signal }
}

type Ready = { readonly asked: ParsedSearch; readonly answer: SearchAnswer; readonly now: number }

/**
 * Sends an answer with what caches need: `Age` counts from when the oldest price was true and `max-age` ends when it is no
 * longer fresh (RFC 9111 §4.2), so that no cache between us and the traveller shows a price for longer than we would.
 */
function sendAnswer(request: FastifyRequest, reply: FastifyReply, { asked, answer, now }: Ready): void {
  const { facts, body, coding } = answer
  const { headers } = request
  const known = headersOf(facts, now)
  void reply.headers(known)
  // Said only to who wrote it otherwise.
  if (queryOf(request) !== asked.canonicalQuery) void reply.header('content-location', `/v1/flights/offers?${asked.canonicalQuery}`)
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
