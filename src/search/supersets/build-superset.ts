import type { Clock } from '../../kernel/time.ts'
import { createGrowthPublisher } from './growth-publisher.ts'
import type { QueryKind } from './query-kind.ts'
import type { Leases } from './superset-lease.ts'
import { isAnswered, withFreshness } from './superset-state.ts'
import type { SupersetStore } from './superset-store.ts'
import { growSuperset, isComplete, type SourceAnswer, type SourceFact, type Superset } from './superset.ts'

/** What is needed of the fan-out: to know whom it asks, and to have them asked. */
export type Suppliers<Query> = {
  readonly sources: () => SourceFact[]
  readonly ask: (
    query: Query,
    onAnswer: (answer: SourceAnswer) => void,
  ) => { readonly answered: Promise<void>; readonly finished: Promise<void> }
}

export type BuildDeps<Query> = {
  readonly kind: QueryKind<Query>
  readonly clock: Clock
  readonly fanOut: Suppliers<Query>
  readonly store: Pick<SupersetStore, 'publish'>
  readonly leases: Leases
  /** Uniform in [0, 1); spreads expiries. */
  readonly random: () => number
  /** Makes it resolvable in this process and, when it is the answer, current. */
  readonly adopt: (superset: Superset) => void
  readonly inBackground: (work: Promise<unknown>) => void
  /** Told once of each superset that was asked for by this process and that someone answered in time. */
  readonly onBuilt?: (query: Query, superset: Superset) => void
}

export type Build<Query> = {
  readonly query: Query
  /** The superset to grow, which nobody has answered yet. Its version is the token of the lease. */
  readonly opened: Superset
  /** Whether a lease is held meanwhile, to be given back with the answer. */
  readonly hasLease: boolean
  readonly onGrowth: (superset: Superset) => void
}

/**
 * Asks the suppliers, once. Settles when all have answered or the deadline has passed; answers that come later grow the
 * superset in background. Each growth is published, so that other processes can follow; whoever waits here waits
 * for suppliers only, never for the cache.
 */
export async function buildSuperset<Query>(deps: BuildDeps<Query>, build: Build<Query>): Promise<Superset> {
  const { query, opened, hasLease } = build
  const letGo = hasLease ? deps.leases.hold(opened.key, opened.version) : () => undefined
  const publisher = createGrowthPublisher(async (superset, isFinal) => {
    const isGivenBack = await deps.store.publish(superset, isFinal && hasLease ? opened.version : undefined)
    if (isFinal && hasLease && !isGivenBack) await deps.leases.giveBack(opened.key, opened.version)
  }, deps.inBackground)

  const random = deps.random()
  const day = deps.kind.dayOf(query, deps.clock)
  let superset = opened
  let isSaid = false
  function add(answer: SourceAnswer): void {
    superset = withFreshness(growSuperset(superset, answer), day, deps.clock, random)
    deps.adopt(superset)
    if (!isSaid) build.onGrowth(superset)
    // With the last answer in time it is final, which is said below.
    if (isSaid || !isComplete(superset)) publisher.grown(superset)
  }
  try {
    const { answered, finished } = deps.fanOut.ask(query, add)
    deps.inBackground(finished)
    await answered
  } finally {
    letGo()
  }
  isSaid = true
  publisher.final(superset)
  // In background: whatever it does, or fails to do, is no part of the search.
  if (isAnswered(superset)) deps.inBackground(Promise.resolve().then(() => deps.onBuilt?.(query, superset)))
  return superset
}
