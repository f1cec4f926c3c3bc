import type { Currency } from '../../kernel/currency.ts'
import type { Money } from '../../kernel/money.ts'
import { daysBetween, instant, plusDays, type Clock, type Instant, type LocalDate } from '../../kernel/time.ts'
import type { RequestRedis } from '../../platform/redis.ts'
import type { Pricing } from '../../pricing/index.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { silentLogger, type SearchLogger } from '../logger.ts'
import { createNoteQueue } from './note-queue.ts'
import { priceFieldOf, priceKeyOf, pricePlaceOf, secondsOf, type PriceDates, type PriceFact, type PriceRoute } from './price-fact.ts'
import { levelsOf, type PriceLevel } from './price-levels.ts'
import { createPriceMemory } from './price-memory.ts'
import { createPriceStore } from './price-store.ts'
import { DAYS_AHEAD_MAX } from '../question/read-broad-search.ts'
import { GRID_DAYS, type CalendarQuestion, type GridQuestion } from './price-question.ts'

export type PriceHistoryConfig = {
  /** A price checked longer ago is unknown. */
  readonly historyDays: number
}

export const PRICE_HISTORY_DEFAULTS: PriceHistoryConfig = { historyDays: 3 }

export type PriceHistoryDeps = {
  /** A connection that fails fast (platform/redis.ts createRequestRedis); null is a history of this process alone. */
  readonly redis: RequestRedis | null
  readonly clock: Clock
  readonly pricing: Pricing
  readonly config?: Partial<PriceHistoryConfig>
  readonly logger?: SearchLogger
}

/** What a search has found: its lowest net price, or null when every supplier that answered has nothing. */
export type FoundPrice = {
  readonly cheapest: { readonly net: Money; readonly provider: string } | null
  readonly checkedAt: Instant
  /** How many offers there were, if somebody counted. */
  readonly offers?: number
}

/** `none_found`: somebody has looked, and there was nothing. `unknown`: nobody has looked lately. `impossible`: nobody could fly so. */
export type PriceState = 'priced' | 'none_found' | 'unknown' | 'impossible'

export const PRICE_STATES = ['priced', 'none_found', 'unknown', 'impossible'] as const satisfies readonly PriceState[]

/** The price of one choice of days. `price` is null in every state but `priced`; `checkedAt` is null where nothing is known. */
export type PriceCell = PriceDates & {
  readonly state: PriceState
  readonly price: Money | null
  readonly checkedAt: Instant | null
  /** No other known price shown with it is lower. */
  readonly isCheapest: boolean
}

export type CalendarDay = PriceCell & { readonly level: PriceLevel | null }

/** Prices of earlier searches. Never asks a supplier, never throws, never makes anybody wait for more than 250 ms. */
export type PriceHistory = {
  readonly displayCurrency: Currency
  /** Remembers what a search has found. Returns at once; a query that is neither one way nor there and back is passed over. */
  readonly note: (query: FlightQuery, found: FoundPrice) => void
  /** Three days either way: 7 cells for one way, 7 × 7 for a round trip, by departure and then return. */
  readonly grid: (question: GridQuestion) => Promise<readonly PriceCell[]>
  /** Every day of a month. */
  readonly calendar: (question: CalendarQuestion) => Promise<readonly CalendarDay[]>
  /** Settles when what was noted has been written or given up. */
  readonly idle: () => Promise<void>
}

/** The history in Redis, or in this process alone when there is none. */
export function createPriceHistory(deps: PriceHistoryDeps): PriceHistory {
  const { clock, pricing } = deps
  const logger = deps.logger ?? silentLogger
  const { historyDays } = { ...PRICE_HISTORY_DEFAULTS, ...deps.config }
  const store = createPriceStore({ redis: deps.redis, clock, logger })
  const queue = createNoteQueue({ store, logger })
  const memory = createPriceMemory()

  async function cellsOf(route: PriceRoute, today: LocalDate, choices: readonly PriceDates[]): Promise<PriceCell[]> {
    const possible = choices.filter((dates) => isPossible(dates, today))
    const key = priceKeyOf(
      route,
      choices.some((dates) => dates.returnDate !== null),
    )
    const fields = possible.map(priceFieldOf)
    const stored = fields.length === 0 ? [] : await store.read(key, fields)
    const facts = new Map(fields.map((field, i) => [field, laterOf(stored[i] ?? null, memory.find({ key, field }))]))
    const now = clock.now()
    const cells = choices.map((dates): PriceCell => {
      if (!isPossible(dates, today)) return { ...dates, ...NOTHING, state: 'impossible' }
      return { ...dates, ...priceOf(facts.get(priceFieldOf(dates)) ?? null, now) }
    })
    const lowest = Math.min(...cells.map((cell) => cell.price?.amount ?? Infinity))
    return cells.map((cell) => ({ ...cell, isCheapest: cell.price?.amount === lowest }))
  }

  function priceOf(fact: PriceFact | null, now: Instant): Omit<PriceCell, keyof PriceDates> {
    if (fact === null || now - fact.checkedAt > historyDays * DAY_MS) return { ...NOTHING, state: 'unknown' }
    const { cheapest, checkedAt } = fact
    if (cheapest === null) return { ...NOTHING, state: 'none_found', checkedAt }
    const shown = pricing.shownPrice(cheapest.net, { provider: cheapest.provider })
    return shown.outcome === 'unpriced' ? { ...NOTHING, state: 'unknown' } : { ...NOTHING, state: 'priced', price: shown.total, checkedAt }
  }

  return {
    displayCurrency: pricing.displayCurrency,
    note(query, found) {
      const place = pricePlaceOf(query)
      if (place === null || (found.cheapest !== null && found.cheapest.net.amount < 0)) return
      const checkedAt = instant(secondsOf(found.checkedAt) * 1000)
      const offers = found.cheapest === null ? 0 : Math.max(1, found.offers ?? 1)
      const fact = { checkedAt, offers, cheapest: found.cheapest }
      memory.keep(place, fact)
      if (deps.redis !== null) queue.add(place, fact)
    },
    grid: ({ route, dates, today }) => cellsOf(route, today, choicesAround(dates)),
    async calendar({ route, days, nights, today }) {
      const choices = days.map((day) => ({ departureDate: day, returnDate: nights === null ? null : plusDays(day, nights) }))
      const cells = await cellsOf(route, today, choices)
      const levels = levelsOf(cells.map((cell) => cell.price?.amount ?? null))
      return cells.map((cell, i) => ({ ...cell, level: levels[i]! }))
    },
    idle: queue.idle,
  }
}

const DAY_MS = 86_400_000
const NOTHING = { price: null, checkedAt: null, isCheapest: false } as const
const AROUND = Array.from({ length: 2 * GRID_DAYS + 1 }, (_, i) => i - GRID_DAYS)

function choicesAround({ departureDate, returnDate }: PriceDates): PriceDates[] {
  return AROUND.flatMap((days): PriceDates[] => {
    const departure = plusDays(departureDate, days)
    if (returnDate === null) return [{ departureDate: departure, returnDate }]
    return AROUND.map((more) => ({ departureDate: departure, returnDate: plusDays(returnDate, more) }))
  })
}

/** Not before today at the origin, not back before leaving, and no later than airlines sell. */
function isPossible({ departureDate, returnDate }: PriceDates, today: LocalDate): boolean {
  return (
    departureDate >= today &&
    (returnDate ?? departureDate) >= departureDate &&
    daysBetween(today, returnDate ?? departureDate) <= DAYS_AHEAD_MAX
  )
}

/** Of two checked in the same second, our own: it may be on its way to the store. */
function laterOf(stored: PriceFact | null, own: PriceFact | null): PriceFact | null {
  if (stored === null || own === null) return stored ?? own
  return stored.checkedAt > own.checkedAt ? stored : own
}
