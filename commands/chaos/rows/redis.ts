import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisHere } from '../servers.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import { badAnswers, underTraffic } from './traffic.ts'

const TRAFFIC = { buyers: 8, everyMs: 250 }
/** A traveller is answered within this whatever Redis does; the rest is patience with a busy machine. */
const ANSWER_MS_MAX = 9_000

/** F22 to F25: Redis forgets, dies, is full, stands still, comes back without what it had. */
export const redisRows: readonly Row[] = [
  {
    id: 'F22',
    fault: 'both Redis are emptied again and again',
    run: async (scene) => {
      let flushes = 0
      await underTraffic(scene, TRAFFIC, async () => {
        for (; flushes < 40; flushes += 1) {
          await Promise.all([scene.stack.cache.admin.flushall(), scene.stack.state.admin.flushall()])
          await sleep(60)
        }
      })
      return facts(scene, { flushes })
    },
  },
  {
    id: 'F23',
    fault: 'both Redis are killed, stay away and come back',
    run: async (scene) => {
      const { cache, state } = scene.stack
      const outageMs = 2_500 * Math.min(scene.scale, 4)
      await underTraffic(scene, TRAFFIC, async () => {
        await Promise.all([cache.kill(), state.kill()])
        await sleep(outageMs)
        await Promise.all([cache.start(), state.start()])
      })
      return facts(scene, { outage_ms: outageMs })
    },
  },
  {
    id: 'F24',
    fault: 'the Redis of the queues is full',
    run: async (scene) => {
      const { admin } = scene.stack.state
      try {
        await underTraffic(scene, TRAFFIC, async () => {
          await admin.config('SET', 'maxmemory', '1mb')
          await sleep(3_000)
          await admin.config('SET', 'maxmemory', '0')
        })
      } finally {
        await admin.config('SET', 'maxmemory', '0')
      }
      return facts(scene, {})
    },
  },
  {
    id: 'F25',
    fault: 'both Redis stand still, and then come back without what they had, as after a failover',
    run: async (scene) => {
      const { cache, state } = scene.stack
      const frozenMs = scene.scale >= 10 ? 20_000 : 4_000
      await underTraffic(scene, TRAFFIC, async () => {
        await Promise.all([cache.freeze(), state.freeze()])
        await sleep(frozenMs)
        for (const redis of [cache, state]) redis.thaw()
        await failOver(state)
      })
      return facts(scene, { frozen_ms: frozenMs })
    },
  },
]

/** The replica that takes over never got the last writes; at worst, none. */
async function failOver(redis: RedisHere): Promise<void> {
  await redis.kill()
  await redis.forget()
  await redis.start()
}

function facts(scene: RowScene, figures: Record<string, number>): RowFacts {
  const { slowestMs } = scene.travellers.seen()
  return {
    faultEndedAt: scene.stack.clock.now(),
    broken: [...badAnswers(scene), ...(slowestMs > ANSWER_MS_MAX ? [`a request took ${Math.round(slowestMs)} ms`] : [])],
    figures: { ...figures, slowest_answer_ms: Math.round(slowestMs) },
  }
}
