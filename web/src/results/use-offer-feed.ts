import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { searchIdentity, toQueryString, type FlightSearch } from '../api/flight-search.ts'
import { getOffers, streamOffers } from '../api/offers.ts'
import { ApiProblem } from '../api/problem.ts'
import { emptyFeed, nextFeed, type FeedEvent, type OfferFeed } from './offer-feed.ts'

/** A list kept this long is shown again as it was, for example on the way back from checkout. */
const keptMs = 5 * 60_000

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
    if (isSameSearch && followed.current?.isDone === true) return ask(current, dispatch)
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

  useEffect(() => {
    const isSettled = feed.shown !== null && !feed.isAsking && !feed.isRefreshing && feed.problem === null
    if (isSettled) client.setQueryData<Kept>(['offers', shownQuery.current], { feed, atMs: performance.now() })
  }, [client, feed])

  const loadMore = async () => {
    if (feed.after === null) return
    try {
      dispatch({ type: 'more', answer: await getOffers(search, { after: feed.after }) })
    } catch (problem) {
      // The list behind the cursor is gone: what is shown is old, so it is asked anew from the start.
      if (problem instanceof ApiProblem && problem.status === 400) ask(search, dispatch)
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

/** Asks once; returns the function that gives up. */
function ask(search: FlightSearch, dispatch: (event: FeedEvent) => void): () => void {
  const abort = new AbortController()
  getOffers(search, { signal: abort.signal }).then(
    (answer) => dispatch({ type: 'refreshed', answer, atMs: performance.now() }),
    (problem: unknown) => {
      if (!abort.signal.aborted) dispatch({ type: 'failed', problem })
    },
  )
  return () => abort.abort()
}

/** Follows the sources, and asks once when they cannot be followed; returns the function that gives up. */
function follow(search: FlightSearch, isHeld: () => boolean, dispatch: (event: FeedEvent) => void, onSettled: () => void): () => void {
  let stopAsking: (() => void) | undefined
  const stopFollowing = streamOffers(search, {
    onSource: (source) => dispatch({ type: 'source', source }),
    onOffers: (answer) => dispatch({ type: 'answer', answer, isHeld: isHeld(), atMs: performance.now() }),
    onDone: () => {
      onSettled()
      dispatch({ type: 'done' })
    },
    onBroken: () => {
      onSettled()
      stopAsking = ask(search, dispatch)
    },
  })
  return () => {
    stopFollowing()
    stopAsking?.()
  }
}

function keptFeed(client: QueryClient, query: string): OfferFeed | null {
  const kept = client.getQueryData<Kept>(['offers', query])
  return kept !== undefined && performance.now() - kept.atMs < keptMs ? kept.feed : null
}
