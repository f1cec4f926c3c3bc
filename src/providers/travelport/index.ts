import type { Provider } from '../contract.ts'
import { book } from './book.ts'
import { cancel, voidTicket } from './cancel.ts'
import type { Deps } from './deps.ts'
import { PROVIDER_ID } from './exchange.ts'
import { find, price, retrieve, shop } from './read-operations.ts'
import { readShopReply } from './read-shop-reply.ts'
import { ticket } from './ticket.ts'
import { translate } from './translate.ts'

export { TRAVELPORT_DEFAULT_LIMITS, type TravelportOn } from './config.ts'
export { isOutage as isTravelportOutage } from './exchange.ts'

/** Travelport's Universal API as a provider. Stateless: every operation is a pure writer, `send`, and a pure reader. */
export function createTravelport(deps: Deps): Provider {
  return {
    id: PROVIDER_ID,
    name: 'Travelport',
    limits: deps.config.limits,
    flights: {
      shop: (query, call) => shop(deps, query, call),
      readShop: readShopReply,
      price: (offer, call) => price(deps, offer, call),
      book: (order, call) => book(deps, order, call),
      ticket: (order, call) => ticket(deps, order, call),
      retrieve: (supplierRef, call) => retrieve(deps, supplierRef, call),
      find: (query, call) => find(deps, query, call),
      cancel: (reservation, call) => cancel(deps, reservation, call),
      void: (reservation, ticketNumber, call) => voidTicket(deps, reservation, ticketNumber, call),
    },
    translate,
  }
}
