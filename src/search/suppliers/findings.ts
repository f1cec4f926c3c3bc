import type { Instant } from '../../kernel/time.ts'
import type { ReadReply } from '../part-reader/read-reply.ts'
import type { SupersetPart } from '../supersets/superset.ts'

export type FoundCounts = Omit<ReadReply, 'part'>

/** What one supplier's calls in one search have found. */
export type Findings = {
  readonly add: (read: ReadReply, at: Instant) => void
  /** Every call has been answered, if any was to be made. */
  readonly close: (at: Instant) => void
  /** When the first answer came; null while there is none. */
  readonly answeredAt: () => Instant | null
  readonly offers: () => number
  /** The parts that have not been taken yet, each with the counts of all there is; one without a part when there are none. */
  readonly take: () => readonly { readonly counts: FoundCounts; readonly part: SupersetPart | null }[]
}

export function createFindings(): Findings {
  let counts: FoundCounts = { offers: 0, solutions: 0, duplicates: 0, unusable: 0 }
  let answeredAt: Instant | null = null
  let parts: SupersetPart[] = []
  return {
    add({ part, ...more }, at) {
      answeredAt ??= at
      if (part !== null) parts.push(part)
      counts = {
        offers: counts.offers + more.offers,
        solutions: counts.solutions + more.solutions,
        duplicates: counts.duplicates + more.duplicates,
        unusable: counts.unusable + more.unusable,
        ...(more.packageOnly !== undefined && { packageOnly: (counts.packageOnly ?? 0) + more.packageOnly }),
      }
    },
    close(at) {
      answeredAt ??= at
    },
    answeredAt: () => answeredAt,
    offers: () => counts.offers,
    take() {
      const taken = parts.length === 0 ? [null] : parts
      parts = []
      return taken.map((part) => ({ counts, part }))
    },
  }
}
