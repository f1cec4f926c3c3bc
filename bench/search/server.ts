// A server under measurement, started by bench/servers.ts with its configuration as the argument.
import type { AddressInfo } from 'node:net'
import { decompress } from '@mongodb-js/zstd'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { searchRoutes } from '../../src/search/index.ts'
import { serveOrders } from '../servers.ts'
import { createBenchClock } from './clock.ts'
import { listRoutes, type Route } from './data-set.ts'
import { supplierNames } from './engine.ts'
import { askObjects, prepareOffers, viewsOf, type Prepared } from './objects.ts'
import { openOurs, openWire } from './ours.ts'
import { openSellers, type SellerOptions } from './sellers.ts'
import { documentKeyOf, type ObjectDocument } from './seed.ts'
import { BODIES_KEY } from './server-keys.ts'

export type ServerConfig = {
  readonly kind: 'bare' | 'naive' | 'objects' | 'ours'
  readonly redisUrl: string
  readonly offsetMs: number
  readonly routes: number
  /** Of ours: memory for rendered answers. */
  readonly answersBytesMax: number
  readonly sellers: SellerOptions
}

const OBJECT_ROUTES_MAX = 400
const ADDRESS = '/v1/flights/offers'
/** So many answers of each route lie ready: bytes that are always the same few would come from the processor's cache. */
const BODIES_PER_ROUTE = 10

const config = JSON.parse(process.argv[2] ?? '') as ServerConfig
await serve(config)

async function serve({ kind, redisUrl, offsetMs, routes, answersBytesMax, sellers }: ServerConfig): Promise<void> {
  const app = fastify({ keepAliveTimeout: 600_000 })
  const clock = createBenchClock(offsetMs)
  const redis = new Redis(redisUrl)
  const shops = openSellers(sellers, clock)
  let swap: (route: Route) => void = () => undefined
  let close = async (): Promise<void> => undefined
  if (kind === 'bare') await serveBare(app, redis, routes)
  if (kind === 'naive') serveNaive(app, redis, openWire(clock))
  if (kind === 'objects') swap = serveObjects(app, redis, openWire(clock))
  if (kind === 'ours') {
    const ours = openOurs({ clock, redisUrl, answersBytesMax, providers: shops.providers })
    await ours.ready()
    close = ours.close
    await app.register(searchRoutes, { prefix: '/v1', search: ours.search })
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  const all = listRoutes(routes)
  serveOrders((app.server.address() as AddressInfo).port, {
    swap: async (route) => swap(all[route]!),
    calls: () => shops.calls(),
    close: async () => {
      await app.close()
      await close()
      redis.disconnect()
    },
  })
}

const queryOf = (request: FastifyRequest): string => request.raw.url!.slice(ADDRESS.length + 1)

/** The limit: nothing but Fastify sending bytes that lie ready, as many on average as the others send, from as wide a memory. */
async function serveBare(app: FastifyInstance, redis: Redis, routes: number): Promise<void> {
  const pairs = JSON.parse((await redis.get(BODIES_KEY)) ?? '[]') as [string, string][]
  const bodies = new Map(pairs.map(([path, body]) => [path, Buffer.from(body, 'utf8')]))
  const any = Array.from({ length: Math.max(pairs.length, routes * BODIES_PER_ROUTE) }, (_, i) =>
    Buffer.from(pairs[i % pairs.length]![1], 'utf8'),
  )
  let turn = 0
  app.get(ADDRESS, (request, reply) => {
    const body = bodies.get(request.raw.url!) ?? any[(turn = (turn + 1) % any.length)]
    return reply.header('content-type', 'application/json; charset=utf-8').send(body)
  })
}

type Wire = ReturnType<typeof openWire>

/** A: everything in Redis, nothing in memory. */
function serveNaive(app: FastifyInstance, redis: Redis, wire: Wire): void {
  app.get(ADDRESS, async (request, reply) => {
    const asked = wire.parse(queryOf(request))
    const [slice] = asked.search.query.slices
    const { document, prepared } = await load(redis, documentKeyOf(slice!))
    return reply.header('content-type', 'application/json; charset=utf-8').send(answer(wire, asked, document, prepared))
  })
}

/** B: objects in memory as long as their superset is the current one. */
function serveObjects(app: FastifyInstance, redis: Redis, wire: Wire): (route: Route) => void {
  const cache = new LRUCache<string, Awaited<ReturnType<typeof load>>>({ max: OBJECT_ROUTES_MAX })
  app.get(ADDRESS, async (request, reply) => {
    const asked = wire.parse(queryOf(request))
    const key = documentKeyOf(asked.search.query.slices[0]!)
    let held = cache.get(key)
    if (held === undefined) cache.set(key, (held = await load(redis, key)))
    return reply.header('content-type', 'application/json; charset=utf-8').send(answer(wire, asked, held.document, held.prepared))
  })
  return (route) => void cache.delete(documentKeyOf(route))
}

async function load(redis: Redis, key: string): Promise<{ document: ObjectDocument; prepared: Prepared }> {
  const packed = await redis.getBuffer(key)
  if (packed === null) throw new Error(`nothing lies under ${key}`)
  const document = JSON.parse((await decompress(packed)).toString('utf8')) as ObjectDocument
  return { document, prepared: prepareOffers(document.offers, supplierNames) }
}

function answer(wire: Wire, asked: ReturnType<Wire['parse']>, document: ObjectDocument, prepared: Prepared): string {
  const { search, view } = asked
  const page = askObjects(prepared, view.selection, view.limit)
  const [slice] = search.query.slices
  const { origin, destination, departureDate } = slice!
  const after = page.last && wire.cursor(asked, { version: document.version, ...page.last })
  return JSON.stringify({
    search: {
      slices: [{ origin, destination, departure_date: departureDate }],
      origin,
      destination,
      departure_date: departureDate,
      return_date: null,
      passengers: search.query.passengers,
      cabin: search.query.cabin,
    },
    sources: document.sources,
    prices: document.prices,
    currency: 'USD',
    total: page.total,
    matching: page.matching,
    facets: page.facets,
    data: viewsOf(page),
    page: { after, has_more: after !== null },
  })
}
