import type { Clock } from '../../kernel/time.ts'
import type { Pricing } from '../../pricing/index.ts'
import type { Answers } from './answers.ts'
import type { Combinations } from './combine-search.ts'
import type { CursorCodec } from '../question/cursor.ts'
import type { BroadSearch, FlightSearch } from '../question/search-query.ts'
import type { Renderer } from '../engine/render.ts'
import type { Superset } from '../supersets/superset.ts'
import type { Supersets } from '../supersets/supersets.ts'
import type { Found, Views } from './views.ts'

/** What the use cases of one kind of search share. */
export type SearchParts<Search extends BroadSearch> = {
  readonly kind: SearchKind<Search>
  readonly clock: Clock
  readonly pricing: Pricing
  readonly supersets: Supersets<Search['query']>
  readonly cursors: CursorCodec
  /** Supersets with shown prices, made once. */
  readonly views: Views
  readonly renderer: Renderer
  readonly answers: Answers
  /** When a first answer is due, if anything has been found by then. */
  readonly softDeadlineMs: number
}

/** What one kind of search does in its own way. */
export type SearchKind<Search extends BroadSearch> = {
  /** The queries whose supersets answer it together, its own first. */
  readonly queriesOf: (search: Search) => readonly Search['query'][]
  /** How more is made of what those have found; null when nothing is. */
  readonly combinerOf: (search: Search) => Combiner | null
  /** What was searched, as the answer tells it. */
  readonly tell: (search: Search) => object
}

/** Adds to what was found. `others` are the supersets beside it that a page goes on in. */
export type Combiner = (found: Found, others?: readonly Superset[]) => Promise<Found>

/** The same for flights. */
export type FlightParts = SearchParts<FlightSearch> & { readonly combinations: Combinations }
