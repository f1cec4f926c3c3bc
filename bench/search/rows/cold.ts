import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseLocalDate, plusDays } from '../../../src/kernel/time.ts'
import { toRequest } from '../../load/connection.ts'
import { ask } from '../../load/generator.ts'
import { toRow, type Row } from '../../report.ts'
import { median } from '../../statistics.ts'
import { listRoutes } from '../data-set.ts'
import { createDraws, pathOf } from '../draws.ts'
import type { Plan } from '../plan.ts'
import { seedCache } from '../seed.ts'
import { makeShopReply, SHOP_ROUTE } from '../shop-reply.ts'
import type { Stage } from '../stage.ts'
import { hundredth, measure, medianOf, type Sample } from './measure.ts'

const ROUTES = 50
const OFFERS = 400
/** Large replies that arrive together, once a second. */
const REPLIES = 8
const UPSTREAM_MS = 50
const ANSWERS_BYTES_MAX = 64 * 1024 * 1024
const FIRST_DAY = parseLocalDate('2026-12-15')
/** After these the same days are asked for by more travellers. */
const DAYS = 300

/** What travellers whose search is cached notice of the eight large replies that are read in the same process each second. */
export async function measureCold(stage: Stage, plan: Plan): Promise<Row[]> {
  stage.say('cached searches while cold ones are read: preparing')
  const routes = listRoutes(ROUTES)
  await stage.redis.flushall()
  await seedCache(stage.redis, stage.clock, { routes, offers: OFFERS })
  const reply = await makeShopReply(stage.clock)
  const file = path.join(stage.directory, 'shop-reply.xml')
  await writeFile(file, reply)
  const sellers = { kind: 'reply', file, delayMs: UPSTREAM_MS } as const
  const server = await stage.start('ours', { kind: 'ours', routes: ROUTES, answersBytesMax: ANSWERS_BYTES_MAX, sellers })
  const cold = createColdSearches(server.port)
  await cold.once() // the reading threads start with the first

  const draws = createDraws(routes, 5)
  const { seconds, perSecond } = plan.cold
  const [calm, busy]: Sample[][] = [[], []]
  const rounds = plan.name === 'quick' ? 1 : 3
  await measure(server, { draw: draws.request, seconds: 1, perSecond })
  for (let round = 0; round < rounds; round += 1) {
    stage.say(`cached searches at ${perSecond}/s, without and with cold ones: round ${round + 1} of ${rounds}`)
    calm!.push(await measure(server, { draw: draws.request, seconds, perSecond }))
    const timer = setInterval(() => void cold.once(), 1_000)
    busy!.push(await measure(server, { draw: draws.request, seconds, perSecond }))
    clearInterval(timer)
    await cold.idle()
  }
  await stage.clear()
  const p99 = (samples: readonly Sample[]) => medianOf(samples, (sample) => sample.p99)
  return [
    toRow({
      name: 'search.cold.p99',
      figure: p99(busy!) / p99(calm!),
      goal: '<= 1.5',
      unit: 'x',
      detail: {
        'p99 ms without': hundredth(p99(calm!)),
        'p99 ms with': hundredth(p99(busy!)),
        'max ms with': hundredth(medianOf(busy!, (sample) => Math.max(...sample.run.latencies))),
        'cold search ms': hundredth(median(cold.took)),
        'requests/s': perSecond,
        'replies a second': `${REPLIES} x ${reply.length} B`,
      },
    }),
  ]
}

/** Searches nobody has asked before, several at once. */
function createColdSearches(port: number) {
  const took: number[] = []
  const underWay = new Set<Promise<void>>()
  let asked = 0
  async function search(number: number): Promise<void> {
    const begun = performance.now()
    const departureDate = plusDays(FIRST_DAY, number % DAYS)
    const reply = await ask(port, toRequest(pathOf({ ...SHOP_ROUTE, departureDate }, `adults=${1 + Math.floor(number / DAYS)}`)))
    const { total } = JSON.parse(reply.body.toString('utf8')) as { total: number }
    if (!(total > 0)) throw new Error(`a cold search found nothing: ${reply.body.toString('utf8', 0, 600)}`)
    took.push(performance.now() - begun)
  }
  return {
    took,
    async once() {
      const all = Promise.all(Array.from({ length: REPLIES }, () => search(asked++))).then(() => undefined)
      underWay.add(all)
      await all.finally(() => underWay.delete(all))
    },
    idle: async () => void (await Promise.all(underWay)),
  }
}
