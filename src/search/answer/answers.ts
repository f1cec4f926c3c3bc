import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { compress } from '@mongodb-js/zstd'
import { LRUCache } from 'lru-cache'

/** Content codings an answer can be sent in (RFC 9110 §8.4.1, RFC 8878), the one that costs least first. */
export const CODINGS = ['zstd', 'br', 'gzip'] as const

export type Coding = (typeof CODINGS)[number]

/** Rendered answers, and their compressed forms, by what they answer. */
export type Answers = {
  /** Off when nothing may be kept; then no name need be made. */
  readonly isKept: boolean
  readonly find: (name: string) => Buffer | undefined
  /**
   * Keeps a copy, when the same has been asked before: most places of a slider are asked for once, and copying them would cost more
   * than making them. A copy, because the answer itself lies in memory that is about to be used again.
   */
  readonly keep: (name: string, answer: Buffer) => void
  /** The answer in a coding, compressed once however many ask for it at the same time. */
  readonly code: (name: string, answer: Buffer, coding: Coding) => Promise<Buffer>
  readonly facts: () => AnswerFacts
}

/** How the cache of answers has done since the start. */
export type AnswerFacts = { readonly hits: number; readonly misses: number; readonly bytes: number }

/** Names are short; as many as a process makes answers in a second. */
const ASKED_ONCE_MAX = 20_000

/** A cache of at most `bytesMax` bytes; 0 keeps nothing. */
export function createAnswers({ bytesMax }: { bytesMax: number }): Answers {
  const kept =
    bytesMax === 0
      ? null
      : new LRUCache<string, Buffer>({ maxSize: bytesMax, sizeCalculation: (answer, name) => answer.length + name.length + 200 })
  const askedOnce = new LRUCache<string, true>({ max: ASKED_ONCE_MAX })
  const underWay = new Map<string, Promise<Buffer>>()
  let [hits, misses] = [0, 0]

  function find(name: string): Buffer | undefined {
    const answer = kept?.get(name)
    if (answer === undefined) misses += 1
    else hits += 1
    return answer
  }

  return {
    isKept: kept !== null,
    find,
    keep(name, answer) {
      if (askedOnce.has(name)) kept?.set(name, Buffer.from(answer))
      else askedOnce.set(name, true)
    },
    async code(name, answer, coding) {
      const known = underWay.get(`${coding} ${name}`)
      if (known !== undefined) return known
      const work = compressInto(coding, answer).finally(() => underWay.delete(`${coding} ${name}`))
      underWay.set(`${coding} ${name}`, work)
      const coded = await work
      kept?.set(`${coding} ${name}`, coded)
      return coded
    },
    facts: () => ({ hits, misses, bytes: kept?.calculatedSize ?? 0 }),
  }
}

const brotli = promisify(brotliCompress)
const deflate = promisify(gzip)

/** The levels that cost least for what they save on pages of 30 kB: docs/decisions/2026-11-25-search-engine.md. */
function compressInto(coding: Coding, answer: Buffer): Promise<Buffer> {
  if (coding === 'zstd') return compress(answer)
  if (coding === 'br')
    return brotli(answer, { params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: answer.length } })
  return deflate(answer, { level: 1 })
}
