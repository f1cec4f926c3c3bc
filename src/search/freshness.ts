import { daysBetween, instant, type Instant, type LocalDate } from '../kernel/time.ts'
import type { SourceFact } from './superset.ts'

const MINUTE_MS = 60_000
const STANDARD_MS = 5 * MINUTE_MS
const NEAR_MS = MINUTE_MS
const FAR_MS = 15 * MINUTE_MS
/** A bad minute of one supplier's must not be shown for five. */
const PARTIAL_MS = 20_000
/** Nothing found is asked again soon, but not at once. */
const EMPTY_MS = 30_000
/** Nobody answered: long enough to spare suppliers in trouble a storm, too short to outlast the trouble. */
const UNANSWERED_MS = 5_000

export type FreshnessFacts = {
  readonly now: Instant
  /** When the oldest price was true. */
  readonly checkedAt: Instant
  /** Today, where the journey begins. */
  readonly today: LocalDate
  readonly departureDate: LocalDate
  readonly sources: readonly SourceFact[]
  readonly offers: number
  /** Uniform in [0, 1). */
  readonly random: number
}

/**
 * Until when prices may be shown without asking again. From the oldest price: 5 min, 1 min when the day of departure
 * begins within 48 h, 15 min when it is more than 60 days away; from now, less for a superset that is partial or empty;
 * all of it ±10 %, so that supersets made together do not expire together. Never longer than half of a supplier's
 * retention: whoever sees an offer must be left time to have it verified.
 */
export function freshUntil(facts: FreshnessFacts): Instant {
  const days = daysBetween(facts.today, facts.departureDate)
  const jitter = 0.9 + 0.2 * facts.random
  const bounds: number[] = [facts.checkedAt + (days <= 2 ? NEAR_MS : days > 60 ? FAR_MS : STANDARD_MS) * jitter]
  const answered = facts.sources.filter((source) => source.state === 'answered')
  if (answered.length < facts.sources.length) bounds.push(facts.now + PARTIAL_MS * jitter)
  if (answered.length === 0) bounds.push(facts.now + UNANSWERED_MS * jitter)
  if (facts.offers === 0) bounds.push(facts.now + EMPTY_MS * jitter)
  for (const source of answered) if (source.answeredAt !== null) bounds.push(source.answeredAt + source.retentionMs / 2)
  return instant(Math.floor(Math.min(...bounds)))
}
