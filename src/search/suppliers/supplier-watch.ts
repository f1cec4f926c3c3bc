import pLimit, { type LimitFunction } from 'p-limit'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { Provider } from '../../providers/contract.ts'
import { createHedgeAllowance, type HedgeAllowance } from './hedge-allowance.ts'
import { createLatencyHistory, type LatencyHistory } from './latency-history.ts'
import type { LookBudget } from './look-budget.ts'
import type { LookCount } from './look-count.ts'
import { createOutcomeCounts, type OutcomeCounts } from './outcome-counts.ts'
import { createRecentValues, type RecentValues } from './recent-values.ts'

/** A supplier with all that this process knows about asking it. */
export type SupplierWatch = {
  readonly provider: Provider
  /** The places for calls at once; further ones wait here. */
  readonly places: LimitFunction
  readonly latency: LatencyHistory
  readonly looks: LookBudget & { readonly count: LookCount }
  readonly hedges: HedgeAllowance
  readonly outcomes: OutcomeCounts
  /** Offers per answer. */
  readonly offers: RecentValues
  readonly lastFault: () => LastFault | null
  readonly noteFault: (fault: string) => void
}

export type LastFault = { readonly fault: string; readonly at: Instant }

const ANSWERS_KEPT = 200

export function createSupplierWatch(deps: {
  readonly provider: Provider
  readonly looks: SupplierWatch['looks']
  readonly clock: Clock
}): SupplierWatch {
  let lastFault: LastFault | null = null
  return {
    provider: deps.provider,
    looks: deps.looks,
    places: pLimit(deps.provider.limits.concurrentMax),
    latency: createLatencyHistory(),
    hedges: createHedgeAllowance(),
    outcomes: createOutcomeCounts(deps.clock),
    offers: createRecentValues(ANSWERS_KEPT),
    lastFault: () => lastFault,
    noteFault: (fault) => {
      lastFault = { fault, at: deps.clock.now() }
    },
  }
}
