import type { Redis } from 'ioredis'
import { newId } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Provider } from '../../providers/contract.ts'
import type { SearchLogger } from '../logger.ts'
import { createLookBudget } from './look-budget.ts'
import { createLookCount } from './look-count.ts'
import { toScore, type SupplierScore } from './scorecard.ts'
import { createSupplierWatch, type SupplierWatch } from './supplier-watch.ts'

export type SuppliersDeps = {
  readonly providers: readonly Provider[]
  /** Where processes count looks and bookings together, kept when it restarts; null counts this process's alone. */
  readonly redis: Redis | null
  readonly clock: Clock
  readonly logger: SearchLogger
  /** The most that a search waits for all suppliers together. */
  readonly deadlineMs: number
  /** A clock for durations, which only goes forward. */
  readonly milliseconds?: () => number
}

/** The suppliers and what is known of them, whatever they sell. */
export type Suppliers = {
  /** The fastest first. Those not known well enough come before, in the order they were given, to become known. */
  readonly ranked: () => readonly SupplierWatch[]
  /** Says that a supplier has confirmed a booking; counted once, however often. Rejects when it could not be counted. */
  readonly noteBooking: (provider: string, bookingId: string) => Promise<void>
  /** How each of them does, with the other processes' counts as of now. */
  readonly scorecard: () => Promise<readonly SupplierScore[]>
  /** Tells the other processes what they do not know yet. */
  readonly close: () => Promise<void>
}

/** Whoever looks at the scorecard waits this long for the other processes' counts, and then gets those of a moment ago. */
const EXCHANGE_MS = 300

export function createSuppliers(deps: SuppliersDeps): Suppliers {
  const { clock, logger, redis } = deps
  const milliseconds = deps.milliseconds ?? (() => performance.now())
  const process = newId('prc', clock)
  const watches = deps.providers.flatMap((provider): SupplierWatch[] => {
    const { flights, stays, limits } = provider
    if (flights === undefined && stays === undefined) return []
    const looks = createLookBudget({
      limits: limits.looks,
      milliseconds,
      countWith: (onOthersLooked) => createLookCount({ provider: provider.id, redis, clock, logger, process, onOthersLooked }),
    })
    return [createSupplierWatch({ provider, looks, clock })]
  })
  const speedOf = (supplier: SupplierWatch) => supplier.latency.percentileMs(50) ?? -1

  return {
    ranked: () => watches.toSorted((one, other) => speedOf(one) - speedOf(other)),
    noteBooking: async (provider, bookingId) => {
      await watches.find((supplier) => supplier.provider.id === provider)?.looks.count.noteBooking(bookingId)
    },
    async scorecard() {
      await within(EXCHANGE_MS, Promise.all(watches.map((supplier) => supplier.looks.count.exchange())))
      return watches.map((supplier) => toScore(supplier, deps.deadlineMs))
    },
    close: async () => {
      await Promise.all(watches.map((supplier) => supplier.looks.count.close()))
    },
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
