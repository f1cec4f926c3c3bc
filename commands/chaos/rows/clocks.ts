import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../../src/kernel/time.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import { idsOf } from './suppliers.ts'
import { badAnswers } from './traffic.ts'
import { until } from '../until.ts'
import { withoutDatabaseClock } from '../without.ts'

const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`)
const SKEW_MINUTES = 15
/** Time to pay is 30 minutes: then a clock that is 15 ahead says that it is over, and the database that it is not. */
const WAITED_MINUTES = 20
/** Longer than the expiry of bookings is apart. */
const EXPIRY_COMES_BY_MS = 7_000

/** F32: clocks of processes that are wrong, and that are put back. */
export const clockRows: readonly Row[] = [
  {
    id: 'F32',
    fault: `the clocks of one API and one worker are ${SKEW_MINUTES} minutes ahead, and then as far behind`,
    notRunBecause: () =>
      LIBRARIES.some((library) => existsSync(library)) ? null : 'libfaketime is not installed here (apt-get install faketime brings it).',
    run: (scene) => runSkew(scene, [SKEW_MINUTES, -SKEW_MINUTES]),
    control: {
      without: 'the database’s clock: each process goes by its own, in its statements too',
      disarm: withoutDatabaseClock,
      shows: ({ detail }) => detail.includes('before its time'),
      run: (scene) => runSkew(scene, [SKEW_MINUTES]),
    },
  },
]

/** One API and one worker whose clocks are so many minutes ahead, one after the other, beside others whose clocks are right. */
async function runSkew(scene: RowScene, skews: readonly number[]): Promise<RowFacts> {
  const { stack, say } = scene
  const directory = await mkdtemp(path.join(tmpdir(), 'farewire-clock-'))
  const file = path.join(directory, 'offset')
  const environment = {
    LD_PRELOAD: LIBRARIES.find((library) => existsSync(library))!,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
  try {
    const set = (minutes: number): Promise<void> => writeFile(file, `${minutes < 0 ? '' : '+'}${minutes}m\n`)
    await set(skews[0]!)
    const right = [stack.processes('api')[0]!, stack.processes('worker')[0]!]
    const [api, worker] = await Promise.all([stack.start('api', environment), stack.start('worker', environment)])
    await Promise.all(
      stack
        .processes()
        .filter((one) => ![...right, api, worker].includes(one))
        .map((one) => one.stop()),
    )
    const broken: string[] = []
    const figures: Record<string, number> = {}
    for (const minutes of skews) {
      await set(minutes)
      const isSet = await until(async () => Math.abs((await minutesAhead(api.url)) - minutes) <= 1, 5_000)
      const ahead = await minutesAhead(api.url)
      say(`${api.name} is ${ahead} minutes ahead`)
      if (!isSet) broken.push(`the clock was ${ahead} minutes ahead and not ${minutes}`)
      figures[minutes > 0 ? 'minutes_ahead' : 'minutes_behind'] = Math.abs(ahead)
      // By turns at both APIs: travellers choose theirs by chance.
      broken.push(...(await spell(scene)))
    }
    await Promise.all([api.stop(), worker.stop()])
    return { faultEndedAt: stack.clock.now(), broken: [...broken, ...badAnswers(scene)], figures }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function minutesAhead(url: string): Promise<number> {
  const date = await fetch(`${url}/health/live`).then((reply) => reply.headers.get('date'))
  return Math.round((Date.parse(date ?? '') - systemClock.now()) / 60_000)
}

/** Some buy at once; some wait for twenty minutes, have ten left by the database, and pay then. */
async function spell({ stack, travellers }: RowScene): Promise<string[]> {
  const offers = await travellers.verified(6)
  const bought = await Promise.all(offers.slice(0, 3).map((offer) => travellers.buy(offer)))
  const waiting = await Promise.all(offers.slice(3).map(async (offer) => travellers.openPayment(await travellers.book(offer))))
  await stack.advance(WAITED_MINUTES * 60)
  await sleep(EXPIRY_COMES_BY_MS)
  const early = await stack.sql<{ reference: string }>(
    `select reference from booking.bookings where id = any($1) and status = 'CANCELLED' and payment_required_by > platform.now()`,
    [idsOf(waiting)],
  )
  const outcomes = waiting.map((journey) => travellers.pay(journey))
  const all = [...bought, ...waiting]
  const areDone = await until(
    async () =>
      (await stack.sql(`select from booking.bookings where id = any($1) and status = 'TICKETED'`, [idsOf(all)])).length === all.length,
    20_000,
  )
  return [
    ...early.map(({ reference }) => `${reference} was taken back before its time by the database's clock was over`),
    ...outcomes.filter((outcome) => outcome !== 'paid').map((outcome) => `a page within its time was ${outcome}`),
    ...(areDone ? [] : ['not everybody who paid in time had a ticket within 20 s']),
  ]
}
