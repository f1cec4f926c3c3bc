import { expect, test } from 'vitest'
import type { BookingStore } from '../../../src/booking/index.ts'
import { StaleBooking, type Booking } from '../../../src/booking/booking.ts'
import { newId } from '../../../src/kernel/ids.ts'
import { money, negateMoney } from '../../../src/kernel/money.ts'
import { plusMs, type Instant } from '../../../src/kernel/time.ts'
import type { PaymentsStore } from '../../../src/payments/index.ts'
import type { NewPayment } from '../../../src/payments/payment-store.ts'
import type { OutboxStore } from '../../../src/platform/outbox-store.ts'
import { isUniqueViolation, type Db } from '../../../src/platform/postgres.ts'
import type { Records } from '../../../src/platform/records.ts'
import { CONTACT, offerOf } from '../goods.ts'

/** The stores over one database, real or in memory. */
export type Stores = {
  readonly db: Db
  readonly booking: BookingStore
  readonly payments: PaymentsStore
  readonly outbox: OutboxStore
  readonly records: Records
  /** Where two wait for each other, once. */
  readonly createMeeting: () => () => Promise<void>
  /** Runs pieces of work at the same time, each in a process of its own, and waits for all of them. */
  readonly run: <T>(...works: (() => Promise<T>)[]) => Promise<PromiseSettledResult<T>[]>
}

const NOW = 1_795_600_000_000 as Instant
const FARE = money(41_250, 'USD')

function aBooking(): Booking {
  const id = newId('bkg')
  const item = {
    id: newId('itm'),
    provider: 'sim',
    offer: offerOf('off_1', 1),
    price: FARE,
    isPaidAtProperty: false,
    payment: 'due' as const,
    position: 'waiting' as const,
    write: null,
    bookings: 0,
    isKept: false,
    reason: null,
    refund: 'none' as const,
    pnr: null,
    tickets: [],
    documentKey: null,
  }
  return {
    id,
    reference: `FW-${id.slice(-10)}`,
    userId: null,
    status: 'INIT',
    total: FARE,
    items: [item],
    passengers: [],
    contact: CONTACT,
    sealed: { key: 'key', data: 'data' },
    paymentRequiredBy: plusMs(NOW, 1_800_000),
    answerPromisedBy: null,
    failureReason: null,
    paymentId: null,
    latePaymentId: null,
    returnedPaymentIds: [],
    version: 1,
    createdAt: NOW,
    updatedAt: NOW,
  }
}

function aPayment(bookingId: string, attemptKey = newId('key')): NewPayment {
  return {
    id: newId('pay'),
    bookingId,
    attemptKey,
    attemptTurn: 1,
    provider: 'stripe',
    amount: FARE,
    request: { description: '', customerEmail: '', returnUrl: '', cancelUrl: '' },
    expiresAt: plusMs(NOW, 1_800_000),
    providerExpiresAt: plusMs(NOW, 1_800_000),
    nextCheckAt: NOW,
    createdAt: NOW,
    clientRefOf: (number) => `ref ${number} ${attemptKey}`,
  }
}

/** What production code relies on of whatever keeps its records: the same tests for Postgres and for the records in memory. */
export function testStorePromises(stores: () => Stores): void {
  const one = async <T>(work: () => Promise<T>): Promise<T> => {
    const [result] = await stores().run(work)
    if (result!.status === 'rejected') throw result!.reason
    return result!.value
  }
  const transact: Records['transact'] = (db, work) => stores().records.transact(db, work)
  const placed = async (): Promise<Booking> => {
    const { db, booking } = stores()
    const made = aBooking()
    await one(() => transact(db, (tx) => booking.insertBooking(tx, made, newId('req'))))
    return made
  }
  const attemptOf = (made: Booking, operation: 'book' | 'ticket', number: number) => ({
    bookingId: made.id,
    itemId: made.items[0]!.id,
    operation,
    provider: 'sim',
    reference: `${made.reference}-${number}`,
    offer: made.items[0]!.offer,
    reservation: null,
    sentAt: plusMs(NOW, -number * 60_000),
    horizonAt: NOW,
    overdueAt: NOW,
  })

  test('a request places one booking: the second is refused by name, and nothing of its transaction stays', async () => {
    const { db, booking, records, run } = stores()
    const [name, bookings] = [newId('req'), [aBooking(), aBooking()]]
    const results = await run(
      ...bookings.map(
        (made) => () =>
          transact(db, async (tx) => {
            await records.openWorkItem(tx, { kind: 'test', subjectId: made.id, summary: '', details: {} })
            await records.recordEvent(tx, { name: 'test', subjectId: made.id, body: {}, actor: 'test' })
            await booking.insertBooking(tx, made, name)
          }),
      ),
    )
    const refused = results.findIndex((result) => result.status === 'rejected')
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1)
    expect(isUniqueViolation((results[refused] as PromiseRejectedResult).reason, 'bookings_placed_by_key')).toBe(true)
    expect(await one(() => booking.findBooking(db, bookings[refused]!.id))).toBeUndefined()
    expect(await one(() => records.listEvents(db, bookings[refused]!.id))).toEqual([])
    expect(await one(() => records.listEvents(db, bookings[1 - refused]!.id))).toHaveLength(1)
    expect(await one(() => booking.findBookingPlacedBy(db, name))).toEqual(bookings[1 - refused])
  })

  test('of two who change a booking that both have read, one is told that it is stale', async () => {
    const { db, booking, run } = stores()
    const made = await placed()
    const meet = stores().createMeeting()
    const change = () =>
      transact(db, async (tx) => {
        const read = (await booking.findBooking(tx, made.id))!
        await meet()
        return booking.updateBooking(tx, read, { ...read, status: 'PENDING_PAYMENT' }, NOW)
      })
    const results = await run(change, change)
    const [refused] = results.filter((result) => result.status === 'rejected')
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    expect(refused!.reason).toBeInstanceOf(StaleBooking)
    expect(await one(() => booking.findBooking(db, made.id))).toMatchObject({ version: 2, status: 'PENDING_PAYMENT' })
  })

  test('nobody sees what is not committed, and everybody what is', async () => {
    const { db, booking, run } = stores()
    const made = await placed()
    const [written, looked] = [stores().createMeeting(), stores().createMeeting()]
    const results = await run<unknown>(
      () =>
        transact(db, async (tx) => {
          const changed = await booking.updateBooking(tx, made, { ...made, status: 'CANCELLED' }, NOW)
          expect((await booking.findBooking(tx, made.id))!.status).toBe('CANCELLED')
          await written()
          await looked()
          return changed
        }),
      async () => {
        await written()
        const seen = await booking.findBooking(db, made.id)
        await looked()
        return seen
      },
    )
    expect(results[1]).toMatchObject({ value: { status: 'INIT', version: 1 } })
    expect(await one(() => booking.findBooking(db, made.id))).toMatchObject({ status: 'CANCELLED', version: 2 })
  })

  test('a failed statement spoils its transaction, even for one who goes on', async () => {
    const { db, booking } = stores()
    const made = await placed()
    await one(() =>
      transact(db, async (tx) => {
        await booking.updateBooking(tx, made, { ...made, status: 'CANCELLED' }, NOW)
        await booking.insertBooking(tx, made, newId('req')).catch(() => undefined)
        await expect(booking.findBooking(tx, made.id)).rejects.toMatchObject({ code: '25P02' })
      }),
    )
    expect((await one(() => booking.findBooking(db, made.id)))!.status).toBe('INIT')
  })

  test('a booking has one undecided write, each reference one write of a kind, and they are listed in the order they were made', async () => {
    const { db, booking } = stores()
    const made = await placed()
    const insert = (operation: 'book' | 'ticket', number: number) =>
      one(() => transact(db, (tx) => booking.insertAttempt(tx, attemptOf(made, operation, number))))
    const first = await insert('book', 1)
    await expect(insert('book', 2)).rejects.toSatisfy((error) => isUniqueViolation(error, 'attempts_undecided'))
    const answer = () =>
      one(() => transact(db, (tx) => booking.answerAttempt(tx, first.id, { state: 'rejected', answeredAt: NOW, reason: 'price_changed' })))
    expect(await answer()).toMatchObject({ state: 'rejected', nextProbeAt: null })
    expect(await answer()).toBeUndefined()
    await expect(insert('book', 1)).rejects.toSatisfy((error) => isUniqueViolation(error, 'attempts_reference_operation_key'))
    const second = await insert('book', 2)
    await one(() => transact(db, (tx) => booking.answerAttempt(tx, second.id, { state: 'ok', answeredAt: NOW })))
    await insert('ticket', 2)
    const listed = await one(() => booking.listAttempts(db, made.id))
    expect(listed.map(({ operation, reference }) => `${operation} ${reference.at(-1)}`)).toEqual(['book 1', 'book 2', 'ticket 2'])
  })

  test('what is due is claimed by one of those who look, and then left alone for the time of the lease', async () => {
    const { db, booking, run } = stores()
    const made = await placed()
    await one(() => transact(db, (tx) => booking.insertAttempt(tx, attemptOf(made, 'book', 1))))
    const claim = () => booking.claimDueAttempts(db, { now: NOW, leaseMs: 60_000, limit: 20 })
    const claimed = (await run(claim, claim, claim)).flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    expect(claimed.filter((attempt) => attempt.bookingId === made.id)).toMatchObject([{ nextProbeAt: plusMs(NOW, 60_000) }])
  })

  test('a booking has one open payment: a second waits for the first to be there or not, and is not made or made', async () => {
    const { db, payments, run } = stores()
    for (const isKept of [true, false]) {
      const bookingId = newId('bkg')
      const [inserted, trying] = [stores().createMeeting(), stores().createMeeting()]
      const results = await run(
        () =>
          transact(db, async (tx) => {
            const payment = await payments.insertPayment(tx, aPayment(bookingId))
            await inserted()
            await trying()
            if (!isKept) throw new Error('the caller thinks better of it')
            return payment
          }),
        () =>
          transact(db, async (tx) => {
            await inserted()
            void trying()
            return payments.insertPayment(tx, aPayment(bookingId))
          }),
      )
      expect(results[1]).toEqual({
        status: 'fulfilled',
        value: isKept ? undefined : expect.objectContaining({ status: 'open', bookingId }),
      })
      expect(await one(() => payments.listPayments(db, bookingId))).toHaveLength(1)
    }
  })

  test('a locked payment is changed by one after the other, and one that was read before is refused', async () => {
    const { db, payments, run } = stores()
    const made = (await one(() => transact(db, (tx) => payments.insertPayment(tx, aPayment(newId('bkg'))))))!
    const look = () =>
      transact(db, async (tx) => {
        const payment = (await payments.lockPayment(tx, made.id))!
        return payments.updatePayment(tx, payment, { checks: payment.checks + 1 }, NOW)
      })
    await run(look, look, look)
    expect(await one(() => payments.findPayment(db, made.id))).toMatchObject({ checks: 3, version: 4 })
    await expect(one(() => transact(db, (tx) => payments.updatePayment(tx, made, { checks: 9 }, NOW)))).rejects.toThrow(
      'no longer at version 1',
    )
  })

  test('two who lock the same payments in opposite order both get there', async () => {
    const { db, payments, run } = stores()
    const insert = async () => (await one(() => transact(db, (tx) => payments.insertPayment(tx, aPayment(newId('bkg'))))))!.id
    const [a, b] = [await insert(), await insert()]
    const meet = stores().createMeeting()
    let rounds = 0
    const both = (first: string, second: string) => () =>
      transact(db, async (tx) => {
        rounds += 1
        await payments.lockPayment(tx, first)
        if (rounds <= 2) await meet()
        await payments.lockPayment(tx, second)
      })
    const results = await run(both(a, b), both(b, a))
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled'])
    expect(rounds).toBe(3)
  })

  test('one payment has one refund for a reason', async () => {
    const { db, payments } = stores()
    const payment = (await one(() => transact(db, (tx) => payments.insertPayment(tx, aPayment(newId('bkg'))))))!
    const insert = () =>
      one(() =>
        transact(db, (tx) =>
          payments.insertRefund(tx, {
            id: newId('rfd'),
            paymentId: payment.id,
            bookingId: payment.bookingId,
            provider: 'stripe',
            reason: 'sold_out',
            amount: FARE,
            createdAt: NOW,
            nextCheckAt: NOW,
            clientRefOf: (number) => `refund ${number} ${payment.id}`,
          }),
        ),
      )
    expect(await insert()).toMatchObject({ status: 'requested', version: 1 })
    await expect(insert()).rejects.toSatisfy((error) => isUniqueViolation(error, 'refunds_payment_id_reason_key'))
  })

  test('a posting is entered once and in balance, and an announcement is kept once', async () => {
    const { db, payments, run } = stores()
    const payment = (await one(() => transact(db, (tx) => payments.insertPayment(tx, aPayment(newId('bkg'))))))!
    const context = { bookingId: payment.bookingId, paymentId: payment.id, provider: 'stripe', externalRef: null }
    const entries = [
      { account: 'gateway' as const, amount: FARE },
      { account: 'sale' as const, amount: negateMoney(FARE) },
    ]
    const enter = () =>
      transact(db, (tx) => payments.enterPosting(tx, { id: `${payment.id}:test`, eventType: 'PAYMENT_SUCCESS', entries }, context))
    const entered = (await run(enter, enter)).map((result) => result.status === 'fulfilled' && result.value)
    expect(new Set(entered)).toEqual(new Set([true, false]))
    const unbalanced = { id: `${payment.id}:other`, eventType: 'PAYMENT_SUCCESS' as const, entries: entries.slice(0, 1) }
    await expect(one(() => transact(db, (tx) => payments.enterPosting(tx, unbalanced, context)))).rejects.toMatchObject({
      constraint: 'transactions_balance',
    })
    expect(await one(() => payments.listBalances(db, payment.bookingId))).toEqual(entries)
    const dedupeKey = newId('whe')
    const keep = () =>
      transact(db, (tx) =>
        payments.keepDelivery(tx, {
          id: newId('inb'),
          provider: 'stripe',
          dedupeKey,
          eventType: 'test',
          paymentId: null,
          body: Buffer.from('body'),
          receivedAt: NOW,
        }),
      )
    const kept = (await run(keep, keep)).map((result) => result.status === 'fulfilled' && result.value)
    expect(new Set(kept)).toEqual(new Set([true, false]))
  })

  test('an event is taken by one relay, and a reaction is pending until it is done', async () => {
    const { db, outbox, records, run } = stores()
    await one(() => transact(db, (tx) => records.recordEvent(tx, { name: 'test', subjectId: newId('bkg'), body: { a: 1 }, actor: 'test' })))
    const relay = () =>
      transact(db, async (tx) => {
        const events = await outbox.takeUnpublished(tx, 100)
        const pending = events.map((event) => ({ event, reaction: 'react' }))
        if (pending.length > 0) await outbox.addPending(tx, pending, NOW)
        return pending
      })
    const taken = (await run(relay, relay)).flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    expect(new Set(taken.map(({ event }) => event.id)).size).toBe(taken.length)
    const { event } = taken.at(-1)!
    expect(event).toMatchObject({ name: 'test', body: { a: 1 } })
    const late = () => one(() => outbox.takeLatePending(db, { now: plusMs(NOW, 20_000), queuedBefore: plusMs(NOW, 5_000), limit: 100 }))
    expect((await late()).filter((one) => one.event.id === event.id)).toMatchObject([{ event, reaction: 'react' }])
    expect(await late()).toEqual([])
    expect(await one(() => outbox.isPending(db, event.id, 'react'))).toBe(true)
    await one(() => outbox.settleReaction(db, event.id, 'react'))
    expect(await one(() => outbox.isPending(db, event.id, 'react'))).toBe(false)
  })

  test('many late reactions of one kind never stand before the few of another', async () => {
    const { db, outbox, records } = stores()
    const record = { name: 'test', subjectId: newId('bkg'), body: {}, actor: 'test' }
    await one(() =>
      transact(db, async (tx) => {
        for (let at = 0; at < 6; at += 1) await records.recordEvent(tx, record)
      }),
    )
    await one(() =>
      transact(db, async (tx) => {
        const events = (await outbox.takeUnpublished(tx, 1_000)).filter((event) => event.subjectId === record.subjectId)
        const flood = events.map((event) => ({ event, reaction: 'flood' }))
        await outbox.addPending(tx, flood, NOW)
        await outbox.addPending(tx, [{ event: events.at(-1)!, reaction: 'rare' }], plusMs(NOW, 1_000))
      }),
    )
    const seen: string[][] = []
    for (let look = 0; look < 3; look += 1) {
      const late = await one(() => outbox.takeLatePending(db, { now: plusMs(NOW, 20_000), queuedBefore: plusMs(NOW, 5_000), limit: 4 }))
      seen.push(late.filter(({ event }) => event.subjectId === record.subjectId).map(({ reaction }) => reaction))
    }
    const counts = seen.map((names) => [names.filter((name) => name === 'flood').length, names.filter((name) => name === 'rare').length])
    expect(counts).toEqual([
      [4, 1],
      [2, 0],
      [0, 0],
    ])
  })
}
