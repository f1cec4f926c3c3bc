import type { Clock } from '../../kernel/time.ts'
import type { Provider } from '../contract.ts'
import { nobody, NOWHERE, type ProviderModule } from '../module.ts'
import { book } from './book.ts'
import { cancel } from './cancel.ts'
import { OPENTRAVEL_DEFAULT_LIMITS, PROPERTIES_MAX, type OpenTravelOn } from './config.ts'
import { content } from './content.ts'
import type { Deps } from './deps.ts'
import { isOutage } from './exchange.ts'
import { find, price, retrieve, shop } from './read-operations.ts'
import { readShopReply } from './read-shop-reply.ts'
import { translate } from './translate.ts'
import { PROVIDER_ID } from './wire.ts'

export { OPENTRAVEL_DEFAULT_LIMITS } from './config.ts'

/** Any seller of hotels who speaks the messages of the OpenTravel Alliance. */
export const opentravel: ProviderModule = {
  id: PROVIDER_ID,
  name: 'OpenTravel',
  environment: {
    OPENTRAVEL_URL: { description: 'the address that takes OpenTravel hotel messages', example: 'https://hotels.example.com/ota' },
    OPENTRAVEL_USERNAME: { description: 'user name at the seller' },
    OPENTRAVEL_PASSWORD: { description: 'password at the seller' },
    OPENTRAVEL_REQUESTOR_ID: {
      description: 'our id at the seller (RequestorID), where it wants one',
      isOptional: true,
      pattern: /^\S{1,32}$/,
    },
    OPENTRAVEL_CHAIN_CODE: {
      description: 'the chain whose hotels are asked for, where the seller wants one',
      isOptional: true,
      pattern: /^\w{1,8}$/,
    },
  },
  create: ({ read, find: look }, { clock, currency, over }) => [
    over({ name: 'OpenTravel', concurrentMax: OPENTRAVEL_DEFAULT_LIMITS.concurrentMax, isOutage }, (send) =>
      createOpenTravel({
        config: {
          url: read('OPENTRAVEL_URL'),
          username: read('OPENTRAVEL_USERNAME'),
          password: read('OPENTRAVEL_PASSWORD'),
          requestorId: look('OPENTRAVEL_REQUESTOR_ID') ?? null,
          chainCode: look('OPENTRAVEL_CHAIN_CODE') ?? null,
          currency,
          limits: OPENTRAVEL_DEFAULT_LIMITS,
        },
        send,
        clock,
      }),
    ),
  ],
  createTranslator: (clock: Clock) => createOpenTravel({ config: NOBODY, send: nobody, clock }),
}

const NOBODY: OpenTravelOn = {
  url: NOWHERE,
  username: 'none',
  password: 'none',
  requestorId: null,
  chainCode: null,
  currency: null,
  limits: OPENTRAVEL_DEFAULT_LIMITS,
}

/** A seller of hotels over OpenTravel as a provider. Stateless: every operation is a pure writer, `send`, and a pure reader. */
export function createOpenTravel(deps: Deps): Provider {
  return {
    id: PROVIDER_ID,
    name: 'OpenTravel',
    limits: deps.config.limits,
    stays: {
      propertiesMax: PROPERTIES_MAX,
      shop: (query, call) => shop(deps, query, call),
      readShop: (reply, query) => readShopReply(reply, query, deps.clock.now()),
      price: (offer, call) => price(deps, offer, call),
      book: (order, call) => book(deps, order, call),
      retrieve: (supplierRef, call) => retrieve(deps, supplierRef, call),
      find: (order, call) => find(deps, order, call),
      cancel: (reservation, call) => cancel(deps, reservation, call),
      content: (cursor, call) => content(deps, cursor, call),
    },
    translate,
  }
}
