import type { Clock } from '../../kernel/time.ts'
import type { SearchParts } from './deps.ts'
import type { BroadSearch } from '../question/search-query.ts'
import { startFlight, type Flight } from '../supersets/singleflight.ts'
import { isComplete, offersIn, type Superset } from '../supersets/superset.ts'
import type { Found } from './views.ts'

/**
 * Everything a search asks for, whether one superset or several: the airports nearby, and two tickets combined where
 * that is wanted. Reports each growth. Fails only when nothing at all could be searched.
 */
export function gather<Search extends BroadSearch>(parts: SearchParts<Search>, search: Search): Flight<Found> {
  const queries = parts.kind.queriesOf(search)
  return startFlight(async (report) => {
    const flights = queries.map((query) => parts.supersets.obtain(query))
    const latest = flights.map((flight) => flight.latest()?.superset)
    const tell = () => {
      const supersets = latest.filter((superset) => superset !== undefined)
      if (supersets.length > 0) report(foundOf(supersets))
    }
    const stops = flights.map((flight, i) =>
      flight.subscribe(({ superset }) => {
        latest[i] = superset
        tell()
      }),
    )
    try {
      tell()
      const results = await Promise.allSettled(flights.map((flight) => flight.result))
      const supersets = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.superset] : []))
      if (supersets.length === 0) throw (results[0] as PromiseRejectedResult).reason
      const found = foundOf(supersets)
      return (await parts.kind.combinerOf(search)?.(found)) ?? found
    } finally {
      for (const stop of stops) stop()
    }
  })
}

/** What these supersets have brought. */
export function foundOf(supersets: readonly Superset[]): Found {
  return { supersets, versions: supersets.map((superset) => superset.version).join('~') }
}

const alone = new WeakMap<Superset, Found>()

/** What one superset alone has brought: asked at every search, so made once. */
export function foundIn(superset: Superset): Found {
  const known = alone.get(superset)
  if (known !== undefined) return known
  const made = foundOf([superset])
  alone.set(superset, made)
  return made
}

/**
 * The supersets that a page began in, as long as all of them are retained; null when one is gone. A list goes on in
 * them although they have been replaced, so that pages neither overlap nor leave gaps.
 */
export async function findAgain<Search extends BroadSearch>(
  parts: SearchParts<Search>,
  search: Search,
  versions: string,
): Promise<Found | null> {
  const found = await Promise.all(versions.split('~').map((version) => parts.supersets.findVersion(version, 0)))
  const now = parts.clock.now()
  const supersets = found.filter((superset) => superset !== null && superset.retainedUntil > now) as Superset[]
  if (supersets.length < found.length) return null
  const combine = parts.kind.combinerOf(search)
  if (combine === null) return { supersets, versions }
  const shown = parts.kind.queriesOf(search).length
  return combine({ supersets: supersets.slice(0, shown), versions }, supersets.slice(shown))
}

/**
 * The first answer worth giving: everything, or, when `softMs` have passed since the suppliers were asked, what has come
 * by then, as soon as that is anything.
 */
export async function firstFound(parts: { readonly clock: Clock }, flight: Flight<Found>, softMs: number): Promise<Found> {
  let timer: NodeJS.Timeout | undefined
  let stop: (() => void) | undefined
  const enough = new Promise<Found>((resolve) => {
    const look = (found: Found) => {
      const waitMs = (found.supersets[0]?.startedAt ?? 0) + softMs - parts.clock.now()
      clearTimeout(timer)
      if (waitMs > 0) timer = setTimeout(() => look(flight.latest() ?? found), waitMs)
      else if (found.supersets.some((superset) => offersIn(superset) > 0)) resolve(found)
    }
    stop = flight.subscribe(look)
    const latest = flight.latest()
    if (latest !== undefined) look(latest)
  })
  try {
    return await Promise.race([flight.result, enough])
  } finally {
    clearTimeout(timer)
    stop?.()
  }
}

/** Whether every supplier of every superset has been heard or given up. */
export function isFinal(found: Found): boolean {
  return found.supersets.every(isComplete)
}
