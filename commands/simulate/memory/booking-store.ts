import { StaleBooking, type Booking } from '../../../src/booking/booking.ts'
import type { Attempt } from '../../../src/booking/attempt.ts'
import type { BookingStore } from '../../../src/booking/index.ts'
import { plusMs } from '../../../src/kernel/time.ts'
import type { MemoryDeps } from './memory-deps.ts'
import { createOrphanStore } from './orphan-store.ts'
import type { BookingRow } from './tables.ts'
import { findCell, insert, list, lock, read, take, write, type UniqueKey } from './transactions.ts'

const bookingKeys: readonly UniqueKey<BookingRow>[] = [
  { name: 'bookings_placed_by_key', of: (row) => row.placedBy },
  { name: 'bookings_reference_key', of: (row) => row.booking.reference },
]
const attemptKeys: readonly UniqueKey<Attempt>[] = [
  { name: 'attempts_reference_operation_key', of: (attempt) => `${attempt.reference} ${attempt.operation}` },
  { name: 'attempts_undecided', of: (attempt) => (isUndecided(attempt) ? attempt.bookingId : null) },
]

const OPERATIONS = ['book', 'ticket', 'cancel']

const isUndecided = (attempt: Attempt): boolean => attempt.state === 'sent' || attempt.state === 'unknown'

const TRAVELS: readonly string[] = ['PAID', 'PENDING_TICKET', 'TICKETED']

const isOnItsWay = ({ status, paymentRequiredBy }: Booking, time: number): boolean =>
  TRAVELS.includes(status) || ((status === 'INIT' || status === 'PENDING_PAYMENT') && paymentRequiredBy > time)

/** Booking's store in memory, statement for statement what src/booking keeps in Postgres. */
export function createBookingStore(memory: MemoryDeps): BookingStore {
  const { database, tables, newId, now } = memory
  const { statement } = database
  return {
    ...createOrphanStore(memory),
    findBooking: (handle, id) =>
      statement(handle, 'findBooking', (tx) => {
        const cell = findCell(tx, tables.bookings, (row) => row.booking.id === id)
        return cell && read(tx, cell)!.booking
      }),
    findBookingPlacedBy: (handle, placedBy) =>
      statement(handle, 'findBookingPlacedBy', (tx) => {
        const cell = findCell(tx, tables.bookings, (row) => row.placedBy === placedBy)
        return cell && read(tx, cell)!.booking
      }),
    insertBooking: (tx, booking, placedBy, duplicateKey) =>
      statement(tx, 'insertBooking', (own) => insert(own, tables.bookings, { booking, placedBy, duplicateKey, writes: 0 }, bookingKeys)),
    // Without the lock on the key: no world's order refuses duplicates.
    findDuplicate: (tx, key) =>
      statement(tx, 'findDuplicate', (own) => {
        const time = now()
        return list(own, tables.bookings, (row) => row.duplicateKey === key && isOnItsWay(row.booking, time))[0]?.booking.reference
      }),
    listBookingIds: (db, filter) =>
      statement(db, 'listBookingIds', (tx) =>
        list(tx, tables.bookings, ({ booking }) => filter.statuses.includes(booking.status) && booking.updatedAt < filter.untouchedSince)
          .toSorted((a, b) => a.booking.updatedAt - b.booking.updatedAt)
          .slice(0, filter.limit)
          .map((row) => row.booking.id),
      ),
    listUnpaidBookingIds: (db, limit) =>
      statement(db, 'listUnpaidBookingIds', (tx) => {
        const time = now()
        return list(
          tx,
          tables.bookings,
          ({ booking }) => (booking.status === 'INIT' || booking.status === 'PENDING_PAYMENT') && booking.paymentRequiredBy < time,
        )
          .toSorted((a, b) => a.booking.paymentRequiredBy - b.booking.paymentRequiredBy)
          .slice(0, limit)
          .map((row) => row.booking.id)
      }),
    listLatePaymentBookingIds: (db, filter) =>
      statement(db, 'listLatePaymentBookingIds', (tx) =>
        list(tx, tables.bookings, ({ booking }) => booking.latePaymentId !== null && booking.updatedAt < filter.untouchedSince)
          .toSorted((a, b) => a.booking.updatedAt - b.booking.updatedAt)
          .slice(0, filter.limit)
          .map((row) => row.booking.id),
      ),
    isSupplierRefTaken: (db, booking, supplierRef) =>
      statement(
        db,
        'isSupplierRefTaken',
        (tx) =>
          findCell(
            tx,
            tables.attempts,
            (attempt) =>
              attempt.provider === booking.provider && attempt.bookingId !== booking.id && attempt.reservation?.supplierRef === supplierRef,
          ) !== undefined,
      ),
    updateBooking: (tx, before, after, at) =>
      statement(tx, 'updateBooking', (own) => {
        const cell = findCell(own, tables.bookings, (row) => row.booking.id === before.id)
        const row = cell && lock(own, cell)
        if (!row || row.booking.version !== before.version) throw new StaleBooking(`${before.id} is no longer at version ${before.version}`)
        const next: Booking = { ...after, version: before.version + 1, updatedAt: at }
        write(own, cell, { ...row, booking: next, writes: row.writes + 1 })
        return next
      }),

    insertAttempt: (tx, { overdueAt, ...attempt }) =>
      statement(tx, 'insertAttempt', (own) => {
        const row: Attempt = {
          ...attempt,
          id: newId('att'),
          state: 'sent',
          reason: null,
          answeredAt: null,
          probes: 0,
          nextProbeAt: overdueAt,
        }
        insert(own, tables.attempts, row, attemptKeys)
        return row
      }),
    listAttempts: (handle, bookingId) =>
      statement(handle, 'listAttempts', (tx) =>
        list(tx, tables.attempts, (attempt) => attempt.bookingId === bookingId).toSorted(
          (a, b) =>
            a.reference.length - b.reference.length ||
            (a.reference === b.reference
              ? OPERATIONS.indexOf(a.operation) - OPERATIONS.indexOf(b.operation)
              : a.reference < b.reference
                ? -1
                : 1),
        ),
      ),
    reopenAttempt: (tx, id, again) =>
      statement(tx, 'reopenAttempt', (own) => {
        const cell = findCell(own, tables.attempts, (attempt) => attempt.id === id)
        const attempt = cell && lock(own, cell)
        if (attempt?.state !== 'rejected' || attempt.reason !== 'not_sent') return undefined
        const next: Attempt = {
          ...attempt,
          state: 'sent',
          reason: null,
          answeredAt: null,
          probes: attempt.probes + 1,
          sentAt: again.sentAt,
          nextProbeAt: again.overdueAt,
          horizonAt: again.horizonAt,
        }
        write(own, cell!, next)
        return next
      }),
    answerAttempt: (tx, id, answer) =>
      statement(tx, 'answerAttempt', (own) => {
        const cell = findCell(own, tables.attempts, (attempt) => attempt.id === id)
        const attempt = cell && lock(own, cell)
        if (!attempt || !isUndecided(attempt)) return undefined
        const next: Attempt = {
          ...attempt,
          state: answer.state,
          answeredAt: answer.answeredAt,
          nextProbeAt: answer.nextProbeAt ?? null,
          ...(answer.reservation !== undefined && { reservation: answer.reservation }),
          ...(answer.reason !== undefined && { reason: answer.reason }),
        }
        write(own, cell!, next)
        return next
      }),
    claimDueAttempts: (db, options) =>
      statement(db, 'claimDueAttempts', (tx) =>
        take(tx, tables.attempts, {
          isWanted: (attempt) => isUndecided(attempt) && attempt.nextProbeAt !== null && attempt.nextProbeAt <= options.now,
          by: (attempt) => attempt.nextProbeAt!,
          limit: options.limit,
        }).map((cell) => {
          const leased = { ...read(tx, cell)!, nextProbeAt: plusMs(options.now, options.leaseMs) }
          write(tx, cell, leased)
          return leased
        }),
      ),
    postponeProbe: (handle, id, probes, nextProbeAt) =>
      statement(handle, 'postponeProbe', (tx) => {
        const cell = findCell(tx, tables.attempts, (attempt) => attempt.id === id)
        const attempt = cell && lock(tx, cell)
        if (attempt && isUndecided(attempt)) write(tx, cell!, { ...attempt, state: 'unknown', probes, nextProbeAt })
      }),

    saveVerifiedOffer: (db, verified) =>
      statement(db, 'saveVerifiedOffer', (tx) => {
        const cell = findCell(tx, tables.offers, (row) => row.verified.offer.id === verified.offer.id)
        if (cell) write(tx, cell, { ...lock(tx, cell)!, verified })
        else
          insert(tx, tables.offers, { verified, bookingId: null }, [{ name: 'verified_offers_pkey', of: (row) => row.verified.offer.id }])
      }),
    findVerifiedOffer: (db, offerId) =>
      statement(db, 'findVerifiedOffer', (tx) => {
        const cell = findCell(tx, tables.offers, (row) => row.verified.offer.id === offerId)
        return cell && read(tx, cell)!.verified
      }),
    takePrivateOffer: (tx, offerId, bookingId) =>
      statement(tx, 'takePrivateOffer', (own) => {
        const cell = findCell(own, tables.offers, (row) => row.verified.offer.id === offerId)
        const row = cell && lock(own, cell)
        if (!row || row.bookingId !== null) return false
        write(own, cell!, { ...row, bookingId })
        return true
      }),
    forgetVerifiedOffers: (db, before) =>
      statement(db, 'forgetVerifiedOffers', (tx) => {
        const cells = take(tx, tables.offers, {
          isWanted: (row) => row.verified.bookableUntil < before,
          by: (row) => row.verified.bookableUntil,
          limit: Number.POSITIVE_INFINITY,
        })
        for (const cell of cells) write(tx, cell, undefined)
        return cells.length
      }),

    isNoticeSent: (db, bookingId, kind) =>
      statement(
        db,
        'isNoticeSent',
        (tx) => findCell(tx, tables.notices, (row) => row.bookingId === bookingId && row.kind === kind) !== undefined,
      ),
    noteNotice: (db, bookingId, kind) =>
      statement(db, 'noteNotice', (tx) => {
        if (!findCell(tx, tables.notices, (row) => row.bookingId === bookingId && row.kind === kind))
          insert(tx, tables.notices, { bookingId, kind })
      }),
  }
}
