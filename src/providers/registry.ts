import type { Currency } from '../kernel/currency.ts'
import type { Redis } from 'ioredis'
import type { Clock } from '../kernel/time.ts'
import { recordPartner, type RecorderOptions } from '../platform/partner-recorder.ts'
import { createPartner, type ClientTls, type Partner, type PartnerOptions, type Send } from '../platform/partner.ts'
import { createRateBudget } from '../platform/rate-budget.ts'
import type { Secret } from '../platform/secret.ts'
import { amadeus } from './amadeus/index.ts'
import type { Provider } from './contract.ts'
import { duffel } from './duffel/index.ts'
import { hotelbeds } from './hotelbeds/index.ts'
import { nobody, type ProviderModule } from './module.ts'
import { readTls } from './read-tls.ts'
import { rapid } from './rapid/index.ts'
import { sabre } from './sabre/index.ts'
import { opentravel } from './opentravel/index.ts'
import { ndc } from './ndc/index.ts'
import { testwire } from './testwire/index.ts'
import { travelport } from './travelport/index.ts'

/** Every seller there is. Adding one is a folder, a line here and its fixtures. */
export const PROVIDER_MODULES: readonly ProviderModule[] = [travelport, duffel, hotelbeds, rapid, sabre, opentravel, amadeus, ndc, testwire]

/** What each seller that is switched on was configured with, by the seller's id. */
export type ProvidersConfig = ReadonlyMap<string, Readonly<Record<string, Secret>>>

export type ProvidersOptions = {
  readonly clock: Clock
  readonly currency: Currency
  /** Where all processes count their calls together; null counts this one's alone. */
  readonly redis?: Redis | null
  /** Where messages are kept for tests to come, without people and secrets; null keeps none. */
  readonly recordings?: Pick<RecorderOptions, 'directory' | 'onError'> | null
}

/** The sellers that are switched on, each over connections, a bulkhead and a breaker of its own. */
export function createProviders(
  config: ProvidersConfig,
  { clock, currency, redis = null, recordings = null }: ProvidersOptions,
): { providers: readonly Provider[]; close: () => Promise<void> } {
  const partners: Partner[] = []
  const overWith =
    (tls: ClientTls) =>
    (options: PartnerOptions, create: (send: Send) => Provider): Provider => {
      // The limits are the adapter's to know, and the partner is made before the adapter: asked of one that calls nobody.
      const { callsPerSecondMax = null } = create(nobody).limits
      const rate =
        callsPerSecondMax === null ? {} : { rate: createRateBudget({ name: options.name, perSecondMax: callsPerSecondMax, redis }) }
      const partner = createPartner({ retries: 1, ...rate, tls, ...options })
      partners.push(partner)
      const send = recordings === null ? partner.send : recordPartner(options.name, partner.send, { ...recordings, clock })
      return { ...create(send), health: partner.state }
    }
  const providers = PROVIDER_MODULES.flatMap((module) => {
    const values = config.get(module.id)
    return values ? module.create(toEnvironment(values), { clock, currency, over: overWith(readTls(module, values)) }) : []
  })
  return { providers, close: async () => void (await Promise.all(partners.map((partner) => partner.close()))) }
}

function toEnvironment(values: Readonly<Record<string, Secret>>) {
  const find = (name: string): string | undefined => values[name]?.reveal()
  const read = (name: string): string => {
    const value = find(name)
    if (value === undefined) throw new Error(`${name} is not set`)
    return value
  }
  return { find, read }
}

/** Every seller there is, for reading messages only: nothing is configured and nobody can be called. */
export function createTranslators(clock: Clock): readonly Provider[] {
  return PROVIDER_MODULES.map((module) => module.createTranslator(clock))
}

/** The translator for a provider of this id, which may be one of several that a seller's configuration has made ("ndc-af"). */
export function translatorOf(translators: readonly Provider[], id: string): Provider | undefined {
  return translators.find((one) => one.id === id) ?? translators.find((one) => id.startsWith(`${one.id}-`))
}
