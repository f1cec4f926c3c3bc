import type { Seeded } from './seeded.ts'
import type { ChaosStack } from './stack.ts'
import type { Travellers } from './travellers.ts'

/** One line of the fault matrix: what goes wrong, and how it is made to. */
export type Row = {
  /** Its place in the matrix, "F4". */
  readonly id: string
  /** The fault in a few plain words. */
  readonly fault: string
  /** Why it cannot be injected on this machine, or has nothing to be injected into; it then counts as not run. */
  readonly notRunBecause?: (stack: ChaosStack) => Promise<string | null> | string | null
  /** Not to be played in the soak: what others do meanwhile would be lost by it, and nobody could say what of it. */
  readonly isAlone?: boolean
  /**
   * One repetition, seconds long: gets travellers under way, injects the fault, and tells when it was over. It need not
   * wait for the end of what it began nor heal the stack: the runner does both, and then holds the invariants against
   * everybody's books. What must hold in this row beyond those goes into `broken`.
   */
  readonly run: (scene: RowScene) => Promise<RowFacts>
  /** The same with the guard off, which has to break an invariant; only where the row is about a race. */
  readonly control?: Control
}

export type RowScene = {
  readonly stack: ChaosStack
  readonly travellers: Travellers
  readonly seeded: Seeded
  /** How much there is time for: 1 is the least that shows the fault, 10 is what the matrix asks for. */
  readonly scale: number
  /** Tells how far it is, on the way. */
  readonly say: (what: string) => void
}

export type RowFacts = {
  /** When the fault was over, by performance.now(): from there healing is measured. Now, when it is not given. */
  readonly faultEndedAt?: number
  /** What must hold in this row, and did not. */
  readonly broken?: readonly string[]
  /** Repetitions that were harmless, beyond what the runner counts itself: replayed requests and repeated webhooks. */
  readonly duplicatesSuppressed?: number
  /** Bookings, by id, that may be waiting for a person at the end. Each then needs an open work item. */
  readonly mayWait?: readonly string[]
  /** Keys of requests whose answers the fault has thrown away for good: sent again, they are new to us. */
  readonly answersLost?: readonly string[]
  /** Figures worth telling, such as { winners: 1 }. */
  readonly figures?: Readonly<Record<string, number>>
}

export type Control = {
  /** The guard that is taken away, in words: "without the unique index attempts_undecided". */
  readonly without: string
  /** Takes the guard away in the private stack, and returns the way to put it back. */
  readonly disarm: (stack: ChaosStack) => Promise<() => Promise<void>>
  /** Which violation shows that the guard was missed; any, where it is not given. */
  readonly shows?: (violation: { readonly invariant: string; readonly detail: string }) => boolean
  /** The race without its guard; the row's own `run` where it is not given. */
  readonly run?: (scene: RowScene) => Promise<RowFacts>
}
