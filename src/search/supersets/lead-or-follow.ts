import { buildSuperset, type BuildDeps } from './build-superset.ts'
import { suppliersProtected } from '../problems.ts'
import type { SupersetMemory } from './superset-memory.ts'
import type { Notice, SupersetNotices, Watch } from './superset-notices.ts'
import { isAnswered, isShowable, timedOut } from './superset-state.ts'
import type { SupersetStore } from './superset-store.ts'
import { isComplete, offersIn, openSuperset, type Superset } from './superset.ts'

/** A superset to answer from, and whether it was there before this search asked. */
export type Obtained = { readonly superset: Superset; readonly fromCache: boolean }

export type LeadOrFollowDeps<Query> = BuildDeps<Query> & {
  readonly store: SupersetStore
  readonly memory: SupersetMemory
  readonly notices: SupersetNotices
  /** How long a search waits for its suppliers. */
  readonly deadlineMs: number
  /** Searches whose suppliers this process asks at once while it cannot know what the others do. */
  readonly fanOutsAloneMax: number
  readonly isClosed: () => boolean
}

export type Asking<Query> = {
  readonly query: Query
  readonly key: string
  /** The newest version that is not what is wanted, '' for none: it is too old. */
  readonly known: string
  readonly report: (obtained: Obtained) => void
  /** When the search began, on the clock of `performance.now`. */
  readonly begun: number
}

/** How soon a lost notice is made up for. */
const POLL_MS = 100

/**
 * A new superset: asked for here by the one process that holds the lease, and followed by the others as it grows. When
 * the leader dies its lease runs out and one of the others asks; nobody waits longer than a search may. While the cache
 * does not answer each process goes on alone, with a bound on how much it asks.
 */
export function createLeadOrFollow<Query>(deps: LeadOrFollowDeps<Query>) {
  let alone = 0

  async function lead(
    asking: Asking<Query>,
    opened: Superset,
    hasLease: boolean,
    onGrowth: (superset: Superset) => void,
  ): Promise<Obtained> {
    const superset = await buildSuperset(deps, { query: asking.query, opened, hasLease, onGrowth })
    return { superset, fromCache: false }
  }

  async function goAlone(asking: Asking<Query>, opened: Superset, onGrowth: (superset: Superset) => void): Promise<Obtained> {
    if (alone >= deps.fanOutsAloneMax) {
      const held = deps.memory.current(asking.key)
      if (held !== null && isAnswered(held) && held.retainedUntil > deps.clock.now()) return { superset: held, fromCache: true }
      throw suppliersProtected({ retryable: true, retryAfterSeconds: 2 })
    }
    alone += 1
    try {
      return await lead(asking, opened, false, onGrowth)
    } finally {
      alone -= 1
    }
  }

  return async function leadOrFollow(asking: Asking<Query>): Promise<Obtained> {
    const { key, report } = asking
    const follower = createFollower(deps, asking)
    const watch = deps.notices.watch(key)
    let hasFollowed = false
    try {
      for (;;) {
        const opened = openSuperset(key, deps.fanOut.sources(), deps.clock)
        const taken = await deps.leases.take(key, opened.version, follower.known())
        if (!hasFollowed && taken.outcome !== 'published') report({ superset: opened, fromCache: false })
        if (taken.outcome === 'published') {
          const found = await follower.read(taken)
          if (found !== null) return found
          follower.passOver(taken.version)
        } else if (taken.outcome === 'held') {
          hasFollowed = true
          const found = await follower.follow(watch, taken)
          if (found !== null) return found
        } else {
          const asked = taken.outcome === 'won' ? lead(asking, opened, true, follower.show) : goAlone(asking, opened, follower.show)
          if (!hasFollowed) return await asked
          // Who has waited for another process already has no more than the rest of its time; the asking goes on.
          deps.inBackground(asked)
          return await follower.untilDeadline(asked)
        }
      }
    } finally {
      watch.stop()
    }
  }
}

type Published = { readonly version: string; readonly revision: number }

/** Follows what another process builds. */
function createFollower<Query>(deps: LeadOrFollowDeps<Query>, { key, known: knownAtFirst, report, begun }: Asking<Query>) {
  const leftMs = () => begun + deps.deadlineMs - performance.now()
  let known = knownAtFirst
  let best: Superset | null = null

  function show(superset: Superset): void {
    best = superset
    report({ superset, fromCache: false })
  }

  const outOfTime = (): Obtained => {
    const superset = best ?? openSuperset(key, deps.fanOut.sources(), deps.clock)
    return { superset: timedOut(superset, deps.deadlineMs), fromCache: false }
  }

  /** The current superset when it will do; null when it is too old or cannot be read. */
  async function read({ version }: Published): Promise<Obtained | null> {
    if (version <= known) return null
    const superset = await deps.store.findOf(key, version, true)
    if (superset === null || !isComplete(superset)) return null
    deps.adopt(superset)
    return isShowable(superset, deps.clock.now()) ? { superset, fromCache: false } : null
  }

  /** What the leader has published: the answer, or something to show on the way there. */
  async function readOf(leader: string, { revision, isCurrent }: Notice): Promise<Obtained | null> {
    if (revision < 0 || (best?.version === leader && best.revision >= revision)) return null
    const superset = await deps.store.findOf(key, leader, isCurrent)
    if (superset === null) return null
    deps.adopt(superset)
    if (isComplete(superset)) return { superset, fromCache: false }
    show(superset)
    return null
  }

  return {
    known: () => known,
    show,
    read,
    /** That version will not do, and is not to be looked at again. */
    passOver: (version: string) => void (known = version),
    /** The answer; null when it is time to see who holds the lease now. */
    async follow(watch: Watch, { version: leader, revision }: Published): Promise<Obtained | null> {
      let notice: Notice | null = { key, version: leader, revision, isCurrent: false }
      while (notice !== null) {
        const isLeaders: boolean = notice.version === leader
        const found: Obtained | null = isLeaders ? await readOf(leader, notice) : notice.isCurrent ? await read(notice) : null
        if (found !== null) return found
        if (leftMs() <= 0 || deps.isClosed()) return outOfTime()
        if (!isLeaders) return null
        notice = await watch.next(Math.max(0, Math.min(POLL_MS, leftMs())))
      }
      return leftMs() <= 0 ? outOfTime() : null
    },
    /** What `asked` comes to, or the best there is when the time is over before. */
    async untilDeadline(asked: Promise<Obtained>): Promise<Obtained> {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<Obtained>((resolve) => {
        timer = setTimeout(() => resolve(outOfTime()), Math.max(0, leftMs()))
      })
      try {
        return await Promise.race([asked, late])
      } catch (error) {
        if (best !== null && isAnswered(best) && offersIn(best) > 0) return outOfTime()
        throw error
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
