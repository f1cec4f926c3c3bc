import type { FlightQuery } from '../../travel/flight.ts'
import type { Passenger } from '../../travel/passenger.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { toMoneyText } from '../../kernel/money.ts'
import type { Call, FlightOrder, FlightSupplier, WriteOutcome } from '../contract.ts'
import { isFailure, read, search, toUnreadReply, write, type Deps } from './exchange.ts'
import { toReservation } from './from-wire-booking.ts'
import { toAirlineChange, toFareRules, toSeatMap } from './from-wire-flight.ts'
import { toRefundQuote } from './from-wire-booking.ts'
import { readCancelled, readFlightPrice, readFlights, readFound, readReservation, readThing, readWritten } from './read-reply.ts'
import { wireChanges, wireFareRules, wireQuote, wireSeatMaps } from './wire.ts'

/** Testwire's flights. A booking is reserved first and paid by its ticketing; a hold may be ticketed for a day. */
export function createFlights(deps: Deps): FlightSupplier {
  return {
    shop: (query, call) => search(deps, '/flights/searches', call, toSearch(query, deps.settings.currency)),
    readShop: (reply) => readFlights(toUnreadReply(reply)),
    price: async (offer, call) => readFlightPrice(await read(deps, '/offers/verify', call, { offer: offer.supplierToken }), offer.solution),
    book: (order, call) => book(deps, '/flights/bookings', order, call),
    hold: (order, call) => book(deps, '/flights/holds', order, call),
    ticket: async ({ reservation, total }, call) => {
      const reply = await write(deps, pathOf(reservation.supplierRef, '/tickets'), call, { expected_total: toMoneyText(total) })
      return isFailure(reply) ? reply : readWritten(reply, (booking) => toReservation(booking).tickets)
    },
    ...createCommon(deps),
    void: async (reservation, ticket, call) => {
      const reply = await write(deps, pathOf(reservation.supplierRef, '/void'), call, { ticket })
      return isFailure(reply) ? reply : readWritten(reply, () => null)
    },
    quoteRefund: async ({ supplierRef }, call) =>
      readThing(await read(deps, pathOf(supplierRef, '/refund-quotes'), call, {}), wireQuote, ({ quote }) => toRefundQuote(quote)),
    refund: async ({ supplierRef }, quote, call) => {
      const reply = await write(deps, pathOf(supplierRef, '/refunds'), call, { quote: quote.supplierToken })
      return isFailure(reply) ? reply : readCancelled(reply)
    },
    seatMaps: async (offer, call) => {
      const cabins = offer.slices.flatMap(({ segments }) => segments.map(({ cabin }) => cabin))
      const reply = await read(deps, '/offers/seat-maps', call, { offer: offer.supplierToken })
      return readThing(reply, wireSeatMaps, ({ seat_maps: maps }) => maps.map((map) => toSeatMap(map, cabins[map.segment] ?? null)))
    },
    fareRules: async (offer, call) =>
      readThing(await read(deps, '/offers/fare-rules', call, { offer: offer.supplierToken }), wireFareRules, ({ fare_rules: rules }) =>
        rules.map(toFareRules),
      ),
    airlineChanges: async (supplierRef, call) =>
      readThing(await read(deps, pathOf(supplierRef, '/changes'), call), wireChanges, ({ changes }) => changes.map(toAirlineChange)),
    acceptAirlineChange: async (supplierRef, change, call) => {
      const reply = await write(deps, pathOf(supplierRef, '/changes'), call, { change })
      return isFailure(reply) ? reply : readWritten(reply, toReservation)
    },
  }
}

/** What is done with a booking whatever was sold. */
export function createCommon(deps: Deps): {
  retrieve: FlightSupplier['retrieve']
  find: (query: { readonly reference: string }, call: Call) => ReturnType<FlightSupplier['find']>
  cancel: FlightSupplier['cancel']
} {
  return {
    retrieve: async (supplierRef, call) => readReservation(await read(deps, pathOf(supplierRef), call)),
    find: async ({ reference }, call) =>
      readFound(await read(deps, `/bookings?${new URLSearchParams({ reference }).toString()}`, call), reference),
    cancel: async ({ supplierRef }, call) => {
      const reply = await write(deps, pathOf(supplierRef, '/cancel'), call, {})
      return isFailure(reply) ? reply : readCancelled(reply)
    },
  }
}

function toSearch({ slices, passengers, cabin }: FlightQuery, currency: string): object {
  return {
    slices: slices.map(({ origin, destination, departureDate }) => ({ origin, destination, departure_date: departureDate })),
    passengers,
    cabin,
    currency,
  }
}

async function book(deps: Deps, path: string, order: FlightOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const reply = await write(deps, path, call, {
    reference: order.reference,
    offer: order.offer.supplierToken,
    expected_total: toMoneyText(order.offer.total),
    passengers: order.passengers.map(toPassenger),
    contact: order.contact,
  })
  return isFailure(reply) ? reply : readWritten(reply, toReservation)
}

/** The first passenger is the lead: the name that a scenario is chosen by. */
function toPassenger(passenger: Passenger, at: number): object {
  const { type, title, givenName, familyName, bornOn, gender } = passenger
  return { type, lead: at === 0, title, given_name: givenName, family_name: familyName, born_on: bornOn, gender }
}

function pathOf(supplierRef: string, rest = ''): string {
  return `/bookings/${encodeURIComponent(supplierRef)}${rest}`
}
