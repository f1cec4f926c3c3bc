import type { FareRules } from '../../travel/fare-rules.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Call } from '../contract.ts'
import { ask, createBudget, type Deps } from './deps.ts'
import { refused, replyOf } from './exchange.ts'
import { readPricedRules } from './read-rules.ts'
import { travellersOf, writePrice } from './to-wire.ts'

/**
 * The rules of each fare component, from pricing the offer once more: the keys by which they could be asked alone do not
 * live longer than a few minutes. Passenger types whose rules read the same have them once. Throws ProviderError.
 */
export async function fareRules(deps: Deps, offer: FlightOffer, call: Call): Promise<readonly FareRules[]> {
  const { readTimeoutMs } = deps.config.limits
  const envelope = writePrice(deps.config, offer, travellersOf(offer), 'long')
  const request = { service: 'AirService', envelope, expects: 'AirPriceRsp' } as const
  const reply = replyOf(await ask(deps, call, createBudget(deps, readTimeoutMs), request))
  if ('fault' in reply) throw refused(reply.fault)
  const rules = readPricedRules(reply.body)
  return [...new Map(rules.map((one) => [JSON.stringify(one), one])).values()]
}
