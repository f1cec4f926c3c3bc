import type { Instant } from '../../kernel/time.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { StayOffer } from '../../travel/stay.ts'
import type { Cancellation, ContentPage, FindReply, PriceReplyOf, ShopReply, StayShopReply, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { findGone, isSuccess, TESTWIRE, toReadError, toWriteFailure, unknown, type Reply } from './faults.ts'
import { toCancellation, toReservation } from './from-wire-booking.ts'
import { toFlightOffer } from './from-wire-flight.ts'
import { toProperty, toStayOffer } from './from-wire-stay.ts'
import {
  wireBooking,
  wireBookings,
  wireFlightOffer,
  wireOffer,
  wireOffers,
  wireProperties,
  wireProperty,
  wireStayOffer,
  type WireBooking,
} from './wire.ts'

/** Reads a search for flights. Every offer is a solution of its own. Throws ProviderError. */
export function readFlights(reply: Reply): ShopReply {
  return readOffers(reply, (wire, at) => (wireFlightOffer.Check(wire) ? toFlightOffer(wire, at) : undefined))
}

/** Reads a search for stays. Throws ProviderError. */
export function readStays(reply: Reply, now: Instant): StayShopReply {
  const { offers } = readOffers(reply, (wire) => (wireStayOffer.Check(wire) ? toStayOffer(wire, now) : undefined))
  return { solutions: new Set(offers.map(({ property }) => property)).size, offers }
}

/** An offer that cannot be read is counted and not sold; when none can be, the message is malformed. */
function readOffers<Offer>(reply: Reply, toOffer: (wire: unknown, at: number) => Offer | undefined) {
  if (!isSuccess(reply) || !wireOffers.Check(reply.body)) throw toReadError(reply)
  const wires = reply.body.offers
  const offers = wires.flatMap((wire, at) => tolerate(() => toOffer(wire, at)) ?? [])
  if (wires.length > 0 && offers.length === 0)
    throw new ProviderError(TESTWIRE, 'malformed', `none of the ${wires.length} offers could be read`)
  return { solutions: wires.length, offers }
}

function tolerate<T>(read: () => T | undefined): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Reads a verification of a flight: still sold, or gone. Throws ProviderError. */
export function readFlightPrice(reply: Reply, solution: number): PriceReplyOf<FlightOffer> {
  return readPrice(reply, (wire) => (wireFlightOffer.Check(wire) ? toFlightOffer(wire, solution) : undefined))
}

/** Reads a verification of a stay. Throws ProviderError. */
export function readStayPrice(reply: Reply, now: Instant): PriceReplyOf<StayOffer> {
  return readPrice(reply, (wire) => (wireStayOffer.Check(wire) ? toStayOffer(wire, now) : undefined))
}

function readPrice<Offer>(reply: Reply, toOffer: (wire: unknown) => Offer | undefined): PriceReplyOf<Offer> {
  const gone = findGone(reply)
  if (gone) return { outcome: 'gone', ...gone }
  if (!isSuccess(reply) || !wireOffer.Check(reply.body)) throw toReadError(reply)
  const { offer: wire } = reply.body
  const offer = tolerate(() => toOffer(wire))
  if (!offer) throw new ProviderError(TESTWIRE, 'malformed', 'the offer could not be read')
  return { outcome: 'priced', offer }
}

/** Reads a thing that was asked for, in whatever form it has. Throws ProviderError. */
export function readThing<Wire, Thing>(
  reply: Reply,
  schema: { Check: (body: unknown) => body is Wire },
  toThing: (wire: Wire) => Thing,
): Thing {
  if (!isSuccess(reply) || !schema.Check(reply.body)) throw toReadError(reply)
  const { body } = reply
  const thing = tolerate(() => toThing(body))
  if (thing === undefined) throw new ProviderError(TESTWIRE, 'malformed', 'an amount or a time could not be read')
  return thing
}

/** Reads a booking that was asked for. Throws ProviderError. */
export function readReservation(reply: Reply): Reservation {
  return readThing(reply, wireBooking, ({ booking }) => toReservation(booking))
}

/** Reads what is there under a reference of ours: one that stands, otherwise a cancelled one. Throws ProviderError. */
export function readFound(reply: Reply, reference: string): FindReply {
  const found = readThing(reply, wireBookings, ({ bookings }) =>
    bookings.filter((booking) => booking.reference === reference).map(toReservation),
  )
  const reservation = found.find(({ status }) => status === 'active') ?? found[0]
  return reservation ? { outcome: 'found', reservation } : { outcome: 'absent' }
}

/** Reads what became of a write that answers with the booking. */
export function readWritten<T>(reply: Reply, toValue: (booking: WireBooking) => T): WriteOutcome<T> {
  if (reply.status === 202 || !isSuccess(reply) || !wireBooking.Check(reply.body)) return toWriteFailure(reply)
  const { booking } = reply.body
  const value = tolerate(() => ({ of: toValue(booking) }))
  return value ? { outcome: 'ok', value: value.of } : unknown('malformed', 'an amount of the booking could not be read')
}

/** Reads a cancellation: only a booking that is cancelled is one. */
export function readCancelled(reply: Reply): WriteOutcome<Cancellation> {
  const result = readWritten(reply, (booking) => ({ status: booking.status, cancellation: toCancellation(booking) }))
  if (result.outcome !== 'ok') return result
  if (result.value.status !== 'cancelled') return unknown('unrecognised', 'Testwire answered a cancellation with a booking that stands')
  return { outcome: 'ok', value: result.value.cancellation }
}

/** Reads a page of the static content. Throws ProviderError. */
export function readContent(reply: Reply): ContentPage {
  return readThing(reply, wireProperties, ({ properties, total, next }) => ({
    properties: properties.flatMap((wire) => (wireProperty.Check(wire) ? [toProperty(wire)] : [])),
    total,
    next,
  }))
}
