import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { EVENT_STREAM_HEADERS } from '../platform/event-stream.ts'
import { searchPlaces } from '../travel/places.ts'
import type { Search } from './index.ts'
import { invalidSearch } from './problems.ts'
import { readParameters } from './read-parameters.ts'
import { PlaceParameters, PlaceReply, SearchParameters, SearchReply } from './schemas.ts'
import { toPlaceReply, toSearchReply } from './search-view.ts'
import { createStreamReplies } from './stream-reply.ts'

export type SearchRoutesOptions = {
  readonly search: Pick<Search, 'parse' | 'searchOffers' | 'streamOffers'>
  /** Live streams at once in this process; further ones are told to ask without. */
  readonly streamsMax?: number
  readonly heartbeatMs?: number
  /** The longest a stream may last. */
  readonly streamMs?: number
}

/** A browser asks again after this long; the body says how old its prices are. */
const BROWSER_SECONDS = 10
const PLACE_TEXT_MAX = 64

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
        description: 'A search is a GET. What a supplier failed to say is told in sources; it never fails the search.',
        tags: ['search'],
        querystring: SearchParameters,
        response: { 200: SearchReply, 304: NotModified },
      },
    },
    async (request, reply) => {
      const { query, view } = search.parse(request.query)
      const answer = await search.searchOffers(query, view)
      const tag = `W/"${answer.tag}"`
      void reply.header('etag', tag).header('cache-control', `private, max-age=${answer.prices.fromCache ? BROWSER_SECONDS : 0}`)
      if (request.headers['if-none-match'] === tag) return reply.code(304).send(null)
      return toSearchReply(answer)
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
          'Server-sent events: `source` when a supplier is asked or has answered, `offers` with the first page as GET /v1/flights/offers gives it, `done` at the end.',
        tags: ['search'],
        querystring: SearchParameters,
        response: { 200: { content: { 'text/event-stream': { schema: Type.String() } } } },
      },
    },
    async (request, reply) => {
      const { query, view } = search.parse(request.query)
      if (view.after !== null)
        throw invalidSearch({
          errors: [{ pointer: 'after', code: 'not-here', message: 'a stream shows the first page; ask for others without /stream' }],
        })
      const events = streamReply.start(query, view, (error) => request.log.error({ err: error }, 'a search stream broke off'))
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
