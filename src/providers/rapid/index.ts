import type { Clock } from '../../kernel/time.ts'
import type { Send } from '../../platform/partner.ts'
import type { StayQuery } from '../../travel/stay.ts'
import type { Call, Provider, StayShopReply, UnreadShop } from '../contract.ts'
import { nobody, NOWHERE, type ProviderModule } from '../module.ts'
import { book, price } from './book.ts'
import { deliver, type Deps } from './call.ts'
import { cancel } from './cancel.ts'
import { RAPID_ENVIRONMENT, RAPID_LIMITS, toSettings, type Settings } from './config.ts'
import { content } from './content.ts'
import { RAPID, toTransportError } from './faults.ts'
import { find, retrieve } from './look-up.ts'
import { readShop, toReply } from './read-reply.ts'
import { newSession } from './token.ts'
import { toAvailabilityPath } from './to-wire.ts'
import { translate } from './translate.ts'

const NAME = 'Expedia Rapid'

/** Expedia Rapid, a bedbank. */
export const rapid: ProviderModule = {
  id: RAPID,
  name: NAME,
  environment: RAPID_ENVIRONMENT,
  create: (environment, { clock, over }) => [
    over({ name: NAME, concurrentMax: RAPID_LIMITS.concurrentMax }, (send) =>
      createRapid({ settings: toSettings(environment), send, clock }),
    ),
  ],
  createTranslator: (clock) => createRapid({ settings: toSettings(NOBODYS), send: nobody, clock }),
}

const NOBODYS = { read: (name: string) => (name === 'RAPID_URL' ? NOWHERE : 'none'), find: () => undefined }

/** Rapid, REST v3. Bookings are made at once and never held; we are billed for them, or the property takes its own money. */
export function createRapid({ settings, send, clock }: { settings: Settings; send: Send; clock: Clock }): Provider {
  const deps: Deps = { settings, send, clock }
  return {
    id: RAPID,
    name: NAME,
    limits: settings.limits,
    stays: {
      propertiesMax: 250,
      shop: (query, call) => shop(deps, query, call),
      readShop: readUnreadShop,
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

async function shop(deps: Deps, query: StayQuery, call: Call): Promise<UnreadShop> {
  const { settings } = deps
  const link = toAvailabilityPath(query, settings.assigned)
  const exchange = { method: 'GET', link, session: newSession(), timeoutMs: settings.limits.shopTimeoutMs } as const
  const { bytes, status } = await deliver(deps, exchange, call).catch((error: unknown) => {
    throw toTransportError(error)
  })
  return { unread: bytes, status }
}

function readUnreadShop({ unread, status }: UnreadShop, query: StayQuery): StayShopReply {
  return readShop(toReply(status, Buffer.from(unread.buffer, unread.byteOffset, unread.byteLength).toString('utf8')), query)
}
