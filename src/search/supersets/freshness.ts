import { daysBetween, instant, type Instant, type LocalDate } from '../../kernel/time.ts'
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
/** However long prices were fresh, they are not shown longer than this while they are being refreshed. */
const STALE_MS = 5 * MINUTE_MS

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
  const standard = facts.checkedAt + (days <= 2 ? NEAR_MS : days > 60 ? FAR_MS : STANDARD_MS) * jitter
  return instant(Math.floor(Math.min(standard, facts.now + shortMs(facts) * jitter, verifiableUntil(facts.sources))))
}

/**
 * Until when they may be shown, saying that they are old, while they are being refreshed: as long again as they were
 * fresh, at most 5 min, and no longer than a superset that is partial or empty may be shown at all. Not at all when
 * nobody answered: a failure is not to be remembered twice as long. Never beyond half of a supplier's retention either.
 */
export function staleUntil(facts: FreshnessFacts): Instant {
  const fresh = freshUntil(facts)
  const isUnanswered = facts.sources.every((source) => source.state !== 'answered')
  const staleMs = isUnanswered ? 0 : Math.min(fresh - facts.checkedAt, STALE_MS, shortMs(facts))
  return instant(Math.max(fresh, Math.floor(Math.min(fresh + staleMs, verifiableUntil(facts.sources)))))
}

export type EarlyFacts = {
  readonly now: Instant
  readonly freshUntil: Instant
  readonly checkedAt: Instant
  /** What making it took: the longer, the earlier it is begun again. */
  readonly buildMs: number
  /** Uniform in [0, 1). */
  readonly random: number
}

/**
 * Whether this reader is the one to refresh a superset that is still fresh, so that a hot one never expires under
 * everybody at once: drawn ever more likely as the end comes nearer (XFetch with β = 1: Vattani, Chierichetti and
 * Lowenstein, "Optimal probabilistic cache stampede prevention", VLDB 2015). Never in the first half of its
 * freshness, or slow suppliers behind a short freshness would be asked without pause.
 */
export function refreshesEarly(facts: EarlyFacts): boolean {
  if (facts.now < (facts.checkedAt + facts.freshUntil) / 2) return false
  return facts.now - facts.buildMs * Math.log(1 - facts.random) >= facts.freshUntil
}

/** From now, for a superset that lacks something; without end for one that does not. */
function shortMs(facts: FreshnessFacts): number {
  const answered = facts.sources.filter((source) => source.state === 'answered').length
  const isWhole = facts.sources.every((source) => source.state === 'answered' && source.fault === null)
  return Math.min(isWhole ? Infinity : PARTIAL_MS, answered === 0 ? UNANSWERED_MS : Infinity, facts.offers === 0 ? EMPTY_MS : Infinity)
}

/** Half of the time in which the first of these suppliers lets us verify what it said. */
function verifiableUntil(sources: readonly SourceFact[]): number {
  return Math.min(...sources.map((source) => (source.answeredAt === null ? Infinity : source.answeredAt + source.retentionMs / 2)))
}
