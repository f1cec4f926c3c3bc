import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline } from '../../test/support/fake-airline.ts'
import { adult, flightOffer, segment } from '../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { money } from '../kernel/money.ts'
import { Problem } from '../kernel/problems.ts'
import { parseLocalDate } from '../kernel/time.ts'
import { createSealer } from '../platform/seal.ts'
import type { FlightOffer } from '../travel/flight.ts'
import type { Passenger } from '../travel/passenger.ts'
import { duplicateKeyOf } from './duplicate-bookings.ts'

let database: TestDatabase
let desk: BookingDesk

beforeAll(async () => {
  database = await createTestDatabase({ connectionsMax: 25 })
})
afterAll(() => database.close())
beforeEach(() => {
  desk = createBookingDesk(database, createFakeAirline().provider)
})

const expectedTotal = money(41_250, 'USD')

async function place(people: readonly Passenger[], changes: Partial<FlightOffer> = {}, refusesDuplicate = true): Promise<string> {
  const share = flightOffer().passengers[0]!
  const offer = flightOffer({ id: `off_${randomUUID()}`, passengers: [{ ...share, count: people.length }], ...changes })
  desk.offers.set(offer.id, offer)
  await desk.bookings.verify(offer.id)
  const order = {
    offerIds: [offer.id],
    expectedTotal,
    travellers: { passengers: people, guests: [] },
    contact: { email: 'a@example.com', phone: '+62812345678' },
  }
  return (await desk.bookings.place({ ...order, userId: null, placedBy: randomUUID(), refusesDuplicate })).id
}

const refusal = (placing: Promise<unknown>): Promise<unknown> =>
  placing.then(
    () => 'placed',
    (error: unknown) => (error instanceof Problem ? error.code : error),
  )
/** A name that no other test has. */
const someone = (changes: Partial<Passenger> = {}): Passenger =>
  adult({ familyName: Array.from(randomBytes(10), (byte) => String.fromCharCode(65 + (byte % 26))).join(''), ...changes })

describe('the same people on the same flights', () => {
  test('are booked once, however often and from wherever they are ordered at once (F20)', async () => {
    const who = someone()
    const answers = await Promise.all(Array.from({ length: 20 }, () => refusal(place([who]))))
    expect(answers.filter((answer) => answer === 'placed')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'duplicate-booking')).toHaveLength(19)
  })

  test('are booked many times where nobody waits for the other: the negative control', async () => {
    const who = someone()
    const withoutLock = database.db.withPlugin({
      transformQuery: ({ node }) =>
        JSON.stringify(node).includes('pg_advisory_xact_lock') ? (sql`select 1`.toOperationNode() as never) : node,
      transformResult: async ({ result }) => result,
    })
    desk = createBookingDesk({ ...database, db: withoutLock }, createFakeAirline().provider)
    const answers = await Promise.all(Array.from({ length: 20 }, () => refusal(place([who]))))
    expect(answers.filter((answer) => answer === 'placed').length).toBeGreaterThan(1)
  })

  test('are refused with the reference of the other booking, which says nothing more of it', async () => {
    const who = someone()
    const first = await desk.bookings.get(await place([who]))
    const error = (await place([who]).catch((fault: unknown) => fault)) as Problem
    expect(error).toMatchObject({
      code: 'duplicate-booking',
      status: 409,
      facts: { moneyMoved: 'none', more: { booking_reference: first.reference } },
    })
    expect(JSON.stringify(error)).not.toContain(first.id)
  })

  test('are booked again where the traveller asks for it', async () => {
    const who = someone()
    await place([who])
    expect(await refusal(place([who], {}, false))).toBe('placed')
    expect(await refusal(place([who]))).toBe('duplicate-booking')
  })

  test('are known under another spelling, in another order, at another fare', async () => {
    const [one, two] = [someone({ givenName: 'Zoë Anne' }), someone()]
    await place([one, two])
    const respelt = { ...one, givenName: 'ZOE  ANNE', familyName: one.familyName.toLowerCase() }
    expect(
      await refusal(
        place([two, respelt], {
          slices: [{ ...flightOffer().slices[0]!, segments: [segment({ flightNumber: '0874', bookingClass: 'B' })] }],
        }),
      ),
    ).toBe('duplicate-booking')
  })

  test('may be booked when the other booking was cancelled, or can no longer be paid', async () => {
    const who = someone()
    const first = await place([who])
    await database.db.updateTable('booking.bookings').set({ status: 'CANCELLED' }).where('id', '=', first).execute()
    const second = await place([who])
    await database.db
      .updateTable('booking.bookings')
      .set({ payment_required_by: sql`now() - interval '1 second'` })
      .where('id', '=', second)
      .execute()
    expect(await refusal(place([who]))).toBe('placed')
  })
})

test('another traveller, another birthday, another day and another flight are other bookings', async () => {
  const who = someone()
  await place([who])
  const slice = flightOffer().slices[0]!
  const flying = (changes: Parameters<typeof segment>[0]) => ({ slices: [{ ...slice, segments: [segment(changes)] }] })
  const tomorrow = { ...segment().departure, local: segment().departure.local.replace('2027-03-01', '2027-03-02') as never }
  expect(await refusal(place([someone()]))).toBe('placed')
  expect(await refusal(place([{ ...who, bornOn: parseLocalDate('1991-01-01') }]))).toBe('placed')
  expect(await refusal(place([who], flying({ departure: tomorrow })))).toBe('placed')
  expect(await refusal(place([who], flying({ flightNumber: '875' })))).toBe('placed')
  // The same flight and one more is another journey.
  const onward = segment({ flightNumber: '9', origin: 'NRT', destination: 'CTS' })
  expect(await refusal(place([who], { slices: [{ ...slice, destination: 'CTS', segments: [segment(), onward] }] }))).toBe('placed')
})

test('S16: the key says nothing to whoever does not hold the secret', () => {
  const [one, two] = [createSealer(randomBytes(32).toString('base64')), createSealer(randomBytes(32).toString('base64'))]
  const keyOf = (sealer: typeof one): string => duplicateKeyOf({ sealer }, [flightOffer()], { passengers: [adult()], guests: [] })
  expect(keyOf(one)).toBe(keyOf(one))
  expect(keyOf(one)).not.toBe(keyOf(two))
  expect(keyOf(one)).toMatch(/^[\w-]{43}$/)
})
