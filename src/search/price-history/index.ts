export { createPriceHistory } from './price-history.ts'
export type { CalendarDay, FoundPrice, PriceCell, PriceHistory, PriceHistoryConfig, PriceHistoryDeps } from './price-history.ts'
