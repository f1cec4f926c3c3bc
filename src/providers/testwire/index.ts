import type { Clock } from '../../kernel/time.ts'
import type { Send } from '../../platform/partner.ts'
import type { Provider } from '../contract.ts'
import { nobody, NOWHERE, type ProviderModule } from '../module.ts'
import { TESTWIRE_LIMITS, toSettings, type TestwireConfig } from './config.ts'
import type { Deps } from './exchange.ts'
import { isOutage, TESTWIRE } from './faults.ts'
import { createFlights } from './flights.ts'
import { createStays } from './stays.ts'
import { translate } from './translate.ts'

export { isOutage } from './faults.ts'

/** Testwire, the sandbox's own supplier: every outcome can be had by typing a name, a route, a day or a house. */
export const testwire: ProviderModule = {
  id: TESTWIRE,
  name: 'Testwire',
  environment: {
    TESTWIRE_URL: { description: 'Testwire, the sandbox supplier', example: 'http://127.0.0.1:8787' },
    TESTWIRE_KEY: { description: 'key that Testwire was started with' },
  },
  create: ({ read }, { clock, currency, over }) => [
    over({ name: 'Testwire', concurrentMax: TESTWIRE_LIMITS.concurrentMax, isOutage }, (send) =>
      createTestwire({ config: { url: read('TESTWIRE_URL'), key: read('TESTWIRE_KEY'), currency }, send, clock }),
    ),
  ],
  createTranslator: (clock) => createTestwire({ config: { url: NOWHERE, key: 'none', currency: 'USD' }, send: nobody, clock }),
}

/** Testwire as a provider: flights and stays. */
export function createTestwire({ config, send, clock }: { config: TestwireConfig; send: Send; clock: Clock }): Provider {
  const deps: Deps = { settings: toSettings(config), send, clock }
  return {
    id: TESTWIRE,
    name: 'Testwire',
    limits: deps.settings.limits,
    flights: createFlights(deps),
    stays: createStays(deps),
    translate: (kind, message) => translate(kind, message, clock.now()),
  }
}
