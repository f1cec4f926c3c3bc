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
    run: runSkew,
  },
]

async function runSkew(scene: RowScene): Promise<RowFacts> {
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
    await writeFile(file, `+${SKEW_MINUTES}m\n`)
    const right = [stack.processes('api')[0]!, stack.processes('worker')[0]!]
    const [api, worker] = await Promise.all([stack.start('api', environment), stack.start('worker', environment)])
    await Promise.all(
      stack
        .processes()
        .filter((one) => ![...right, api, worker].includes(one))
        .map((one) => one.stop()),
    )
    const date = await fetch(`${api.url}/health/live`).then((reply) => reply.headers.get('date'))
    const aheadMinutes = Math.round((Date.parse(date ?? '') - systemClock.now()) / 60_000)
    say(`${api.name} is ${aheadMinutes} minutes ahead`)
    // By turns at both APIs: travellers choose theirs by chance.
    const ahead = await spell(scene)
    await writeFile(file, `-${SKEW_MINUTES}m\n`)
    const behind = await spell(scene)
    await Promise.all([api.stop(), worker.stop()])
    return {
      faultEndedAt: stack.clock.now(),
      broken: [
        ...(aheadMinutes > SKEW_MINUTES - 2 ? [] : [`the clock was ${aheadMinutes} minutes ahead`]),
        ...ahead,
        ...behind,
        ...badAnswers(scene),
      ],
      figures: { minutes_ahead: aheadMinutes },
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
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
