import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Static } from 'typebox'
import { toMoneyText } from '../kernel/money.ts'
import { toIso, type Clock } from '../kernel/time.ts'
import type { CalendarDay, PriceCell, PriceHistory } from './price-history/index.ts'
import type { PriceRoute } from './price-history/price-fact.ts'
import { parseCalendarQuestion, parseGridQuestion } from './price-history/price-question.ts'
import { PriceCalendarParameters, PriceCalendarReply, PriceGridParameters, PriceGridReply, PricesNotModified } from './price-schemas.ts'

type GridReply = Static<typeof PriceGridReply>
type CalendarReply = Static<typeof PriceCalendarReply>

export type PriceRoutesOptions = { readonly prices: PriceHistory; readonly clock: Clock }

/** The same for everybody, and old by nature: any cache on the way may answer for so long. */
const CACHE_SECONDS = 60

/** The schema documents the parameters and our own reader judges them: it names every fault at once and corrects nothing. */
const asIs = () => (value: unknown) => ({ value })

/** Prices of earlier searches over HTTP. Prefix /v1. */
export const priceRoutes: FastifyPluginAsyncTypebox<PriceRoutesOptions> = async (app, { prices, clock }) => {
  app.get(
    '/flights/price-grid',
    {
      validatorCompiler: asIs,
      schema: {
        summary: 'Prices around a date',
        description: 'Three days either way, as earlier searches found them. No supplier is asked.',
        tags: ['search'],
        querystring: PriceGridParameters,
        response: { 200: PriceGridReply, 304: PricesNotModified },
      },
    },
    async (request, reply) => {
      const question = parseGridQuestion(request.query, clock)
      const cells = await prices.grid(question)
      const { departureDate, returnDate } = question.dates
      const body: GridReply = {
        search: { ...toRouteReply(question.route), departure_date: departureDate, return_date: returnDate },
        currency: prices.displayCurrency,
        data: cells.map(toCellReply),
      }
      const tag = tagOf(body)
      void reply.headers(headersOf(tag))
      return hasAlready(request.headers['if-none-match'], tag) ? reply.code(304).send(null) : body
    },
  )

  app.get(
    '/flights/price-calendar',
    {
      validatorCompiler: asIs,
      schema: {
        summary: 'Prices of a month',
        description: 'A price for each day, as earlier searches found them. No supplier is asked.',
        tags: ['search'],
        querystring: PriceCalendarParameters,
        response: { 200: PriceCalendarReply, 304: PricesNotModified },
      },
    },
    async (request, reply) => {
      const question = parseCalendarQuestion(request.query, clock)
      const days = await prices.calendar(question)
      const body: CalendarReply = {
        search: { ...toRouteReply(question.route), month: question.days[0]!.slice(0, 7), nights: question.nights },
        currency: prices.displayCurrency,
        data: days.map(toDayReply),
      }
      const tag = tagOf(body)
      void reply.headers(headersOf(tag))
      return hasAlready(request.headers['if-none-match'], tag) ? reply.code(304).send(null) : body
    },
  )
}

function toRouteReply(route: PriceRoute) {
  return { origin: route.origin, destination: route.destination, passengers: { ...route.passengers }, cabin: route.cabin }
}

function toCellReply(cell: PriceCell): GridReply['data'][number] {
  return {
    departure_date: cell.departureDate,
    return_date: cell.returnDate,
    state: cell.state,
    price: cell.price === null ? null : toMoneyText(cell.price),
    checked_at: cell.checkedAt === null ? null : toIso(cell.checkedAt),
    is_cheapest: cell.isCheapest,
  }
}

function toDayReply(day: CalendarDay): CalendarReply['data'][number] {
  return { ...toCellReply(day), level: day.level }
}

function tagOf(body: GridReply | CalendarReply): string {
  return `W/"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}"`
}

function headersOf(tag: string) {
  return { etag: tag, 'cache-control': `public, max-age=${CACHE_SECONDS}` }
}

function hasAlready(header: string | undefined, tag: string): boolean {
  return header?.split(',').some((held) => held.trim() === tag) ?? false
}
