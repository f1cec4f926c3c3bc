import { refreshesEarly } from './freshness.ts'
import { createLeadOrFollow, type LeadOrFollowDeps, type Obtained } from './lead-or-follow.ts'
import { isKeyOf } from './query-kind.ts'
import { startFlight, type Flight, type Singleflight } from './singleflight.ts'
import type { Notice } from './superset-notices.ts'
import { buildFactsOf, isAnswered, isShowable } from './superset-state.ts'
import { isComplete, offersIn, type Superset } from './superset.ts'

export type { Obtained } from './lead-or-follow.ts'

export type SupersetsDeps<Query> = Omit<LeadOrFollowDeps<Query>, 'adopt' | 'inBackground' | 'isClosed' | 'fanOutsAloneMax'> & {
  readonly singleflight: Singleflight<Obtained>
  /** 64 unless said. */
  readonly fanOutsAloneMax?: number
}

export type Supersets<Query> = {
  /**
   * What this process can answer from at once: asked at every search. Its prices are old when `freshUntil` has passed; then,
   * or a little before, a refresh has been started, which nobody waits for. Null when the search must {@link obtain}.
   */
  readonly held: (query: Query, key: string) => Superset | null
  /**
   * A superset for the query: from memory, from the shared cache, or from the suppliers, who are asked once however many
   * ask us, in however many processes. Reports each growth while suppliers answer. Never fails for what a supplier or
   * the cache does, but for `suppliersProtected` while the cache is away and too much is being asked already.
   */
  readonly obtain: (query: Query) => Flight<Obtained>
  /** The latest superset of this key that is still retained, fresh or not; null when there is none. */
  readonly findCurrent: (key: string) => Promise<Superset | null>
  /** The superset of this version and of this kind, with at least so many offers; null when it is gone. */
  readonly findVersion: (version: string, offersMin: number) => Promise<Superset | null>
  /** Settles when late answers have come and the cache has been written. */
  readonly idle: () => Promise<void>
  /** Hears of other processes no more, and settles as {@link idle} does. */
  readonly close: () => Promise<void>
}

const FAN_OUTS_ALONE_MAX = 64
/** A refresh that nobody answered is not tried again at once while there is something to show. */
const RETRY_MS = 5_000

/** The supersets of one kind of query. Those of several kinds may share memory, cache and notices. */
export function createSupersets<Query>(deps: SupersetsDeps<Query>): Supersets<Query> {
  const { kind, clock, memory, store, singleflight } = deps
  const background = new Set<Promise<unknown>>()
  const quietUntil = new Map<string, number>()
  const fetching = new Map<string, Notice | null>()
  let isClosed = false

  function inBackground(work: Promise<unknown>): void {
    background.add(work)
    const forget = () => background.delete(work)
    work.then(forget, forget)
  }

  function adopt(superset: Superset): void {
    const current = memory.current(superset.key)
    // A refresh that failed is no reason to take away what can be shown.
    const isFailure = !isAnswered(superset) && current !== null && isShowable(current, clock.now())
    if (isFailure && isComplete(superset)) keepQuiet(superset.key)
    memory.keep(superset, isComplete(superset) && !isFailure)
  }

  function keepQuiet(key: string): void {
    const now = clock.now()
    for (const [other, until] of quietUntil) if (until <= now) quietUntil.delete(other)
    quietUntil.set(key, now + RETRY_MS)
  }

  const leadOrFollow = createLeadOrFollow({
    ...deps,
    fanOutsAloneMax: deps.fanOutsAloneMax ?? FAN_OUTS_ALONE_MAX,
    adopt,
    inBackground,
    isClosed: () => isClosed,
  })

  /** From the shared cache when what is there will do, else a new one. */
  async function search(query: Query, key: string, known: string, report: (obtained: Obtained) => void): Promise<Obtained> {
    const begun = performance.now()
    const shared = await store.findCurrent(key)
    if (shared !== null && shared.version > known && isShowable(shared, clock.now())) {
      adopt(shared)
      return { superset: shared, fromCache: true }
    }
    return leadOrFollow({ query, key, known: shared !== null && shared.version > known ? shared.version : known, report, begun })
  }

  /** One refresh at a time and key; searches that can no longer show what is held join it. */
  function refresh(query: Query, superset: Superset): void {
    const { key } = superset
    if (isClosed || singleflight.isUnderWay(key) || (quietUntil.get(key) ?? 0) > clock.now()) return
    inBackground(singleflight.join(key, (report) => search(query, key, superset.version, report)).result)
  }

  function held(query: Query, key: string): Superset | null {
    const superset = memory.current(key)
    if (superset === null) return null
    const now = clock.now()
    if (!isShowable(superset, now)) return null
    const { freshUntil } = superset
    const { checkedAt, buildMs } = buildFactsOf(superset)
    if (now >= freshUntil || refreshesEarly({ now, freshUntil, checkedAt, buildMs, random: deps.random() })) refresh(query, superset)
    return superset
  }

  /** Another process has something newer of a key that is used here: it is fetched, so that both show the same. */
  function hear(notice: Notice): void {
    if (!isKeyOf(kind, notice.key)) return
    const current = memory.current(notice.key)
    if (current === null || isClosed) return
    const isNewer = notice.isCurrent && notice.version > current.version
    const isGrown = notice.version === current.version && notice.revision > current.revision
    if (!isNewer && !isGrown) return
    const isUnderWay = fetching.has(notice.key)
    fetching.set(notice.key, notice)
    if (!isUnderWay) inBackground(fetchNoticed(notice.key))
  }

  async function fetchNoticed(key: string): Promise<void> {
    for (let notice = fetching.get(key); notice != null; notice = fetching.get(key)) {
      fetching.set(key, null)
      const superset = await store.findOf(key, notice.version, notice.isCurrent)
      if (superset !== null) adopt(superset)
    }
    fetching.delete(key)
  }
  deps.notices.listen(hear)

  async function idle(): Promise<void> {
    while (background.size > 0) await Promise.allSettled(background)
  }

  return {
    held,
    obtain(query) {
      const key = kind.keyOf(query)
      const superset = held(query, key)
      if (superset !== null) return startFlight(async () => ({ superset, fromCache: true }))
      const isFirst = !singleflight.isUnderWay(key)
      const flight = singleflight.join(key, (report) => search(query, key, '', report))
      // What another process left may be old, or about to be: using it here starts the refresh it needs.
      if (isFirst)
        flight.result.then(
          ({ fromCache }) => fromCache && held(query, key),
          () => undefined,
        )
      return flight
    },
    async findCurrent(key) {
      const mine = memory.current(key)
      const superset = mine !== null && isAnswered(mine) ? mine : ((await store.findCurrent(key)) ?? mine)
      return superset !== null && superset.retainedUntil > clock.now() ? superset : null
    },
    async findVersion(version, offersMin) {
      const held = memory.findVersion(version)
      const mine = held !== null && isKeyOf(kind, held.key) ? held : null
      // Another process may have seen this superset grow by a late answer.
      if (mine !== null && offersIn(mine) >= offersMin) return mine
      const shared = await store.findVersion(kind.name, version)
      if (shared !== null) memory.keep(shared, false)
      return shared ?? mine
    },
    idle,
    async close() {
      isClosed = true
      deps.notices.close()
      await idle()
    },
  }
}
