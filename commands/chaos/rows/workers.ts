import { setTimeout as sleep } from 'node:timers/promises'
import { createQueue } from '../../../src/platform/queue.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import { holdUp } from '../hold-up.ts'
import { NOT_MET, untilMet } from '../meet.ts'
import { reactionsQueue } from '../reactions-queue.ts'
import { until } from '../until.ts'
import { withoutAttemptGuards, withoutRelayClaims } from '../without.ts'
import { underTraffic } from './traffic.ts'
import { bookCalls, idsOf } from './suppliers.ts'

const TRAFFIC = { buyers: 6, everyMs: 250 }
const COPIES = 12
const PAID_MS = 20_000
const RELAYS = 3

/** F37, F38, F40: the same job in several hands, lost, late; several relays, one of which dies. */
export const workerRows: readonly Row[] = [
  {
    id: 'F37',
    fault:
      'workers stand still past their lock while others take their jobs, and then go on; one of them in the middle of noting what it is about to send',
    run: async (scene) => {
      const { stack } = scene
      const frozen = await untilMet(() => runFrozen(scene))
      await underTraffic(scene, TRAFFIC, async () => {
        stack.supplier.control.fault('book', 'slow', { count: 6, delayMs: 700 })
        for (const worker of stack.processes('worker')) {
          worker.freeze()
          await sleep(4_500)
          worker.thaw()
          await sleep(300)
        }
      })
      return { faultEndedAt: stack.clock.now(), broken: frozen }
    },
    control: {
      without: 'the version of a booking and the unique indexes of attempts',
      disarm: withoutAttemptGuards,
      shows: ({ detail }) => detail.includes('times to the supplier'),
      run: async (scene) => ({ broken: await untilMet(() => runFrozen(scene)) }),
    },
  },
  {
    id: 'F38',
    fault: `a job is in the queue ${COPIES} times, all at once in several hands; then it is lost; then it comes an hour late`,
    run: async (scene) => {
      const crowd = await untilMet(() => runCopies(scene))
      const late = await runLost(scene)
      return { faultEndedAt: scene.stack.clock.now(), broken: [...crowd, ...late], duplicatesSuppressed: COPIES }
    },
    control: {
      without: 'the version of a booking and the unique indexes of attempts',
      disarm: withoutAttemptGuards,
      shows: ({ detail }) => detail.includes('times to the supplier'),
      run: async (scene) => ({ broken: await untilMet(() => runCopies(scene)) }),
    },
  },
  {
    id: 'F40',
    fault: 'three relays at once; one dies after it has told, one before it has noted what it did',
    run: async (scene): Promise<RowFacts> => {
      const { stack } = scene
      const doomed = await Promise.all([
        stack.start('worker', { FAILPOINT: `events-relayed:${2 + scene.seeded.int(3)}` }),
        stack.start('worker', { FAILPOINT: `reaction-done:${2 + scene.seeded.int(3)}` }),
      ])
      let died = 0
      await underTraffic(scene, { buyers: 12, everyMs: 150 }, async () => {
        await Promise.race([Promise.all(doomed.map((one) => one.exited.then(() => (died += 1)))), sleep(15_000)])
      })
      for (const one of doomed) if (one.isAlive()) await one.stop()
      const met = await untilMet(() => runRelays(scene))
      return {
        faultEndedAt: stack.clock.now(),
        broken: [...met, ...(died === doomed.length ? [] : [`${died} of ${doomed.length} relays died`])],
        figures: { died },
      }
    },
    control: {
      without: 'FOR UPDATE SKIP LOCKED, by which relays take events, and the primary key of pending reactions behind it',
      disarm: withoutRelayClaims,
      shows: ({ invariant, detail }) => invariant === 'I7' && detail.startsWith('was handed on'),
      run: async (scene) => ({ broken: await untilMet(() => runRelays(scene)) }),
    },
  },
]

const HELD_MS = 11_000

/**
 * A worker is stopped while its transaction is at the note of what it is about to send; another one takes the job over and comes to the
 * same booking; then the first one goes on as if nothing had been.
 */
async function runFrozen({ stack, travellers, say }: RowScene): Promise<string[]> {
  const [offer] = await travellers.verified(1)
  const calls = bookCalls(stack)
  const waits = (pattern: string, event: string): Promise<{ name: string }[]> =>
    stack.sql(
      `select application_name as name from pg_stat_activity where application_name ~ '^worker-' and wait_event = $1 and query ~ $2`,
      [event, pattern],
    )
  // Held up by a sleep and not by a lock, which would be given up sooner than the job is taken over.
  await stack.sql(`
    create table chaos.held (since timestamptz not null default clock_timestamp());
    insert into chaos.held default values;
    create function chaos.hold() returns trigger language plpgsql security definer as $$ begin
      while exists (select from chaos.held where since > clock_timestamp() - interval '${HELD_MS} milliseconds') loop perform pg_sleep(0.02); end loop;
      return new; end $$;
    create trigger chaos_hold before insert on booking.attempts for each row execute function chaos.hold()`)
  let id = ''
  let hasMet = false
  try {
    id = idsOf([await travellers.buy(offer!)])[0] ?? ''
    const noting = '^insert into "booking"."attempts"'
    await until(async () => (await waits(noting, 'PgSleep')).length > 0, PAID_MS, 10)
    const [holder] = await waits(noting, 'PgSleep')
    const frozen = stack.processes('worker').find(({ name }) => name === holder?.name)
    frozen?.freeze()
    const isAnother = async (): Promise<boolean> =>
      (await waits('^update "booking"."(bookings|items)"', 'transactionid')).some(({ name }) => name !== holder?.name)
    hasMet = frozen !== undefined && (await until(isAnother, HELD_MS, 10))
    await stack.sql('delete from chaos.held')
    frozen?.thaw()
    say(`${frozen?.name ?? 'nobody'} stood still; another one ${hasMet ? 'was' : 'was not'} at the same booking`)
  } finally {
    await stack.sql('drop trigger chaos_hold on booking.attempts; drop function chaos.hold(); drop table chaos.held')
  }
  if (!hasMet) return NOT_MET
  await until(
    async () => (await stack.sql(`select from booking.bookings where id = $1 and status = 'TICKETED'`, [id])).length === 1,
    20_000,
  )
  const sent = bookCalls(stack) - calls
  return sent === 1 ? [] : [`one booking went ${sent} times to the supplier`]
}

/** Three relays and more have taken events, and none of them has handed them on. */
async function runRelays({ stack, travellers, say }: RowScene): Promise<string[]> {
  const offers = await travellers.verified(6)
  const journeys = await Promise.all(offers.map(async (offer) => travellers.openPayment(await travellers.book(offer))))
  while (stack.processes('worker').length < RELAYS) await stack.start('worker')
  const waiting = await holdUp({
    stack,
    table: 'platform.pending_reactions',
    at: '^(insert into "platform"."pending_reactions"|update "platform"."events")',
    waiters: RELAYS,
    begin: async () => {
      for (const journey of journeys) {
        travellers.pay(journey)
        await sleep(150)
      }
    },
  })
  say(`${waiting} relays had taken events that were not handed on`)
  return waiting < 2 ? NOT_MET : []
}

/** Fills the queue with copies of the job that notes the attempt, and lets all of them race for the one call to the supplier. */
async function runCopies({ stack, travellers, say }: RowScene): Promise<string[]> {
  const [offer] = await travellers.verified(1)
  const queue = createQueue('ticketing', stack.state.admin)
  const calls = bookCalls(stack)
  let id = ''
  try {
    const waiting = await holdUp({
      stack,
      table: 'booking.attempts',
      at: '^(insert into "booking"."attempts"|update "booking"."(bookings|items)")',
      waiters: 4,
      begin: async () => {
        id = idsOf([await travellers.buy(offer!)])[0] ?? ''
        // Before the relay has been there nothing is to be done yet, and the copies would say so and be gone.
        const find = () =>
          stack.sql<{ id: string; body: object }>(
            `select id, body from platform.events event join platform.pending_reactions pending on pending.event_id = event.id
             where name = 'booking.paid' and subject_id = $1`,
            [id],
          )
        await until(async () => (await find()).length === 1, PAID_MS)
        for (const event of await find()) {
          const data = { event: { id: event.id, name: 'booking.paid', subjectId: id, body: event.body }, reaction: 'ticketBooking' }
          await queue.add(
            Array.from({ length: COPIES }, (_, at) => ({ name: 'booking.paid:ticketBooking', id: `${event.id}-copy-${at}`, data })),
          )
        }
      },
    })
    say(`${waiting} of ${COPIES + 1} copies wait at the note of the attempt`)
    if (waiting < 2) return NOT_MET
    await until(
      async () => (await stack.sql(`select from booking.bookings where id = $1 and status = 'TICKETED'`, [id])).length === 1,
      20_000,
    )
    const sent = bookCalls(stack) - calls
    return sent === 1 ? [] : [`one booking went ${sent} times to the supplier`]
  } finally {
    await queue.close()
  }
}

/** Paid while nobody takes jobs; the queue forgets everything, that it was stopped too; an hour later the workers come back. */
async function runLost({ stack, travellers, say }: RowScene): Promise<string[]> {
  const offers = await travellers.verified(2)
  const queue = reactionsQueue(stack)
  try {
    await queue.pause()
    await Promise.all(offers.map((offer) => travellers.buy(offer)))
    const waiting = async (): Promise<number> => (await stack.sql('select from platform.pending_reactions')).length
    const areWaiting = await until(async () => (await waiting()) >= offers.length, PAID_MS)
    // What is pending was queued a moment after it was noted.
    await sleep(300)
    const jobs = await waiting()
    await Promise.all(stack.processes('worker').map((one) => one.stop()))
    await stack.state.admin.flushall()
    say(`${jobs} jobs were lost`)
    await stack.advance(3_600)
    return areWaiting ? [] : ['no job was there to be lost']
  } finally {
    await queue.close()
  }
}
