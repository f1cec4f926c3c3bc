import type { Provider, StaySupplier } from '../contract.ts'
import { nobody, NOWHERE, type ProviderModule } from '../module.ts'
import { book } from './book.ts'
import { cancel, voidTicket } from './cancel.ts'
import { exchangeTickets, quoteExchange } from './change.ts'
import { fareRules } from './fare-rules.ts'
import { quoteRefund, refund } from './refund.ts'
import { seatMaps } from './seat-maps.ts'
import { bookStay } from './stays/book.ts'
import { readContent } from './stays/content.ts'
import { cancelStay, findStay, retrieveStay } from './stays/hold.ts'
import { priceStay, PROPERTIES_MAX, shopStays, type HotelDeps } from './stays/shop.ts'
import type { Deps } from './deps.ts'
import { TRAVELPORT_DEFAULT_LIMITS, type TravelportHotels, type TravelportOn } from './config.ts'
import { isOutage, PROVIDER_ID } from './exchange.ts'
import { find, price, retrieve, shop } from './read-operations.ts'
import { readShopReply } from './read-shop-reply.ts'
import { ticket } from './ticket.ts'
import { translate } from './translate.ts'

export { TRAVELPORT_DEFAULT_LIMITS } from './config.ts'
export { isOutage } from './exchange.ts'

/** Travelport, the GDS behind Galileo, Apollo and Worldspan. */
export const travelport: ProviderModule = {
  id: PROVIDER_ID,
  name: 'Travelport',
  environment: {
    TRAVELPORT_URL: {
      description: 'Travelport uAPI gateway',
      example: 'https://emea.universal-api.travelport.com/B2BGateway/connect/uAPI',
    },
    TRAVELPORT_USERNAME: { description: 'with its prefix "Universal API/"' },
    TRAVELPORT_PASSWORD: { description: 'Travelport password' },
    TRAVELPORT_TARGET_BRANCH: { description: 'Travelport branch' },
    TRAVELPORT_HOTEL_CITIES: {
      description: 'cities whose hotels are sold, IATA codes; without them none are',
      example: 'LON,PAR,JKT',
      isOptional: true,
      pattern: /^[A-Z]{3}(,[A-Z]{3}){0,4999}$/,
    },
    TRAVELPORT_IATA_NUMBER: { description: 'our IATA number, which guarantees rooms', isOptional: true, pattern: /^\d{7,8}$/ },
  },
  create: ({ read, find: lookUp }, { clock, currency, over }) => [
    over({ name: 'Travelport', concurrentMax: TRAVELPORT_DEFAULT_LIMITS.concurrentMax, isOutage }, (send) =>
      createTravelport({
        config: {
          ...NOBODY,
          baseUrl: read('TRAVELPORT_URL'),
          username: read('TRAVELPORT_USERNAME'),
          password: read('TRAVELPORT_PASSWORD'),
          targetBranch: read('TRAVELPORT_TARGET_BRANCH'),
          currency,
          hotels: toHotels(lookUp('TRAVELPORT_HOTEL_CITIES'), lookUp('TRAVELPORT_IATA_NUMBER')),
        },
        send,
        clock,
      }),
    ),
  ],
  createTranslator: (clock) => createTravelport({ config: NOBODY, send: nobody, clock }),
}

function toHotels(cities: string | undefined, iataNumber: string | undefined): TravelportHotels | null {
  if (cities === undefined) return null
  return { providerCode: 'TRM', cities: [...new Set(cities.split(','))], iataNumber: iataNumber ?? null }
}

const NOBODY: TravelportOn = {
  on: true,
  baseUrl: NOWHERE,
  username: 'none',
  password: 'none',
  targetBranch: 'none',
  providerCode: '1G',
  pseudoCityCode: null,
  currency: null,
  limits: TRAVELPORT_DEFAULT_LIMITS,
}

/** Travelport's Universal API as a provider. Stateless: every operation is a pure writer, `send`, and a pure reader. */
export function createTravelport(deps: Deps): Provider {
  const { hotels } = deps.config
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
      quoteRefund: (reservation, call) => quoteRefund(deps, reservation, call),
      refund: (_, quote, call) => refund(deps, quote, call),
      quoteExchange: (request, call) => quoteExchange(deps, request, call),
      exchange: (reservation, quote, call) => exchangeTickets(deps, reservation, quote, call),
      seatMaps: (offer, call) => seatMaps(deps, offer, call),
      fareRules: (offer, call) => fareRules(deps, offer, call),
    },
    ...(hotels ? { stays: createStays({ ...deps, config: { ...deps.config, hotels } }) } : {}),
    translate,
  }
}

function createStays(deps: HotelDeps): StaySupplier {
  return {
    propertiesMax: PROPERTIES_MAX,
    shop: (query, call) => shopStays(deps, query, call),
    price: (offer, call) => priceStay(deps, offer, call),
    book: (order, call) => bookStay(deps, order, call),
    retrieve: (supplierRef, call) => retrieveStay(deps, supplierRef, call),
    find: (order, call) => findStay(deps, order, call),
    cancel: (reservation, call) => cancelStay(deps, reservation, call),
    content: (cursor, call) => readContent(deps, cursor, call),
  }
}
