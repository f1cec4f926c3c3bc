import { hash } from 'node:crypto'
import type { Instant } from '../../kernel/time.ts'
import type { Answers, Coding } from './answers.ts'
import type { SearchParts } from './deps.ts'
import type { Lease } from '../engine/arena.ts'
import { toAscii } from '../engine/json-bytes.ts'
import { selectionKey } from '../engine/selection-key.ts'
import { placeOf, selectPage, type Page, type Place } from '../engine/select.ts'
import type { CursorPosition, ParsedSearch } from '../question/search-query.ts'
import { cursorBinding } from '../question/search-query.ts'
import { priceTimesOf, toPricesReply, toSearchFacts, toSourceReplies, type PriceTimes } from './search-view.ts'
import { isComplete } from '../supersets/superset.ts'
import type { Found, SearchedView } from './views.ts'

/** An answer ready to be sent. */
export type SearchAnswer = {
  readonly facts: AnswerFacts
  readonly body: Buffer
  readonly coding: Coding | null
  /** To be called once, when the body has left this process; null when nobody waits for its memory. */
  readonly giveBack: (() => void) | null
}

/** What the headers say of an answer. The same object as long as all of it is the same. */
export type AnswerFacts = PriceTimes & {
  /** Equal for answers that show the same. */
  readonly tag: string
  /** Whether every supplier has been heard or given up. */
  readonly isComplete: boolean
}

/** What a request asks for beside the search. */
export type AnswerOptions = { readonly coding: Coding | null }

/**
 * The page of these supersets as they stand: at once when it has been rendered or need not be compressed. Synchronous on
 * purpose, because this is what runs 20,000 times a second.
 */
export function answerSearch(
  parts: SearchParts,
  asked: ParsedSearch,
  found: Found,
  { coding }: AnswerOptions,
): SearchAnswer | Promise<SearchAnswer> {
  const now = parts.clock.now()
  const searched = parts.views(found, now)
  const { facts, name } = recall(parts, asked, searched, now)
  const { answers } = parts
  const kept = answers.isKept ? answers.find(coding === null ? name : `${coding} ${name}`) : undefined
  if (kept !== undefined) return { facts, body: kept, coding, giveBack: null }
  const known = coding !== null && answers.isKept ? answers.find(name) : undefined
  if (known !== undefined) return codeLater(answers, name, known, coding!).then((coded) => ({ facts, ...coded, giveBack: null }))
  const { buffer: body, giveBack } = render(parts, asked, searched, facts)
  if (answers.isKept) answers.keep(name, body)
  if (coding === null) return { facts, body, coding, giveBack }
  return codeLater(answers, name, body, coding).then((coded) => ({ facts, ...coded, giveBack }))
}

async function codeLater(answers: Answers, name: string, body: Buffer, coding: Coding): Promise<Pick<SearchAnswer, 'body' | 'coding'>> {
  try {
    return { body: await answers.code(name, body, coding), coding }
  } catch {
    return { body, coding: null } // larger on the wire, and the same answer
  }
}

type Recalled = { readonly serial: number; readonly facts: AnswerFacts; readonly name: string }

const recalled = new WeakMap<ParsedSearch, Recalled>()

/** What is known of the answer to a search that is asked again and again: worked out once for each view of it. */
function recall(parts: SearchParts, asked: ParsedSearch, searched: SearchedView, now: Instant): Recalled {
  const known = recalled.get(asked)
  if (known !== undefined && known.serial === searched.serial && known.facts.isStale === known.facts.freshUntil <= now) return known
  const facts = factsOf(searched, now, asked, parts)
  const made = { serial: searched.serial, facts, name: nameOf(searched, facts.isStale, asked) }
  recalled.set(asked, made)
  return made
}

function factsOf(searched: SearchedView, now: Instant, asked: ParsedSearch, parts: SearchParts): AnswerFacts {
  const times = priceTimesOf(searched.supersets, now)
  return {
    ...times,
    tag: tagOf(searched, times.isStale, asked, parts.pricing.version),
    isComplete: searched.supersets.every(isComplete),
  }
}

/** What an answer is kept under in this process. Bounds of filters are places in this view's values. */
function nameOf({ serial, priced }: SearchedView, isStale: boolean, { search, view }: ParsedSearch): string {
  const after = view.after === null ? '' : `${view.after.sortValue}.${view.after.price}.${view.after.index}`
  const broad = search.nearbyKm > 0 || search.combinesTickets ? search.name : ''
  return `${serial}${isStale ? 's' : 'f'}${view.limit}${view.form}${broad}@${after}?${selectionKey(priced, view.selection)}`
}

/** The same in every process that shows the same. */
function tagOf({ supersets, priced }: SearchedView, isStale: boolean, { search, view }: ParsedSearch, pricing: string): string {
  let name = `${pricing}|${priced.count}|${isStale}|${search.name}|${view.selectionName}|${view.limit}|${view.form}|`
  if (view.after !== null) name += `${view.after.sortValue}.${view.after.price}.${view.after.index}`
  for (const superset of supersets) name += `|${superset.version}.${superset.revision}`
  return hash('sha1', name, 'base64').slice(0, 22)
}

function render(parts: SearchParts, asked: ParsedSearch, searched: SearchedView, facts: AnswerFacts): Lease {
  const { view } = asked
  const { priced } = searched
  const page = selectPage(priced, view.selection, { limit: view.limit, after: view.after && toPlace(searched, view.after) })
  const intro = introOf(parts, searched, asked, facts)
  return parts.renderer.answer(priced, page, view.form, { intro, end: `],"page":${pageEnd(parts, asked, searched, page)}}` })
}

/** The `page` member: where the next page begins, as JSON. */
export function pageEnd(parts: SearchParts, asked: ParsedSearch, searched: SearchedView, page: Page): string {
  return page.hasMore ? `{"after":"${cursorAfter(parts, asked, searched, page)}","has_more":true}` : '{"after":null,"has_more":false}'
}

const cursors = new WeakMap<SearchedView, Map<string, string>>()

/** Signed once for each place of a view that a page has ended at. */
function cursorAfter(parts: SearchParts, { search, view }: ParsedSearch, searched: SearchedView, page: Page): string {
  let known = cursors.get(searched)
  if (known === undefined) cursors.set(searched, (known = new Map()))
  const position = page.positions[page.positions.length - 1]!
  const name = `${position}${view.selection.sort}${search.name}`
  let cursor = known.get(name)
  if (cursor === undefined) {
    cursor = parts.cursors.write(positionAfter(searched, view.selection.sort, position), cursorBinding(search, view))
    known.set(name, cursor)
  }
  return cursor
}

const intros = new WeakMap<SearchedView, Map<string, Buffer>>()

/** The beginning of every answer from a view, up to how many offers match. */
function introOf(parts: SearchParts, searched: SearchedView, { search }: ParsedSearch, facts: AnswerFacts): Buffer {
  let known = intros.get(searched)
  if (known === undefined) intros.set(searched, (known = new Map()))
  const name = `${facts.isStale}${search.name}`
  let intro = known.get(name)
  if (intro === undefined) {
    intro = Buffer.from(writeIntro(parts, searched, search, facts), 'latin1')
    known.set(name, intro)
  }
  return intro
}

function writeIntro(parts: SearchParts, { supersets, priced }: SearchedView, search: ParsedSearch['search'], facts: AnswerFacts): string {
  const head = toAscii(
    JSON.stringify({
      search: toSearchFacts(search),
      sources: toSourceReplies(supersets, priced.unpriced),
      prices: toPricesReply(facts),
      currency: parts.pricing.displayCurrency,
      total: priced.results,
    }),
  )
  return `${head.slice(0, -1)},"matching":`
}

/** Where a list goes on, in terms that another process and another view of the same supersets understand. */
function positionAfter({ versions, priced }: SearchedView, sort: string, position: number): CursorPosition {
  const { sortValue, price, number } = placeOf(priced, sort, position)
  return { version: versions, sortValue, price, index: number }
}

/** In another superset than the one the page began in numbers mean nothing: then no offer of equal value is skipped. */
function toPlace({ versions }: SearchedView, after: CursorPosition): Place {
  return { sortValue: after.sortValue, price: after.price, number: after.version === versions ? after.index : -1 }
}
