import type { Currency } from '../kernel/currency.ts'
import type { Clock } from '../kernel/time.ts'
import { createPartner, type Partner, type PartnerOptions, type Send } from '../platform/partner.ts'
import type { Secret } from '../platform/secret.ts'
import type { Provider } from './contract.ts'
import { duffel } from './duffel/index.ts'
import type { ProviderModule } from './module.ts'
import { ndc } from './ndc/index.ts'
import { travelport } from './travelport/index.ts'

/** Every seller there is. Adding one is a folder, a line here and its fixtures. */
export const PROVIDER_MODULES: readonly ProviderModule[] = [travelport, duffel, ndc]

/** What each seller that is switched on was configured with, by the seller's id. */
export type ProvidersConfig = ReadonlyMap<string, Readonly<Record<string, Secret>>>

/** The sellers that are switched on, each over connections, a bulkhead and a breaker of its own. */
export function createProviders(
  config: ProvidersConfig,
  { clock, currency }: { readonly clock: Clock; readonly currency: Currency },
): { providers: readonly Provider[]; close: () => Promise<void> } {
  const partners: Partner[] = []
  const over = (options: PartnerOptions, create: (send: Send) => Provider): Provider => {
    const partner = createPartner(options)
    partners.push(partner)
    return { ...create(partner.send), health: partner.state }
  }
  const providers = PROVIDER_MODULES.flatMap((module) => {
    const values = config.get(module.id)
    return values ? module.create(toEnvironment(values), { clock, currency, over }) : []
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
