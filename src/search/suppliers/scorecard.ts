import type { PartnerState } from '../../platform/partner.ts'
import type { Tally } from './look-count.ts'
import type { LooksLeft } from './look-budget.ts'
import type { Counts } from './outcome-counts.ts'
import type { LastFault, SupplierWatch } from './supplier-watch.ts'

/** How one supplier does. Looks and bookings are those of all processes, everything else is what this process saw. */
export type SupplierScore = {
  readonly provider: string
  readonly name: string
  /** The way to it, bookings included; null where nothing watches it. */
  readonly health: PartnerState | null
  /** Searches that are being asked, and those that wait for a place. */
  readonly active: number
  readonly waiting: number
  readonly latency: {
    readonly samples: number
    readonly p50Ms: number | null
    readonly p95Ms: number | null
    /** How long a search that began now would wait. */
    readonly deadlineMs: number
  }
  readonly offersP50: number | null
  readonly lastFiveMinutes: Counts
  readonly lastHour: Counts
  readonly looks: {
    readonly today: Tally
    readonly lastDay: Tally
    /** Of the last day; null without a booking. */
    readonly perBooking: number | null
    readonly left: LooksLeft
  }
  readonly lastFault: LastFault | null
}

/** What is known of a supplier now; `budgetMs` is the most that any search waits. */
export function toScore(supplier: SupplierWatch, budgetMs: number): SupplierScore {
  const { provider, places, latency, outcomes, looks } = supplier
  const lastDay = looks.count.lastDay()
  return {
    provider: provider.id,
    name: provider.name,
    health: provider.health?.() ?? null,
    active: places.activeCount,
    waiting: places.pendingCount,
    latency: {
      samples: latency.samples(),
      p50Ms: rounded(latency.percentileMs(50)),
      p95Ms: rounded(latency.percentileMs(95)),
      deadlineMs: latency.deadlineMs(longestWaitMs(supplier, budgetMs)),
    },
    offersP50: supplier.offers.percentile(50),
    lastFiveMinutes: outcomes.lastMinutes(5),
    lastHour: outcomes.lastMinutes(60),
    looks: {
      today: looks.count.today(),
      lastDay,
      perBooking: lastDay.bookings === 0 ? null : Math.round((lastDay.looks / lastDay.bookings) * 10) / 10,
      left: looks.left(),
    },
    lastFault: supplier.lastFault(),
  }
}

/** No search waits for a supplier longer than for all, nor longer than the call itself may take. */
export function longestWaitMs(supplier: SupplierWatch, budgetMs: number): number {
  return Math.min(supplier.provider.limits.shopTimeoutMs, budgetMs)
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}
