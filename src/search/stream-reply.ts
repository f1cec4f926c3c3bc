import type { Readable } from 'node:stream'
import { createEventStream, type EventStream } from '../platform/event-stream.ts'
import type { Search } from './index.ts'
import { tooManyStreams } from './problems.ts'
import type { ParsedSearch } from './question/search-query.ts'

export type StreamReplyDeps = {
  readonly search: Pick<Search, 'streamOffers'>
  readonly streamsMax: number
  readonly heartbeatMs: number
  readonly streamMs: number
  /** Aborted when the process is going away. */
  readonly moving?: AbortSignal
}

/** How soon a browser that lost the connection comes back. */
const RETRY_MS = 2_000

/**
 * Server-sent events of a search, bounded in number, in time and in what lies unread. `start` throws too-many-streams;
 * destroying what it returns, as happens when the client goes away, ends everything it began.
 */
export function createStreamReplies(deps: StreamReplyDeps) {
  const open = new Set<EventStream>()

  function start(asked: ParsedSearch, lastEventId: string | null, onFault: (error: unknown) => void): Readable {
    if (open.size >= deps.streamsMax) throw tooManyStreams({ retryable: true, retryAfterSeconds: 5 })
    const stream = createEventStream({
      heartbeatMs: deps.heartbeatMs,
      streamMs: deps.streamMs,
      retryMs: RETRY_MS,
      ...(deps.moving && { moving: deps.moving }),
    })
    const gone = new AbortController()
    open.add(stream)
    stream.onClose(() => {
      open.delete(stream)
      gone.abort()
    })
    deps.search.streamOffers({ asked, lastEventId, onEvent: stream.send, signal: gone.signal }).catch(onFault).finally(stream.end)
    return stream.readable
  }

  return { start, open: () => open.size, close: () => open.forEach((stream) => stream.readable.destroy()) }
}
