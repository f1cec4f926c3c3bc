/**
 * Spoilt messages. Each seller's mock plays the life of a reservation once; then each operation is done again and again
 * with one of its replies spoilt: bits flipped, cut, a hole, a piece twice, tags swapped, bombs, a page of HTML.
 *
 *   FUZZ_MESSAGES=10000 FUZZ_SEED=7 npx vitest run --project unit test/fuzz
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SUPPLIER_MOCKS } from '../../fixtures/mocks.ts'
import { toPartnerReply } from '../../src/platform/partner.ts'
import { ProviderError } from '../../src/providers/errors.ts'
import { drawFrom, mutate, type Draw } from './mutate.ts'
import { playScenes, type Scene } from './scenes.ts'
import { startTaped, type TapedProvider } from './tape.ts'

const MESSAGES = Number(process.env.FUZZ_MESSAGES ?? 300)
const SEED = Number(process.env.FUZZ_SEED ?? 1)
/** Nothing here waits for a wire: a message that takes this long to read hangs. */
const HANG_MS = 5_000
const GROWTH_BYTES_MAX = 64 * 1024 * 1024

/** `effect` is the place of the request that changes something on the supplier's side; of a read there is none. */
type Act = { readonly taped: TapedProvider; readonly scene: Scene; readonly effect: number }

describe.each(SUPPLIER_MOCKS.map(({ id }) => id))('spoilt messages of %s', (id) => {
  const acts: Act[] = []
  let close = async (): Promise<void> => {}

  beforeAll(async () => {
    const started = await startTaped(id)
    close = started.close
    for (const taped of started.taped)
      for (const scene of await playScenes(taped)) acts.push({ taped, scene, effect: await effectOf(taped, scene) })
  })
  afterAll(() => close())

  test('played back unspoilt do what they did', async () => {
    expect(acts.length).toBeGreaterThanOrEqual(6)
    for (const { taped, scene, effect } of acts) {
      const result = await taped.play(scene.replies, scene.work)
      if (!scene.isWrite) continue
      expect(result, scene.name).toMatchObject({ outcome: 'ok' })
      expect(effect, scene.name).toBeLessThan(scene.replies.length)
    }
  })

  test(
    `never crash, hang, leak or make a write rejected (${MESSAGES})`,
    async () => {
      const draw = drawFrom(SEED)
      const wrong: string[] = []
      const before = heapUsed()
      for (let number = 0; number < MESSAGES && wrong.length < 20; number += 1) {
        const act = acts[draw(acts.length)]!
        const fault = await faultOf(act, draw)
        if (fault) wrong.push(`message ${number}, ${act.scene.name}: ${fault}`)
      }
      expect(wrong).toEqual([])
      expect(heapUsed() - before).toBeLessThan(GROWTH_BYTES_MAX)
    },
    60_000 + MESSAGES * 60,
  )
})

describe('the judge', () => {
  const reply = toPartnerReply(200, {}, Buffer.from('{"booked":true}'))
  const replies = [reply, reply]
  /** A seller who asks twice, and takes anything odd in the second reply for a refusal, or throws something of its own. */
  const careless = (odd: () => unknown): Act => {
    const scene = { name: 'careless book', isWrite: true, replies, work: async () => ({ outcome: 'ok' }) }
    const play = async (played: readonly { readonly body: string }[]): Promise<unknown> =>
      played[1]!.body === reply.body ? { outcome: 'ok' } : odd()
    return { taped: { play, sent: () => 2 } as unknown as TapedProvider, scene, effect: 1 }
  }
  const faultsOf = async (act: Act): Promise<string[]> => {
    const draw = drawFrom(SEED)
    const faults: string[] = []
    for (let number = 0; number < 20; number += 1) faults.push((await faultOf(act, draw)) ?? '')
    return faults.filter(Boolean)
  }

  test('sees a refusal made of a reply that nobody can read', async () => {
    const faults = await faultsOf(careless(() => ({ outcome: 'rejected', reason: 'declined' })))
    expect(faults.length).toBeGreaterThan(3)
    expect(faults[0]).toContain('unknown became rejected')
  })

  test('sees a write that throws, and lets one be that does not know', async () => {
    const thrown = careless(() => {
      throw new TypeError('not a function')
    })
    expect((await faultsOf(thrown))[0]).toContain('a write threw')
    expect(await faultsOf(careless(() => ({ outcome: 'unknown' })))).toEqual([])
  })
})

/** The first request whose reply must not be missing: without an answer to it, nobody knows. Infinity where there is none. */
async function effectOf(taped: TapedProvider, { isWrite, replies, work }: Scene): Promise<number> {
  for (let place = 0; isWrite && place < replies.length; place += 1) {
    const { outcome } = (await taped.play(replies.slice(0, place), work)) as { outcome: string }
    if (outcome === 'unknown') return place
  }
  return Number.POSITIVE_INFINITY
}

/** What is wrong with how one spoilt message was taken; null when it was taken as it must be. */
async function faultOf({ taped, scene, effect }: Act, draw: Draw): Promise<string | null> {
  const at = draw(scene.replies.length)
  const replies = scene.replies.map((reply, index) =>
    index === at ? toPartnerReply(reply.status, reply.headers, mutate(reply.bytes, draw)) : reply,
  )
  const begun = performance.now()
  let result: unknown
  try {
    result = await taped.play(replies, scene.work)
  } catch (error) {
    if (scene.isWrite) return `a write threw: ${String(error)}`
    if (!(error instanceof ProviderError)) return `crashed: ${error instanceof Error ? error.stack : String(error)}`
  }
  if (performance.now() - begun > HANG_MS) return `took ${Math.round(performance.now() - begun)} ms`
  const { outcome } = (result ?? {}) as { outcome?: unknown }
  if (outcome !== 'rejected') return null
  // A write that cannot go on before it has asked for anything to be changed is certain that nothing was; it may tidy up.
  const isBefore = at < effect && (taped.sent() <= effect || (result as { reason: unknown }).reason === 'not_sent')
  if (!isBefore) return `unknown became rejected: ${JSON.stringify(result)} after ${replies[at]!.body.slice(0, 2_000)}`
  return null
}

/** What is really kept: garbage is collected first. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}
