// Buyers for the last seats, over two API processes. BUYERS=500 is the full run, which takes some minutes on two cores:
//   BUYERS=500 npx vitest run --project=servers test/journeys/last-seats.test.ts
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pLimit from 'p-limit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPostgres, type Postgres } from '../../src/platform/postgres.ts'
import { startApiProcess, type ApiProcess } from '../support/api-process.ts'
import { callPatiently, orderOf, payAt, someBuyer, verifyAt } from '../support/buyers.ts'
import { callApi, dateIn, startJourneyStack, until, type JourneyStack, type Reply } from '../support/journey.ts'

const BUYERS = Number(process.env.BUYERS ?? 60)
const CONFIRMED_AT_ONCE = 30
const WITHIN_MS = 60_000 + BUYERS * 600

let stack: JourneyStack
let second: ApiProcess
let postgres: Postgres
let apis: readonly string[]

beforeAll(async () => {
  stack = await startJourneyStack({
    suppliers: ['testwire'],
    hasLatency: false,
    // One gateway, so that a crowd is not passed on to pages on which nobody here pays.
    environment: { PAYMENT_GATEWAYS: 'stripe' },
  })
  second = await startApiProcess(stack.environment)
  apis = [stack.urls.api, second.url]
  postgres = createPostgres({ url: stack.environment['DATABASE_URL']!, connectionsMax: 2 })
})
afterAll(async () => {
  await postgres?.close()
  await second?.kill()
  await stack?.close()
})

const testwire = (name: string): string => new URL(`/__ctl/${name}`, stack.urls['testwire']!).href

/** The cheapest fare of a day, of which the supplier has so many seats from now on. */
async function limitedOffer(days: number, seats: number): Promise<string> {
  const date = dateIn(days)
  await callApi(testwire('stock'), 'POST', { route: 'CGK-NRT', date, seats })
  const { body } = await stack.search(`/v1/flights/offers?origin=CGK&destination=NRT&departure_date=${date}&adults=1&limit=1`)
  return body.data[0].id
}

/** Many buyers, each with a live confirmation of its own, book and pay at once; told are the bookings that they placed. */
async function buyTogether(offerId: string): Promise<{ placed: string[]; refused: Reply[] }> {
  // No more at once than a supplier is asked for: it is the buying that is a race.
  const inTurn = pLimit(CONFIRMED_AT_ONCE)
  const confirmed = await Promise.all(
    Array.from({ length: BUYERS }, (_, i) =>
      inTurn(async () => {
        const api = apis[i % apis.length]!
        return { api, buyer: someBuyer(), reply: await verifyAt(api, offerId) }
      }),
    ),
  )
  // The check of the price is live and before the sale: nobody is refused by it while there is a seat.
  expect(confirmed.every(({ reply }) => reply.body.outcome === 'same')).toBe(true)
  const placed: string[] = []
  const refused: Reply[] = []
  await Promise.all(
    confirmed.map(async ({ api, buyer, reply }) => {
      const booking = await callPatiently(`${api}/v1/bookings`, 'POST', orderOf(reply.body.offer, buyer))
      if (booking.status !== 201) return void refused.push(booking)
      placed.push(booking.body.id)
      const paid = await payAt(api, stack.urls.stripe!, booking.body)
      expect(paid.status, JSON.stringify(paid.body)).toBe(201)
    }),
  )
  return { placed, refused }
}

type Line = { id: string; status: string; failure_reason: string | null; tickets: number; told: number; at_gateway: number; open: number }

/** What our own books say of these bookings, once all of them have ended. */
async function outcomesOf(ids: readonly string[]): Promise<Line[]> {
  const read = async (): Promise<Line[]> => {
    const { rows } = await sql<Line>`
      select b.id, b.status, b.failure_reason, (select coalesce(sum(jsonb_array_length(i.tickets)), 0)::int from booking.items i where i.booking_id = b.id) as tickets,
        (select count(*)::int from booking.notices n where n.booking_id = b.id and n.kind in ('ticketed', 'refund_pending', 'refund_completed')) as told,
        coalesce((select sum(amount)::bigint from payments.transactions t where t.booking_id = b.id and account = 'gateway'), 0) as at_gateway,
        (select count(*)::int from (select 1 from payments.transactions t where t.booking_id = b.id group by currency having sum(amount) <> 0) u) as open
      from booking.bookings b where b.id in (${sql.join(ids)})`.execute(postgres.db)
    return rows
  }
  return until(read, (lines) => lines.every(({ status, told }) => (status === 'TICKETED' || status === 'REFUNDED') && told > 0), WITHIN_MS)
}

/** Compares the three books; one line for each thing that is not right. */
async function checkBooks(lines: readonly Line[], days: number): Promise<string[]> {
  const faults: string[] = []
  const sessions = (await callApi(new URL('/__ctl/ledger', stack.urls.stripe!).href, 'GET')).body.sessions as {
    reference: string
    captured: number
    refunded: number
  }[]
  const payments = await postgres.db
    .selectFrom('payments.payments')
    .select(['id', 'booking_id'])
    .where(
      'booking_id',
      'in',
      lines.map(({ id }) => id),
    )
    .execute()
  for (const line of lines) {
    const ours = payments.filter((payment) => payment.booking_id === line.id).map(({ id }) => id)
    const kept = sessions.filter(({ reference }) => ours.includes(reference)).reduce((sum, one) => sum + one.captured - one.refunded, 0)
    if (kept !== Number(line.at_gateway)) faults.push(`${line.id}: the gateway holds ${kept}, the ledger says ${line.at_gateway}`)
    if (line.open > 0) faults.push(`${line.id}: the ledger does not balance`)
    if (line.status === 'TICKETED' ? kept === 0 || line.tickets !== 1 : kept !== 0 || line.tickets !== 0)
      faults.push(`${line.id}: ${line.status} with ${line.tickets} tickets and ${kept} kept`)
  }
  const truth = (await callApi(testwire('state'), 'GET')).body as {
    stock: { fare: string; seats: number; sold: number }[]
    reservations: { status: string; reference: string; tickets: { status: string }[] }[]
  }
  for (const { fare, seats, sold } of truth.stock)
    if (fare.includes(dateIn(days)) && sold > seats) faults.push(`${fare}: ${sold} sold of ${seats}`)
  const references = await postgres.db
    .selectFrom('booking.attempts')
    .select('reference')
    .distinct()
    .where(
      'booking_id',
      'in',
      lines.map(({ id }) => id),
    )
    .execute()
  const known = new Set(references.map(({ reference }) => reference))
  const live = truth.reservations.filter(({ status, reference }) => status === 'active' && known.has(reference))
  const winners = lines.filter(({ status }) => status === 'TICKETED').length
  if (live.length !== winners) faults.push(`the supplier holds ${live.length} reservations for ${winners} tickets`)
  if (live.some(({ tickets }) => tickets.filter((ticket) => ticket.status === 'live').length !== 1))
    faults.push('a reservation without one live ticket')
  return faults
}

describe(`${BUYERS} buyers at once over two API processes`, () => {
  test.each([
    [1, 40],
    [Math.min(50, Math.floor(BUYERS / 2)), 47],
  ])(
    'for the last %i: as many have tickets, everybody else has their money back and was told (F21)',
    { timeout: WITHIN_MS + 60_000 },
    async (seats, days) => {
      const { placed, refused } = await buyTogether(await limitedOffer(days, seats))
      expect(refused).toEqual([])
      const lines = await outcomesOf(placed)
      expect(lines).toHaveLength(BUYERS)
      expect(lines.filter(({ status }) => status === 'TICKETED')).toHaveLength(seats)
      const losers = lines.filter(({ status }) => status === 'REFUNDED')
      expect(new Set(losers.map((line) => line.failure_reason))).toEqual(new Set(['sold_out']))
      expect(await checkBooks(lines, days)).toEqual([])
    },
  )

  test('who comes when there are none left is told before anything is booked or charged', async () => {
    const offer = await limitedOffer(54, 0)
    expect((await verifyAt(apis[1]!, offer)).body).toMatchObject({ outcome: 'gone' })
  })

  test(
    'are sold too many where the supplier does not look, and the check sees it: the negative control',
    { timeout: WITHIN_MS },
    async () => {
      const offerId = await limitedOffer(61, 1)
      await callApi(testwire('stock'), 'POST', { checked: false })
      const buyers = Array.from({ length: 5 }, someBuyer)
      const placed = await Promise.all(
        buyers.map(async (buyer, i) => {
          const { body } = await verifyAt(apis[i % 2]!, offerId)
          const booking = await callPatiently(`${apis[i % 2]}/v1/bookings`, 'POST', orderOf(body.offer, buyer))
          await payAt(apis[i % 2]!, stack.urls.stripe!, booking.body)
          return booking.body.id as string
        }),
      )
      const lines = await outcomesOf(placed)
      await callApi(testwire('stock'), 'POST', { checked: true })
      expect((await checkBooks(lines, 61)).join('\n')).toMatch(/5 sold of 1/)
    },
  )
})

describe('twenty clicks at once (F20)', () => {
  const CLICKS = 20

  test('with one key place one booking, and with keys of their own as well', { timeout: 60_000 }, async () => {
    const offerId = await limitedOffer(70, 9)
    const buyer = someBuyer()
    const { offer } = (await verifyAt(apis[0]!, offerId)).body
    const key = randomUUID()
    const click = (api: string, body: object, name: string) => callPatiently(`${api}/v1/bookings`, 'POST', body, name)
    const same = await Promise.all(Array.from({ length: CLICKS }, (_, i) => click(apis[i % 2]!, orderOf(offer, buyer), key)))
    expect(same.map(({ status }) => status)).toEqual(Array(CLICKS).fill(201))
    const [booking, ...others] = new Set(same.map(({ body }) => body.id))
    expect(others).toEqual([])
    const { reference } = same[0]!.body

    // In other tabs each has a confirmation of its own, so that only who travels tells that it is the same.
    const tabs = await Promise.all(Array.from({ length: CLICKS }, async (_, i) => (await verifyAt(apis[i % 2]!, offerId)).body.offer))
    const anew = await Promise.all(tabs.map((own, i) => click(apis[i % 2]!, orderOf(own, buyer), randomUUID())))
    expect(anew.map(({ status, body }) => [status, body.code, body.money_moved, body.booking_reference])).toEqual(
      Array(CLICKS).fill([409, 'duplicate-booking', 'none', reference]),
    )

    const payKey = randomUUID()
    const view = same[0]!.body
    const paid = await Promise.all(
      Array.from({ length: CLICKS * 2 }, (_, i) => payAt(apis[i % 2]!, stack.urls.stripe!, view, i < CLICKS ? payKey : randomUUID())),
    )
    const told = new Set(paid.filter(({ status }) => status === 201).map(({ body }) => body.id))
    expect(told.size).toBe(1)
    const [line] = await outcomesOf([booking!])
    expect(line).toMatchObject({ status: 'TICKETED', tickets: 1 })
    expect(await checkBooks([line!], 70)).toEqual([])
    const payments = await postgres.db.selectFrom('payments.payments').select('id').where('booking_id', '=', booking!).execute()
    expect(payments).toHaveLength(1)

    const twice = await click(apis[0]!, { ...orderOf(tabs[0], buyer), allow_duplicate: true }, randomUUID())
    expect(twice.status).toBe(201)
  })

  test('with keys of their own, all at once and nothing booked before, place one booking', { timeout: 60_000 }, async () => {
    const offerId = await limitedOffer(77, 9)
    const buyer = someBuyer()
    const tabs = await Promise.all(Array.from({ length: CLICKS }, async (_, i) => (await verifyAt(apis[i % 2]!, offerId)).body.offer))
    const answers = await Promise.all(tabs.map((own, i) => callPatiently(`${apis[i % 2]}/v1/bookings`, 'POST', orderOf(own, buyer))))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.code === 'duplicate-booking')).toHaveLength(CLICKS - 1)
  })
})
