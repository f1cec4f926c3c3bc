import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Call, FlightOrder, WriteOutcome } from '../contract.ts'
import { isFailure, write, type Deps } from './exchange.ts'
import { readBooking } from './read-reply.ts'
import { isUnsendable, toOrder, type OfferToken, type OrderType } from './to-wire.ts'

/** Makes an order that is paid from our balance and ticketed at once. */
export async function book(deps: Deps, order: FlightOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  return createOrder(deps, order, 'instant', call)
}

/**
 * Makes an order that is paid later. An offer that states no time by which it has to be paid cannot wait: that is refused
 * here, before anything is sent. Nobody has agreed to a price on the airline's side then; the reservation tells it.
 */
export async function hold(deps: Deps, order: FlightOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  if (order.offer.lastTicketingAt === null)
    return {
      outcome: 'rejected',
      reason: 'not_allowed',
      code: 'requires_instant_payment',
      message: 'the airline holds nothing at this fare: it has to be paid when it is booked',
    }
  return createOrder(deps, order, 'hold', call)
}

async function createOrder(deps: Deps, order: FlightOrder, type: OrderType, call: Call): Promise<WriteOutcome<Reservation>> {
  const body = toOrder(order, parseToken(order.offer), type)
  if (isUnsendable(body)) return { outcome: 'rejected', reason: 'invalid_passenger', code: 'unsendable', message: body.problem }
  const reply = await write(deps, '/air/orders', body, call)
  return isFailure(reply) ? reply : readBooking(reply)
}

/** What an offer of ours says to ourselves. */
export function parseToken(offer: Pick<FlightOffer, 'supplierToken'>): OfferToken {
  return JSON.parse(offer.supplierToken) as OfferToken
}
