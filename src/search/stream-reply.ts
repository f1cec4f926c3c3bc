import type { Readable } from 'node:stream'
import { createEventStream, type EventStream } from '../platform/event-stream.ts'
import type { FlightQuery } from '../travel/flight.ts'
import type { Search } from './index.ts'
import { tooManyStreams } from './problems.ts'
import type { SearchView } from './search-query.ts'
import { toSearchReply, toSourceReply } from './search-view.ts'
import type { SearchUpdate } from './stream-offers.ts'

export type StreamReplyDeps = {
  readonly search: Pick<Search, 'streamOffers'>
  readonly streamsMax: number
  readonly heartbeatMs: number
  readonly streamMs: number
}

/**
 * Server-sent events of a search, bounded in number, in time and in what lies unread. `start` throws too-many-streams;
 * destroying what it returns, as happens when the client goes away, ends everything it began.
 */
export function createStreamReplies(deps: StreamReplyDeps) {
  const open = new Set<EventStream>()

  function start(query: FlightQuery, view: SearchView, onFault: (error: unknown) => void): Readable {
    if (open.size >= deps.streamsMax) throw tooManyStreams({ retryable: true, retryAfterSeconds: 5 })
    const stream = createEventStream({ heartbeatMs: deps.heartbeatMs, streamMs: deps.streamMs, retryMs: 3_000 })
    const gone = new AbortController()
    open.add(stream)
    stream.onClose(() => {
      open.delete(stream)
      gone.abort()
    })
    deps.search
      .streamOffers(query, view, (update) => stream.send({ name: update.kind, data: JSON.stringify(toData(update)) }), gone.signal)
      .catch(onFault)
      .finally(stream.end)
    return stream.readable
  }

  return { start, open: () => open.size, close: () => open.forEach((stream) => stream.readable.destroy()) }
}

function toData(update: SearchUpdate): unknown {
  switch (update.kind) {
    case 'source':
      return toSourceReply(update.source, 0)
    case 'offers':
      return toSearchReply(update.answer)
    case 'done':
      return { answered: update.answered, failed: update.failed, total: update.total }
  }
}
