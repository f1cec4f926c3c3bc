import type { Row, RowScene } from '../row.ts'
import type { ChaosStack } from '../stack.ts'
import type { Journey } from '../travellers.ts'
import { until } from '../until.ts'

const STRIKE_MS = 30_000
const BOOK = 'POST /flights/bookings HTTP'

/** F6 to F10: a supplier that does not answer, or not as it should. */
export const supplierRows: readonly Row[] = [
  {
    id: 'F6',
    fault: 'the supplier does it and its reply is lost',
    run: async ({ stack, travellers, scale }) => {
      const offers = await travellers.verified(3 * scale)
      const { supplier } = stack.proxies
      const [lost, calls] = [supplier.lost(), bookCalls(stack)]
      supplier.loseReplyTo(BOOK, offers.length)
      const journeys = await buyAll(travellers, offers)
      if (!(await until(() => supplier.lost() >= lost + offers.length, STRIKE_MS))) return { broken: ['not every reply was lost'] }
      const faultEndedAt = stack.clock.now()
      const doubted = await until(async () => (await inDoubt(stack, journeys)) === journeys.length, STRIKE_MS)
      const sent = bookCalls(stack) - calls
      return {
        faultEndedAt,
        broken: [
          ...(doubted ? [] : ['a lost reply was not taken for an unknown outcome']),
          ...(sent === offers.length ? [] : [`${offers.length} bookings were sent ${sent} times`]),
          ...(await refunded(stack, journeys)).map((id) => `${id} was refunded before it was looked up`),
        ],
        figures: { in_doubt: journeys.length },
      }
    },
  },
  {
    id: 'F7',
    fault: 'the supplier cannot be reached, does not answer, answers with errors and nonsense: nothing happened there',
    run: async ({ stack, travellers, seeded, scale }) => {
      const offers = await travellers.verified(4 * scale)
      for (const kind of seeded.shuffle(['drop', 'server_error', 'garbage', 'html'] as const))
        stack.supplier.control.fault('book', kind, { count: scale })
      const journeys = await buyAll(travellers, offers)
      const doubted = await until(async () => (await inDoubt(stack, journeys)) === journeys.length, STRIKE_MS)
      return { broken: doubted ? [] : ['an answer that says nothing was not taken for an unknown outcome'] }
    },
  },
  {
    id: 'F8',
    fault: 'a lost reply, and the supplier cannot be asked for half an hour',
    run: async ({ stack, travellers }) => {
      const offers = await travellers.verified(2)
      stack.supplier.control.fault('book', 'drop_after_effect', { count: 2 })
      const journeys = await buyAll(travellers, offers)
      if (!(await until(async () => (await inDoubt(stack, journeys)) === 2, STRIKE_MS))) return { broken: ['no reply was lost'] }
      stack.supplier.control.fault('find', 'server_error', { count: 500 })
      const calls = bookCalls(stack)
      const ids = idsOf(journeys)
      const hasCase = async (): Promise<boolean> =>
        (await stack.sql(`select from platform.work_items where kind = 'unknown_outcome' and subject_id = any($1)`, [ids])).length === 2
      await stack.advance(1_200)
      await until(hasCase, 2_500)
      await stack.advance(700)
      const isTold = await until(hasCase, STRIKE_MS)
      const states = await stack.sql<{ status: string }>('select distinct status from booking.bookings where id = any($1)', [ids])
      return {
        faultEndedAt: stack.clock.now(),
        broken: [
          ...(isTold ? [] : ['nobody was told of an outcome unknown past its horizon']),
          ...(states.every(({ status }) => status === 'PENDING_TICKET')
            ? []
            : [`it became ${states.map(({ status }) => status).join(', ')}`]),
          ...(bookCalls(stack) === calls ? [] : ['it was sent again while nobody knew']),
          ...(await refunded(stack, journeys)).map((id) => `${id} was refunded while nobody knew`),
        ],
      }
    },
  },
  {
    id: 'F9',
    fault: 'sold out, dearer or refused after the payment',
    run: async ({ stack, travellers, seeded, scale }) => {
      const names = Array.from({ length: 4 * scale }, () => seeded.pick(['SOLDOUT', 'PRICEUP', 'REJECTED', 'SEATLOST']))
      const offers = await travellers.verified(names.length)
      const journeys = await Promise.all(offers.map((offer, at) => travellers.buy(offer, names[at])))
      const ids = idsOf(journeys)
      const isBack = await until(
        async () =>
          (await stack.sql(`select from booking.bookings where id = any($1) and status = 'REFUNDED'`, [ids])).length === ids.length,
        STRIKE_MS,
      )
      return { broken: isBack ? [] : ['not everybody got the money back by itself within 30 s'] }
    },
  },
  {
    id: 'F10',
    fault: 'tickets for two of three passengers',
    run: async ({ stack, travellers }) => {
      const [offer] = await travellers.verified(1, { adults: 3 })
      stack.supplier.control.fault('ticket', 'partial')
      const booked = await travellers.book(offer!, travellers.next(), [travellers.next(), travellers.next()])
      const journey = await travellers.openPayment(booked)
      if (travellers.pay(journey) !== 'paid') return { broken: ['a party of three could not book'] }
      const statusOf = async (): Promise<string> =>
        (await stack.sql<{ status: string }>('select status from booking.bookings where id = $1', [journey.booking!.id]))[0]!.status
      const isBack = await until(async () => (await statusOf()) === 'REFUNDED', STRIKE_MS)
      const given = stack.supplier.control
        .state()
        .reservations.find(({ passengers }) => passengers[0]!.includes(journey.traveller.givenName))
      return {
        broken: [
          ...(isBack ? [] : [`the booking is ${await statusOf()}`]),
          ...(given?.tickets.length === 2 ? [] : [`the supplier had issued ${given?.tickets.length ?? 0} tickets`]),
        ],
      }
    },
  },
]

function buyAll(travellers: RowScene['travellers'], offers: readonly Parameters<RowScene['travellers']['buy']>[0][]): Promise<Journey[]> {
  return Promise.all(offers.map((offer) => travellers.buy(offer)))
}

export function idsOf(journeys: readonly Journey[]): string[] {
  return journeys.flatMap(({ booking }) => (booking ? [booking.id] : []))
}

export function bookCalls(stack: ChaosStack): number {
  return stack.supplier.control.state().calls['book'] ?? 0
}

async function inDoubt(stack: ChaosStack, journeys: readonly Journey[]): Promise<number> {
  const rows = await stack.sql(`select distinct subject_id from platform.events where name = 'booking.in_doubt' and subject_id = any($1)`, [
    idsOf(journeys),
  ])
  return rows.length
}

async function refunded(stack: ChaosStack, journeys: readonly Journey[]): Promise<string[]> {
  const rows = await stack.sql<{ id: string }>('select booking_id as id from payments.refunds where booking_id = any($1)', [
    idsOf(journeys),
  ])
  return rows.map(({ id }) => id)
}
