import { formatAmount, type Money } from '../../kernel/money.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import type { Passenger, PassengerType } from '../../travel/passenger.ts'
import type { FlightOrder, TicketOrder } from '../contract.ts'

/** What an offer's `supplierToken` holds: all that a verification and an order need of it. */
export type OfferToken = {
  readonly offer: string
  readonly passengers: readonly { readonly id: string; readonly type: PassengerType }[]
  /** Whether passports may be sent. Where they are not supported, sending one is a validation error. */
  readonly passports: boolean
  /** The question that the offer answers, to be asked again at verification; null where only the message is known. */
  readonly query: FlightQuery | null
}

const PASSENGER_TYPES: Record<PassengerType, string> = { adult: 'adult', child: 'child', infant: 'infant_without_seat' }

/**
 * The body of an offer request. Types are sent and not ages, which a search does not know: with an age Duffel would hold
 * the order to it.
 */
export function toOfferRequest(query: FlightQuery): object {
  const { adults, children, infants } = query.passengers
  const some = (count: number, type: PassengerType) => Array.from({ length: count }, () => ({ type: PASSENGER_TYPES[type] }))
  return {
    data: {
      cabin_class: query.cabin,
      slices: query.slices.map((slice) => ({ origin: slice.origin, destination: slice.destination, departure_date: slice.departureDate })),
      passengers: [...some(adults, 'adult'), ...some(children, 'child'), ...some(infants, 'infant')],
    },
  }
}

/** What keeps an order from being sent at all: something of a passenger's that Duffel has no word for. */
export type Unsendable = { readonly problem: string }

/** Paid as it is made, or held until it is paid. */
export type OrderType = 'instant' | 'hold'

/**
 * The body of an order. An instant one is paid from our balance with the agreed total, so that a dearer fare is refused by
 * Duffel itself; a held one must not name a payment at all. Our reference is its metadata. Each infant sits with the adult
 * of the same position.
 */
export function toOrder(order: FlightOrder, token: OfferToken, type: OrderType = 'instant'): object | Unsendable {
  const seats = assignSeats(order.passengers, token)
  if (!seats) return { problem: 'the passengers are not those of the offer' }
  if (order.passengers.some((passenger) => passenger.gender === 'unspecified'))
    return { problem: 'Duffel requires the gender of a passenger, m or f' }
  const infants = seats.filter((seat) => seat.passenger.type === 'infant')
  const adults = seats.filter((seat) => seat.passenger.type === 'adult')
  if (infants.length > adults.length) return { problem: 'each infant needs an adult of its own' }
  return {
    data: {
      type,
      selected_offers: [token.offer],
      ...(type === 'instant' && { payments: [toBalancePayment(order.offer.total)] }),
      passengers: seats.map(({ id, passenger }) => {
        const infant = passenger.type === 'adult' ? infants[adults.findIndex((adult) => adult.id === id)] : undefined
        return {
          id,
          title: passenger.title ?? titleOf(passenger),
          given_name: passenger.givenName,
          family_name: passenger.familyName,
          gender: passenger.gender === 'female' ? 'f' : 'm',
          born_on: passenger.bornOn,
          email: order.contact.email,
          phone_number: order.contact.phone,
          ...(infant && { infant_passenger_id: infant.id }),
          ...(token.passports && passenger.document && { identity_documents: [toIdentityDocument(passenger.document)] }),
        }
      }),
      metadata: { reference: order.reference },
    },
  }
}

/** The body of the payment of a held order, from our balance and for the total that was agreed on. */
export function toPayment(order: TicketOrder): object {
  return { data: { order_id: order.reservation.supplierRef, payment: toBalancePayment(order.total) } }
}

function toBalancePayment(total: Money): object {
  return { type: 'balance', amount: formatAmount(total), currency: total.currency }
}

/** True for what {@link toOrder} gives when there is nothing to send. */
export function isUnsendable(order: object): order is Unsendable {
  return 'problem' in order
}

/** Gives each traveller one of the offer's passenger ids of the same type; undefined when the parties differ. */
function assignSeats(passengers: readonly Passenger[], token: OfferToken): { id: string; passenger: Passenger }[] | undefined {
  const free = [...token.passengers]
  const seats: { id: string; passenger: Passenger }[] = []
  for (const passenger of passengers) {
    const index = free.findIndex((seat) => seat.type === passenger.type)
    if (index < 0) return undefined
    seats.push({ id: free.splice(index, 1)[0]!.id, passenger })
  }
  return free.length === 0 ? seats : undefined
}

/** Duffel requires a title; a child may have none with us. */
function titleOf(passenger: Passenger): string {
  return passenger.gender === 'female' ? 'ms' : 'mr'
}

function toIdentityDocument(document: NonNullable<Passenger['document']>): object {
  return {
    type: 'passport',
    unique_identifier: document.number,
    issuing_country_code: document.issuingCountry,
    expires_on: document.expiresOn,
  }
}

/** The query under which an order can be looked for; there is none for metadata. See README, "Finding an order". */
export function toOrderSearch(familyName: string, limit: number, after: string | null): string {
  const query = new URLSearchParams([
    ['passenger_name[]', familyName],
    ['limit', String(limit)],
  ])
  if (after) query.set('after', after)
  return query.toString()
}

/** Body of the request for a cancellation quote. */
export function toOrderCancellation(orderId: string): object {
  return { data: { order_id: orderId } }
}
