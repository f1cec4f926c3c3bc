import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useRef, useState, type Reducer } from 'react'
import { toPriceAge } from '../api/price-age.ts'
import { ApiProblem } from '../api/problem.ts'
import type { Source } from '../api/types.ts'
import { emptyFeed, isUnanswered, nextFeed, type FeedEvent, type OfferFeed } from './offer-feed.ts'
import type { ListUpdate, OfferList, Row } from './offer-list.ts'

/** A list kept this long is shown again as it was, for example on the way back from checkout. */
const keptMs = 5 * 60_000
/** Old prices are being checked by the server; the answer is looked for so often and so many times. */
const recheckMs = 4_000
const mostRechecks = 5
/** A partial answer is waited on so often, ten seconds at most each time: longer than sources are. */
const mostWaits = 6

/** A page as the API answers it, and the tag that tells it from the next one. */
export type FeedPage<R extends Row, F> = { list: OfferList<R, F>; sources: readonly Source[]; tag: string }

export type StreamListener<R extends Row, F> = {
  onSource: (source: Source) => void
  onOffers: (update: ListUpdate<R>) => void
  onFacets: (update: { facets: F }) => void
  onDone: () => void
  onBroken: () => void
}

/** Where a list comes from. */
export type FeedSource<R extends Row, F> = {
  /** Which kind of list: what is kept of one is never taken for another. */
  readonly kind: string
  /** One text for equal lists. */
  readonly query: string
  /** One text for lists that differ in filters and order only. */
  readonly identity: string
  /** One page; without `after` the first. */
  readonly page: (options: { after?: string; signal?: AbortSignal }) => Promise<FeedPage<R, F>>
  /** The first page as soon as it differs from the one with this tag; null when it has not within ten seconds. */
  readonly next: (tag: string, signal: AbortSignal) => Promise<FeedPage<R, F> | null>
  /** Tells the list live; returns the function that stops. Absent where there is no stream. */
  readonly stream?: (listener: StreamListener<R, F>) => () => void
}

type Kept<R extends Row, F> = { feed: OfferFeed<R, F>; atMs: number }
type Dispatch<R extends Row, F> = (event: FeedEvent<R, F>) => void

/**
 * The rows of a search: followed live while the sources answer where there is a stream, asked plainly when only a filter
 * or the order changed or when there is none. `isHeld` says whether the reader has begun to read.
 */
export function useFeed<R extends Row, F>(source: FeedSource<R, F>, isHeld: () => boolean) {
  const client = useQueryClient()
  const { kind, query, identity } = source
  const [feed, dispatch] = useReducer<OfferFeed<R, F>, null, [FeedEvent<R, F>]>(
    nextFeed as Reducer<OfferFeed<R, F>, FeedEvent<R, F>>,
    null,
    () => keptFeed<R, F>(client, kind, query) ?? emptyFeed,
  )
  const [round, setRound] = useState(0)
  const followed = useRef<{ identity: string; isDone: boolean } | null>(null)
  const shownQuery = useRef(query)
  const latest = useRef({ source, isHeld })
  latest.current = { source, isHeld }

  useEffect(() => {
    const current = latest.current.source
    shownQuery.current = query
    const stored = keptFeed<R, F>(client, kind, query)
    if (stored !== null) {
      followed.current = { identity, isDone: true }
      dispatch({ type: 'restored', feed: stored })
      return undefined
    }
    const isSameSearch = followed.current?.identity === identity
    dispatch({ type: isSameSearch ? 'refreshing' : 'asked' })
    const isStillHeld = () => latest.current.isHeld()
    if (isSameSearch && followed.current?.isDone === true) return ask(current, isStillHeld, dispatch)
    const following = { identity, isDone: false }
    followed.current = following
    return follow(current, isStillHeld, dispatch, () => {
      following.isDone = true
    })
  }, [client, kind, query, identity, round])

  const isSettled = feed.shown !== null && !feed.isAsking && !feed.isRefreshing && feed.problem === null
  useEffect(() => {
    if (isSettled) client.setQueryData<Kept<R, F>>([kind, shownQuery.current], { feed, atMs: performance.now() })
  }, [client, kind, feed, isSettled])

  const isStale = isSettled && (feed.pending ?? feed.shown)?.prices.is_stale === true
  useEffect(() => {
    if (!isStale) return undefined
    return recheck(
      latest.current.source,
      () => latest.current.isHeld(),
      (event) => {
        // What is kept of other filters and orders is as old as this was.
        client.removeQueries({ queryKey: [kind] })
        dispatch(event)
      },
    )
  }, [client, kind, query, isStale])

  const loadMore = async () => {
    if (feed.after === null) return
    try {
      dispatch({ type: 'more', list: (await source.page({ after: feed.after })).list })
    } catch (problem) {
      // The list behind the cursor is gone: what is shown is old, so it is asked anew from the start.
      if (problem instanceof ApiProblem && problem.status === 400) ask(source, isHeld, dispatch)
      else throw problem
    }
  }

  const askAgain = useCallback(() => {
    client.removeQueries({ queryKey: [kind] })
    followed.current = null
    setRound((before) => before + 1)
  }, [client, kind])

  const showPending = useCallback(() => dispatch({ type: 'show_pending' }), [])
  return { feed, loadMore, askAgain, showPending }
}

/** Asks plainly, and again while the answer is partial; returns the function that gives up. */
function ask<R extends Row, F>(
  source: FeedSource<R, F>,
  isHeld: () => boolean,
  dispatch: Dispatch<R, F>,
  onSettled?: () => void,
): () => void {
  const abort = new AbortController()
  const { signal } = abort
  const tell = (event: FeedEvent<R, F>) => {
    if (!signal.aborted) dispatch(event)
  }
  const askUntilAnswered = async () => {
    let page = await source.page({ signal })
    tell({ type: 'refreshed', list: page.list, sources: page.sources })
    for (let left = mostWaits; left > 0 && isUnanswered(page.sources); left -= 1) {
      const next = await source.next(page.tag, signal)
      if (next === null) continue
      page = next
      tell({ type: 'rechecked', list: page.list, sources: page.sources, isHeld: isHeld() })
    }
    onSettled?.()
    tell({ type: 'done' })
  }
  askUntilAnswered().catch((problem: unknown) => tell({ type: 'failed', problem }))
  return () => abort.abort()
}

/** Follows the sources, and asks plainly when they cannot be followed; returns the function that gives up. */
function follow<R extends Row, F>(
  source: FeedSource<R, F>,
  isHeld: () => boolean,
  dispatch: Dispatch<R, F>,
  onSettled: () => void,
): () => void {
  if (source.stream === undefined) return ask(source, isHeld, dispatch, onSettled)
  let stopAsking: (() => void) | undefined
  const stopFollowing = source.stream({
    onSource: (each) => dispatch({ type: 'source', source: each }),
    onOffers: (update) => dispatch({ type: 'update', update, age: toPriceAge(update.prices.checked_at, null), isHeld: isHeld() }),
    onFacets: ({ facets }) => dispatch({ type: 'facets', facets }),
    onDone: () => {
      onSettled()
      dispatch({ type: 'done' })
    },
    onBroken: () => {
      onSettled()
      stopAsking = ask(source, isHeld, dispatch)
    },
  })
  return () => {
    stopFollowing()
    stopAsking?.()
  }
}

/** Looks now and then whether prices have been checked again; a failure is silent, what is shown still stands. */
function recheck<R extends Row, F>(source: FeedSource<R, F>, isHeld: () => boolean, onChecked: Dispatch<R, F>): () => void {
  const abort = new AbortController()
  let left = mostRechecks
  const look = async () => {
    left -= 1
    const page = await source.page({ signal: abort.signal }).catch(() => null)
    if (abort.signal.aborted) return
    if (page !== null && !page.list.prices.is_stale)
      onChecked({ type: 'rechecked', list: page.list, sources: page.sources, isHeld: isHeld() })
    else if (left > 0) timer = setTimeout(() => void look(), recheckMs)
  }
  let timer = setTimeout(() => void look(), recheckMs)
  return () => {
    clearTimeout(timer)
    abort.abort()
  }
}

function keptFeed<R extends Row, F>(client: QueryClient, kind: string, query: string): OfferFeed<R, F> | null {
  const kept = client.getQueryData<Kept<R, F>>([kind, query])
  return kept !== undefined && performance.now() - kept.atMs < keptMs ? kept.feed : null
}
