import { addMoney, subtractMoney, type Money } from '../../kernel/money.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import type { ExchangeQuote } from '../flight-supplier.ts'
import { copy } from './copy-element.ts'
import { readSolution } from './read-price.ts'
import { malformed, readMoneyOrNull } from './read-values.ts'

/** What an exchange quote's token holds: what AirExchangeReq wants back, written out, in the order that it wants it. */
export type ExchangeToken = { readonly v: 1; readonly content: string }

/** What AirExchangeReq repeats of its quote, in the schema's order. */
const REPEATED = ['AirPricingSolution', 'AirExchangeBundleTotal', 'AirExchangeBundle', 'HostToken']

/**
 * Reads AirExchangeQuoteRsp: each priced solution is a way to change. `newTotal` is the whole new journey; the difference
 * is what is paid now: what is added to the fare and the fee, less what is given back. The amounts are of all solutions
 * together, so they are certain only where there is one.
 */
export function readExchangeQuotes(reply: XmlElement): readonly ExchangeQuote[] {
  const solutions = children(reply, 'AirPricingSolution')
  const info = child(child(reply, 'AirExchangeBundleTotal'), 'AirExchangeInfo') ?? onlyBundle(reply)
  const costs = solutions.length === 1 ? readCosts(info) : { difference: null, penalty: null }
  const content = reply.children
    .filter((one) => REPEATED.includes(one.name))
    .map((one) => copy(one))
    .join('')
  return solutions.map((solution, index) => {
    const { slices, total } = readSolution(solution, index, children(solution, 'AirSegment'))
    return { ...costs, newTotal: total, slices, expiresAt: null, supplierToken: JSON.stringify({ v: 1, content } satisfies ExchangeToken) }
  })
}

/** The inverse of the token of {@link readExchangeQuotes}; throws ProviderError('malformed') on anything else. */
export function readExchangeToken(text: string): ExchangeToken {
  try {
    const token = JSON.parse(text) as ExchangeToken
    if (token.v === 1 && typeof token.content === 'string' && token.content !== '') return token
  } catch {
    // Falls through.
  }
  throw malformed('this is not an exchange quote of Travelport')
}

function onlyBundle(reply: XmlElement): XmlElement | undefined {
  const bundles = children(reply, 'AirExchangeBundle')
  return bundles.length === 1 ? child(bundles[0], 'AirExchangeInfo') : undefined
}

/** ExchangeAmount is what is added where no AddCollection is stated: the recorded ones have both, and the fee in neither. */
function readCosts(info: XmlElement | undefined): { readonly difference: Money | null; readonly penalty: Money | null } {
  const amount = (name: string): Money | null => readMoneyOrNull(attribute(info, name))
  const penalty = amount('EquivalentChangeFee') ?? amount('ChangeFee')
  const added = amount('AddCollection') ?? amount('EquivalentExchangeAmount') ?? amount('ExchangeAmount')
  const back = amount('Refund')
  const currencies = new Set([penalty, added, back].map((one) => one?.currency).filter((one) => one !== undefined))
  if (!added || currencies.size !== 1) return { difference: null, penalty }
  const paid = penalty ? addMoney(added, penalty) : added
  return { difference: back ? subtractMoney(paid, back) : paid, penalty }
}
