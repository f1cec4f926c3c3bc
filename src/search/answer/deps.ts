import type { Clock } from '../../kernel/time.ts'
import type { Pricing } from '../../pricing/index.ts'
import type { Answers } from './answers.ts'
import type { Combinations } from './combine-search.ts'
import type { CursorCodec } from '../question/cursor.ts'
import type { Renderer } from '../engine/render.ts'
import type { Supersets } from '../supersets/supersets.ts'
import type { Views } from './views.ts'

/** What the use cases of search share. */
export type SearchParts = {
  readonly clock: Clock
  readonly pricing: Pricing
  readonly supersets: Supersets
  readonly cursors: CursorCodec
  /** Supersets with shown prices, made once. */
  readonly views: Views
  readonly renderer: Renderer
  readonly answers: Answers
  readonly combinations: Combinations
  /** When a first answer is due, if anything has been found by then. */
  readonly softDeadlineMs: number
}
