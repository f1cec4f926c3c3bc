import { findCarrier } from '../../travel/places.ts'
import type { Call, Provider, UnreadShop } from '../contract.ts'
import { ProviderError } from '../errors.ts'
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
  const named = <Input, Result>(operate: (deps: Deps, input: Input, call: Call) => Promise<Result>) => {
    return (input: Input, call: Call): Promise<Result> =>
      operate(deps, input, call).catch((error: unknown) => {
        throw asOf(deps.provider, error)
      })
  }
  return {
    id: deps.provider,
    name: nameOf(config.airline),
    limits: config.limits,
    flights: {
      shop: named(shop),
      readShop: (reply) => {
        const provider = ownerOf(reply) ?? deps.provider
        try {
          return readShopReply(provider, reply)
        } catch (error) {
          throw asOf(provider, error)
        }
      },
      price: named(price),
      book: named(book),
      ticket: named(ticket),
      retrieve: named(retrieve),
      find: named(find),
      cancel: named(cancel),
      seatMaps: named(seatMaps),
      fareRules: named(fareRules),
      ...(config.version === '17.2' && { void: (_: unknown, ticketNumber: string, call) => named(voidTicket)(ticketNumber, call) }),
    },
    translate,
  }
}

/** The readers do not know whose message they read: their errors are given the airline's name here. */
function asOf(provider: string, error: unknown): unknown {
  if (!(error instanceof ProviderError) || error.provider === provider) return error
  return new ProviderError(provider, error.fault, error.message, { code: error.code, cause: error })
}

/** Whose reply it is, if it says so. */
function ownerOf(reply: UnreadShop | UnreadNdcShop): string | undefined {
  return 'provider' in reply ? reply.provider : undefined
}
