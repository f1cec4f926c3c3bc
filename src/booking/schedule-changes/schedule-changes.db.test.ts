import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../../test/support/booking-desk.ts'
import { createFakeAirline, type FakeAirline } from '../../../test/support/fake-airline.ts'
import { adult, flightOffer, reservation, segment } from '../../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { money } from '../../kernel/money.ts'
import { parseZonedTime } from '../../kernel/time.ts'
import type { AirlineChange, Provider, WriteOutcome } from '../../providers/contract.ts'
import { ProviderError } from '../../providers/errors.ts'
import type { Slice } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { reactions, type Happened } from '../../workers/reactions.ts'
import type { WorkerDeps } from '../../workers/deps.ts'

let database: TestDatabase
let airline: ChangingAirline
let desk: BookingDesk

beforeAll(async () => {
  database = await createTestDatabase({ connectionsMax: 20 })
})
afterAll(() => database.close())
beforeEach(async () => {
  // What earlier tests left under way is not this one's.
  await database.db.updateTable('booking.schedule_change_answers').set({ next_step_at: null }).execute()
  await database.db.updateTable('booking.item_watches').set({ next_look_at: null }).execute()
  airline = createChangingAirline()
  desk = createBookingDesk(database, airline.provider)
})

/** The application may not take its own guards away; the owner of the tables may. */
async function asOwner(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

const MINUTE = 60_000
const LOST = { outcome: 'unknown', cause: 'timeout', message: 'no answer' } as const

/** The airline of the other tests, which has now changed a flight: what it shows, and what becomes of an acceptance. */
type ChangingAirline = {
  readonly fake: FakeAirline
  readonly provider: Provider
  readonly calls: { changes: number; accept: number }
  open: AirlineChange[]
  acceptance: 'ok' | 'lost' | 'lost_without_effect' | WriteOutcome<Reservation>
  cancellation: 'ok' | 'lost' | 'refused'
  /** Held until it resolves. */
  wait: () => Promise<unknown>
  shown: Partial<Reservation>
}

function createChangingAirline({ tells = true } = {}): ChangingAirline {
  const fake = createFakeAirline()
  const { flights } = fake.provider
  const seller = {
    ...flights!,
    retrieve: async (ref: string, call: Parameters<NonNullable<typeof flights>['retrieve']>[1]) => ({
      ...(await flights!.retrieve(ref, call)),
      ...made.shown,
    }),
    cancel: async (given: Reservation, call: Parameters<NonNullable<typeof flights>['cancel']>[1]) => {
      if (made.cancellation === 'refused') return { outcome: 'rejected', reason: 'not_allowed', code: 'X', message: 'no' } as const
      const done = await flights!.cancel(given, call)
      return made.cancellation === 'lost' ? LOST : done
    },
    ...(tells && {
      airlineChanges: async () => {
        made.calls.changes += 1
        if (fake.behave.dark) throw new ProviderError('fake', 'timeout', 'no answer')
        const open = [...made.open]
        await made.wait()
        return open
      },
      acceptAirlineChange: async (_ref: string, changeId: string): Promise<WriteOutcome<Reservation>> => {
        made.calls.accept += 1
        if (typeof made.acceptance === 'object') return made.acceptance
        if (made.acceptance === 'lost_without_effect') return LOST
        made.open = made.open.filter((change) => change.id !== changeId)
        return made.acceptance === 'lost' ? LOST : { outcome: 'ok', value: reservation({ tickets: [] }) }
      },
    }),
  }
  const made: ChangingAirline = {
    fake,
    provider: { ...fake.provider, flights: seller },
    calls: { changes: 0, accept: 0 },
    open: [],
    acceptance: 'ok',
    cancellation: 'ok',
    wait: async () => undefined,
    shown: {},
  }
  return made
}

const before: Slice = { origin: 'CGK', destination: 'NRT', durationMinutes: 440, segments: [segment()] }
const later = (departure: string, arrival: string): Slice => ({
  ...before,
  segments: [segment({ departure: parseZonedTime(departure), arrival: parseZonedTime(arrival), cabin: null, baggage: [] })],
})
const THREE_HOURS_LATER = later('2027-03-02T02:30:00+07:00', '2027-03-02T11:50:00+09:00')
const TEN_MINUTES_LATER = later('2027-03-01T23:40:00+07:00', '2027-03-02T09:00:00+09:00')
const changeTo = (added: readonly Slice[], id = `aic_${randomUUID()}`): AirlineChange => ({
  id,
  removed: [before],
  added,
  mayAccept: added.length > 0,
  mayRefund: true,
  answerBy: null,
})

async function buy(items = 1): Promise<string> {
  const offerIds: string[] = []
  for (let index = 0; index < items; index += 1) {
    const offer = flightOffer({ id: `off_${randomUUID()}` })
    desk.offers.set(offer.id, offer)
    await desk.bookings.verify(offer.id)
    offerIds.push(offer.id)
  }
  const expectedTotal = money(41_250 * items, 'USD')
  const { id } = await desk.bookings.place({
    offerIds,
    expectedTotal,
    travellers: { passengers: [adult()], guests: [] },
    contact: { email: 'budi@example.com', phone: '+62812345678' },
    userId: null,
    placedBy: randomUUID(),
  })
  const { paymentId } = (await desk.bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() }))!
  desk.gateway.pay(paymentId)
  await desk.payments.sync(paymentId)
  await desk.bookings.markPaid({ bookingId: id, paymentId, amount: expectedTotal.amount, currency: 'USD' })
  await desk.bookings.advance(id)
  const changes = desk.bookings.scheduleChanges!
  await changes.startWatching(id)
  return id
}

const look = () => desk.bookings.scheduleChanges!.watch()
const makeDue = (bookingId: string) =>
  sql`update booking.item_watches set next_look_at = now() - interval '1 hour' from booking.items
      where items.id = item_id and items.booking_id = ${bookingId}`.execute(database.db)

/** A ticketed booking of which the airline has changed the flight, found. */
async function changed(added: readonly Slice[] = [THREE_HOURS_LATER], items = 1): Promise<string> {
  const id = await buy(items)
  airline.open = [changeTo(added)]
  await makeDue(id)
  await look()
  return id
}

const changesOf = async (id: string) => (await desk.bookings.view(id)).schedule_changes
const answer = (bookingId: string, action: 'accept' | 'refund', seq = 1) => desk.bookings.answerScheduleChange({ bookingId, seq, action })

async function eventsOf(id: string, name: string): Promise<{ id: string; body: Record<string, unknown> }[]> {
  const rows = await database.db
    .selectFrom('platform.events')
    .select(['id', 'body'])
    .where('subject_id', '=', id)
    .where('name', '=', name)
    .orderBy('position')
    .execute()
  return rows as never
}

/** Does what the workers do about the answers of a booking. */
async function carryOut(id: string, times = 1): Promise<void> {
  for (const { body } of await eventsOf(id, 'booking.schedule_change_answered')) {
    const happened = { id: 'evt', subjectId: id, body } as unknown as Happened<'booking.schedule_change_answered'>
    await Promise.all(
      Array.from({ length: times }, () =>
        reactions['booking.schedule_change_answered']['schedule-changes']!['carryOut']!(
          { bookings: desk.bookings } as WorkerDeps,
          happened,
        ),
      ),
    )
  }
}

async function workItems(kind: string, subjectId?: string): Promise<{ subject_id: string; state: string }[]> {
  return database.db
    .selectFrom('platform.work_items')
    .select(['subject_id', 'state'])
    .where('kind', '=', kind)
    .$if(subjectId !== undefined, (query) => query.where('subject_id', '=', subjectId!))
    .execute()
}

async function completeRefunds(id: string): Promise<void> {
  for (const refund of await desk.payments.refundsOf(id)) {
    await desk.payments.sendRefund(refund.id)
    const news = { bookingId: id, paymentId: refund.paymentId, refundId: refund.id }
    await Promise.all([desk.bookings.noteRefundCompleted(news), desk.bookings.noteRefundCompleted(news)])
  }
}

/** Lets so many workers look at the same ticket at once, as when each lease but the last has run out. */
async function lookTogether(bookingId: string, workers: number): Promise<void> {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  airline.wait = () => opened
  const looks: Promise<number>[] = []
  for (let worker = 1; worker <= workers; worker += 1) {
    await makeDue(bookingId)
    looks.push(look())
    while (airline.calls.changes < worker) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  open()
  await Promise.all(looks)
}

describe('F41: a change that the airline makes after ticketing', () => {
  test('is one change set, one event and one mail, whoever finds it and however often', async () => {
    const id = await buy()
    airline.open = [changeTo([THREE_HOURS_LATER])]
    await lookTogether(id, 8)
    await makeDue(id)
    await look()
    expect(await changesOf(id)).toMatchObject([
      {
        seq: 1,
        kind: 'changed',
        is_material: true,
        status: 'open',
        actions: ['accept', 'refund'],
        default_action: 'ask_person',
        removed: [{ segments: [{ departure: { local: '2027-03-01T23:30' } }] }],
        added: [{ segments: [{ departure: { local: '2027-03-02T02:30' } }] }],
      },
    ])
    const events = await eventsOf(id, 'booking.schedule_changed')
    expect(events).toHaveLength(1)
    const mails: object[] = []
    const deps = {
      bookings: desk.bookings,
      notifications: { sendScheduleChanged: async (mail: object) => void mails.push(mail) },
    } as unknown as WorkerDeps
    const happened = { id: events[0]!.id, subjectId: id, body: events[0]!.body } as unknown as Happened<'booking.schedule_changed'>
    for (let times = 0; times < 3; times += 1) await reactions['booking.schedule_changed'].notifications!['mailChange']!(deps, happened)
    expect(mails).toMatchObject([{ to: 'budi@example.com', isMaterial: true, actions: ['accept', 'refund'] }])
  })

  test('would be found several times without the guards of the database', async () => {
    await asOwner('alter table booking.schedule_changes drop constraint schedule_changes_once, drop constraint schedule_changes_seq')
    try {
      const id = await buy()
      airline.open = [changeTo([THREE_HOURS_LATER])]
      await lookTogether(id, 8)
      expect((await changesOf(id)).length).toBeGreaterThan(1)
      expect((await eventsOf(id, 'booking.schedule_changed')).length).toBeGreaterThan(1)
    } finally {
      await asOwner(
        'alter table booking.schedule_changes disable trigger user',
        'delete from booking.schedule_changes a using booking.schedule_changes b where a.booking_id = b.booking_id and a.id > b.id',
        'alter table booking.schedule_changes enable trigger user',
        'alter table booking.schedule_changes add constraint schedule_changes_once unique (item_id, fingerprint)',
        'alter table booking.schedule_changes add constraint schedule_changes_seq unique (booking_id, seq)',
      )
    }
  })

  test('is looked for by one of several workers at a time', async () => {
    const id = await buy()
    await makeDue(id)
    const seen = airline.calls.changes
    await Promise.all(Array.from({ length: 8 }, look))
    expect(airline.calls.changes - seen).toBe(1)
  })

  test('is looked for again when the supplier did not answer', async () => {
    const id = await buy()
    await makeDue(id)
    airline.fake.behave = { dark: true }
    await expect(look()).rejects.toThrow('could not be asked about')
    airline.fake.behave = {}
    airline.open = [changeTo([THREE_HOURS_LATER])]
    desk.clock.advance(6 * MINUTE)
    await look()
    expect(await changesOf(id)).toHaveLength(1)
  })

  test('is seen in the reservation where the supplier tells nothing of changes', async () => {
    airline = createChangingAirline({ tells: false })
    desk = createBookingDesk(database, airline.provider)
    const id = await buy()
    airline.shown = { segments: [{ carrier: 'GA', flightNumber: '874', status: 'waitlisted' }] }
    await makeDue(id)
    await look()
    expect(await changesOf(id)).toMatchObject([{ kind: 'cancelled', status: 'told', actions: [], is_material: true }])
    const [{ changeId } = { changeId: '' }] = (await eventsOf(id, 'booking.schedule_changed')).map(
      ({ body }) => body as { changeId: string },
    )
    expect(await workItems('schedule_change', changeId)).toHaveLength(1)
  })

  test('is never rewritten', async () => {
    const id = await changed()
    const set = database.db.updateTable('booking.schedule_changes').set({ is_material: false }).where('booking_id', '=', id)
    await expect(set.execute()).rejects.toMatchObject({ code: '42501' })
    await expect(database.db.deleteFrom('booking.schedule_changes').where('booking_id', '=', id).execute()).rejects.toMatchObject({
      code: '42501',
    })
  })

  test('that the airline no longer asks about is withdrawn, and comes back as a new one', async () => {
    const id = await changed()
    airline.open = []
    await makeDue(id)
    await look()
    expect(await changesOf(id)).toMatchObject([{ status: 'withdrawn', actions: [] }])
    airline.open = [changeTo([THREE_HOURS_LATER])]
    await makeDue(id)
    await look()
    expect(await changesOf(id)).toMatchObject([{ status: 'withdrawn' }, { seq: 2, status: 'open' }])
  })
})

describe('S11: an answer', () => {
  test('cites the latest change, otherwise it is stale', async () => {
    const id = await changed()
    airline.open = [changeTo([TEN_MINUTES_LATER])]
    await makeDue(id)
    await look()
    await expect(answer(id, 'accept', 1)).rejects.toMatchObject({ code: 'stale-change', status: 409, facts: { more: { latest_seq: 2 } } })
    await expect(answer(id, 'accept', 9)).rejects.toMatchObject({ code: 'schedule-change-unknown', status: 404 })
    await answer(id, 'accept', 2)
    expect(await changesOf(id)).toMatchObject([{ status: 'superseded', actions: [] }, { status: 'answering' }])
  })

  test('is one that the airline offers', async () => {
    const id = await changed([])
    await expect(answer(id, 'accept')).rejects.toMatchObject({ code: 'change-action-unavailable', status: 409 })
  })

  test('comes in time', async () => {
    const id = await changed()
    await inDays(8, async () => {
      await expect(answer(id, 'accept')).rejects.toMatchObject({ code: 'change-answer-too-late', status: 409 })
      await expect(answer(id, 'refund')).rejects.toMatchObject({ code: 'change-answer-too-late' })
    })
    expect(airline.calls.accept).toBe(0)
  })

  test('"accept" is sent once, however often it is given and carried out, and the trip has the new flight', async () => {
    const id = await changed()
    await Promise.all(Array.from({ length: 10 }, () => answer(id, 'accept')))
    expect(await changesOf(id)).toMatchObject([{ status: 'answering', actions: [] }])
    await carryOut(id, 5)
    await carryOut(id)
    await desk.bookings.scheduleChanges!.settle()
    expect(airline.calls.accept).toBe(1)
    const view = await desk.bookings.view(id)
    expect(view).toMatchObject({ status: 'TICKETED', schedule_changes: [{ status: 'accepted' }] })
    expect(view.offer).toMatchObject({
      slices: [{ segments: [{ departure: { local: '2027-03-02T02:30' }, cabin: 'economy', baggage: [{ kind: 'checked' }] }] }],
    })
    expect(view.tickets).toHaveLength(1)
    expect(await eventsOf(id, 'booking.schedule_change_accepted')).toHaveLength(1)
    await answer(id, 'accept')
    await expect(answer(id, 'refund')).rejects.toMatchObject({ code: 'change-already-answered' })
  })

  test('S4: "accept" whose reply is lost is unknown, is never sent again, and is settled by asking', async () => {
    airline.acceptance = 'lost'
    const id = await changed()
    await answer(id, 'accept')
    await carryOut(id)
    expect(await changesOf(id)).toMatchObject([{ status: 'answering' }])
    await expect(answer(id, 'refund')).rejects.toMatchObject({ code: 'change-already-answered' })
    airline.fake.behave = { dark: true }
    desk.clock.advance(6_000)
    await desk.bookings.scheduleChanges!.settle()
    expect(await changesOf(id)).toMatchObject([{ status: 'answering' }])
    airline.fake.behave = {}
    desk.clock.advance(20_000)
    await desk.bookings.scheduleChanges!.settle()
    expect(await changesOf(id)).toMatchObject([{ status: 'accepted' }])
    expect(airline.calls.accept).toBe(1)
  })

  test('S4: "accept" that had no effect proves it only after the horizon; then a person looks and it may be answered again', async () => {
    airline.acceptance = 'lost_without_effect'
    const id = await changed()
    await answer(id, 'accept')
    await carryOut(id)
    desk.clock.advance(10 * MINUTE)
    await desk.bookings.scheduleChanges!.settle()
    expect(await changesOf(id)).toMatchObject([{ status: 'answering' }])
    desk.clock.advance(25 * MINUTE)
    await desk.bookings.scheduleChanges!.settle()
    expect(await changesOf(id)).toMatchObject([{ status: 'open', actions: ['accept', 'refund'] }])
    expect(await eventsOf(id, 'booking.schedule_change_not_accepted')).toHaveLength(1)
    expect(airline.calls.accept).toBe(1)
    airline.acceptance = 'ok'
    await answer(id, 'accept')
    await carryOut(id)
    expect(await changesOf(id)).toMatchObject([{ status: 'accepted' }])
  })

  test('that was noted by a process that then died is carried out by the next', async () => {
    const id = await changed()
    await answer(id, 'accept')
    desk.clock.advance(16_000)
    await desk.bookings.scheduleChanges!.settle()
    expect(await changesOf(id)).toMatchObject([{ status: 'accepted' }])
  })

  test('is one of two that come at once', async () => {
    const id = await changed()
    const both = await Promise.allSettled([answer(id, 'accept'), answer(id, 'refund')])
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'change-already-answered' })
  })

  test('would be two without the guard of the database', async () => {
    await asOwner('drop index booking.schedule_change_answers_one')
    try {
      let times = 0
      for (let round = 0; round < 40 && times < 2; round += 1) {
        const id = await changed()
        await Promise.allSettled(Array.from({ length: 4 }, () => answer(id, 'accept')))
        times = Math.max(times, (await eventsOf(id, 'booking.schedule_change_answered')).length)
      }
      expect(times).toBeGreaterThan(1)
    } finally {
      await asOwner(
        'delete from booking.schedule_change_answers',
        "create unique index schedule_change_answers_one on booking.schedule_change_answers (change_id) where state <> 'rejected'",
      )
    }
  })
})

/** Runs something with the clock of the database so many days ahead, and puts it back. */
async function inDays(days: number, work: () => Promise<void>): Promise<void> {
  const set = (ms: number) => database.db.updateTable('platform.test_clock').set({ offset_ms: ms }).execute()
  await set(days * 86_400_000)
  try {
    await work()
  } finally {
    await set(0)
  }
}

describe('a refund of a ticket that the airline changed', () => {
  test('I1, S9: cancels first, then gives back the whole price of that item once, while the other stands', async () => {
    const id = await changed([THREE_HOURS_LATER], 2)
    const [change] = await changesOf(id)
    expect(await changesOf(id)).toHaveLength(2)
    await Promise.all(Array.from({ length: 10 }, () => answer(id, 'refund')))
    expect(await desk.payments.refundsOf(id)).toEqual([])
    await carryOut(id, 5)
    expect(airline.fake.calls.cancel).toBe(1)
    const view = await desk.bookings.view(id)
    const given = view.items.find((item) => item.id === change!.item_id)
    expect(view).toMatchObject({ status: 'TICKETED', refund: { amount: { amount: '412.50' }, reason: 'schedule_change' } })
    expect(given).toMatchObject({ ticketing: 'not_ticketed', refund: 'requested', documents: [] })
    expect(view.items.filter((item) => item.ticketing === 'ticketed')).toHaveLength(1)
    await completeRefunds(id)
    expect((await desk.bookings.get(id)).items.map((item) => item.refund).toSorted()).toEqual(['completed', 'none'])
    expect(desk.gateway.books()).toEqual({ captured: 82_500, refunded: 41_250 })

    // The other too, for the same reason and the same amount: a refund of its own.
    await answer(id, 'refund', 2)
    await carryOut(id)
    expect((await desk.bookings.get(id)).status).toBe('REFUND_PENDING')
    await completeRefunds(id)
    expect((await desk.bookings.get(id)).status).toBe('REFUNDED')
    expect(desk.gateway.books()).toEqual({ captured: 82_500, refunded: 82_500 })
    expect((await desk.payments.balanceOf(id)).every((entry) => entry.amount.amount === 0)).toBe(true)
    expect(airline.fake.calls.cancel).toBe(2)
  })

  test('S4: pays nothing while nobody knows whether the airline cancelled, and all of it when it shows that it did', async () => {
    airline.cancellation = 'lost'
    const id = await changed()
    await answer(id, 'refund')
    await carryOut(id)
    expect(await desk.payments.refundsOf(id)).toEqual([])
    expect(await desk.bookings.view(id)).toMatchObject({
      status: 'TICKETED',
      items: [{ ticketing: 'returning' }],
      schedule_changes: [{ status: 'answering' }],
    })
    desk.clock.advance(6_000)
    await desk.bookings.settleInDoubt()
    expect(await desk.bookings.view(id)).toMatchObject({ status: 'REFUND_PENDING', schedule_changes: [{ status: 'returned' }] })
    expect(airline.fake.calls.cancel).toBe(1)
  })

  test('that the airline does not take back leaves the ticket with the traveller, and a person with the case', async () => {
    airline.cancellation = 'refused'
    const id = await changed()
    await answer(id, 'refund')
    await carryOut(id)
    const view = await desk.bookings.view(id)
    expect(view).toMatchObject({
      status: 'TICKETED',
      items: [{ ticketing: 'ticketed', refund: 'none' }],
      schedule_changes: [{ status: 'not_taken_back' }],
    })
    expect(await workItems('ticket_not_taken_back', view.items[0]!.id)).toHaveLength(1)
    expect(await desk.payments.refundsOf(id)).toEqual([])
  })

  test('goes on after a process that died before it asked the airline', async () => {
    const id = await changed()
    await answer(id, 'refund')
    desk.clock.advance(31_000)
    await desk.bookings.scheduleChanges!.settle()
    expect((await desk.bookings.get(id)).status).toBe('REFUND_PENDING')
  })

  test('of a flight that the airline cancelled outright asks a person and the traveller, cancels nothing twice, and refunds once', async () => {
    const id = await changed([])
    const [change] = await changesOf(id)
    expect(change).toMatchObject({ kind: 'cancelled', actions: ['refund'], status: 'open' })
    const [{ changeId } = { changeId: '' }] = (await eventsOf(id, 'booking.schedule_changed')).map(
      ({ body }) => body as { changeId: string },
    )
    expect(await workItems('schedule_change', changeId)).toMatchObject([{ state: 'open' }])
    expect((await desk.bookings.get(id)).status).toBe('TICKETED')
    airline.shown = { status: 'cancelled' }
    await Promise.all(Array.from({ length: 10 }, () => answer(id, 'refund')))
    await carryOut(id, 3)
    expect(airline.fake.calls.cancel).toBe(0)
    await completeRefunds(id)
    expect((await desk.bookings.get(id)).status).toBe('REFUNDED')
    expect(desk.gateway.books()).toEqual({ captured: 41_250, refunded: 41_250 })
  })
})

describe('a change that nobody answers', () => {
  test('is accepted where it is small', async () => {
    const id = await changed([TEN_MINUTES_LATER])
    expect(await changesOf(id)).toMatchObject([{ is_material: false, default_action: 'accept' }])
    await inDays(8, async () => {
      await Promise.all([desk.bookings.scheduleChanges!.endUnanswered(), desk.bookings.scheduleChanges!.endUnanswered()])
    })
    await carryOut(id)
    expect(await changesOf(id)).toMatchObject([{ status: 'accepted' }])
    expect(airline.calls.accept).toBe(1)
  })

  test('is a person’s otherwise: nothing is accepted and nothing refunded', async () => {
    const id = await changed()
    await inDays(8, async () => void (await desk.bookings.scheduleChanges!.endUnanswered()))
    expect(await changesOf(id)).toMatchObject([{ status: 'with_a_person', actions: [] }])
    const [{ changeId } = { changeId: '' }] = (await eventsOf(id, 'booking.schedule_change_unanswered')).map(
      ({ body }) => body as { changeId: string },
    )
    expect(await workItems('schedule_change', changeId)).toHaveLength(1)
    expect(airline.calls.accept).toBe(0)
    expect((await desk.bookings.get(id)).status).toBe('TICKETED')
  })
})
