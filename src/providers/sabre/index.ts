import type { Clock } from '../../kernel/time.ts'
import type { Send } from '../../platform/partner.ts'
import type { Provider } from '../contract.ts'
import { nobody, NOWHERE, type ProviderEnvironment, type ProviderModule } from '../module.ts'
import { createAccessTokens } from './access-token.ts'
import { book } from './book.ts'
import { cancel, voidTicket } from './cancel.ts'
import { agentOfClient, SABRE_LIMITS, soapUrlBeside, type Agent, type SabreSettings } from './config.ts'
import type { Deps } from './exchange.ts'
import { SABRE } from './faults.ts'
import { find } from './find.ts'
import { price, retrieve, shop } from './read-operations.ts'
import { readUnreadShop } from './read-reply.ts'
import { quoteRefund, refund } from './refund.ts'
import { seatMaps } from './seats.ts'
import { isOutage } from './soap.ts'
import { ticket } from './ticket.ts'
import { translate } from './translate.ts'

/** Sabre, the GDS. */
export const sabre: ProviderModule = {
  id: SABRE,
  name: 'Sabre',
  environment: {
    SABRE_URL: { description: 'Sabre REST APIs', example: 'https://api.platform.sabre.com' },
    SABRE_CLIENT_ID: { description: 'Sabre client id, as issued', example: 'V1:user:PCC:AA' },
    SABRE_CLIENT_SECRET: { description: 'Sabre client secret' },
    SABRE_PCC: { description: 'pseudo city code of the office that sells', example: 'AB1C', pattern: /^[A-Z0-9]{3,4}$/ },
    SABRE_SOAP_URL: {
      description: 'Sabre SOAP services, where reservations are searched; beside SABRE_URL when not given',
      example: 'https://webservices.platform.sabre.com',
      isOptional: true,
    },
    SABRE_AGENT: { description: 'agent (EPR) for the search of reservations; needed where the client id names none', isOptional: true },
    SABRE_AGENT_PASSWORD: { description: 'password of SABRE_AGENT', isOptional: true },
    SABRE_TICKET_COUNTRY: { description: 'country of the ticket stock', example: 'ID', isOptional: true, pattern: /^[A-Z]{2}$/ },
    SABRE_PRINTER_PROFILE: { description: 'number of a stored printer profile', isOptional: true, pattern: /^\d{1,3}$/ },
  },
  create: (environment, { clock, currency, over }) => [
    over({ name: 'Sabre', concurrentMax: SABRE_LIMITS.concurrentMax, isOutage }, (send) =>
      createSabre({ settings: { ...readSettings(environment), currency }, send, clock }),
    ),
  ],
  createTranslator: (clock) => createSabre({ settings: NOBODY, send: nobody, clock }),
}

function readSettings({ read, find: look }: ProviderEnvironment): SabreSettings {
  const url = read('SABRE_URL').replace(/\/+$/, '')
  const printerProfile = look('SABRE_PRINTER_PROFILE')
  return {
    url,
    soapUrl: look('SABRE_SOAP_URL') ?? soapUrlBeside(url),
    clientId: read('SABRE_CLIENT_ID'),
    clientSecret: read('SABRE_CLIENT_SECRET'),
    pcc: read('SABRE_PCC'),
    agent: readAgent({ read, find: look }),
    currency: null,
    ticketCountry: look('SABRE_TICKET_COUNTRY') ?? null,
    printerProfile: printerProfile === undefined ? null : Number(printerProfile),
    limits: SABRE_LIMITS,
  }
}

/** Without an agent a lost booking could not be looked for: that is found out at the start and not then. */
function readAgent({ read, find: look }: ProviderEnvironment): Agent {
  const user = look('SABRE_AGENT')
  if (user !== undefined) return { user, password: read('SABRE_AGENT_PASSWORD'), organization: read('SABRE_PCC') }
  const agent = agentOfClient(read('SABRE_CLIENT_ID'), read('SABRE_CLIENT_SECRET'))
  if (!agent) throw new Error('SABRE_AGENT and SABRE_AGENT_PASSWORD are needed: the client id does not name an agent')
  return agent
}

const NOBODY: SabreSettings = {
  url: NOWHERE,
  soapUrl: NOWHERE,
  clientId: 'none',
  clientSecret: 'none',
  pcc: 'none',
  agent: { user: 'none', password: 'none', organization: 'none' },
  currency: null,
  ticketCountry: null,
  printerProfile: null,
  limits: SABRE_LIMITS,
}

/** Sabre's REST APIs as a provider. It remembers nothing but its access token. */
export function createSabre(parts: { readonly settings: SabreSettings; readonly send: Send; readonly clock: Clock }): Provider {
  const deps: Deps = { ...parts, tokens: createAccessTokens(parts) }
  return {
    id: SABRE,
    name: 'Sabre',
    limits: deps.settings.limits,
    flights: {
      shop: (query, call) => shop(deps, query, call),
      readShop: readUnreadShop,
      price: (offer, call) => price(deps, offer, call),
      book: (order, call) => book(deps, order, call),
      ticket: (order, call) => ticket(deps, order, call),
      retrieve: (supplierRef, call) => retrieve(deps, supplierRef, call),
      find: (query, call) => find(deps, query, call),
      cancel: (reservation, call) => cancel(deps, reservation, call),
      void: (_, ticketNumber, call) => voidTicket(deps, ticketNumber, call),
      quoteRefund: (reservation, call) => quoteRefund(deps, reservation, call),
      refund: (reservation, quote, call) => refund(deps, reservation, quote, call),
      seatMaps: (offer, call) => seatMaps(deps, offer, call),
    },
    translate,
  }
}
