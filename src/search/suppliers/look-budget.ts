import type { LookLimits } from '../../providers/contract.ts'
import type { LookCount } from './look-count.ts'
import { createTokenBucket } from './token-bucket.ts'

/** What may still be looked, and the leave to do so. Asks nobody: the counts it goes by are kept current beside it. */
export type LookBudget = {
  /** Takes one look, if there is one left. */
  readonly take: () => boolean
  readonly left: () => LooksLeft
}

/** Null is without limit. */
export type LooksLeft = { readonly inMinute: number | null; readonly inDay: number | null }

/** A new contract starts without bookings and must not start without searches. */
const FREE_BOOKINGS = 20

/**
 * The budget of one supplier. All processes keep to it together: what others have looked is taken from ours when the
 * counts are exchanged, so that it is overdrawn by at most what all of them look within that second.
 */
export function createLookBudget(deps: {
  readonly limits: LookLimits
  readonly milliseconds: () => number
  /** Makes the count, given who wants to hear of other processes' looks. */
  readonly countWith: (onOthersLooked: (looks: number) => void) => LookCount
}): LookBudget & { readonly count: LookCount } {
  const { perMinuteMax, perBookingMax } = deps.limits
  const minute = perMinuteMax === null ? null : createTokenBucket(perMinuteMax, deps.milliseconds)
  const count = deps.countWith((looks) => minute?.spend(looks))

  function leftInDay(): number | null {
    if (perBookingMax === null) return null
    const { looks, bookings } = count.lastDay()
    return Math.max(0, perBookingMax * Math.max(bookings, FREE_BOOKINGS) - looks)
  }

  function left(): LooksLeft {
    // Above all when there is nothing left: only the others' counts can say when there is again.
    count.stayCurrent()
    return { inMinute: minute?.left() ?? null, inDay: leftInDay() }
  }

  return {
    count,
    left,
    take() {
      if (left().inDay === 0 || (minute !== null && !minute.take())) return false
      count.noteLook()
      return true
    },
  }
}
