import type { Currency } from '../kernel/currency.ts'
import { plusMs, type Clock, type Instant } from '../kernel/time.ts'
import type { GatewayOutcome, PaymentGateway } from './gateways/contract.ts'

/** What a payment asks of its gateway. `country`: the customer's, ISO 3166-1 alpha-2, null where nobody knows. */
export type Wanted = {
  readonly currency: Currency
  readonly country: string | null
  /** Gateways that could not open a page for this very payment. */
  readonly tried: ReadonlySet<string>
  /** Whoever runs this has said which gateways take payments, and in which order; empty: nobody has. */
  readonly order: readonly string[]
}

/** Which gateways have lately opened pages. What it knows is this process's own; at the start all are well. */
export type GatewayHealth = {
  /** Notes how a creation went. Being turned down is an answer too: whoever gives one is there. */
  readonly note: (gatewayId: string, outcome: GatewayOutcome<unknown>['outcome']) => void
  readonly isWell: (gateway: Pick<PaymentGateway, 'id' | 'health'>) => boolean
}

/** So many creations without an answer, one after another, make a gateway unwell, */
const UNKNOWN_MAX = 3
/** and for so long: then one payment may find out whether it is back. */
const UNWELL_MS = 60_000

/** Remembers of each gateway only how many creations in a row went unanswered, and since when. */
export function createGatewayHealth(clock: Clock): GatewayHealth {
  const silent = new Map<string, { readonly count: number; readonly since: Instant }>()
  return {
    note: (gatewayId, outcome) => {
      if (outcome !== 'unknown') silent.delete(gatewayId)
      else silent.set(gatewayId, { count: (silent.get(gatewayId)?.count ?? 0) + 1, since: clock.now() })
    },
    isWell: ({ id, health }) => {
      if (health?.().breaker === 'open') return false
      const known = silent.get(id)
      return known === undefined || known.count < UNKNOWN_MAX || plusMs(known.since, UNWELL_MS) <= clock.now()
    },
  }
}

/**
 * The gateways that can take the payment, the best first: those that are well before those that are not, those that can give
 * money back before those that cannot, those at home in the customer's country before those at home anywhere before those at
 * home elsewhere, and else as they are listed. Where an order was given it decides among those that are well. One that is unwell is not left out: it may be the only one.
 */
export function chooseGateways(gateways: readonly PaymentGateway[], wanted: Wanted, isWell: GatewayHealth['isWell']): PaymentGateway[] {
  const able = gateways.filter(
    ({ id, capabilities }) =>
      capabilities.currencies.includes(wanted.currency) &&
      !wanted.tried.has(id) &&
      (wanted.order.length === 0 || wanted.order.includes(id)),
  )
  const ranks = new Map(able.map((gateway) => [gateway, rankOf(gateway, wanted, isWell(gateway))]))
  return able.toSorted((a, b) => ranks.get(a)! - ranks.get(b)!)
}

function rankOf({ id, capabilities }: PaymentGateway, { country, order }: Wanted, isWell: boolean): number {
  if (order.length > 0) return (isWell ? 0 : 100) + order.indexOf(id)
  const { countries, refund } = capabilities
  const home = country !== null && countries.includes(country) ? 0 : countries.length === 0 ? 1 : 2
  return (isWell ? 0 : 100) + (refund === 'manual' ? 10 : 0) + home
}
