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

/** One node for each source: asked, answered with how many fares in what time, or why not. */
export function SourceWire(props: { sources: readonly Source[] }) {
  return (
    <Wire
      across
      label="Sources"
      nodes={props.sources.map((source) => ({
        key: source.provider,
        state: nodeStates[source.state],
        label: source.name,
        detail: sourceWords(source),
      }))}
    />
  )
}

function sourceWords(source: Source): string {
  const ms = source.ms === undefined ? '' : ` in ${millisecondsWords(source.ms)}`
  switch (source.state) {
    case 'asked':
      return 'Asked, waiting'
    case 'answered':
      return `${source.offers} ${source.offers === 1 ? 'fare' : 'fares'}${ms}`
    case 'timed_out':
      return `No reply${ms}`
    case 'throttled':
      return 'Busy, not asked in time'
    case 'failed':
      return `Failed${ms}`
  }
}
