import type { Currency } from '../kernel/currency.ts'
import type { Clock } from '../kernel/time.ts'
import type { PartnerOptions, Send } from '../platform/partner.ts'
import type { Provider } from './contract.ts'

/** A variable of the environment. Secrets and everything else of a seller's are kept wrapped, so that logs show none of it. */
export type Variable = {
  readonly description: string
  readonly example?: string
  /** True where the seller works without it. */
  readonly isOptional?: boolean
  /** What a value must look like; anything when absent. */
  readonly pattern?: RegExp
}

export type ProviderParts = {
  readonly clock: Clock
  /** What prices are asked for in, where the seller lets us choose. */
  readonly currency: Currency
  /** A provider over connections, a bulkhead and a breaker of its own. */
  readonly over: (options: PartnerOptions, create: (send: Send) => Provider) => Provider
}

/** A seller as the rest of Farewire takes it in: `registry.ts` lists them, one line each. */
export type ProviderModule = {
  /** In ids, logs and addresses; variables of the environment begin with it. Providers made of it are called so, or "<id>-…". */
  readonly id: string
  readonly name: string
  /** What the environment must say. The first one switches the seller on, and then every other that is not optional is needed. */
  readonly environment: Readonly<Record<string, Variable>>
  /** The providers that a configuration makes: one, or one per airline. `read` throws for a variable that is not set. */
  readonly create: (environment: ProviderEnvironment, parts: ProviderParts) => readonly Provider[]
  /** The seller for reading messages only: configured for nobody, able to call nobody. */
  readonly createTranslator: (clock: Clock) => Provider
}

export type ProviderEnvironment = {
  /** The value of a variable; throws when it is not set. */
  readonly read: (name: string) => string
  readonly find: (name: string) => string | undefined
}

/** For translators: a way out that leads nowhere. */
export const nobody: Send = () => Promise.reject(new Error('a translator calls nobody'))

/** For translators: an address where nothing is. */
export const NOWHERE = 'http://127.0.0.1:9'
