import type { Source, SourceState } from '../api/types.ts'
import { millisecondsWords } from '../ui/time-words.ts'
import { Wire, type WireState } from '../ui/wire.tsx'

const nodeStates: Record<SourceState, WireState> = {
  asked: 'now',
  answered: 'done',
  timed_out: 'failed',
  failed: 'failed',
  throttled: 'failed',
}

/** What the rows of a list are called. */
export type Noun = {
  readonly one: string
  readonly many: string
  /** What to call a later list that has no further rows, only other prices or another order; such a list is not told of unless it has words. */
  readonly renewed?: string
}

/** One node for each source: asked, answered with how many fares or rates in what time, or why not. */
export function SourceWire(props: { sources: readonly Source[]; noun: Noun }) {
  return (
    <Wire
      across
      label="Sources"
      nodes={props.sources.map((source) => ({
        key: source.provider,
        state: nodeStates[source.state],
        label: source.name,
        detail: sourceWords(source, props.noun),
      }))}
    />
  )
}

function sourceWords(source: Source, noun: Noun): string {
  const ms = source.ms === undefined ? '' : ` in ${millisecondsWords(source.ms)}`
  switch (source.state) {
    case 'asked':
      return 'Asked, waiting'
    case 'answered':
      return `${source.offers} ${source.offers === 1 ? noun.one : noun.many}${ms}`
    case 'timed_out':
      return `No reply${ms}`
    case 'throttled':
      return 'Busy, not asked in time'
    case 'failed':
      return `Failed${ms}`
  }
}
