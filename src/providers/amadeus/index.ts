import pLimit from 'p-limit'
import type { Provider } from '../contract.ts'
import { nobody, NOWHERE, type ProviderModule } from '../module.ts'
import { book } from './book.ts'
import { cancel, voidTicket } from './cancel.ts'
import { AMADEUS_DEFAULT_LIMITS, SESSIONS_MAX, type AmadeusOn } from './config.ts'
import type { Deps } from './deps.ts'
import { isOutage, PROVIDER_ID } from './exchange.ts'
import { find } from './find.ts'
import { fareRules, price, retrieve, seatMaps, shop } from './read-operations.ts'
import { readShopReply } from './read-shop-reply.ts'
import { quoteRefund, refund } from './refund.ts'
import { ticket } from './ticket.ts'
import { translate } from './translate.ts'

export { AMADEUS_DEFAULT_LIMITS } from './config.ts'

/** Amadeus, the GDS of most European airlines and agencies. */
export const amadeus: ProviderModule = {
  id: PROVIDER_ID,
  name: 'Amadeus',
  environment: {
    AMADEUS_URL: {
      description: 'Amadeus Web Services endpoint, with or without the access point',
      example: 'https://noded1.test.webservices.amadeus.com/1ASIWABCDEF',
    },
    AMADEUS_USERNAME: { description: 'user of the access point', example: 'WSABCDEF' },
    AMADEUS_PASSWORD: { description: 'its password, in clear; only a digest is sent' },
    AMADEUS_OFFICE_ID: { description: 'office that sells', example: 'PARFW2100', pattern: /^[A-Z0-9]{9}$/ },
    AMADEUS_WSAP: {
      description: 'access point, when it is not in the address',
      example: '1ASIWABCDEF',
      isOptional: true,
      pattern: /^[A-Z0-9]{6,20}$/,
    },
    AMADEUS_DUTY_CODE: { description: 'duty of the user', example: 'SU', isOptional: true, pattern: /^[A-Z]{2}$/ },
    AMADEUS_MARKET: { description: 'country of the ticket stock, for voids', example: 'FR', isOptional: true, pattern: /^[A-Z]{2}$/ },
    AMADEUS_SESSIONS_MAX: {
      description: 'conversations open at once, as the contract grants',
      example: '10',
      isOptional: true,
      pattern: /^[1-9]\d{0,2}$/,
    },
  },
  create: ({ read, find: findVariable }, { clock, currency, over }) => {
    const sessionsMax = Number(findVariable('AMADEUS_SESSIONS_MAX') ?? SESSIONS_MAX)
    const config: AmadeusOn = {
      ...NOBODY,
      url: read('AMADEUS_URL'),
      username: read('AMADEUS_USERNAME'),
      password: read('AMADEUS_PASSWORD'),
      officeId: read('AMADEUS_OFFICE_ID'),
      wsap: findVariable('AMADEUS_WSAP') ?? null,
      dutyCode: findVariable('AMADEUS_DUTY_CODE') ?? NOBODY.dutyCode,
      market: findVariable('AMADEUS_MARKET') ?? NOBODY.market,
      currency,
      sessionsMax,
    }
    const sessions = pLimit(sessionsMax)
    return [
      over({ name: 'Amadeus', concurrentMax: AMADEUS_DEFAULT_LIMITS.concurrentMax, isOutage }, (send) =>
        createAmadeus({ config, send, clock, sessions }),
      ),
    ]
  },
  createTranslator: (clock) => createAmadeus({ config: NOBODY, send: nobody, clock, sessions: pLimit(1) }),
}

const NOBODY: AmadeusOn = {
  url: NOWHERE,
  wsap: null,
  username: 'none',
  password: 'none',
  officeId: 'PARFW2100',
  dutyCode: 'SU',
  market: 'FR',
  currency: null,
  sessionsMax: SESSIONS_MAX,
  limits: AMADEUS_DEFAULT_LIMITS,
}

/** Amadeus Web Services as a provider. It keeps nothing but the places for its conversations. */
export function createAmadeus(deps: Deps): Provider {
  return {
    id: PROVIDER_ID,
    name: 'Amadeus',
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
      void: (_, ticketNumber, call) => voidTicket(deps, ticketNumber, call),
      quoteRefund: (reservation, call) => quoteRefund(deps, reservation, call),
      refund: (_, quote, call) => refund(deps, quote, call),
      seatMaps: (offer, call) => seatMaps(deps, offer, call),
      fareRules: (offer, call) => fareRules(deps, offer, call),
    },
    translate,
  }
}
