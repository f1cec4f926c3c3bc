import { newId } from '../../kernel/ids.ts'
import { instant, type Clock, type Instant } from '../../kernel/time.ts'

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
  /** Why there is no answer, or not a whole one: a ProviderFault, or `unexpected` for a fault of our own. */
  readonly fault: string | null
  /** When its prices were true; null while there are none. */
  readonly answeredAt: Instant | null
  /** How long after that its offers may be resolved for a verification (semantics S1). */
  readonly retentionMs: number
  /** Offers the supplier sent that are not in the superset: said twice, or not an answer to the question. */
  readonly duplicates: number
  readonly unusable: number
  /** Rates of stays that may only be sold in a package, which are not in the superset either. */
  readonly packageOnly?: number
}

/** One supplier's offers of one search, encoded once and never changed: engine/part.ts says how. */
export type SupersetPart = {
  readonly provider: string
  readonly offers: number
  /** Columns and JSON fragments, off the JavaScript heap: all that filtering and showing offers needs. */
  readonly hot: Buffer
  /** `hot` as one zstd frame, as it lies in the shared cache. */
  readonly packedHot: Buffer
  /** The suppliers' own words for buying each offer, as one zstd frame; unpacked when one is chosen. */
  readonly packedCold: Buffer
  /** What `packedCold` unpacks to. */
  readonly coldBytes: number
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
  /** Until when a search may answer from it without saying that its prices are old. */
  readonly freshUntil: Instant
  /** Until when it may be shown, saying so, while it is being refreshed. */
  readonly staleUntil: Instant
  /** Until when any of its offers may be resolved. */
  readonly retainedUntil: Instant
  readonly sources: readonly SourceFact[]
  /** In the order of arrival. Offers are numbered through: the first of a part follows the last of the part before. */
  readonly parts: readonly SupersetPart[]
}

/** What a supplier sent, cleaned and encoded, or null with the reason in the fact. */
export type SourceAnswer = { readonly fact: SourceFact; readonly part: SupersetPart | null }

const VERSION = /^[0-9a-hjkmnp-tv-z]{17}$/
export const VERSION_LENGTH = 17
const OFFER_ID = /^(off|sty)_([0-9a-hjkmnp-tv-z]{17})_(0|[1-9]\d{0,5})$/

/** A superset before any answer. */
export function openSuperset(key: string, sources: readonly SourceFact[], clock: Clock): Superset {
  const now = clock.now()
  return {
    key,
    version: newVersion(clock),
    revision: 0,
    startedAt: now,
    freshUntil: now,
    staleUntil: now,
    retainedUntil: now,
    sources,
    parts: [],
  }
}

/** The superset with one supplier's answer: its offers are appended, its fact replaces the earlier one. */
export function growSuperset(superset: Superset, answer: SourceAnswer): Superset {
  const { fact, part } = answer
  const retainedUntil = Math.max(superset.retainedUntil, (fact.answeredAt ?? superset.startedAt) + fact.retentionMs) as Instant
  return {
    ...superset,
    revision: superset.revision + 1,
    retainedUntil,
    sources: superset.sources.map((source) => (source.provider === fact.provider ? fact : source)),
    parts: part === null || part.offers === 0 ? superset.parts : [...superset.parts, part],
  }
}

/** How many offers it holds. */
export function offersIn(superset: Superset): number {
  return superset.parts.reduce((sum, part) => sum + part.offers, 0)
}

/** Whether every supplier has answered, failed or been given up. */
export function isComplete(superset: Superset): boolean {
  return superset.sources.every((source) => source.state !== 'asked')
}

/** The id under which the flight at this place of the superset is shown. */
export function offerIdOf(version: string, index: number): string {
  return `off_${version}_${index}`
}

/** The id under which the stay at this place of the superset is shown. */
export function stayOfferIdOf(version: string, index: number): string {
  return `sty_${version}_${index}`
}

/** When the oldest price in the superset was true; without any answer, when it was asked. */
export function checkedAtOf(superset: Superset): Instant {
  const times = superset.sources.flatMap((source) => (source.answeredAt === null ? [] : [source.answeredAt]))
  return times.length === 0 ? superset.startedAt : (Math.min(...times) as Instant)
}

/** The provider of journeys that we combine of two tickets. */
export const SELF_TRANSFER = 'self-transfer'

/** The id of a combination: it is nothing that can be bought, only its tickets are. */
export function combinedOfferId(offerIds: readonly string[]): string {
  return offerIds.join('~')
}

/** The offers a combination's id names; null for any other id. */
export function parseCombinedId(offerId: string): readonly string[] | null {
  const ids = offerId.split('~')
  return ids.length > 1 && ids.every((id) => parseOfferId(id)?.kind === 'flight') ? ids : null
}

/** The fan-out and the place an offer id names; null when it is no id of ours. Says nothing about whether it exists. */
export function parseOfferId(offerId: string): { kind: 'flight' | 'stay'; version: string; index: number } | null {
  const match = OFFER_ID.exec(offerId)
  return match?.[2] === undefined ? null : { kind: match[1] === 'off' ? 'flight' : 'stay', version: match[2], index: Number(match[3]) }
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
