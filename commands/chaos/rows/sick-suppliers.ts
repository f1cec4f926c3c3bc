import { setTimeout as sleep } from 'node:timers/promises'
import type { Row, RowScene } from '../row.ts'
import { until } from '../until.ts'
import { bookCalls, idsOf, inDoubt } from './suppliers.ts'

const STRIKE_MS = 30_000
/** A call of ours may be made again so seldom: anything more feeds the storm. */
const AMPLIFICATION_MAX = 1.2

/** F10, F33 to F35: a supplier that does part of it, drips, is overrun, or answers with what nobody can read. */
export const sickSupplierRows: readonly Row[] = [
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
  {
    id: 'F33',
    fault: 'the supplier drips its replies, a few bytes at a time',
    run: async (scene) => {
      const { stack, travellers } = scene
      const offers = await travellers.verified(2)
      const journeys = await Promise.all(offers.map((offer) => travellers.book(offer)))
      const paths = idsOf(journeys).map((id) => `/v1/bookings/${id}`)
      const well = await slowestOf(scene, paths)
      stack.proxies.supplier.spoil({ replyBytesPerSecond: 200 })
      // More searches than the supplier has places for; each holds one until its deadline.
      const searching = Array.from({ length: 50 }, (_, at) => searchOnce(scene, 100 + at))
      await sleep(500)
      const dripped = await slowestOf(scene, paths)
      const paying = await Promise.all(journeys.map((journey) => travellers.openPayment(journey)))
      stack.proxies.supplier.heal()
      stack.proxies.supplier.reset()
      for (const journey of journeys) travellers.pay(journey)
      await Promise.all(searching)
      return {
        broken: [
          ...(paying.every(({ payment }) => payment) ? [] : ['paying waited for the supplier']),
          ...(dripped > 1_000 + 3 * well ? [`reading a booking took ${dripped} ms instead of ${well} ms`] : []),
        ],
        figures: { others_slowest_ms: dripped, others_slowest_before_ms: well },
      }
    },
  },
  {
    id: 'F34',
    fault: 'the supplier answers everything with 503 and 429 for a while',
    run: async ({ stack, travellers, scale }) => {
      const count = 6 * scale
      const offers = await travellers.verified(count)
      const before = bookCalls(stack)
      for (const kind of ['server_error', 'throttled'] as const) stack.supplier.control.fault('*', kind, { count: 400 })
      const journeys = await Promise.all(offers.map((offer) => travellers.buy(offer)))
      const ids = idsOf(journeys)
      const isSent = async (): Promise<boolean> =>
        (await stack.sql('select distinct booking_id from booking.attempts where booking_id = any($1)', [ids])).length === ids.length
      const areSent = await until(isSent, STRIKE_MS)
      await sleep(2_000)
      const calls = bookCalls(stack) - before
      stack.supplier.control.clear()
      const clearedAt = performance.now()
      const isBack = await travellers.verified(1).then(
        () => true,
        () => false,
      )
      return {
        broken: [
          ...(areSent ? [] : ['not every booking was sent']),
          ...(calls <= AMPLIFICATION_MAX * count ? [] : [`${count} bookings made ${calls} calls`]),
          ...(isBack ? [] : ['the supplier was well again, and nobody asked it']),
        ],
        figures: { book_calls: calls, bookings: count, recovered_ms: Math.round(performance.now() - clearedAt) },
      }
    },
  },
  {
    id: 'F35',
    fault: 'replies that are cut off, forty megabytes long, a hundred thousand deep, a page, or a code nobody knows',
    run: async (scene) => {
      const { stack, travellers, seeded } = scene
      const kinds = seeded.shuffle(['garbage', 'huge', 'bomb', 'html', 'unknown_code'] as const)
      const offers = await travellers.verified(kinds.length)
      const well = await slowestOf(scene, ['/health/live'])
      for (const kind of kinds) {
        stack.supplier.control.fault('book', kind)
        stack.supplier.control.fault('shop', kind)
      }
      const searching = kinds.map((_, at) => searchOnce(scene, 200 + at))
      const buying = Promise.all(offers.map((offer) => travellers.buy(offer)))
      const lag = await slowestOf(scene, ['/health/live'])
      const journeys = await buying
      await Promise.all(searching)
      const areDoubted = await until(async () => (await inDoubt(stack, journeys)) === journeys.length, STRIKE_MS)
      return {
        broken: [
          ...(areDoubted ? [] : ['a reply nobody can read was not taken for an unknown outcome']),
          ...(lag > 1_000 + 3 * well ? [`the API stood still for ${lag} ms`] : []),
        ],
        figures: { live_slowest_ms: lag, live_slowest_before_ms: well },
      }
    },
  },
]

/** The longest of forty answers, one after the other, in milliseconds. */
async function slowestOf({ stack }: RowScene, paths: readonly string[]): Promise<number> {
  const apis = stack.processes('api')
  let slowest = 0
  for (let turn = 0; turn < 40; turn += 1) {
    const begun = performance.now()
    const url = `${apis[turn % apis.length]!.url}${paths[turn % paths.length]}`
    const reply = await fetch(url, { signal: AbortSignal.timeout(20_000) })
    await reply.arrayBuffer()
    slowest = Math.max(slowest, performance.now() - begun)
  }
  return Math.round(slowest)
}

/** A search nobody has made before; what it finds is of no matter. */
async function searchOnce({ travellers, stack }: RowScene, days: number): Promise<void> {
  const day = new Date(stack.clock.now() + days * 86_400_000).toISOString().slice(0, 10)
  await travellers.get(`/v1/flights/offers?origin=BKK&destination=ICN&departure_date=${day}&adults=1&limit=10`).catch(() => null)
}
