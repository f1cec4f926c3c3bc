import type { Booking, BookingItem } from '../../src/booking/booking.ts'
import type { BookingStatus } from '../../src/booking/machine/index.ts'
import { committed, type BookingRow } from './memory/tables.ts'
import type { Session } from './gateway.ts'
import type { Held } from './supplier.ts'
import type { System } from './system.ts'

/** A promise that was broken: which (I1–I12 of the fault matrix), and how. */
export type Violation = { readonly invariant: string; readonly detail: string }

/** The ways a booking may go; written down here again, so that the product's own table is checked and not believed. */
const FOLLOWERS: Readonly<Record<BookingStatus, readonly BookingStatus[]>> = {
  INIT: ['PENDING_PAYMENT', 'CANCELLED'],
  PENDING_PAYMENT: ['PAID', 'CANCELLED'],
  PAID: ['PENDING_TICKET', 'REFUND_PENDING'],
  PENDING_TICKET: ['TICKETED', 'REFUND_PENDING', 'CANCELLED'],
  TICKETED: [],
  REFUND_PENDING: ['REFUNDED'],
  // A refund that banks send back was none.
  REFUNDED: ['REFUND_PENDING'],
  // Late money for what is still sold at the price reinstates it.
  CANCELLED: ['PAID'],
}
const OWNED = new Set(['unknown_outcome', 'orphan_reservation'])

export type Watch = {
  /** What must be true at every moment. */
  readonly checkSafety: () => Violation | null
  /** What must be true when nothing is under way any more. */
  readonly checkRest: () => Violation | null
  readonly reset: () => void
}

/**
 * Holds our records against the books of the supplier and of the gateway. Nothing is compared with itself: what we say
 * of a ticket is looked up at the supplier, what we say of money at the gateway.
 */
export function createWatch(system: System): Watch {
  const { tables, gateway, supplier } = system
  const seen = new Map<string, BookingRow>()
  let inboxSeen = 0

  function sessionsOf(booking: Booking): Session[] {
    const ids = new Set<string>()
    for (const { committed: row } of tables.payments.cells) if (row?.payment.bookingId === booking.id) ids.add(row.payment.id)
    return gateway.books.sessions.filter((session) => ids.has(session.paymentId))
  }
  /** What the supplier has under the references of the item at this position: two for each. */
  const heldOf = (booking: Booking, position: number): Held[] =>
    supplier.books.held.filter(({ reference }) => {
      if (!reference.startsWith(booking.reference)) return false
      return Math.floor((Number(reference.slice(booking.reference.length + 1)) - 1) / 2) === position
    })
  const liveOf = (booking: Booking, position: number): number => heldOf(booking, position).reduce((sum, one) => sum + one.live, 0)

  /** Whether a person has the booking, one of its payments or of its refunds on the list. */
  function isOwned(booking: Booking, kinds?: ReadonlySet<string>): boolean {
    return tables.workItems.cells.some(({ committed: item }) => {
      if (item?.state !== 'open' || (kinds && !kinds.has(item.kind))) return false
      return item.subjectId === booking.id || ownerOf(item.subjectId) === booking.id
    })
  }
  /** Whether the sweep is after something that the supplier does hold. */
  function isSearchedFor(booking: Booking): boolean {
    return tables.orphans.cells.some(({ committed: row }) => {
      if (row?.orphan.bookingId !== booking.id || row.nextLookAt === null) return false
      return supplier.books.held.some((held) => held.reference === row.orphan.reference && held.status === 'active')
    })
  }
  function ownerOf(subjectId: string): string | undefined {
    for (const { committed: row } of tables.payments.cells) if (row?.payment.id === subjectId) return row.payment.bookingId
    for (const { committed: row } of tables.refunds.cells) if (row?.refund.id === subjectId) return row.refund.bookingId
    return undefined
  }

  function checkMove(row: BookingRow): Violation | null {
    const before = seen.get(row.booking.id)
    if (before === row) return null
    seen.set(row.booking.id, row)
    const { booking } = row
    if (booking.version !== row.writes + 1)
      return broken('I7', `${booking.id} was written ${row.writes} times and is at version ${booking.version}: a change was lost`)
    if (!before || before.booking.status === booking.status) return null
    return isReachable(before.booking.status, booking.status)
      ? null
      : broken('I7', `${booking.id} went from ${before.booking.status} to ${booking.status}`)
  }

  function checkBooking(booking: Booking): Violation | null {
    const sessions = sessionsOf(booking)
    let kept = 0
    for (const session of sessions) {
      kept += session.captured - session.refunded
      if (session.refunded > session.captured)
        return broken('I12', `${session.paymentId}: the gateway gave back ${session.refunded} of ${session.captured}`)
      if (session.amount.amount > booking.total.amount || session.amount.currency !== booking.total.currency)
        return broken('I6', `${session.paymentId} asks for ${session.amount.amount}, shown was ${booking.total.amount}`)
    }
    let covered = 0
    for (const [position, item] of booking.items.entries()) {
      const held = heldOf(booking, position)
      const live = held.reduce((sum, one) => sum + one.live, 0)
      const seats = booking.passengers.length
      if (live > seats) return broken('I4', `${item.id}: the supplier has ${live} live tickets for ${seats} passengers`)
      if (live > 0) covered += item.price.amount
      const active = held.filter((one) => one.status === 'active')
      if (active.length > 1 && !isOwned(booking, OWNED))
        return broken('I2', `${item.id}: the supplier holds ${active.length} reservations for it`)
      const isSold = booking.status === 'TICKETED' && item.position === 'ticketed'
      if (isSold && !active.some((one) => one.pnr === item.pnr && one.live >= seats))
        return broken('I1', `${item.id} is ticketed as ${item.pnr}; the supplier has ${live} live tickets`)
    }
    if (kept < covered && !isOwned(booking, OWNED))
      return broken('I3', `${booking.id}: live tickets for ${covered} while the gateway holds ${kept}`)
    return null
  }

  function checkLedger(): Violation | null {
    let sum = 0
    for (const { committed: entry } of tables.entries.cells) sum += entry?.amount.amount ?? 0
    // Postings are committed whole, so that there is no moment at which the sum is anything else.
    return sum === 0 ? null : broken('I5', `the ledger sums to ${sum}`)
  }

  /** An offer that was made for one traveller is sold to one. */
  function checkPrivateOffers(): Violation | null {
    const [first] = tables.offers.cells
    if (!first?.committed?.verified.isPrivate) return null
    const buyers = committed(tables.bookings).filter(({ booking }) => booking.items[0]!.offer.id === first.committed!.verified.offer.id)
    return buyers.length > 1 ? broken('I2', `an offer made for one is sold to ${buyers.length}`) : null
  }

  function checkInbox(): Violation | null {
    if (tables.inbox.cells.length === inboxSeen) return null
    const keys = committed(tables.inbox).map((item) => item.dedupeKey)
    if (keys.length === tables.inbox.cells.length) inboxSeen = keys.length
    return new Set(keys).size === keys.length ? null : broken('I5', 'an announcement of the gateway was taken in twice')
  }

  function checkSettled(booking: Booking): Violation | null {
    const sessions = sessionsOf(booking)
    const kept = sessions.reduce((sum, session) => sum + session.captured - session.refunded, 0)
    if (isSearchedFor(booking)) return broken('I9', `${booking.id} left a reservation with its supplier that the sweep never cancels`)
    const hasOwner = isOwned(booking)
    const live = booking.items.filter((_, position) => liveOf(booking, position) > 0)
    const owed = live.reduce((sum: number, item: BookingItem) => sum + item.price.amount, 0)
    if (kept !== owed && !hasOwner)
      return broken(
        'I1',
        `${booking.id} rests as ${booking.status} with live tickets for ${owed}; the gateway holds ${kept} of the customer's money`,
      )
    const isIdle = booking.items.some((_, position) => {
      const held = heldOf(booking, position)
      return held.some((one) => one.status === 'active') && held.every((one) => one.live === 0)
    })
    if (isIdle && !hasOwner) return broken('I2', `${booking.id} rests as ${booking.status}; the supplier still holds seats for it`)
    const back = Math.max(0, ...sessions.map((session) => session.refunded))
    if (booking.status === 'REFUNDED' && back < booking.total.amount)
      return broken('I1', `${booking.id} rests as REFUNDED; the gateway has given back ${back} of ${booking.total.amount}`)
    const accounts = { customer_due: 0, gateway: 0, sale: 0, refund_due: 0, written_off: 0, suspense: 0, supplier_due: 0 }
    for (const { committed: entry } of tables.entries.cells)
      if (entry?.bookingId === booking.id) accounts[entry.account] += entry.amount.amount
    const isMismatched = tables.payments.cells.some(
      ({ committed: row }) => row?.payment.bookingId === booking.id && row.payment.mismatchedAt !== null,
    )
    if (accounts.gateway !== kept && !isMismatched)
      return broken('I5', `${booking.id}: our ledger has ${accounts.gateway} at the gateway, the gateway ${kept}`)
    if ((accounts.customer_due !== 0 || accounts.refund_due !== 0) && !hasOwner)
      return broken('I5', `${booking.id} rests with ${accounts.customer_due} due from and ${accounts.refund_due} due to the customer`)
    if (booking.status === 'TICKETED' || booking.status === 'REFUNDED' || booking.status === 'CANCELLED') return null
    return hasOwner ? null : broken('I9', `${booking.id} stays ${booking.status} and nobody has it on a list`)
  }

  return {
    checkSafety: () => {
      for (const { committed: row } of tables.bookings.cells) {
        if (row === undefined) continue
        const violation = checkMove(row) ?? checkBooking(row.booking)
        if (violation) return violation
      }
      return checkLedger() ?? checkInbox() ?? checkPrivateOffers()
    },
    checkRest: () => {
      for (const row of committed(tables.attempts))
        if (row.state === 'sent' || row.state === 'unknown') return broken('I9', `${row.id} (${row.operation}) is never decided`)
      for (const { payment } of committed(tables.payments))
        if (payment.status === 'open' && payment.mismatchedAt === null) return broken('I9', `${payment.id} stays open`)
      for (const { refund } of committed(tables.refunds))
        if (refund.status === 'requested' || refund.status === 'pending') return broken('I9', `${refund.id} stays ${refund.status}`)
      if (committed(tables.pending).length > 0) return broken('I9', 'a reaction is never done')
      if (committed(tables.events).some((event) => !event.isPublished)) return broken('I9', 'an event is never handed on')
      for (const { booking } of committed(tables.bookings)) {
        const violation = checkSettled(booking)
        if (violation) return violation
      }
      return null
    },
    reset: () => {
      seen.clear()
      inboxSeen = 0
    },
  }
}

function broken(invariant: string, detail: string): Violation {
  return { invariant, detail }
}

/** Whether it may become that; what is paid at the property is confirmed without a payment. */
function isReachable(from: BookingStatus, to: BookingStatus): boolean {
  return FOLLOWERS[from].includes(to) || (from === 'INIT' && to === 'PAID')
}
