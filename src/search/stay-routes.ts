import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isId } from '../kernel/ids.ts'
import type { Search } from './index.ts'
import { unknownHouse } from './problems.ts'
import { asIs, NotModified, optionsOf, queryOf, sendAnswer } from './shared-routes.ts'
import { HouseParams, HouseReply, StaySearchReply } from './stay-schemas.ts'
import { toHouseDetails } from './stays/house-view.ts'
import { StaySearchParameters } from './stays/question/stay-parameters.ts'

export type StayRoutesOptions = {
  readonly search: Pick<Search, 'now'> & { readonly stays: Pick<Search['stays'], 'parse' | 'searchOffers' | 'findHouse'> }
}

/** What a house is called and offers changes by the day. */
const HOUSE_SECONDS = 3_600

/** Searching stays over HTTP. Prefix /v1. */
export const stayRoutes: FastifyPluginAsyncTypebox<StayRoutesOptions> = async (app, { search }) => {
  const { stays } = search

  function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { house, address }: { house: string | null; address: string },
  ): void | Promise<void> {
    if (house !== null && !isId('hse', house)) throw unknownHouse({ more: { house: house.slice(0, 60) } })
    const asked = stays.parse(queryOf(request), house)
    const found = stays.searchOffers(asked, optionsOf(request, reply))
    const { canonicalQuery } = asked
    if (found instanceof Promise)
      return found.then((ready) => {
        sendAnswer(request, reply, { canonicalQuery, address, answer: ready, now: search.now() })
        // Resolved with nothing, it would be taken for an answer that is still to be sent.
        return reply as never
      })
    return sendAnswer(request, reply, { canonicalQuery, address, answer: found, now: search.now() })
  }

  app.get(
    '/stays/offers',
    {
      validatorCompiler: asIs,
      schema: {
        summary: 'Search stays',
        description:
          'Houses near a place with the rates that pass the filters, the cheapest first, a house once whoever sells it. What a supplier failed to say is told in sources; it never fails the search. While suppliers are being asked, an answer may be partial: ask again with If-None-Match and Prefer: wait=10. Suppliers are asked for the 500 houses nearest to the centre.',
        tags: ['search'],
        querystring: StaySearchParameters,
        response: { 200: StaySearchReply, 304: NotModified },
      },
    },
    (request, reply) => answer(request, reply, { house: null, address: '/v1/stays/offers' }),
  )

  app.get(
    '/stays/houses/:house/offers',
    {
      validatorCompiler: asIs,
      schema: {
        summary: 'All rates of a house',
        description:
          'The same search, told of one house with up to 500 of its rates: data holds the house, or nothing when no rate of it passes. The parameters of the list are understood; sort, limit and rates change nothing, after is refused.',
        tags: ['search'],
        params: HouseParams,
        querystring: StaySearchParameters,
        response: { 200: StaySearchReply, 304: NotModified },
      },
    },
    (request, reply) => {
      const { house } = request.params
      return answer(request, reply, { house, address: `/v1/stays/houses/${encodeURIComponent(house)}/offers` })
    },
  )

  app.get(
    '/stays/houses/:house',
    {
      schema: {
        summary: 'A house',
        description: 'What its suppliers say of it, put together. No supplier is asked.',
        tags: ['search'],
        params: HouseParams,
        response: { 200: HouseReply },
      },
    },
    async (request, reply) => {
      const house = await stays.findHouse(request.params.house)
      if (house === null) throw unknownHouse({ more: { house: request.params.house } })
      void reply.header('cache-control', `public, max-age=${HOUSE_SECONDS}`)
      return { data: toHouseDetails(house) }
    },
  )
}
