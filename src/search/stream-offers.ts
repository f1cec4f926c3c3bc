import type { FlightQuery } from '../travel/flight.ts'
import type { SearchParts } from './deps.ts'
import { answerFrom, type SearchAnswer } from './search-offers.ts'
import type { SearchView } from './search-query.ts'
import type { SourceFact } from './superset.ts'
import type { Obtained } from './supersets.ts'

/** What happens while suppliers answer: a source changed its state, there is more to show, all is said. */
export type SearchUpdate =
  | { readonly kind: 'source'; readonly source: SourceFact }
  | { readonly kind: 'offers'; readonly answer: SearchAnswer }
  | { readonly kind: 'done'; readonly answered: number; readonly failed: number; readonly total: number }

export type StreamInput = {
  readonly query: FlightQuery
  readonly view: SearchView
  readonly onUpdate: (update: SearchUpdate) => void
  readonly signal: AbortSignal
}

/**
 * Tells how a search goes until every supplier has answered or the deadline has passed; an answer that is there already
 * is told in one go. Joins the search under way for the same query. A caller who goes away (`signal`) is told
 * nothing more and stops nothing.
 */
export async function streamOffers(parts: SearchParts, { query, view, onUpdate, signal }: StreamInput): Promise<void> {
  const states = new Map<string, string>()
  let isOffered = false
  const tell = (obtained: Obtained, isFinal: boolean): void => {
    if (signal.aborted) return
    let isGrown = false
    for (const source of obtained.superset.sources) {
      if (states.get(source.provider) === source.state) continue
      states.set(source.provider, source.state)
      onUpdate({ kind: 'source', source })
      if (source.state === 'answered') isGrown = true
    }
    if (isGrown || (isFinal && !isOffered)) {
      isOffered = true
      onUpdate({ kind: 'offers', answer: answerFrom(parts, query, view, obtained) })
    }
  }

  const flight = parts.supersets.obtain(query)
  const unsubscribe = flight.subscribe((obtained) => tell(obtained, false))
  const gone = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }))
  try {
    const latest = flight.latest()
    if (latest !== undefined) tell(latest, false)
    const obtained = await Promise.race([flight.result, gone])
    if (obtained === null || signal.aborted) return
    tell(obtained, true)
    const { sources } = obtained.superset
    const answered = sources.filter((source) => source.state === 'answered').length
    onUpdate({ kind: 'done', answered, failed: sources.length - answered, total: sources.length })
  } finally {
    unsubscribe()
  }
}
