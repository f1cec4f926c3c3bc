import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCurrency, minorDigits, type Currency } from '../kernel/currency.ts'
import { formatMoney, money, parseMoney } from '../kernel/money.ts'
import { createPricing, DEFAULT_RATES, type MarkupRule, type PricingRules } from './index.ts'

function pricingIn(displayCurrency: string, markups: MarkupRule[] = [], rates = DEFAULT_RATES) {
  return createPricing({ version: '1', displayCurrency, rates, markups })
}

function shown(rules: ReturnType<typeof pricingIn>, decimal: string, currency: string, provider = 'travelport') {
  const price = rules.shownPrice(parseMoney(decimal, currency), { provider })
  if (price.outcome !== 'priced') throw new Error(price.reason)
  return price
}

const oneRate = (currency: string, rate: string): PricingRules['rates'] => ({ ...DEFAULT_RATES, perBase: { [currency]: rate } })

describe('shown price', () => {
  test('is the net price when currency is the same and nothing is added', () => {
    expect(formatMoney(shown(pricingIn('USD'), '178.74', 'USD').total)).toBe('USD 178.74')
  })

  test('needs no rate for the display currency itself', () => {
    expect(formatMoney(shown(pricingIn('MNT', [], oneRate('EUR', '0.9')), '10.00', 'MNT').total)).toBe('MNT 10.00')
  })

  test('crosses two currencies over the base, each with its own number of decimals', () => {
    const pricing = pricingIn('KRW', [], { ...DEFAULT_RATES, perBase: { KWD: '0.3', KRW: '1400' } })
    expect(formatMoney(shown(pricing, '3.000', 'KWD').total)).toBe('KRW 14000')
    const back = pricingIn('KWD', [], { ...DEFAULT_RATES, perBase: { KWD: '0.3', KRW: '1400' } })
    expect(formatMoney(shown(back, '14000', 'KRW').total)).toBe('KWD 3.000')
  })

  test('rounds halves up, once, after the markup', () => {
    // 0.01 USD at 100 % markup and a rate of 0.25: 0.005 exactly; rounding the cost first would give nothing.
    const pricing = pricingIn('EUR', [{ provider: null, basisPoints: 10_000, fee: null }], oneRate('EUR', '0.25'))
    const price = shown(pricing, '0.01', 'USD')
    expect([price.total.amount, price.cost.amount, price.markup.amount]).toEqual([1, 0, 1])
  })

  test('adds basis points and the fixed fee of the first rule that fits the supplier', () => {
    const pricing = pricingIn('USD', [
      { provider: 'duffel', basisPoints: 250, fee: money(300, 'USD') },
      { provider: null, basisPoints: 100, fee: null },
    ])
    expect(formatMoney(shown(pricing, '200.00', 'USD', 'duffel').total)).toBe('USD 208.00')
    expect(formatMoney(shown(pricing, '200.00', 'USD', 'travelport').total)).toBe('USD 202.00')
  })

  test('asks for whole rupiah, which is all that Indonesian payment providers take', () => {
    const pricing = pricingIn('IDR', [{ provider: null, basisPoints: 300, fee: null }])
    const price = shown(pricing, '2060380.50', 'IDR')
    expect(formatMoney(price.total)).toBe('IDR 2122192.00')
    expect(price.total.amount - price.cost.amount).toBe(price.markup.amount)
    const atHotel = pricing.shownPrice(parseMoney('2060380.50', 'IDR'), { provider: 'x', isPaidToSeller: true })
    expect(atHotel).toMatchObject({ outcome: 'priced', total: parseMoney('2060380.50', 'IDR') })
  })

  test('names the reason when there is no rate, or no price', () => {
    expect(pricingIn('USD').shownPrice(parseMoney('1000', 'MMK'), { provider: 'x' })).toEqual({ outcome: 'unpriced', reason: 'no-rate' })
    expect(pricingIn('USD').shownPrice(money(-1, 'USD'), { provider: 'x' })).toEqual({ outcome: 'unpriced', reason: 'not-a-price' })
    expect(pricingIn('IDR').shownPrice(money(Number.MAX_SAFE_INTEGER, 'USD'), { provider: 'x' })).toEqual({
      outcome: 'unpriced',
      reason: 'not-a-price',
    })
  })

  test('refuses impossible rules at the start', () => {
    expect(() => pricingIn('XXX')).toThrow(RangeError)
    expect(() => pricingIn('USD', [], oneRate('EUR', '0'))).toThrow(/EUR/)
    expect(() => pricingIn('USD', [], oneRate('EUR', '1e3'))).toThrow(/EUR/)
    expect(() => pricingIn('USD', [], oneRate('USD', '2'))).toThrow(/USD/)
    expect(() => pricingIn('USD', [{ provider: null, basisPoints: -1, fee: null }])).toThrow(RangeError)
    expect(() => pricingIn('USD', [{ provider: null, basisPoints: 0, fee: money(1, 'EUR') }])).toThrow(RangeError)
  })

  test('has a rate for every currency of the default table, and all of them are ISO 4217', () => {
    const codes = Object.keys(DEFAULT_RATES.perBase)
    expect(codes.every(isCurrency)).toBe(true)
    for (const code of codes) expect(shown(pricingIn('USD'), '1000', code).total.amount).toBeGreaterThan(0)
  })
})

const currencies = ['USD', ...Object.keys(DEFAULT_RATES.perBase)] as Currency[]
const amounts = fc.integer({ min: 0, max: 100_000_000 })
const markups = fc.record({ basisPoints: fc.integer({ min: 0, max: 10_000 }), fee: fc.integer({ min: 0, max: 100_000 }) })

describe('for every net price, pair of currencies and markup', () => {
  test('the total is the exact value rounded half up, and to whole rupiah up, checked with whole numbers only', () => {
    fc.assert(
      fc.property(amounts, fc.constantFrom(...currencies), fc.constantFrom(...currencies), markups, (amount, from, to, rule) => {
        const price = pricingIn(to, [{ provider: null, basisPoints: rule.basisPoints, fee: money(rule.fee, to) }]).shownPrice(
          money(amount, from),
          { provider: 'x' },
        )
        if (price.outcome !== 'priced') throw new Error(price.reason)
        const [rateFrom, rateTo] = from === to ? [1n, 1n] : [millionths(from), millionths(to)]
        const numerator =
          BigInt(amount) * rateTo * 10n ** BigInt(minorDigits(to)) * BigInt(10_000 + rule.basisPoints) +
          BigInt(rule.fee) * rateFrom * 10n ** BigInt(minorDigits(from)) * 10_000n
        const denominator = rateFrom * 10n ** BigInt(minorDigits(from)) * 10_000n
        const sen = 100n * denominator
        const rounded = to === 'IDR' ? 100n * ((numerator + sen - 1n) / sen) : (2n * numerator + denominator) / (2n * denominator)
        expect(BigInt(price.total.amount)).toBe(rounded)
        expect(price.total.currency).toBe(to)
        expect(price.cost.amount + price.markup.amount).toBe(price.total.amount)
        expect(price.markup.amount).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('thousands of prices at once are the same prices, to the minor unit, however large', () => {
    const anyAmount = fc.oneof(amounts, fc.integer({ min: 0, max: 10 }), fc.maxSafeInteger())
    fc.assert(
      fc.property(anyAmount, fc.constantFrom(...currencies), fc.constantFrom(...currencies), markups, (amount, from, to, rule) => {
        const pricing = pricingIn(to, [{ provider: null, basisPoints: rule.basisPoints, fee: money(rule.fee, to) }])
        const price = pricing.shownPrice(money(amount, from), { provider: 'x' })
        expect(pricing.amountPricer(from, { provider: 'x' })!(amount)).toBe(price.outcome === 'priced' ? price.total.amount : null)
      }),
      { numRuns: 2_000 },
    )
    expect(pricingIn('USD').amountPricer('MMK', { provider: 'x' })).toBeNull()
  })

  test('a dearer net is never shown cheaper', () => {
    fc.assert(
      fc.property(amounts, amounts, fc.constantFrom(...currencies), fc.constantFrom(...currencies), markups, (a, b, from, to, rule) => {
        const pricing = pricingIn(to, [{ provider: null, basisPoints: rule.basisPoints, fee: money(rule.fee, to) }])
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((amount) => pricing.shownPrice(money(amount, from), { provider: 'x' }))
        if (low?.outcome !== 'priced' || high?.outcome !== 'priced') throw new Error('unpriced')
        expect(low.total.amount).toBeLessThanOrEqual(high.total.amount)
      }),
    )
  })
})

function millionths(currency: Currency): bigint {
  const [whole = '', fraction = ''] = (currency === 'USD' ? '1' : DEFAULT_RATES.perBase[currency]!).split('.')
  return BigInt(whole + fraction.padEnd(6, '0'))
}

test('where the seller takes the money itself its price is the price: nothing is added, one by one or many at once', () => {
  const rules = {
    version: 'v',
    displayCurrency: 'USD',
    rates: DEFAULT_RATES,
    markups: [{ provider: null, basisPoints: 300, fee: money(500, 'USD') }],
  }
  const pricing = createPricing(rules)
  const net = money(10_000, 'USD')
  expect(pricing.shownPrice(net, { provider: 'a', isPaidToSeller: true })).toMatchObject({ total: net, markup: money(0, 'USD') })
  expect(pricing.amountPricer('USD', { provider: 'a', isPaidToSeller: true })!(10_000)).toBe(10_000)
  expect(pricing.shownPrice(net, { provider: 'a' })).toMatchObject({ total: money(10_800, 'USD') })
})
