import type { Clock } from '../../kernel/time.ts'
import type { Send } from '../../platform/partner.ts'
import type { Provider } from '../contract.ts'
import { nobody, NOWHERE, type ProviderModule } from '../module.ts'
import { acceptAirlineChange, airlineChanges } from './airline-changes.ts'
import { seatMaps, services } from './ancillaries.ts'
import { book, hold } from './book.ts'
import { cancel, quoteRefund, refund } from './cancel.ts'
import { exchange, quoteExchange } from './change-order.ts'
import { DUFFEL_LIMITS, toSettings, type DuffelConfig } from './config.ts'
import { read, type Deps } from './exchange.ts'
import { DUFFEL } from './faults.ts'
import { find } from './find.ts'
import { readOrder } from './read-reply.ts'
import { price, readUnreadShop, search } from './shop.ts'
import { statement } from './statement.ts'
import { ticket } from './ticket.ts'
import { translate } from './translate.ts'

/** Duffel, an aggregator of airlines. */
export const duffel: ProviderModule = {
  id: DUFFEL,
  name: 'Duffel',
  environment: {
    DUFFEL_URL: { description: 'Duffel API', example: 'https://api.duffel.com' },
    DUFFEL_TOKEN: { description: 'Duffel access token' },
  },
  create: ({ read: readVariable }, { clock, over }) => [
    over({ name: 'Duffel', concurrentMax: DUFFEL_LIMITS.concurrentMax }, (send) =>
      createDuffel({
        config: { enabled: true, url: readVariable('DUFFEL_URL'), accessToken: readVariable('DUFFEL_TOKEN') },
        send,
        clock,
      }),
    ),
  ],
  createTranslator: (clock) => createDuffel({ config: { enabled: true, url: NOWHERE, accessToken: 'none' }, send: nobody, clock }),
}

/**
 * Duffel, REST v2. An order is instant (paid from our balance and ticketed as it is made) or held (paid and ticketed by
 * `ticket`). There is no `void`: a cancellation voids where it can.
 */
export function createDuffel({ config, send, clock }: { config: DuffelConfig; send: Send; clock: Clock }): Provider {
  const deps: Deps = { settings: toSettings(config), send, clock }
  return {
    id: DUFFEL,
    name: 'Duffel',
    limits: deps.settings.limits,
    flights: {
      shop: (query, call) => search(deps, { query, timeoutMs: deps.settings.limits.shopTimeoutMs }, call),
      readShop: readUnreadShop,
      price: (offer, call) => price(deps, offer, call),
      book: (order, call) => book(deps, order, call),
      retrieve: async (supplierRef, call) =>
        readOrder(await read(deps, `/air/orders/${encodeURIComponent(supplierRef)}`, call)).reservation,
      find: (query, call) => find(deps, query, call),
      cancel: (reservation, call) => cancel(deps, reservation, call),
      hold: (order, call) => hold(deps, order, call),
      ticket: (order, call) => ticket(deps, order, call),
      quoteRefund: (reservation, call) => quoteRefund(deps, reservation, call),
      refund: (reservation, quote, call) => refund(deps, reservation, quote, call),
      quoteExchange: (request, call) => quoteExchange(deps, request, call),
      exchange: (reservation, quote, call) => exchange(deps, reservation, quote, call),
      seatMaps: (offer, call) => seatMaps(deps, offer, call),
      services: (offer, call) => services(deps, offer, call),
      airlineChanges: (supplierRef, call) => airlineChanges(deps, supplierRef, call),
      acceptAirlineChange: (supplierRef, changeId, call) => acceptAirlineChange(deps, supplierRef, changeId, call),
    },
    statement: (day, call) => statement(deps, day, call),
    translate,
  }
}
