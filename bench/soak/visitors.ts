import { setTimeout as sleep } from 'node:timers/promises'
import { openConnection, toRequest, type Connection, type Reply } from '../load/connection.ts'
import { judgeReply } from './judge-reply.ts'

/** A kind of question, asked so often over the whole time, whatever the server does. */
export type Stream = { readonly name: string; readonly count: number; readonly path: (n: number) => string }

/** How one kind of question fared. */
export type Tally = {
  asked: number
  answered: number
  /** Answered while a supplier was still being asked. */
  partial: number
  /** Answered without a supplier that failed or was not asked. */
  incomplete: number
  /** Answered rightly; offers of each supplier in all of these. */
  readonly replies: Map<string, number>
  /** Milliseconds from when the question was due. */
  readonly latencies: number[]
}

export type Visitors = {
  /** Asks everything, evenly over so many seconds, and settles when all has been answered or given up. */
  readonly run: (seconds: number) => Promise<void>
  readonly tallies: ReadonlyMap<string, Tally>
  readonly errors: () => number
  /** The first of them, in words. */
  readonly faults: readonly string[]
  readonly waiting: () => number
  /** Gives up. */
  readonly close: () => void
}

const CONNECTIONS_MAX = 256
const TICK_MS = 4
/** After the last question, answers are waited for so long. */
const DRAIN_MS = 30_000
const FAULTS_TOLD = 5

type Question = { readonly path: string; readonly due: number; readonly tally: Tally }
type Visitor = { readonly connection: Connection; question: Question | null }

/** Visitors who judge every reply. A reply that is wrong or does not come is an error and ends nothing. */
export function createVisitors(port: number, streams: readonly Stream[]): Visitors {
  const tallies = new Map<string, Tally>()
  for (const { name } of streams) tallies.set(name, { asked: 0, answered: 0, partial: 0, incomplete: 0, replies: new Map(), latencies: [] })
  const faults: string[] = []
  const idle: Visitor[] = []
  const all = new Set<Visitor>()
  const queue: Question[] = []
  let [errors, opening, isClosed] = [0, 0, false]

  function fail(fault: string): void {
    errors += 1
    if (faults.length < FAULTS_TOLD) faults.push(fault)
  }

  function settle({ path, due, tally }: Question, reply: Reply): void {
    tally.answered += 1
    tally.latencies.push(performance.now() - due)
    const { fault, pending, missing, offers } = judgeReply(path, reply)
    if (fault !== null) return fail(`${path}: ${fault}`)
    if (pending > 0) tally.partial += 1
    if (missing > 0) tally.incomplete += 1
    for (const [provider, count] of Object.entries(offers)) tally.replies.set(provider, (tally.replies.get(provider) ?? 0) + count)
  }

  function send(visitor: Visitor, question: Question): void {
    visitor.question = question
    visitor.connection.send(
      toRequest(question.path),
      (reply) => {
        visitor.question = null
        settle(question, reply)
        next(visitor)
      },
      true,
    )
  }

  function next(visitor: Visitor): void {
    const question = queue.shift()
    if (question === undefined) idle.push(visitor)
    else send(visitor, question)
  }

  async function open(): Promise<void> {
    opening += 1
    let visitor: Visitor | null = null
    try {
      const connection = await openConnection(port, (error) => {
        if (visitor === null || isClosed) return
        all.delete(visitor)
        if (idle.includes(visitor)) idle.splice(idle.indexOf(visitor), 1)
        // A server may close a connection that carries nothing.
        if (visitor.question !== null) fail(`${visitor.question.path}: ${error.message}`)
        visitor.question = null
      })
      visitor = { connection, question: null }
      all.add(visitor)
      if (isClosed) connection.close()
      else next(visitor)
    } catch (error) {
      const question = queue.shift()
      if (question !== undefined) fail(`${question.path}: ${(error as Error).message}`)
    } finally {
      opening -= 1
    }
  }

  function ask(question: Question): void {
    question.tally.asked += 1
    const visitor = idle.pop()
    if (visitor !== undefined) return send(visitor, question)
    queue.push(question)
    if (all.size + opening < CONNECTIONS_MAX) void open()
  }

  const waiting = () => queue.length + [...all].filter(({ question }) => question !== null).length

  return {
    async run(seconds) {
      const begun = performance.now()
      const plan = streams.map((stream) => ({ ...stream, tally: tallies.get(stream.name)!, everyMs: (seconds * 1_000) / stream.count }))
      for (let isDone = false; !isDone && !isClosed;) {
        const now = performance.now() - begun
        isDone = true
        for (const { count, path, tally, everyMs } of plan) {
          while (tally.asked < count && tally.asked * everyMs <= now)
            ask({ path: path(tally.asked), due: begun + tally.asked * everyMs, tally })
          isDone &&= tally.asked === count
        }
        if (!isDone) await sleep(TICK_MS)
      }
      const giveUpAt = performance.now() + DRAIN_MS
      while (!isClosed && waiting() > 0 && performance.now() < giveUpAt) await sleep(TICK_MS)
      if (isClosed) return
      for (const { question } of all) if (question !== null) fail(`${question.path}: no answer`)
      for (const question of queue.splice(0)) fail(`${question.path}: not asked, all connections were busy`)
    },
    tallies,
    errors: () => errors,
    faults,
    waiting,
    close() {
      isClosed = true
      for (const { connection } of all) connection.close()
    },
  }
}
