import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Piscina } from 'piscina'
import { ProviderError } from '../../providers/errors.ts'
import type { ReadReply } from './read-reply.ts'
import { takeOver, type ReadingAnswer, type ReadingTask } from './reading-task.ts'

export type ReadingPoolOptions = {
  readonly threads: number
  /** From handing a reply in to its part. A thread that is still at it then is replaced. */
  readonly deadlineMs: number
  /** Replies that may wait for a thread. */
  readonly waitingMax: number
  /** How far the threads stand back behind the one that answers searches, wherever a core is short: 0 is not at all, 19 the furthest. */
  readonly niceness: number
  /** The module whose `read` the threads run. */
  readonly thread: URL
}

export type ReadingPool = { readonly read: (task: ReadingTask) => Promise<ReadReply>; readonly close: () => Promise<void> }

/** A reply of the largest size allowed takes some 200 MB while it is read; a bomb ends its thread and not the process. */
const HEAP_MEGABYTES_MAX = 512
const NURSERY_MEGABYTES = 64

/**
 * Threads that read supplier replies. The bytes of a task are taken: they are empty afterwards. Whatever becomes of a
 * thread, its reply is a part or a ProviderError: `malformed` when it killed the thread, `timeout` past the deadline,
 * `throttled` when too many wait. Idle threads keep no process alive.
 */
export function createReadingPool({ threads, deadlineMs, waitingMax, niceness, thread }: ReadingPoolOptions): ReadingPool {
  // Named in full: inside a test runner, and from another working directory, "tsx" alone would not be found.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const pool = new Piscina<ReadingTask, ReadingAnswer>({
    filename: thread.href,
    name: 'read',
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    execArgv: ['--import', tsx],
    niceIncrement: niceness,
    // A reply is many small objects that die together: a small nursery would copy them again and again.
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX, maxYoungGenerationSizeMb: NURSERY_MEGABYTES },
  })
  // A thread that dies idle has been replaced by then; without a listener the event would end the process.
  pool.on('error', () => undefined)
  let underWay = 0
  let isClosed = false

  async function read(task: ReadingTask): Promise<ReadReply> {
    const { provider, reply } = task
    if (isClosed) throw new ProviderError(provider, 'timeout', 'the reply came when nobody reads any more')
    // Piscina's own maxQueue does not count tasks that have a signal (5.3.2: they wait in its skipQueue).
    if (underWay >= threads + waitingMax) throw new ProviderError(provider, 'throttled', `${underWay} replies are being read already`)
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), deadlineMs)
    underWay += 1
    try {
      const answer = await pool.run(task, { signal: deadline.signal, transferList: transferableOf(reply.unread) })
      return readOf(provider, takeOver(answer))
    } catch (error) {
      if (error instanceof ProviderError || error instanceof BrokenReader) throw error
      if (deadline.signal.aborted) throw new ProviderError(provider, 'timeout', `the reply was not read within ${deadlineMs} ms`)
      if (isClosed) throw new ProviderError(provider, 'timeout', 'the reply was being read when the process closed', { cause: error })
      throw new ProviderError(provider, 'malformed', `the reply ended the thread that read it: ${messageOf(error)}`, { cause: error })
    } finally {
      clearTimeout(timer)
      underWay -= 1
    }
  }

  return {
    read,
    close: async () => {
      isClosed = true
      await pool.destroy()
    },
  }
}

/** A fault of ours in a thread, told to whoever reads the logs. */
class BrokenReader extends Error {}

function readOf(provider: string, answer: ReadingAnswer): ReadReply {
  if (answer.kind === 'read') return answer.read
  if (answer.kind === 'broken') throw new BrokenReader(answer.message)
  throw new ProviderError(provider, answer.fault, answer.message, { code: answer.code })
}

/** The memory under the bytes, if nothing else lies in it; a part of Node's pool is copied instead. */
function transferableOf(bytes: Uint8Array): ArrayBuffer[] {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : []
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
