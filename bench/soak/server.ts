// The server of a soak, started by bench/servers.ts with its configuration as the argument: as in production, caches and all.
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import fastify from 'fastify'
import { SEARCH_DEFAULTS, searchRoutes } from '../../src/search/index.ts'
import { createBenchClock } from '../search/clock.ts'
import { openOurs } from '../search/ours.ts'
import { serveOrders } from '../servers.ts'
import type { ServerFacts } from './samples.ts'
import { openSoakSellers, type SoakSellerOptions } from './soak-sellers.ts'

export type SoakServerConfig = Omit<SoakSellerOptions, 'clock'> & { readonly redisUrl: string; readonly offsetMs: number }

/** How often the loop is looked at. What the histogram holds is from one look to the next, this time included. */
const RESOLUTION_MS = 10

await serve(JSON.parse(process.argv[2] ?? '') as SoakServerConfig)

async function serve({ redisUrl, offsetMs, replyFile }: SoakServerConfig): Promise<void> {
  const clock = createBenchClock(offsetMs)
  const sellers = openSoakSellers({ replyFile, clock })
  const { answersBytesMax, memoryBytesMax } = SEARCH_DEFAULTS
  const ours = openOurs({ clock, redisUrl, answersBytesMax, memoryBytesMax, providers: sellers.providers })
  await ours.ready()
  const app = fastify({ keepAliveTimeout: 600_000 })
  await app.register(searchRoutes, { prefix: '/v1', search: ours.search })
  await app.listen({ port: 0, host: '127.0.0.1' })

  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  loop.enable()
  let busySince = performance.eventLoopUtilization()
  const delayMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  const facts = (): ServerFacts => {
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
    const { hits, misses, bytes } = ours.search.answerFacts()
    const delays = { loopP99Ms: delayMs(loop.percentile(99)), loopMaxMs: delayMs(loop.max) }
    loop.reset()
    const { utilization } = performance.eventLoopUtilization(busySince)
    busySince = performance.eventLoopUtilization()
    const { user, system } = process.cpuUsage()
    return {
      ...{ rssBytes: rss, heapBytes: heapUsed, externalBytes: external, arrayBufferBytes: arrayBuffers },
      ...{ answersBytes: bytes, answersHitShare: hits + misses === 0 ? 0 : hits / (hits + misses) },
      ...{ loopBusyShare: utilization, cpuSeconds: (user + system) / 1e6, ...delays },
    }
  }
  serveOrders((app.server.address() as AddressInfo).port, {
    calls: sellers.calls,
    facts,
    close: async () => {
      await app.close()
      await ours.close()
    },
  })
}
