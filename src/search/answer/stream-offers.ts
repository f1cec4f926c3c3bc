import type { FlightParts } from './deps.ts'
import { selectPage, type Page } from '../engine/select.ts'
import { pageEnd } from './answer-search.ts'
import { gather, isFinal } from './gather.ts'
import type { ParsedSearch } from '../question/search-query.ts'
import { mergeSources, priceTimesOf, toPricesReply, toSourceReply } from './search-view.ts'
import type { Found, SearchedView } from './views.ts'

/** An event of a search that is followed; `data` is JSON. Events of one state of a search have one `id`. */
export type SearchEvent = { readonly name: 'source' | 'offers' | 'facets' | 'done'; readonly data: string; readonly id: string }

export type StreamInput = {
  readonly asked: ParsedSearch
  readonly onEvent: (event: SearchEvent) => void
  readonly signal: AbortSignal
  /** What the reader saw last before its connection broke; null for a new one. */
  readonly lastEventId: string | null
}

/** At most four lists a second, and half as many counts: a reader cannot follow more. */
const OFFERS_EVERY_MS = 250
const FACETS_AFTER_MS = 500

/**
 * Tells how a search goes until every supplier has answered or the deadline has passed; an answer that is there already
 * is told in one go. Joins the search under way for the same query. A reader who goes away (`signal`) is told
 * nothing more and stops nothing. One who comes back to what it has seen already is told only that it is done.
 */
export async function streamOffers(parts: FlightParts, { asked, onEvent, signal, lastEventId }: StreamInput): Promise<void> {
  const teller = createTeller(parts, asked, (event) => {
    if (!signal.aborted) onEvent(event)
  })
  const gone = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }))
  const flight = gather(parts, asked.search)
  const stop = flight.subscribe(teller.tell)
  try {
    const latest = flight.latest()
    if (latest !== undefined) teller.tell(latest)
    const found = await Promise.race([flight.result, gone])
    if (found !== null && !signal.aborted) teller.finish(found, lastEventId)
  } finally {
    stop()
    teller.close()
  }
}

/** Turns one state of a search after another into the events that lead from what was told to what is. */
function createTeller(parts: FlightParts, asked: ParsedSearch, send: (event: SearchEvent) => void) {
  const states = new Map<string, string>()
  let told: Told | null = null
  let toldState = ''
  let waiting: Found | null = null
  let offersTimer: NodeJS.Timeout | undefined
  let facetsTimer: NodeJS.Timeout | undefined

  function tellSources(found: Found): boolean {
    let isGrown = false
    for (const source of mergeSources(found.supersets)) {
      const state = `${source.state}${source.offers}`
      if (states.get(source.provider) === state) continue
      states.set(source.provider, state)
      send({ name: 'source', data: JSON.stringify(toSourceReply(source, 0)), id: stateOf(found) })
      isGrown ||= source.state === 'answered'
    }
    return isGrown
  }

  function tellOffers(found: Found): void {
    waiting = null
    const searched = parts.views(found, parts.clock.now())
    const page = selectPage(searched.priced, asked.view.selection, { limit: asked.view.limit, after: null })
    const change = changeOf(parts, asked, { searched, page, told })
    told = change.told
    toldState = stateOf(found)
    send({ name: 'offers', data: change.data, id: toldState })
  }

  function tellFacets(found: Found): void {
    facetsTimer = undefined
    const { priced } = parts.views(found, parts.clock.now())
    const page = selectPage(priced, asked.view.selection, { limit: 1, after: null })
    send({ name: 'facets', data: `{"facets":${parts.renderer.facets(priced, page)}}`, id: stateOf(found) })
  }

  function tell(found: Found): void {
    if (!tellSources(found)) return
    waiting = found
    // The first list at once, further ones not more often than anyone can read.
    offersTimer ??= setTimeout(
      () => {
        offersTimer = undefined
        if (waiting !== null) tellOffers(waiting)
      },
      told === null ? 0 : OFFERS_EVERY_MS,
    )
    facetsTimer ??= setTimeout(() => tellFacets(waiting ?? found), FACETS_AFTER_MS)
  }

  function close(): void {
    clearTimeout(offersTimer)
    clearTimeout(facetsTimer)
  }

  function finish(found: Found, lastEventId: string | null): void {
    close()
    tellSources(found)
    if (lastEventId !== stateOf(found) || !isFinal(found)) {
      if (toldState !== stateOf(found) || waiting !== null) tellOffers(found)
      tellFacets(found)
    }
    const sources = mergeSources(found.supersets)
    const answered = sources.filter((source) => source.state === 'answered').length
    const data = JSON.stringify({ answered, failed: sources.length - answered, total: sources.length })
    send({ name: 'done', data, id: stateOf(found) })
  }

  return { tell, finish, close }
}

/** Names what a reader has seen when it has been told everything up to here. */
function stateOf({ supersets }: Found): string {
  return supersets.map((superset) => `${superset.version}.${superset.revision}`).join('~')
}

/** The offers that a reader has, and what each was when it was told: another seller may have joined it since. */
type Told = ReadonlyMap<string, string>
type Change = { readonly searched: SearchedView; readonly page: Page; readonly told: Told | null }

function changeOf(parts: FlightParts, asked: ParsedSearch, { searched, page, told }: Change): { told: Told; data: string } {
  const { priced, supersets } = searched
  const { renderer, clock, pricing } = parts
  const positions = [...page.positions]
  const order = positions.map((position) => renderer.offerId(priced, position))
  const now = new Map(positions.map((position, i) => [order[i]!, renderer.resultName(priced, position)]))
  // Nonstops first: a page that draws what it reads has something to look at while the rest arrives.
  const stops = priced.numbers.get('stops')!.values
  const fresh = positions.filter((_, i) => told?.get(order[i]!) !== now.get(order[i]!)).sort((a, b) => stops[a]! - stops[b]!)
  const facts = JSON.stringify({
    remove: [...(told?.keys() ?? [])].filter((id) => !now.has(id)),
    order,
    reset: told === null,
    total: priced.results,
    matching: page.matching,
    currency: pricing.displayCurrency,
    prices: toPricesReply(priceTimesOf(supersets, clock.now())),
  })
  const upsert = fresh.map((position) => renderer.offer(priced, position, asked.view.form).toString('utf8')).join(',')
  return { told: now, data: `{"upsert":[${upsert}],${facts.slice(1, -1)},"page":${pageEnd(parts, asked, searched, page)}}` }
}
