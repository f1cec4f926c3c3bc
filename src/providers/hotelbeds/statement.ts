import { parseInstant, type LocalDate } from '../../kernel/time.ts'
import type { Call, SupplierStatementLine } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { read, type Deps } from './exchange.ts'
import { HOTELBEDS } from './faults.ts'
import { toReservation } from './from-wire-booking.ts'
import { readBookings } from './read-reply.ts'
import { BOOKINGS_PER_PAGE } from './to-wire.ts'

const PAGES_MAX = 2_000

/**
 * The bookings made on a day, by Hotelbeds' calendar, as they stand now. A cancelled one's amount is what cancelling has cost,
 * which is not what it was sold for.
 */
export async function* statement(deps: Deps, day: LocalDate, call: Call): AsyncGenerator<SupplierStatementLine> {
  const at = parseInstant(`${day}T12:00:00Z`)
  const timeoutMs = deps.settings.limits.readTimeoutMs
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const first = 1 + page * BOOKINGS_PER_PAGE
    const query = new URLSearchParams({
      filterType: 'CREATION',
      status: 'ALL',
      start: day,
      end: day,
      from: String(first),
      to: String(first + BOOKINGS_PER_PAGE - 1),
    })
    const { bookings, count } = readBookings(
      await read(deps, { method: 'GET', path: `/hotel-api/1.0/bookings?${query.toString()}`, timeoutMs }, call),
    )
    for (const wire of bookings) {
      const reservation = toReservation(wire)
      const isLive = reservation.status !== 'cancelled'
      yield {
        lineId: wire.reference,
        status: isLive ? 'live' : 'cancelled',
        reference: wire.clientReference ?? null,
        supplierRef: wire.reference,
        amount: isLive ? reservation.total : null,
        at,
      }
    }
    if (count < BOOKINGS_PER_PAGE) return
  }
  throw new ProviderError(HOTELBEDS, 'refused', `more than ${PAGES_MAX * BOOKINGS_PER_PAGE} bookings would have to be looked through`)
}
