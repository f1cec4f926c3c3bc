import type { Clock } from '../kernel/time.ts'
import { secret, type Secret } from '../platform/secret.ts'
import type { PaymentGateway } from './gateways/contract.ts'
import type { GatewayModule, GatewayValues } from './gateways/module.ts'
import { midtrans } from './gateways/midtrans/index.ts'
import { payos } from './gateways/payos/index.ts'
import { stripe } from './gateways/stripe/index.ts'
import { vnpay } from './gateways/vnpay/index.ts'
import { xendit } from './gateways/xendit/index.ts'
import { zalopay } from './gateways/zalopay/index.ts'

/** Every payment service provider there is. Adding one is a folder, a line here and its façade. */
const GATEWAY_MODULES: readonly GatewayModule[] = [stripe, xendit, midtrans, vnpay, zalopay, payos]

type Given = Readonly<Record<string, string | undefined>>

/** What each gateway that is switched on was configured with, by its id. */
export type GatewaysConfig = ReadonlyMap<string, Readonly<Record<string, Secret>>>

const ORDER = 'PAYMENT_GATEWAYS'

/** The gateways that an environment switches on, which the first variable of each does. */
export function readGateways(given: Given): GatewaysConfig {
  return new Map(
    modulesOn(given).map(({ id, environment }) => [
      id,
      Object.fromEntries(Object.keys(environment).flatMap((name) => (given[name] ? [[name, secret(given[name])]] : []))),
    ]),
  )
}

/**
 * Which gateways take new payments, the first choice first, where PAYMENT_GATEWAYS says so; empty where every one does that is
 * switched on. The others go on serving what they once began.
 */
export function readGatewayOrder(given: Given): readonly string[] {
  return namesIn(given[ORDER])
}

/** What is missing or unusable, each with what the variable is for. */
export function gatewayFaults(given: Given): string[] {
  const on = modulesOn(given)
  const known = GATEWAY_MODULES.map(({ id }) => id)
  const strange = namesIn(given[ORDER]).filter((id) => !on.some((module) => module.id === id))
  return [
    ...(on.length === 0 ? [`no payment gateway is switched on: give the variables of one, for example STRIPE_SECRET_KEY`] : []),
    ...strange.map(
      (id) => `${ORDER} names "${id}", ${known.includes(id) ? 'which is not switched on' : `which is none of ${known.join(', ')}`}`,
    ),
    ...on.flatMap(({ environment }) => {
      const [trigger] = Object.keys(environment)
      return Object.entries(environment).flatMap(([name, { description, example, isOptional }]) => {
        const value = given[name]
        const purpose = description + (example ? `, for example ${example}` : '')
        if (!value) return isOptional ? [] : [`${name} is missing: ${trigger} is set, so it is needed: ${purpose}`]
        return name.endsWith('_URL') && !/^https?:\/\//.test(value) ? [`${name} is not usable: ${purpose}`] : []
      })
    }),
  ]
}

export type GatewaysOptions = { readonly clock: Clock; readonly readTimeoutMs: number; readonly writeTimeoutMs: number }

/** The gateways that are switched on, each over connections, a bulkhead and a breaker of its own. */
export function createGateways(config: GatewaysConfig, options: GatewaysOptions): readonly PaymentGateway[] {
  return [...config].map(([id, values]) => GATEWAY_MODULES.find((module) => module.id === id)!.create(toValues(values), options))
}

function modulesOn(given: Given): GatewayModule[] {
  return GATEWAY_MODULES.filter(({ environment }) => Boolean(given[Object.keys(environment)[0]!]))
}

function namesIn(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function toValues(values: Readonly<Record<string, Secret>>): GatewayValues {
  const find = (name: string): string | undefined => values[name]?.reveal()
  const read = (name: string): string => {
    const value = find(name)
    if (value === undefined) throw new Error(`${name} is not set`)
    return value
  }
  return { find, read, list: (name) => namesIn(read(name)) }
}
