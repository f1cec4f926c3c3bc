import { holdUp } from '../hold-up.ts'
import { NOT_MET, untilMet } from '../meet.ts'
import type { Row, RowScene } from '../row.ts'
import type { ChaosStack } from '../stack.ts'
import { until } from '../until.ts'
import { withoutBookingVersion } from '../without.ts'
import { idsOf } from './suppliers.ts'

const PAYMENT_MINUTES = 30
const SLOW_REFUND_CARD = '4000000000007726'
const BOUNCING_REFUND_CARD = '4000000000005126'

/** F16 to F19: money that is not as it was asked for, comes too late, or does not go back. */
export const moneyRows: readonly Row[] = [
  {
    id: 'F16',
    fault: 'another amount or currency than was asked for',
    run: async ({ stack, travellers }) => {
      const offers = await travellers.verified(3)
      const journeys = await Promise.all(offers.map(async (offer) => travellers.openPayment(await travellers.book(offer))))
      const [less, more, other] = journeys
      const price = (at: typeof less): number => Math.round(Number(at!.shown.amount) * 100)
      travellers.pay(less!, { amount: price(less) - 100 })
      travellers.pay(more!, { amount: price(more) + 100 })
      travellers.pay(other!, { currency: 'eur' })
      const ids = idsOf(journeys)
      const isAsked = await until(async () => (await casesOf(stack, 'payment_mismatched', ids)) === 3, 20_000)
      const moved = await stack.sql(`select from booking.bookings where id = any($1) and status <> 'PENDING_PAYMENT'`, [ids])
      return {
        mayWait: ids,
        broken: [
          ...(isAsked ? [] : ['not every difference came before a person']),
          ...(moved.length === 0 ? [] : [`${moved.length} bookings were taken for paid`]),
        ],
      }
    },
  },
  {
    id: 'F17',
    fault: 'money for a booking whose time to pay is over',
    run: async ({ stack, travellers }) => {
      const offers = await travellers.verified(3)
      const journeys = await Promise.all(offers.map(async (offer) => travellers.openPayment(await travellers.book(offer))))
      await stack.advance(PAYMENT_MINUTES * 60 + 1)
      const ids = idsOf(journeys)
      const areOver = await until(
        async () =>
          (await stack.sql(`select from booking.bookings where id = any($1) and status = 'CANCELLED'`, [ids])).length === ids.length,
        30_000,
      )
      if (!areOver) return { broken: ['unpaid bookings did not expire'] }
      const outcomes = journeys.map((journey) => travellers.pay(journey, { isLate: true }))
      return { broken: outcomes.filter((outcome) => outcome !== 'paid').map((outcome) => `late money was ${outcome}`) }
    },
  },
  {
    id: 'F18',
    fault: 'paying and expiring at the same moment',
    run: async (scene) => {
      const { stack, travellers, seeded, scale } = scene
      const met = await untilMet(() => runMeeting(scene))
      const count = 12 * scale
      const offers = await travellers.verified(count)
      const journeys = await Promise.all(offers.map(async (offer) => travellers.openPayment(await travellers.book(offer))))
      const ids = idsOf(journeys)
      const [row] = await stack.sql<{ seconds: number }>(
        'select extract(epoch from max(payment_required_by) - platform.now())::float as seconds from booking.bookings where id = any($1)',
        [ids],
      )
      await stack.advance(Math.max(1, Math.floor(row!.seconds - 1)))
      // The expiry comes by every five seconds; the payments are spread over about that.
      await Promise.all(
        seeded.shuffle(journeys).map(async (journey) => {
          await new Promise((resolve) => setTimeout(resolve, seeded.int(6_500)))
          travellers.pay(journey, { isLate: seeded.chance(0.3) })
        }),
      )
      const paid = journeys.filter(({ hasPaid }) => hasPaid).length
      return { broken: met, figures: { races: count + 1, paid, not_paid: count - paid } }
    },
    control: {
      without: 'the version of a booking',
      disarm: withoutBookingVersion,
      shows: ({ invariant, detail }) => invariant === 'I7' && detail.startsWith('the booking went from'),
      run: async (scene) => ({ broken: await untilMet(() => runMeeting(scene)) }),
    },
  },
  {
    id: 'F19',
    fault: 'refunds that fail, are refused, stay pending, lose their reply, or come back after they succeeded',
    run: (scene) => runRefunds(scene),
  },
]

/**
 * The end of the time to pay and the news that money has come have both read the same booking, and neither has written it. It is late
 * money: by then the gateway has closed the page, and takes none that is not.
 */
async function runMeeting({ stack, travellers, say }: RowScene): Promise<string[]> {
  const [offer] = await travellers.verified(1)
  const journey = await travellers.openPayment(await travellers.book(offer!))
  // Two workers would meet each other, each at the end of the same time.
  await Promise.all(
    stack
      .processes('worker')
      .slice(1)
      .map((one) => one.stop()),
  )
  const at = '^update "booking"."bookings"'
  const waiting = await holdUp({
    stack,
    table: 'booking.bookings',
    at,
    waiters: 2,
    begin: async () => {
      await stack.advance(PAYMENT_MINUTES * 60 + 1)
      const isExpiring = async (): Promise<boolean> =>
        (
          await stack.sql(`select from pg_stat_activity where application_name ~ '^worker-' and wait_event_type = 'Lock' and query ~ $1`, [
            at,
          ])
        ).length > 0
      await until(isExpiring, 8_000, 20)
      travellers.pay(journey, { isLate: true })
    },
  })
  say(`${waiting} were about to write the same booking`)
  return waiting < 2 ? NOT_MET : []
}

async function runRefunds({ stack, travellers, say }: RowScene): Promise<{ mayWait: string[]; broken: string[] }> {
  const offers = await travellers.verified(5)
  const broken: string[] = []
  const mayWait: string[] = []
  const refundOf = async (card?: string) => {
    const journey = await travellers.openPayment(await travellers.book(offers.shift()!, travellers.next('SOLDOUT')))
    travellers.pay(journey, card === undefined ? {} : { card })
    return journey
  }
  const statusOf = async (id: string): Promise<string | undefined> =>
    (await stack.sql<{ status: string }>('select status from payments.refunds where booking_id = $1', [id]))[0]?.status
  const expectRefund = async (id: string, wanted: string, what: string): Promise<void> => {
    if (!(await until(async () => (await statusOf(id)) === wanted, 20_000))) broken.push(`${what}: the refund is ${await statusOf(id)}`)
  }
  for (const mode of ['failed', 'rejected'] as const) {
    stack.gateway.control.refunds(mode)
    const { booking } = await refundOf()
    await expectRefund(booking!.id, 'failed', mode)
    if ((await casesOf(stack, 'refund_failed', [booking!.id])) === 0) broken.push(`nobody was told of a refund that was ${mode}`)
    mayWait.push(booking!.id)
  }
  say('failed and rejected refunds are before a person')
  const lost = stack.proxies.gateway.lost()
  stack.proxies.gateway.loseReplyTo('POST /v1/refunds', 1)
  await refundOf()
  if (!(await until(() => stack.proxies.gateway.lost() > lost, 20_000))) broken.push('no reply to a refund was lost')
  await refundOf(SLOW_REFUND_CARD)
  const bounced = await refundOf(BOUNCING_REFUND_CARD)
  mayWait.push(bounced.booking!.id)
  await until(async () => (await statusOf(bounced.booking!.id)) === 'completed', 20_000)
  await expectRefund(bounced.booking!.id, 'failed', 'a refund that the bank sent back')
  return { mayWait, broken }
}

/** How many open cases of a kind there are about these bookings. */
async function casesOf(stack: ChaosStack, kind: string, bookingIds: readonly string[]): Promise<number> {
  const rows = await stack.sql(
    `select from platform.work_items where kind = $1 and state <> 'done' and exists (select from unnest($2::text[]) id where details::text like '%' || id || '%')`,
    [kind, bookingIds],
  )
  return rows.length
}
