import { toMoneyText } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { StayQuery } from '../../travel/stay.ts'
import type { Call, StayOrder, StaySupplier, WriteOutcome } from '../contract.ts'
import { isFailure, read, search, toUnreadReply, write, type Deps } from './exchange.ts'
import { createCommon } from './flights.ts'
import { toReservation } from './from-wire-booking.ts'
import { readContent, readStayPrice, readStays, readWritten } from './read-reply.ts'

const PROPERTIES_MAX = 500

/** Testwire's stays. The confirmed booking is the voucher. */
export function createStays(deps: Deps): StaySupplier {
  const { clock } = deps
  return {
    propertiesMax: PROPERTIES_MAX,
    shop: (query, call) => search(deps, '/stays/searches', call, toSearch(query)),
    readShop: (reply) => readStays(toUnreadReply(reply), clock.now()),
    price: async (offer, call) => readStayPrice(await read(deps, '/offers/verify', call, { offer: offer.supplierToken }), clock.now()),
    book: (order, call) => book(deps, order, call),
    ...createCommon(deps),
    content: async (cursor, call) =>
      readContent(
        await read(deps, `/stays/properties${cursor === null ? '' : `?${new URLSearchParams({ after: cursor }).toString()}`}`, call),
      ),
  }
}

function toSearch({ properties, checkIn, checkOut, rooms, guestCountry, currency }: StayQuery): object {
  return {
    properties,
    check_in: checkIn,
    check_out: checkOut,
    rooms: rooms.map(({ adults, childAges }) => ({ adults, child_ages: childAges })),
    guest_country: guestCountry,
    currency,
  }
}

async function book(deps: Deps, { reference, offer, guests, contact }: StayOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const reply = await write(deps, '/stays/bookings', call, {
    reference,
    offer: offer.supplierToken,
    expected_total: toMoneyText(offer.total),
    guests: guests.map(({ room, isLead, title, givenName, familyName, age }) => ({
      room,
      lead: isLead,
      title,
      given_name: givenName,
      family_name: familyName,
      age,
    })),
    contact,
  })
  return isFailure(reply) ? reply : readWritten(reply, toReservation)
}
