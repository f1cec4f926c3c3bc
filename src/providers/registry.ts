import type { Clock } from '../kernel/time.ts'
import { createPartner, type Partner, type PartnerOptions, type Send } from '../platform/partner.ts'
import type { Provider } from './contract.ts'
import { createDuffel, DUFFEL_LIMITS, type DuffelConfig } from './duffel/index.ts'
import { createTravelport, isTravelportOutage, TRAVELPORT_DEFAULT_LIMITS, type TravelportOn } from './travelport/index.ts'

/** Each seller's configuration, or null when it is off. Adding a seller is a line here and one in each function below. */
export type ProvidersConfig = {
  readonly travelport: Omit<TravelportOn, 'on' | 'limits'> | null
  readonly duffel: Omit<DuffelConfig, 'enabled' | 'limits'> | null
}

/** The sellers that are switched on, each over connections, a bulkhead and a breaker of its own. */
export function createProviders(config: ProvidersConfig, clock: Clock): { providers: readonly Provider[]; close: () => Promise<void> } {
  const { travelport, duffel } = config
  const partners: Partner[] = []
  const over = (options: PartnerOptions, create: (send: Send) => Provider): Provider => {
    const partner = createPartner(options)
    partners.push(partner)
    return { ...create(partner.send), health: partner.state }
  }
  const providers = [
    travelport &&
      over({ name: 'Travelport', concurrentMax: TRAVELPORT_DEFAULT_LIMITS.concurrentMax, isOutage: isTravelportOutage }, (send) =>
        createTravelport({ config: { ...travelport, on: true, limits: TRAVELPORT_DEFAULT_LIMITS }, send, clock }),
      ),
    duffel &&
      over({ name: 'Duffel', concurrentMax: DUFFEL_LIMITS.concurrentMax }, (send) =>
        createDuffel({ config: { ...duffel, enabled: true }, send, clock }),
      ),
  ].filter((provider) => provider !== null)
  return { providers, close: async () => void (await Promise.all(partners.map((partner) => partner.close()))) }
}

const nobody: Send = () => Promise.reject(new Error('a translator calls nobody'))

/** Every seller there is, for reading messages only: nothing is configured and nobody can be called. */
export function createTranslators(clock: Clock): readonly Provider[] {
  const nowhere = 'http://127.0.0.1:9'
  const travelport = {
    on: true,
    baseUrl: nowhere,
    username: 'none',
    password: 'none',
    targetBranch: 'none',
    providerCode: '1G',
    pseudoCityCode: null,
    currency: null,
    limits: TRAVELPORT_DEFAULT_LIMITS,
  } as const
  return [
    createTravelport({ config: travelport, send: nobody, clock }),
    createDuffel({ config: { enabled: true, url: nowhere, accessToken: 'none' }, send: nobody, clock }),
  ]
}
