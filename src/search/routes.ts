import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { EVENT_STREAM_HEADERS } from '../platform/event-stream.ts'
import { searchPlaces } from '../travel/places.ts'
import type { Search } from './index.ts'
import { SearchParameters } from './question/parameter-schemas.ts'
import { invalidSearch } from './problems.ts'
import { readParameters } from './question/read-parameters.ts'
import { PlaceParameters, PlaceReply, SearchReply, SummaryReply } from './schemas.ts'
import { asIs, NotModified, optionsOf, queryOf, sendAnswer } from './shared-routes.ts'
import { toPlaceReply } from './answer/search-view.ts'
import { createStreamReplies } from './stream-reply.ts'

export type SearchRoutesOptions = {
  readonly search: Pick<Search, 'parse' | 'searchOffers' | 'streamOffers' | 'now'>
  /** Live streams at once in this process; further ones are told to ask without. */
  readonly streamsMax?: number
  readonly heartbeatMs?: number
  /** The longest a stream may last. */
  readonly streamMs?: number
  /** Aborted when this process is going away: streams end and go on elsewhere. */
  readonly moving?: AbortSignal
}

const PLACE_TEXT_MAX = 64
const FLIGHTS = '/v1/flights/offers'

/** Search and places over HTTP. Prefix /v1. */
export const searchRoutes: FastifyPluginAsyncTypebox<SearchRoutesOptions> = async (app, options) => {
  const { search, streamsMax = 1_000, heartbeatMs = 10_000, streamMs = 60_000 } = options
  const streamReply = createStreamReplies({ search, streamsMax, heartbeatMs, streamMs, ...(options.moving && { moving: options.moving }) })
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
      const answer = search.searchOffers(asked, optionsOf(request, reply))
      const { canonicalQuery } = asked
      if (answer instanceof Promise)
        return answer.then((ready) => {
          sendAnswer(request, reply, { canonicalQuery, address: FLIGHTS, answer: ready, now: search.now() })
          // Resolved with nothing, it would be taken for an answer that is still to be sent.
          return reply as never
        })
      return sendAnswer(request, reply, { canonicalQuery, address: FLIGHTS, answer, now: search.now() })
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
