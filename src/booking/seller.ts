import type {
  AirlineChange,
  Call,
  Cancellation,
  FindReply,
  PriceReplyOf,
  Provider,
  TicketOrder,
  WriteOutcome,
} from '../providers/contract.ts'
import type { FlightOffer } from '../travel/flight.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import type { Contact, Passenger } from '../travel/passenger.ts'
import type { Reservation, Ticket } from '../travel/reservation.ts'
import type { Guest, StayOffer } from '../travel/stay.ts'

/** Who travels, as the supplier is told: passengers of a flight, guests of a stay. */
export type Travellers = readonly Passenger[] | readonly Guest[]

/** What to buy, whatever it is. */
export type SellerOrder = {
  readonly reference: string
  readonly offer: Offer
  readonly travellers: Travellers
  readonly contact: Contact
}

/** The part of a provider that sells an offer's kind: what booking asks of it, and no more. */
export type Seller = {
  readonly price: (call: Call) => Promise<PriceReplyOf<Offer>>
  readonly book: (order: SellerOrder, call: Call) => Promise<WriteOutcome<Reservation>>
  readonly find: (order: SellerOrder, call: Call) => Promise<FindReply>
  readonly retrieve: (supplierRef: string, call: Call) => Promise<Reservation>
  readonly cancel: (reservation: Reservation, call: Call) => Promise<WriteOutcome<Cancellation>>
  /** Absent where booking is all there is: a stay's confirmation is its voucher, and some airlines ticket at once. */
  readonly ticket?: (order: TicketOrder, call: Call) => Promise<WriteOutcome<readonly Ticket[]>>
  /** What the airline has changed and not been answered about; absent where the supplier does not tell. */
  readonly airlineChanges?: (supplierRef: string, call: Call) => Promise<readonly AirlineChange[]>
  readonly acceptAirlineChange?: (supplierRef: string, changeId: string, call: Call) => Promise<WriteOutcome<Reservation>>
}

/** The seller of an offer; undefined when the provider does not sell its kind (any more). */
export function sellerOf(provider: Provider | undefined, offer: Offer): Seller | undefined {
  return isStay(offer) ? stays(provider, offer) : flights(provider, offer)
}

function flights(provider: Provider | undefined, offer: FlightOffer): Seller | undefined {
  const supplier = provider?.flights
  if (!supplier) return undefined
  const { ticket, airlineChanges, acceptAirlineChange } = supplier
  // An order's offer is of the kind that the seller was chosen for, and its travellers are what that kind was placed with.
  const toOrder = (order: SellerOrder) => ({
    ...order,
    offer: order.offer as FlightOffer,
    passengers: order.travellers as readonly Passenger[],
  })
  return {
    price: (call) => supplier.price(offer, call),
    book: (order, call) => supplier.book(toOrder(order), call),
    find: (order, call) => supplier.find(toOrder(order), call),
    retrieve: supplier.retrieve,
    cancel: supplier.cancel,
    ...(ticket && { ticket }),
    ...(airlineChanges && { airlineChanges }),
    ...(acceptAirlineChange && { acceptAirlineChange }),
  }
}

function stays(provider: Provider | undefined, offer: StayOffer): Seller | undefined {
  const supplier = provider?.stays
  if (!supplier) return undefined
  const toOrder = (order: SellerOrder) => ({ ...order, offer: order.offer as StayOffer, guests: order.travellers as readonly Guest[] })
  return {
    price: (call) => supplier.price(offer, call),
    book: (order, call) => supplier.book(toOrder(order), call),
    find: (order, call) => supplier.find(toOrder(order), call),
    retrieve: supplier.retrieve,
    cancel: supplier.cancel,
  }
}
