import Big from 'big.js'
import { isCurrency, parseCurrency, payableStep, type Currency } from '../kernel/currency.ts'
import { money, subtractMoney, type Money } from '../kernel/money.ts'
import { createAmountPricer, toPriceLine, toRoundingUp } from './price-amounts.ts'
import { minorUnitsPerUnit, parseRates, type RateTable } from './rates.ts'

/**
 * What is added to a supplier's net price: hundredths of a percent of it, and a fixed fee per offer in the display
 * currency. The first rule whose `provider` is the offer's, or `null` for every provider, is applied; rules do not add up.
 */
export type MarkupRule = { readonly provider: string | null; readonly basisPoints: number; readonly fee: Money | null }

/** Everything a price shown depends on. `version` changes whenever anything else does. */
export type PricingRules = {
  readonly version: string
  readonly displayCurrency: string
  readonly rates: RateTable
  readonly markups: readonly MarkupRule[]
}

/** What else than the amount decides about a price. */
export type PriceContext = {
  readonly provider: string
  /** True where the seller takes the customer's money itself: its price is the price, and we add nothing. */
  readonly isPaidToSeller?: boolean
}

/** `total` is what the customer pays; `cost` is the supplier's net in the same currency; `markup` is exactly the difference. */
export type ShownPrice = { readonly total: Money; readonly cost: Money; readonly markup: Money }

/** A price, or why there is none: the net currency has no rate, or the amount is no price (below zero, beyond counting). */
export type Shown =
  | ({ readonly outcome: 'priced' } & ShownPrice)
  | { readonly outcome: 'unpriced'; readonly reason: 'no-rate' | 'not-a-price' }

export type Pricing = {
  readonly version: string
  readonly displayCurrency: Currency
  /** The price to show for a net price. Never throws; the same answer for the same arguments, always. */
  readonly shownPrice: (net: Money, context: PriceContext) => Shown
  /**
   * For thousands of prices at once: from minor units of `currency` to the minor units of the `total` that `shownPrice`
   * gives for them, null where it gives none. Null itself when the currency has no rate.
   */
  readonly amountPricer: (currency: string, context: PriceContext) => ((netMinorUnits: number) => number | null) | null
}

/**
 * Division to whole minor units, halves up; to the next whole rupiah, up. It is the only place where a price loses a fraction: everything before it
 * is multiplied and added exactly.
 */
const WholeHalfUp = Big()
WholeHalfUp.DP = 0
WholeHalfUp.RM = 1
const WholeUp = Big()
WholeUp.DP = 0
WholeUp.RM = 3
const WHOLE_BASIS_POINTS = 10_000

/** Reads the rules once; throws a RangeError when a rate, a currency or a markup is impossible. */
export function createPricing(rules: PricingRules): Pricing {
  const display = parseCurrency(rules.displayCurrency)
  const rates = parseRates(rules.rates)
  for (const markup of rules.markups) assertMarkup(markup, display)

  const ratio = createRatios(display, rates.find)
  // What a property takes by itself is its own business.
  const stepOf = ({ isPaidToSeller = false }: PriceContext): number => (isPaidToSeller ? 1 : payableStep(display))
  const markupOf = ({ provider, isPaidToSeller = false }: PriceContext) =>
    isPaidToSeller ? undefined : rules.markups.find((rule) => rule.provider === null || rule.provider === provider)

  return {
    version: rules.version,
    displayCurrency: display,
    shownPrice(net, context) {
      if (net.amount < 0) return { outcome: 'unpriced', reason: 'not-a-price' }
      const exchange = ratio(net.currency)
      if (exchange === undefined) return { outcome: 'unpriced', reason: 'no-rate' }
      const markup = markupOf(context)
      const basisPoints = markup?.basisPoints ?? 0
      const fee = markup?.fee?.amount ?? 0
      const scale = exchange.denominator.times(WHOLE_BASIS_POINTS)
      const exact = exchange.numerator.times(net.amount)
      const step = stepOf(context)
      const price = exact.times(WHOLE_BASIS_POINTS + basisPoints).plus(scale.times(fee))
      const total = step === 1 ? roundToMinorUnits(price, scale) : step * roundUp(price, scale.times(step))
      const cost = roundToMinorUnits(exact, exchange.denominator)
      if (!Number.isSafeInteger(total) || !Number.isSafeInteger(cost)) return { outcome: 'unpriced', reason: 'not-a-price' }
      const shown = money(total, display)
      const paid = money(cost, display)
      return { outcome: 'priced', total: shown, cost: paid, markup: subtractMoney(shown, paid) }
    },
    amountPricer(currency, context) {
      const exchange = isCurrency(currency) ? ratio(currency) : undefined
      if (exchange === undefined) return null
      const { basisPoints, fee } = markupOf(context) ?? { basisPoints: 0, fee: null }
      const scale = exchange.denominator.times(WHOLE_BASIS_POINTS)
      const step = stepOf(context)
      const factor = exchange.numerator.times(WHOLE_BASIS_POINTS + basisPoints)
      const line = toPriceLine(factor, scale.times(fee?.amount ?? 0), scale.times(step))
      if (step === 1) return createAmountPricer(line)
      const steps = createAmountPricer(toRoundingUp(line))
      return (amount) => {
        const price = steps(amount)
        return price === null || !Number.isSafeInteger(price * step) ? null : price * step
      }
    },
  }
}

/** Minor units of the display currency per minor unit of another, as a fraction, so that nothing is rounded on the way. */
type Ratio = { readonly numerator: Big; readonly denominator: Big }

function createRatios(display: Currency, find: (currency: Currency) => Big | undefined): (from: Currency) => Ratio | undefined {
  const known = new Map<Currency, Ratio | undefined>([[display, { numerator: new Big(1), denominator: new Big(1) }]])
  return (from) => {
    if (!known.has(from)) {
      const [rateFrom, rateTo] = [find(from), find(display)]
      known.set(
        from,
        rateFrom && rateTo
          ? { numerator: minorUnitsPerUnit(display).times(rateTo), denominator: minorUnitsPerUnit(from).times(rateFrom) }
          : undefined,
      )
    }
    return known.get(from)
  }
}

/** The one rounding of a price shown. */
function roundToMinorUnits(numerator: Big, denominator: Big): number {
  return Number(new WholeHalfUp(numerator).div(denominator).toFixed(0))
}

/** Up to the next step: rounded down, a price could be below what it costs us. */
function roundUp(numerator: Big, denominator: Big): number {
  return Number(new WholeUp(numerator).div(denominator).toFixed(0))
}

function assertMarkup(rule: MarkupRule, display: Currency): void {
  if (!Number.isSafeInteger(rule.basisPoints) || rule.basisPoints < 0 || rule.basisPoints > WHOLE_BASIS_POINTS) {
    throw new RangeError(`a markup of ${rule.basisPoints} basis points is not between 0 and ${WHOLE_BASIS_POINTS}`)
  }
  if (rule.fee !== null && (rule.fee.currency !== display || rule.fee.amount < 0)) {
    throw new RangeError(`a fee must be an amount of ${display} that is not negative`)
  }
}
