import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import type { Reservation, Ticket } from '../../travel/reservation.ts'
import type { Cancellation, PriceReply, ShopReply, WriteOutcome } from '../contract.ts'
import {
  DUFFEL,
  PAYMENT_REJECTIONS,
  findErrors,
  findGone,
  toReadError,
  toWriteFailure,
  unknown,
  type Rejections,
  type WriteFailure,
} from './faults.ts'
import { toOffer, toShopReply } from './from-wire-offer.ts'
import { toCancellation, toReservation, toTickets } from './from-wire-order.ts'
import { ProviderError } from '../errors.ts'
import {
  wireCancellationReply,
  wireOfferReply,
  wireOfferRequest,
  wireOrderReply,
  wirePaymentReply,
  type WireCancellation,
  type WireOrder,
} from './wire.ts'

/** A whole reply: its status, null for a message that came without one, and its body, undefined when it was not JSON. */
export type Reply = { readonly status: number | null; readonly body: unknown }

/** The reply's text as a {@link Reply}. JSON.parse keeps to the byte cap of the transport and recurses nowhere. */
export function toReply(status: number | null, text: string): Reply {
  try {
    return { status, body: JSON.parse(text) as unknown }
  } catch {
    return { status, body: undefined }
  }
}

/** Reads an offer request that returned its offers; `query` is what was asked, where that is known. Throws ProviderError. */
export function readShop(reply: Reply, query: FlightQuery | null = null): ShopReply {
  if (!isSuccess(reply) || !wireOfferRequest.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  const { solutions, offers } = toShopReply(reply.body.data.offers, query)
  if (solutions > 0 && offers.length === 0) throw new ProviderError(DUFFEL, 'malformed', `none of the ${solutions} offers could be read`)
  return { solutions, offers }
}

/** Reads one offer, asked for live: still sold, or gone. Throws ProviderError. */
export function readPrice(reply: Reply, solution: number): PriceReply {
  const errors = findErrors(reply.body)
  const gone = errors && findGone(errors)
  if (gone) return { outcome: 'gone', ...gone }
  if (!isSuccess(reply) || !wireOfferReply.Check(reply.body)) throw toReadError(errors, reply.status)
  const wire = reply.body.data
  return { outcome: 'priced', offer: orMalformed((): FlightOffer => toOffer(wire, solution)) }
}

/** Reads an order that was asked for. Throws ProviderError. */
export function readOrder(reply: Reply): { readonly reservation: Reservation; readonly wire: WireOrder } {
  if (!isSuccess(reply) || !wireOrderReply.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  const wire = reply.body.data
  return { reservation: orMalformed(() => toReservation(wire)), wire }
}

/** Reads what became of creating an order. A 202 means that the outcome comes later: nobody knows it yet. */
export function readBooking(reply: Reply): WriteOutcome<Reservation> {
  if (reply.status === 202) return unknown('pending', 'Duffel has accepted the order and not yet made it')
  if (!isSuccess(reply) || !wireOrderReply.Check(reply.body)) return readWriteFailure(reply)
  const wire = reply.body.data
  return orUnknown(() => toReservation(wire))
}

/** Reads a cancellation: the quote when it has just been made, and the deed once `confirmed_at` is set. */
export function readCancellation(
  reply: Reply,
  ofOperation: Rejections = {},
): WriteOutcome<{ readonly wire: WireCancellation; readonly cancellation: Cancellation }> {
  if (reply.status === 202 || !isSuccess(reply) || !wireCancellationReply.Check(reply.body)) return readWriteFailure(reply, ofOperation)
  const wire = reply.body.data
  return orUnknown(() => ({ wire, cancellation: toCancellation(wire) }))
}

/** Reads the payment of a held order, which is its ticketing, or the order that then carries the tickets. */
export function readTicketing(reply: Reply): WriteOutcome<{
  readonly tickets: readonly Ticket[]
  readonly order: Reservation | null
  readonly payment: { amount: string; currency: string } | null
}> {
  if (isSuccess(reply) && wireOrderReply.Check(reply.body)) {
    const wire = reply.body.data
    return orUnknown(() => ({ tickets: toTickets(wire), order: toReservation(wire), payment: null }))
  }
  if (reply.status === 202 || !isSuccess(reply) || !wirePaymentReply.Check(reply.body)) return readWriteFailure(reply, PAYMENT_REJECTIONS)
  const { status, amount, currency } = reply.body.data
  // Payments of before 2023 state no status; they were made or refused on the spot.
  if (!status || status === 'succeeded')
    return { outcome: 'ok', value: { tickets: [], order: null, payment: currency ? { amount, currency } : null } }
  return unknown(status === 'pending' ? 'pending' : 'unrecognised', `the payment is ${status.slice(0, 40)}`)
}

/** The codes of an error reply, for the few that mean something special to one operation. */
export function errorCodesOf(reply: Reply): readonly string[] {
  return (findErrors(reply.body) ?? []).flatMap((error) => (error.code ? [error.code] : []))
}

/** What a reply to a write that is not the thing itself proves; `ofOperation` are codes that prove something in this operation only. */
export function readWriteFailure(reply: Reply, ofOperation: Rejections = {}): WriteFailure {
  const errors = findErrors(reply.body)
  if (errors) return toWriteFailure(errors, reply.status, ofOperation)
  if (reply.status === 202) return unknown('pending', 'Duffel has accepted the request and not yet carried it out')
  if (reply.status !== null && reply.status >= 500) return unknown('server_error', `Duffel answered with status ${reply.status}`)
  return unknown(
    'malformed',
    `Duffel answered${reply.status === null ? '' : ` with status ${reply.status} and`} something that is not its API's`,
  )
}

/** True for a reply that is no error by its status; a message that came without one may be anything. */
export function isSuccess({ status }: Reply): boolean {
  return status === null || (status >= 200 && status < 300)
}

/** What `read` returns, or the ProviderError of a message that says something impossible. */
export function orMalformed<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw new ProviderError(DUFFEL, 'malformed', error.message, { cause: error })
    throw error
  }
}

/** What `read` returns, or unknown where the reply to a write says something impossible. */
export function orUnknown<T>(read: () => T): WriteOutcome<T> {
  try {
    return { outcome: 'ok', value: read() }
  } catch (error) {
    if (error instanceof RangeError) return unknown('malformed', error.message)
    throw error
  }
}
