import type { SearchParts } from './deps.ts'
import { answerSearch, type AnswerOptions, type SearchAnswer } from './answer-search.ts'
import { findAgain, firstFound, foundIn, gather } from './gather.ts'
import type { BroadSearch, ParsedSearch } from '../question/search-query.ts'
import type { Flight } from '../supersets/singleflight.ts'
import type { Found } from './views.ts'

export type SearchOptions = AnswerOptions & {
  /** How long to wait for something else than `knownTag`, once there is an answer at all (RFC 7240 `wait`). */
  readonly waitMs: number
  /** The tags the caller has an answer for already, as in If-None-Match. */
  readonly knownTag: string | null
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal | null
}

export type { AnswerFacts, SearchAnswer } from './answer-search.ts'

/**
 * Answers a search. At once, without a promise, from what this process holds; otherwise as soon as everything has been
 * found or the soft deadline has passed. A cursor goes on in the supersets it began in while they are retained.
 */
export function searchOffers<Search extends BroadSearch>(
  parts: SearchParts<Search>,
  asked: ParsedSearch<Search>,
  options: SearchOptions,
): SearchAnswer | Promise<SearchAnswer> {
  const { search, view } = asked
  if (view.after === null && search.isAlone) {
    const held = parts.supersets.held(search.query, search.key)
    if (held !== null) return answerSearch(parts, asked, foundIn(held), options)
  }
  return searchLater(parts, asked, options)
}

async function searchLater<Search extends BroadSearch>(
  parts: SearchParts<Search>,
  asked: ParsedSearch<Search>,
  options: SearchOptions,
): Promise<SearchAnswer> {
  const { search, view } = asked
  const begun = view.after === null ? null : await findAgain(parts, search, view.after.version)
  if (begun !== null) return answerSearch(parts, asked, begun, options)
  const flight = gather(parts, search)
  const answer = await answerSearch(parts, asked, await firstFound(parts, flight, parts.softDeadlineMs), options)
  if (answer.facts.isComplete || options.waitMs === 0 || !isKnown(answer, options)) return answer
  return waitForNews(parts, asked, flight, { ...options, known: answer })
}

type Waiting = SearchOptions & { readonly known: SearchAnswer }

/** Waits until there is more to show than is known; after `waitMs` the known answer is all there is. */
async function waitForNews<Search extends BroadSearch>(
  parts: SearchParts<Search>,
  asked: ParsedSearch<Search>,
  flight: Flight<Found>,
  waiting: Waiting,
): Promise<SearchAnswer> {
  let timer: NodeJS.Timeout | undefined
  let stop: (() => void) | undefined
  const news = new Promise<SearchAnswer>((resolve, reject) => {
    timer = setTimeout(() => resolve(waiting.known), waiting.waitMs)
    const look = (found: Found) => {
      Promise.resolve(answerSearch(parts, asked, found, waiting)).then((answer) => {
        if (!isKnown(answer, waiting) || answer.facts.isComplete) resolve(answer)
      }, reject)
    }
    stop = flight.subscribe(look)
    flight.result.then(look, reject)
    waiting.signal?.addEventListener('abort', () => resolve(waiting.known), { once: true })
  })
  try {
    return await news
  } finally {
    clearTimeout(timer)
    stop?.()
  }
}

function isKnown(answer: SearchAnswer, { knownTag }: SearchOptions): boolean {
  return knownTag?.includes(answer.facts.tag) === true
}
