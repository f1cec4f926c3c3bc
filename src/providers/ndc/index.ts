import { findCarrier } from '../../travel/places.ts'
import type { Provider, UnreadShop } from '../contract.ts'
import { nobody, NOWHERE, type ProviderModule } from '../module.ts'
import { book, ticket } from './book.ts'
import { cancel, voidTicket } from './cancel.ts'
import { AIRLINES_PATTERN, NDC_LIMITS, parseAirlines, type NdcConfig } from './config.ts'
import { isOutage, type Deps } from './exchange.ts'
import { fareRules, find, price, retrieve, seatMaps, shop, type UnreadNdcShop } from './read-operations.ts'
import { readShopReply } from './read-shop-reply.ts'
import { translate } from './translate.ts'
import { MODULE_ID, providerIdOf } from './wire.ts'

export { NDC_LIMITS, type NdcConfig } from './config.ts'
export { isOutage } from './exchange.ts'

/** Airlines that sell by themselves, through IATA's New Distribution Capability. Each of them is a provider of its own. */
export const ndc: ProviderModule = {
  id: MODULE_ID,
  name: 'NDC',
  environment: {
    NDC_AIRLINES: {
      description: 'airlines that are asked directly, each once as CODE=VERSION@URL with commas between; versions are 17.2, 19.2 and 21.3',
      example: 'AF=21.3@https://ndc.example/af,KW=17.2@https://ndc.example/kw',
      pattern: AIRLINES_PATTERN,
    },
    NDC_API_KEY: { description: 'the key for the airlines, sent as x-api-key' },
    NDC_AGENCY_ID: { description: "the agency's IATA number", example: '12345678' },
    NDC_AGENCY_NAME: { description: "the agency's name as the airlines know it", isOptional: true },
  },
  create: ({ read, find: findVariable }, { clock, currency, over }) =>
    parseAirlines(read('NDC_AIRLINES')).map((airline) => {
      const config: NdcConfig = {
        ...airline,
        apiKey: read('NDC_API_KEY'),
        agencyId: read('NDC_AGENCY_ID'),
        agencyName: findVariable('NDC_AGENCY_NAME') ?? null,
        currency,
        limits: NDC_LIMITS,
      }
      const name = nameOf(airline.airline)
      return over({ name, concurrentMax: NDC_LIMITS.concurrentMax, isOutage }, (send) => createNdc({ config, send, clock }))
    }),
  createTranslator: (clock) => ({
    ...createNdc({ config: NOBODY, send: nobody, clock }),
    id: MODULE_ID,
    name: 'NDC',
  }),
}

const NOBODY: NdcConfig = {
  airline: 'XX',
  version: '21.3',
  url: NOWHERE,
  apiKey: 'none',
  agencyId: 'none',
  agencyName: null,
  currency: null,
  limits: NDC_LIMITS,
}

function nameOf(airline: string): string {
  return `NDC ${findCarrier(airline)?.name ?? airline}`
}

/** One airline as a provider. Stateless: every operation is a pure writer of its version, `send`, and a pure reader of any. */
export function createNdc({ config, send, clock }: Omit<Deps, 'provider'>): Provider {
  const deps: Deps = { config, provider: providerIdOf(config.airline), send, clock }
  return {
    id: deps.provider,
    name: nameOf(config.airline),
    limits: config.limits,
    flights: {
      shop: (query, call) => shop(deps, query, call),
      readShop: (reply) => readShopReply(ownerOf(reply) ?? deps.provider, reply),
      price: (offer, call) => price(deps, offer, call),
      book: (order, call) => book(deps, order, call),
      ticket: (order, call) => ticket(deps, order, call),
      retrieve: (supplierRef, call) => retrieve(deps, supplierRef, call),
      find: (query, call) => find(deps, query, call),
      cancel: (reservation, call) => cancel(deps, reservation, call),
      seatMaps: (offer, call) => seatMaps(deps, offer, call),
      fareRules: (offer, call) => fareRules(deps, offer, call),
      ...(config.version === '17.2' && { void: (_: unknown, ticketNumber: string, call) => voidTicket(deps, ticketNumber, call) }),
    },
    translate,
  }
}

/** Whose reply it is, if it says so. */
function ownerOf(reply: UnreadShop | UnreadNdcShop): string | undefined {
  return 'provider' in reply ? reply.provider : undefined
}
