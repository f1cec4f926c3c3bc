import type { Clock, Instant } from '../../kernel/time.ts'
import { freshUntil, staleUntil, type FreshnessFacts } from './freshness.ts'
import type { QueryDay } from './query-kind.ts'
import { checkedAtOf, offersIn, type SourceFact, type Superset } from './superset.ts'

/** Whether any supplier has answered, be it with nothing. */
export function isAnswered(superset: Superset): boolean {
  return superset.sources.some((source) => source.state === 'answered')
}

/** Whether it may be shown, be it with the word that it is old. */
export function isShowable(superset: Superset, now: Instant): boolean {
  return now < superset.staleUntil
}

/** The superset with the times that follow from what it holds now. */
export function withFreshness(superset: Superset, day: QueryDay, clock: Clock, random: number): Superset {
  const facts: FreshnessFacts = {
    now: clock.now(),
    checkedAt: checkedAtOf(superset),
    today: day.today,
    departureDate: day.first,
    sources: superset.sources,
    offers: offersIn(superset),
    random,
  }
  return { ...superset, freshUntil: freshUntil(facts), staleUntil: staleUntil(facts) }
}

/** What can be said when there is no more time to wait: whoever has not answered has timed out. */
export function timedOut(superset: Superset, waitedMs: number): Superset {
  const giveUp = (source: SourceFact): SourceFact =>
    source.state === 'asked' ? { ...source, state: 'timed_out', fault: 'timeout', ms: waitedMs } : source
  return { ...superset, sources: superset.sources.map(giveUp) }
}

/** What {@link refreshesEarly} needs to know of a superset; asked at every search, worked out once. */
type BuildFacts = { readonly checkedAt: Instant; readonly buildMs: number }

const buildFacts = new WeakMap<Superset, BuildFacts>()

export function buildFactsOf(superset: Superset): BuildFacts {
  const known = buildFacts.get(superset)
  if (known !== undefined) return known
  // Who did not answer took all the time there was: beginning so much earlier would ask suppliers in trouble twice as often.
  const answered = superset.sources.filter((source) => source.state === 'answered')
  const facts = { checkedAt: checkedAtOf(superset), buildMs: Math.max(0, ...answered.map((source) => source.ms)) }
  buildFacts.set(superset, facts)
  return facts
}
