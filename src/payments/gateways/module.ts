import type { Clock } from '../../kernel/time.ts'
import type { PaymentGateway } from './contract.ts'

/** A variable of a gateway's environment. One that is not optional is needed as soon as the first of them is given. */
export type GatewayVariable = { readonly description: string; readonly example?: string; readonly isOptional?: boolean }

/** The values of a gateway's variables. */
export type GatewayValues = {
  /** The value; throws when there is none. */
  readonly read: (name: string) => string
  readonly find: (name: string) => string | undefined
  /** The values of a list separated by commas, the newest first: secrets of which one replaces the other. */
  readonly list: (name: string) => readonly string[]
}

export type GatewayOptions = {
  readonly clock: Clock
  /** Total deadlines of one call. */
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
}

/** One payment service provider: how it is switched on, and how it is made. */
export type GatewayModule = {
  readonly id: string
  /** The first one switches it on. */
  readonly environment: Readonly<Record<string, GatewayVariable>>
  readonly create: (values: GatewayValues, options: GatewayOptions) => PaymentGateway
}
