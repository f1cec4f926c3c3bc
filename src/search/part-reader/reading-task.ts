import { move, transferableSymbol, valueSymbol } from 'piscina'
import type { UnreadShop } from '../../providers/contract.ts'
import { ProviderError, type ProviderFault } from '../../providers/errors.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import type { SupersetPart } from '../supersets/superset.ts'
import type { StayQuestion } from '../stays/stay-question.ts'
import { readReply, readStayReply, type Answerer, type ReadReply } from './read-reply.ts'

/** What goes to a reading thread: a reply, and what was asked. */
export type ReadingTask = { readonly provider: string; readonly reply: UnreadShop } & (
  | { readonly query: FlightQuery }
  | { readonly question: StayQuestion }
)

/** What comes back. A ProviderError would lose its class on the way, so it crosses as facts; `broken` is a fault of ours. */
export type ReadingAnswer =
  | { readonly kind: 'read'; readonly read: ReadReply }
  | { readonly kind: 'refused'; readonly fault: ProviderFault; readonly code: string | null; readonly message: string }
  | { readonly kind: 'broken'; readonly message: string }

/** Does a task with the provider it names. Never throws: whatever is thrown out of a thread looks like its death. */
export async function doTask(find: (provider: string) => Answerer | undefined, task: ReadingTask): Promise<ReadingAnswer> {
  try {
    const reader = find(task.provider)
    if (!reader) return { kind: 'broken', message: `no thread can read the replies of ${task.provider}` }
    // One reader serves all providers that a seller's configuration makes ("ndc-af"); what it reads is the provider's.
    const provider = { ...reader, id: task.provider }
    const read = 'query' in task ? readReply(provider, task.query, task.reply) : readStayReply(provider, task.question, task.reply)
    return { kind: 'read', read: await read }
  } catch (error) {
    if (error instanceof ProviderError) return { kind: 'refused', fault: error.fault, code: error.code, message: error.message }
    return { kind: 'broken', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** The answer as it leaves its thread: the memory of its part changes hands and is not copied by whoever receives it. */
export function handOver(answer: ReadingAnswer): ReadingAnswer {
  if (answer.kind !== 'read' || answer.read.part === null) return answer
  const { part } = answer.read
  const own = { hot: toOwnMemory(part.hot), packedHot: toOwnMemory(part.packedHot), packedCold: toOwnMemory(part.packedCold) }
  const value: ReadingAnswer = { kind: 'read', read: { ...answer.read, part: { ...part, ...own } } }
  const moving = { [transferableSymbol]: Object.values(own).map((bytes) => bytes.buffer), [valueSymbol]: value }
  return move(moving) as unknown as ReadingAnswer
}

/** The answer as it is used: bytes that crossed threads have arrived as plain arrays. */
export function takeOver(answer: ReadingAnswer): ReadingAnswer {
  if (answer.kind !== 'read' || answer.read.part === null) return answer
  const { part } = answer.read
  const own = { hot: toBuffer(part.hot), packedHot: toBuffer(part.packedHot), packedCold: toBuffer(part.packedCold) }
  return { kind: 'read', read: { ...answer.read, part: { ...part, ...own } satisfies SupersetPart } }
}

/**
 * Bytes that are alone in memory of V8's own: a Buffer may share Node's pool, and one that zstd made lies in native memory,
 * which Node copies silently (20) or refuses (24) instead of transferring it.
 */
function toOwnMemory(bytes: Uint8Array): Buffer<ArrayBuffer> {
  const own = Buffer.from(new ArrayBuffer(bytes.byteLength))
  own.set(bytes)
  return own
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
