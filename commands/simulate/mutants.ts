import type { Booking } from '../../src/booking/booking.ts'
import type { EventRecord } from '../../src/platform/events.ts'
import type { Tx } from '../../src/platform/postgres.ts'
import type { FlightSupplier, WriteOutcome } from '../../src/providers/contract.ts'
import { findCell, insert, lock, read, write, type Transaction } from './memory/transactions.ts'
import type { Ground, Mutation, Parts } from './system.ts'

/** A faulty twin of the product: what a guard is for shows when it is gone. `worldsMax`: by then it must have been found. */
export type Mutant = { readonly name: string; readonly worldsMax: number; readonly mutation: Mutation }

const SWEEPERS_FOR_LOST_THINGS = ['settleInDoubt', 'syncOpen', 'pollRefunds', 'resume', 'requeue']

const GUARDS: readonly Mutant[] = [
  {
    name: 'late payments are ignored',
    worldsMax: 5_000,
    mutation: {
      bookings: (bookings) => ({
        markPaid: async (payment) => {
          if ((await bookings.get(payment.bookingId)).status === 'PENDING_PAYMENT') await bookings.markPaid(payment)
        },
      }),
    },
  },
  {
    name: 'the inbox keeps an announcement as often as it comes',
    worldsMax: 2_000,
    mutation: {
      parts: ({ paymentsStore }, { database, tables }) => ({
        paymentsStore: {
          ...paymentsStore,
          keepDelivery: (tx, item) =>
            database.statement(tx, 'keepDelivery', (own) => {
              insert(own, tables.inbox, item)
              return true
            }),
        },
      }),
    },
  },
  { name: 'events are recorded after the commit', worldsMax: 2_000, mutation: { parts: eventsAfterCommit } },
  { name: 'a reaction counts as done before it is', worldsMax: 5_000, mutation: { parts: settledFirst } },
  { name: 'lost jobs are not queued again', worldsMax: 2_000, mutation: { without: ['requeue'] } },
  { name: 'nothing that was lost is looked for', worldsMax: 500, mutation: { without: SWEEPERS_FOR_LOST_THINGS } },
  { name: 'bookings expire without compare-and-set', worldsMax: 20_000, mutation: { bookings: expireBlindly } },
  { name: 'bookings are written whatever their version', worldsMax: 10_000, mutation: { parts: versionIgnored } },
  {
    name: 'an unanswered write is sent again',
    worldsMax: 5_000,
    mutation: { parts: (parts) => onWrites(parts, (send) => sentAgain(send)) },
  },
  {
    name: 'a time-out counts as a refusal, and the money goes back',
    worldsMax: 5_000,
    mutation: { parts: (parts) => onWrites(parts, (send) => takenForNo(send)) },
  },
  { name: 'refunds are sent without a key', worldsMax: 20_000, mutation: { parts: refundsWithoutKey } },
  { name: 'webhooks are acknowledged before they are kept', worldsMax: 20_000, mutation: { acknowledgesFirst: true } },
  { name: 'captures are posted without lock, version or unique posting', worldsMax: 5_000, mutation: { parts: unguardedCaptures } },
  { name: 'a request may place two bookings', worldsMax: 5_000, mutation: { parts: placedTwice } },
  {
    name: 'a private offer is sold to whoever asks',
    worldsMax: 5_000,
    mutation: { parts: (parts) => ({ bookingStore: { ...parts.bookingStore, takePrivateOffer: async () => true } }) },
  },
]

/**
 * Nobody asks the gateway again: what webhooks tell has to be enough, as it is while each comes until it is acknowledged.
 * The product keeps its promises so too, and what asking again would mend shows in its mutants.
 */
const RECONCILER_OFF: Mutation = { isGatewayFaultless: true, without: ['syncOpen', 'pollRefunds'] }

/** Each guard taken away, once with and once without the sweepers that make good what it lets through. */
export const MUTANTS: readonly Mutant[] = [
  ...GUARDS,
  ...GUARDS.map(({ name, worldsMax, mutation }) => ({
    name: `${name} (reconciler off)`,
    worldsMax,
    mutation: { ...mutation, ...RECONCILER_OFF, without: [...(mutation.without ?? []), ...(RECONCILER_OFF.without ?? [])] },
  })),
]

/** How a twin differs from the product, by its name: a mutant's, or "" and "reconciler off" for twins that keep every promise. */
export function mutationOf(name: string): Mutation | undefined {
  return name === '' ? undefined : name === 'reconciler off' ? RECONCILER_OFF : MUTANTS.find((mutant) => mutant.name === name)?.mutation
}

/** Events of a transaction wait in memory until it is committed, and die with their process. */
function eventsAfterCommit({ records }: Parts): Partial<Parts> {
  const waiting = new WeakMap<object, EventRecord[]>()
  return {
    records: {
      ...records,
      recordEvent: async (tx, event) => {
        const events = waiting.get(tx) ?? []
        waiting.set(tx, [...events, event])
      },
      transact: async (db, work) => {
        let own: Tx | undefined
        const result = await records.transact(db, (tx) => work((own = tx)))
        for (const event of waiting.get(own!) ?? []) await records.transact(db, (tx) => records.recordEvent(tx, event))
        return result
      },
    },
  }
}

function settledFirst({ outboxStore }: Parts): Partial<Parts> {
  return {
    outboxStore: {
      ...outboxStore,
      isPending: async (db, eventId, reaction) => {
        const isPending = await outboxStore.isPending(db, eventId, reaction)
        if (isPending) await outboxStore.settleReaction(db, eventId, reaction)
        return isPending
      },
      settleReaction: async () => undefined,
    },
  }
}

/** Reads, and then writes what it has made of that, whatever has happened in between. */
function expireBlindly(_bookings: unknown, { bookingStore }: Parts, { database, tables }: Ground) {
  return {
    expire: async (): Promise<number> => {
      const ids = await bookingStore.listUnpaidBookingIds(database.db, 50)
      for (const id of ids)
        await database.statement(database.db, 'cancel', (tx) => {
          const cell = findCell(tx, tables.bookings, ({ booking }) => booking.id === id)!
          const row = lock(tx, cell)!
          const booking: Booking = { ...row.booking, status: 'CANCELLED', version: row.booking.version + 1 }
          write(tx, cell, { ...row, booking, writes: row.writes + 1 })
        })
      return ids.length
    },
  }
}

function versionIgnored({ bookingStore }: Parts, { database, tables }: Ground): Partial<Parts> {
  return {
    bookingStore: {
      ...bookingStore,
      updateBooking: (tx, before, after, at) =>
        database.statement(tx, 'updateBooking', (own) => {
          const cell = findCell(own, tables.bookings, ({ booking }) => booking.id === before.id)!
          const row = lock(own, cell)!
          const booking: Booking = { ...after, version: before.version + 1, updatedAt: at }
          write(own, cell, { ...row, booking, writes: row.writes + 1 })
          return booking
        }),
    },
  }
}

type Send<T> = () => Promise<WriteOutcome<T>>

/** Changes how each write to the supplier is made. */
function onWrites({ provider }: Parts, change: <T>(send: Send<T>) => Promise<WriteOutcome<T>>): Partial<Parts> {
  const flights = provider.flights!
  const changed: FlightSupplier = {
    ...flights,
    book: (order, call) => change(() => flights.book(order, call)),
    ticket: (order, call) => change(() => flights.ticket!(order, call)),
  }
  return { provider: { ...provider, flights: changed } }
}

async function sentAgain<T>(send: Send<T>): Promise<WriteOutcome<T>> {
  const answer = await send()
  return answer.outcome === 'unknown' ? send() : answer
}

async function takenForNo<T>(send: Send<T>): Promise<WriteOutcome<T>> {
  const answer = await send()
  return answer.outcome === 'unknown' ? { outcome: 'rejected', reason: 'not_allowed', code: answer.cause, message: answer.message } : answer
}

/** Each sending has a name of its own, so that the gateway cannot know it again, and neither can we. */
function refundsWithoutKey({ gateways }: Parts): Partial<Parts> {
  let sendings = 0
  return {
    gateways: gateways.map((gateway) => ({
      ...gateway,
      refund: (request) => gateway.refund({ ...request, refundId: `${request.refundId}/${(sendings += 1)}` }),
    })),
  }
}

function unguardedCaptures({ paymentsStore }: Parts, { database, tables }: Ground): Partial<Parts> {
  const paymentOf = (tx: Transaction, id: string) => findCell(tx, tables.payments, ({ payment }) => payment.id === id)
  return {
    paymentsStore: {
      ...paymentsStore,
      lockPayment: (tx, id) => paymentsStore.findPayment(tx, id),
      updatePayment: async (tx, payment, change, at) => {
        const current = await database.statement(tx, 'updatePayment', (own) => {
          const cell = paymentOf(own, payment.id)!
          lock(own, cell)
          return read(own, cell)!.payment
        })
        return paymentsStore.updatePayment(tx, current, change, at)
      },
      enterPosting: (tx, posting, context) =>
        paymentsStore.enterPosting(tx, { ...posting, id: `${posting.id} ${tables.entries.cells.length}` }, context),
    },
  }
}

function placedTwice({ bookingStore }: Parts, { database, tables }: Ground): Partial<Parts> {
  return {
    bookingStore: {
      ...bookingStore,
      insertBooking: (tx, booking, placedBy) =>
        database.statement(tx, 'insertBooking', (own) => insert(own, tables.bookings, { booking, placedBy, writes: 0 })),
    },
  }
}
