export { createPricing } from './shown-price.ts'
export type { MarkupRule, Pricing, PricingRules } from './shown-price.ts'
export { DEFAULT_RATES } from './rates.ts'
export { priceContextOf } from './price-context.ts'
