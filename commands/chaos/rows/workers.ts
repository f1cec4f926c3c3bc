import { setTimeout as sleep } from 'node:timers/promises'
import { createQueue } from '../../../src/platform/queue.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import { holdUp } from '../hold-up.ts'
import { until } from '../until.ts'
import { underTraffic } from './traffic.ts'
import { bookCalls, idsOf } from './suppliers.ts'

const TRAFFIC = { buyers: 6, everyMs: 250 }
const COPIES = 12
const PAID_MS = 20_000

/** F37, F38, F40: the same job in several hands, lost, late; several relays, one of which dies. */
export const workerRows: readonly Row[] = [
  {
    id: 'F37',
    fault: 'a worker stands still past its lock while another one takes its jobs, and then goes on',
    run: async (scene) => {
      const { stack } = scene
      await underTraffic(scene, TRAFFIC, async () => {
        stack.supplier.control.fault('book', 'slow', { count: 6, delayMs: 700 })
        for (const worker of stack.processes('worker')) {
          worker.freeze()
          await sleep(4_500)
          worker.thaw()
          await sleep(300)
        }
      })
      return { faultEndedAt: stack.clock.now() }
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
      disarm: async (stack) => {
        await stack.sql(`
          create function chaos.stand_still() returns trigger language plpgsql as $$ begin new.version := old.version; return new; end $$;
          create trigger chaos_stand_still before update on booking.bookings for each row execute function chaos.stand_still();
          drop index booking.attempts_undecided;
          alter table booking.attempts drop constraint attempts_reference_operation_key`)
        return async () => {
          // What came of it goes too, so that the rest of the run is judged by itself.
          await stack.sql(`
            drop trigger chaos_stand_still on booking.bookings;
            drop function chaos.stand_still();
            delete from booking.attempts where ctid not in (select min(ctid) from booking.attempts group by reference, operation);
            create unique index attempts_undecided on booking.attempts (booking_id) where state in ('sent', 'unknown');
            alter table booking.attempts add constraint attempts_reference_operation_key unique (reference, operation)`)
        }
      },
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
      return { faultEndedAt: stack.clock.now(), broken: died > 0 ? [] : ['no relay died'], figures: { died } }
    },
  },
]

const NOT_MET = ['the copies were not in several hands at once']

/** On a machine that is busy they may not meet the first time. */
async function untilMet(race: () => Promise<string[]>): Promise<string[]> {
  for (let turn = 1; ; turn += 1) {
    const broken = await race()
    if (broken !== NOT_MET || turn === 3) return broken
  }
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
        const find = () =>
          stack.sql<{ id: string; body: object }>(`select id, body from platform.events where name = 'booking.paid' and subject_id = $1`, [
            id,
          ])
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

/** Paid while no worker runs; the queue forgets everything; an hour later they come back. */
async function runLost({ stack, travellers }: RowScene): Promise<string[]> {
  const offers = await travellers.verified(2)
  await Promise.all(stack.processes('worker').map((one) => one.stop()))
  await Promise.all(offers.map((offer) => travellers.buy(offer)))
  await stack.state.admin.flushall()
  await stack.advance(3_600)
  return []
}
