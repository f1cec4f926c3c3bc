import { newId } from '../kernel/ids.ts'
import { instant, type Clock, type Instant } from '../kernel/time.ts'
import type { FlightOffer } from '../travel/flight.ts'

/** `asked`: no answer yet. `throttled`: the supplier, or our own limit of calls to it, refused to look. */
export type SourceState = 'asked' | 'answered' | 'timed_out' | 'failed' | 'throttled'

/** What became of one supplier in one search. */
export type SourceFact = {
  readonly provider: string
  readonly name: string
  readonly state: SourceState
  /** Offers of this supplier in the superset. */
  readonly offers: number
  /** What the supplier counts as priced solutions. */
  readonly solutions: number
  /** From asking to the answer or to giving up. */
  readonly ms: number
  /** Why there is no answer: a ProviderFault, or `unexpected` for a fault of our own. */
  readonly fault: string | null
  /** When its prices were true; null while there are none. */
  readonly answeredAt: Instant | null
  /** How long after that its offers may be resolved for a verification (semantics S1). */
  readonly retentionMs: number
  /** Offers the supplier sent that are not in the superset: said twice, or not an answer to the question. */
  readonly duplicates: number
  readonly unusable: number
}

/**
 * Every offer of one broad search, unfiltered and net, with what became of each supplier. A value: growing one returns
 * another with a higher `revision`, and an offer keeps its id, its place and its content in all of them.
 */
export type Superset = {
  readonly key: string
  /** Names the fan-out. Sorts by time, is unique, and is part of every offer's id. */
  readonly version: string
  readonly revision: number
  readonly startedAt: Instant
  /** Until when a search may answer from it. */
  readonly freshUntil: Instant
  /** Until when any of its offers may be resolved. */
  readonly retainedUntil: Instant
  readonly sources: readonly SourceFact[]
  readonly offers: readonly FlightOffer[]
}

/** What a supplier sent, cleaned, or nothing with the reason in the fact. */
export type SourceAnswer = { readonly fact: SourceFact; readonly offers: readonly FlightOffer[] }

const VERSION = /^[0-9a-hjkmnp-tv-z]{17}$/
export const VERSION_LENGTH = 17
const OFFER_ID = /^off_([0-9a-hjkmnp-tv-z]{17})_(0|[1-9]\d{0,5})$/

/** A superset before any answer. */
export function openSuperset(key: string, sources: readonly SourceFact[], clock: Clock): Superset {
  const now = clock.now()
  return { key, version: newVersion(clock), revision: 0, startedAt: now, freshUntil: now, retainedUntil: now, sources, offers: [] }
}

/** The superset with one supplier's answer: its offers are appended under our ids, its fact replaces the earlier one. */
export function growSuperset(superset: Superset, answer: SourceAnswer): Superset {
  const { fact } = answer
  const first = superset.offers.length
  const named = answer.offers.map((offer, i) => ({ ...offer, id: `off_${superset.version}_${first + i}` }))
  const retainedUntil = Math.max(superset.retainedUntil, (fact.answeredAt ?? superset.startedAt) + fact.retentionMs) as Instant
  return {
    ...superset,
    revision: superset.revision + 1,
    retainedUntil,
    sources: superset.sources.map((source) => (source.provider === fact.provider ? fact : source)),
    offers: named.length === 0 ? superset.offers : superset.offers.concat(named),
  }
}

/** When the oldest price in the superset was true; without any answer, when it was asked. */
export function checkedAtOf(superset: Superset): Instant {
  const times = superset.sources.flatMap((source) => (source.answeredAt === null ? [] : [source.answeredAt]))
  return times.length === 0 ? superset.startedAt : (Math.min(...times) as Instant)
}

/** The fan-out and the place an offer id names; null when it is no id of ours. Says nothing about whether it exists. */
export function parseOfferId(offerId: string): { version: string; index: number } | null {
  const match = OFFER_ID.exec(offerId)
  return match?.[1] === undefined ? null : { version: match[1], index: Number(match[2]) }
}

export function isVersion(text: string): boolean {
  return VERSION.test(text)
}

const TIME_DIGITS = 9
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/** When the fan-out that a version names began. */
export function startOfVersion(version: string): Instant {
  let ms = 0
  for (const digit of version.slice(0, TIME_DIGITS)) ms = ms * DIGITS.length + DIGITS.indexOf(digit)
  return instant(ms)
}

/** Nine characters of time and eight random ones, taken from the middle of a sortable id. */
function newVersion(clock: Clock): string {
  const body = newId('sup', clock).slice('sup_'.length)
  return body.slice(1, 1 + VERSION_LENGTH)
}
