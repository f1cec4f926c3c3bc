/** How many second calls a supplier may be sent: one for every twenty first ones. */
export type HedgeAllowance = {
  /** A first call was sent. */
  readonly earn: () => void
  /** Takes leave for one second call, if it has been earned. */
  readonly take: () => boolean
}

const EARNED_PER_CALL = 0.05
/** A long quiet time must not be followed by a storm of second calls. */
const SAVED_MAX = 10

/** At every moment at most 5 % of the calls sent so far have been second ones. */
export function createHedgeAllowance(): HedgeAllowance {
  let saved = 0
  return {
    earn: () => {
      saved = Math.min(SAVED_MAX, saved + EARNED_PER_CALL)
    },
    take: () => {
      // Twenty additions of 0.05 are a little less than one.
      if (saved < 1 - 1e-9) return false
      saved -= 1
      return true
    },
  }
}
