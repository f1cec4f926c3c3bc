import { duties } from '../../../src/workers/duties.ts'
import { reactionsQueue } from '../reactions-queue.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import { until } from '../until.ts'
import { idsOf } from './suppliers.ts'

const TRIES = 3
const DEATHS = 2
const DEATH_MS = 40_000

/** F36: jobs that nobody can do, and jobs that kill whoever does them. */
export const poisonRows: readonly Row[] = [
  {
    id: 'F36',
    fault: `jobs that always throw stand before everybody else's; then every worker dies of the job that it finishes, ${DEATHS} times in a row`,
    run: async (scene): Promise<RowFacts> => {
      const thrown = await runPoison(scene)
      const deadly = await runDeadly(scene)
      return {
        faultEndedAt: scene.stack.clock.now(),
        broken: [...thrown.broken, ...deadly.broken],
        figures: { ...thrown.figures, ...deadly.figures },
      }
    },
  },
]

/** More poison than all workers of any duty can hold at once, in front of the jobs of people who have paid. */
async function runPoison({ stack, travellers, seeded }: RowScene): Promise<{ broken: string[]; figures: Record<string, number> }> {
  const offers = await travellers.verified(3)
  const queue = reactionsQueue(stack)
  const doses = duties.map((duty) => ({ duty, ids: Array.from({ length: 30 }, (_, at) => `poison-${seeded.letters(8)}-${at}`) }))
  const ids = doses.flatMap((dose) => dose.ids)
  try {
    for (const dose of doses)
      await queue.of(dose.duty).addBulk(
        dose.ids.map((id) => ({
          name: 'nobody.knows:poison',
          data: { event: { id, name: 'nobody.knows', subjectId: id, body: {} }, reaction: 'poison' },
          opts: { jobId: id, attempts: TRIES, backoff: { type: 'fixed', delay: 700 }, removeOnFail: false },
        })),
      )
    const begun = performance.now()
    const journeys = await Promise.all(offers.map((offer) => travellers.buy(offer)))
    const areDone = await until(
      async () =>
        (await stack.sql(`select from booking.bookings where id = any($1) and status = 'TICKETED'`, [idsOf(journeys)])).length ===
        offers.length,
      30_000,
    )
    const delayMs = Math.round(performance.now() - begun)
    const dead = (): Promise<object[]> =>
      stack.sql(`select from platform.work_items where kind = 'dead_letter' and details ->> 'eventId' = any($1)`, [ids])
    const areDead = await until(async () => (await dead()).length === ids.length, 30_000)
    return {
      broken: [
        ...(areDone ? [] : ['jobs behind the poison were not done within 30 s']),
        ...(areDead ? [] : [`${(await dead()).length} of ${ids.length} poisonous jobs came before a person`]),
      ],
      figures: { poisonous: ids.length, behind_them_ms: delayMs },
    }
  } finally {
    for (const dose of doses) await Promise.all(dose.ids.map((id) => queue.of(dose.duty).remove(id)))
    await queue.close()
  }
}

async function runDeadly({ stack, travellers, say }: RowScene): Promise<{ broken: string[]; figures: Record<string, number> }> {
  const [offer] = await travellers.verified(1)
  await Promise.all(stack.processes('worker').map((one) => one.stop()))
  await travellers.buy(offer!)
  let deaths = 0
  for (; deaths < DEATHS; deaths += 1) {
    const doomed = await stack.start('worker', { FAILPOINT: 'reaction-done' })
    const isDead = await until(() => !doomed.isAlive(), DEATH_MS)
    if (!isDead) {
      await doomed.stop()
      break
    }
  }
  say(`${deaths} workers died of what they had just done`)
  return { broken: deaths === DEATHS ? [] : [`${deaths} of ${DEATHS} workers died`], figures: { died: deaths } }
}
