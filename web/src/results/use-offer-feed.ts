import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { searchIdentity, toQueryString, type FlightSearch } from '../api/flight-search.ts'
import { streamOffers } from '../api/offer-stream.ts'
import { awaitOffers, getOffers } from '../api/offers.ts'
import { toPriceAge } from '../api/price-age.ts'
import { ApiProblem } from '../api/problem.ts'
import { emptyFeed, isUnanswered, nextFeed, type FeedEvent, type OfferFeed } from './offer-feed.ts'
import { toOfferList } from './offer-list.ts'

/** A list kept this long is shown again as it was, for example on the way back from checkout. */
const keptMs = 5 * 60_000
/** Old prices are being checked by the server; the answer is looked for so often and so many times. */
const recheckMs = 4_000
const mostRechecks = 5
/** A partial answer is waited on so often, ten seconds at most each time: longer than sources are. */
const mostWaits = 6

type Kept = { feed: OfferFeed; atMs: number }

/**
 * The offers of a search: followed live while the sources answer, asked plainly when only a filter or the order changed
 * or when the live stream is not to be had. `isHeld` says whether the reader has begun to read.
 */
export function useOfferFeed(search: FlightSearch, isHeld: () => boolean) {
  const client = useQueryClient()
  const query = toQueryString(search)
  const identity = searchIdentity(search)
  const [feed, dispatch] = useReducer(nextFeed, null, () => keptFeed(client, query) ?? emptyFeed)
  const [round, setRound] = useState(0)
  const followed = useRef<{ identity: string; isDone: boolean } | null>(null)
  const shownQuery = useRef(query)
  const latest = useRef({ search, isHeld })
  latest.current = { search, isHeld }

  useEffect(() => {
    const current = latest.current.search
    shownQuery.current = query
    const stored = keptFeed(client, query)
    if (stored !== null) {
      followed.current = { identity, isDone: true }
      dispatch({ type: 'restored', feed: stored })
      return undefined
    }
    const isSameSearch = followed.current?.identity === identity
    dispatch({ type: isSameSearch ? 'refreshing' : 'asked' })
    if (isSameSearch && followed.current?.isDone === true) return ask(current, () => latest.current.isHeld(), dispatch)
    const following = { identity, isDone: false }
    followed.current = following
    return follow(
      current,
      () => latest.current.isHeld(),
      dispatch,
      () => {
        following.isDone = true
      },
    )
  }, [client, query, identity, round])

  const isSettled = feed.shown !== null && !feed.isAsking && !feed.isRefreshing && feed.problem === null
  useEffect(() => {
    if (isSettled) client.setQueryData<Kept>(['offers', shownQuery.current], { feed, atMs: performance.now() })
  }, [client, feed, isSettled])

  const isStale = isSettled && (feed.pending ?? feed.shown)?.prices.is_stale === true
  useEffect(() => {
    if (!isStale) return undefined
    return recheck(
      latest.current.search,
      () => latest.current.isHeld(),
      (event) => {
        // What is kept of other filters and orders is as old as this was.
        client.removeQueries({ queryKey: ['offers'] })
        dispatch(event)
      },
    )
  }, [client, query, isStale])

  const loadMore = async () => {
    if (feed.after === null) return
    try {
      dispatch({ type: 'more', list: toOfferList(await getOffers(search, { after: feed.after })) })
    } catch (problem) {
      // The list behind the cursor is gone: what is shown is old, so it is asked anew from the start.
      if (problem instanceof ApiProblem && problem.status === 400) ask(search, isHeld, dispatch)
      else throw problem
    }
  }

  const askAgain = useCallback(() => {
    client.removeQueries({ queryKey: ['offers'] })
    followed.current = null
    setRound((before) => before + 1)
  }, [client])

  const showPending = useCallback(() => dispatch({ type: 'show_pending' }), [])
  return { feed, loadMore, askAgain, showPending }
}

/** Asks plainly, and again while the answer is partial; returns the function that gives up. */
function ask(search: FlightSearch, isHeld: () => boolean, dispatch: (event: FeedEvent) => void): () => void {
  const abort = new AbortController()
  const { signal } = abort
  const tell = (event: FeedEvent) => {
    if (!signal.aborted) dispatch(event)
  }
  const askUntilAnswered = async () => {
    let page = await getOffers(search, { signal })
    tell({ type: 'refreshed', list: toOfferList(page), sources: page.answer.sources })
    for (let left = mostWaits; left > 0 && isUnanswered(page.answer.sources); left -= 1) {
      const next = await awaitOffers(search, page.tag, signal)
      if (next === null) continue
      page = next
      tell({ type: 'rechecked', list: toOfferList(page), sources: page.answer.sources, isHeld: isHeld() })
    }
    tell({ type: 'done' })
  }
  askUntilAnswered().catch((problem: unknown) => tell({ type: 'failed', problem }))
  return () => abort.abort()
}

/** Follows the sources, and asks once when they cannot be followed; returns the function that gives up. */
function follow(search: FlightSearch, isHeld: () => boolean, dispatch: (event: FeedEvent) => void, onSettled: () => void): () => void {
  let stopAsking: (() => void) | undefined
  const stopFollowing = streamOffers(search, {
    onSource: (source) => dispatch({ type: 'source', source }),
    onOffers: (update) => dispatch({ type: 'update', update, age: toPriceAge(update.prices.checked_at, null), isHeld: isHeld() }),
    onFacets: ({ facets }) => dispatch({ type: 'facets', facets }),
    onDone: () => {
      onSettled()
      dispatch({ type: 'done' })
    },
    onBroken: () => {
      onSettled()
      stopAsking = ask(search, isHeld, dispatch)
    },
  })
  return () => {
    stopFollowing()
    stopAsking?.()
  }
}

/** Looks now and then whether prices have been checked again; a failure is silent, what is shown still stands. */
function recheck(search: FlightSearch, isHeld: () => boolean, onChecked: (event: FeedEvent) => void): () => void {
  const abort = new AbortController()
  let left = mostRechecks
  const look = async () => {
    left -= 1
    const page = await getOffers(search, { signal: abort.signal }).catch(() => null)
    if (abort.signal.aborted) return
    if (page !== null && !page.answer.prices.is_stale)
      onChecked({ type: 'rechecked', list: toOfferList(page), sources: page.answer.sources, isHeld: isHeld() })
    else if (left > 0) timer = setTimeout(() => void look(), recheckMs)
  }
  let timer = setTimeout(() => void look(), recheckMs)
  return () => {
    clearTimeout(timer)
    abort.abort()
  }
}

function keptFeed(client: QueryClient, query: string): OfferFeed | null {
  const kept = client.getQueryData<Kept>(['offers', query])
  return kept !== undefined && performance.now() - kept.atMs < keptMs ? kept.feed : null
}
