import type { Clock } from '../../kernel/time.ts'
import type { Provider } from '../../providers/contract.ts'
import { ProviderError } from '../../providers/errors.ts'
import type { SearchLogger } from '../logger.ts'
import type { ReadReply } from '../part-reader/read-reply.ts'
import type { SourceAnswer, SourceFact } from '../supersets/superset.ts'
import { startDeadline, type Deadline } from './deadline.ts'
import { createFindings, type Findings } from './findings.ts'
import { longestWaitMs } from './scorecard.ts'
import { NotAsked, shopAt, type Shopped } from './shop-call.ts'
import type { SupplierWatch } from './supplier-watch.ts'
import type { Suppliers } from './suppliers.ts'
import type { Trade } from './trade.ts'

export type FanOutDeps<Query, Question, Reply extends object> = {
  readonly suppliers: Pick<Suppliers, 'ranked'>
  readonly trade: Trade<Query, Question, Reply>
  /** Makes a part of what a supplier sent; may do so in another thread. Throws ProviderError for what cannot be read. */
  readonly readReply: (provider: Provider, question: Question, reply: Shopped<Reply>) => Promise<ReadReply>
  readonly clock: Clock
  readonly logger: SearchLogger
  /** How long a search waits for all suppliers together; for each of them it may be less. */
  readonly deadlineMs: number
  /** The longest any offer may be resolved, whatever its supplier allows. */
  readonly retentionMs: number
  /** A clock for durations, which only goes forward. */
  readonly milliseconds?: () => number
}

export type FanOut<Query> = {
  /** The facts of a search in which everyone has been asked and nobody has answered; the fastest supplier first. */
  readonly sources: () => SourceFact[]
  /** Asks every supplier. Never throws: a supplier's failure is its fact. */
  readonly ask: (query: Query, onAnswer: (answer: SourceAnswer) => void) => Asking
  /** Gives up all calls under way. */
  readonly close: () => void
}

/**
 * `answered` when every supplier has answered or its deadline has passed; by then the last that `onAnswer` was told of each
 * is not `asked`. A supplier of several calls is told at each of them. `finished` when the late ones have ended too, in
 * their own time-outs; a late success calls `onAnswer` again.
 */
export type Asking = { readonly answered: Promise<void>; readonly finished: Promise<void> }

/** What one supplier is asked in one search, and where what it finds goes. */
type Errand<Query> = {
  readonly supplier: SupplierWatch
  readonly query: Query
  readonly wait: Deadline
  readonly findings: Findings
  /** A call has left. */
  readonly onBegun: () => void
  /** There is a reply, and others are still to come. */
  readonly onFound: () => void
}

/** The only supplier's or call's failure. */
type Failure = { readonly state: SourceFact['state']; readonly fault: string }

export function createFanOut<Query, Question, Reply extends object>(deps: FanOutDeps<Query, Question, Reply>): FanOut<Query> {
  const { trade } = deps
  const milliseconds = deps.milliseconds ?? (() => performance.now())
  const underWay = new Set<AbortController>()
  let isClosed = false

  const sellers = () => deps.suppliers.ranked().filter(({ provider }) => trade.sells(provider))
  const blankFact = ({ provider }: SupplierWatch): SourceFact => {
    const nothing = { offers: 0, solutions: 0, ms: 0, fault: null, answeredAt: null, duplicates: 0, unusable: 0, ...trade.nothing }
    const retentionMs = Math.min(deps.retentionMs, provider.limits.retentionMs)
    return { provider: provider.id, name: provider.name, state: 'asked', retentionMs, ...nothing }
  }
  const failure = (supplier: SupplierWatch, state: SourceFact['state'], fault: string, ms: number): SourceAnswer => ({
    fact: { ...blankFact(supplier), state, fault, ms: Math.round(ms) },
    part: null,
  })

  /** Makes one call and reads its reply into the findings. Throws what the call throws. */
  async function askQuestion({ supplier, findings, wait, onBegun }: Errand<Query>, question: Question): Promise<void> {
    const { provider, latency } = supplier
    let begunAt = milliseconds()
    try {
      const reply = await shopAt<Reply>(supplier, {
        send: (signal) => trade.shop(provider, question, { signal }),
        isTooLate: wait.hasPassed,
        onBegun: () => {
          begunAt = milliseconds()
          onBegun()
        },
        underWay,
        milliseconds,
      })
      const shopMs = milliseconds() - begunAt
      const read = await deps.readReply(provider, question, reply)
      // Only now: a reply may be an error that was quick to come.
      latency.note(shopMs)
      if (read.unusable > 0)
        deps.logger.warn({ provider: provider.id, unusable: read.unusable }, 'a supplier sent offers that do not answer the search')
      findings.add(read, deps.clock.now())
    } catch (error) {
      if (error instanceof ProviderError && error.fault === 'timeout' && !isClosed)
        latency.note(Math.max(milliseconds() - begunAt, wait.ms))
      throw error
    }
  }

  /** How one supplier's answer ends, all its calls together. Never rejects. */
  async function askSupplier(errand: Errand<Query>): Promise<Failure | null> {
    const { supplier, query, findings, onFound } = errand
    try {
      const questions = await trade.questions(supplier.provider, query)
      let left = questions.length
      const calls = questions.map(async (question) => {
        try {
          await askQuestion(errand, question)
        } finally {
          left -= 1
        }
        if (left > 0) onFound()
      })
      const failed = (await Promise.allSettled(calls)).find((call) => call.status === 'rejected')
      if (failed !== undefined) throw failed.reason
      findings.close(deps.clock.now())
      return null
    } catch (error) {
      return failureOf(supplier, error)
    }
  }

  function failureOf({ provider }: SupplierWatch, error: unknown): Failure {
    if (error instanceof NotAsked) return { state: error.state, fault: error.fault }
    if (error instanceof ProviderError) {
      const state = error.fault === 'timeout' ? 'timed_out' : error.fault === 'throttled' ? 'throttled' : 'failed'
      return { state, fault: error.fault }
    }
    deps.logger.warn({ provider: provider.id, error: (error as Error).message }, 'a supplier adapter failed unexpectedly')
    return { state: 'failed', fault: 'unexpected' }
  }

  function ask(query: Query, onAnswer: (answer: SourceAnswer) => void): Asking {
    const askedAt = milliseconds()
    const calls = sellers().map((supplier) => {
      // To find a place it has its time, and once it has one it has its time again, all within the search's own.
      const wait = startDeadline(supplier.latency.deadlineMs(longestWaitMs(supplier, deps.deadlineMs)))
      const findings = createFindings()
      let isTold = false
      let isBegun = false
      const onBegun = () => {
        isBegun = true
        wait.restart(Math.min(wait.ms, deps.deadlineMs - (milliseconds() - askedAt)))
      }
      /** What has been found so far, or the failure when that is nothing; `fault` is why it is not all. */
      const tell = (state: SourceFact['state'], fault: string | null) => {
        const ms = Math.round(milliseconds() - askedAt)
        if (findings.answeredAt() === null) return onAnswer(failure(supplier, state, fault ?? 'unexpected', ms))
        for (const { counts, part } of findings.take()) {
          const found = state === 'asked' ? 'asked' : 'answered'
          onAnswer({ fact: { ...blankFact(supplier), ...counts, state: found, fault, ms, answeredAt: findings.answeredAt() }, part })
        }
      }
      const onFound = () => tell(isTold ? 'answered' : 'asked', isTold ? 'timeout' : null)
      const told = askSupplier({ supplier, query, wait, findings, onBegun, onFound }).then((failed) => {
        noteOutcome(supplier, findings, failed, isTold)
        // After the deadline only an answer is news: the search has already said that there was none in time.
        if (!isTold || findings.answeredAt() !== null) tell(failed?.state ?? 'answered', failed?.fault ?? null)
        isTold = true
      })
      const passed = wait.passing.then(() => {
        if (isTold) return
        isTold = true
        tell(isBegun ? 'timed_out' : 'throttled', isBegun ? 'timeout' : 'throttled')
      })
      return { told, answered: Promise.race([told, passed]).then(wait.stop) }
    })
    const answered = Promise.all(calls.map((call) => call.answered)).then(() => undefined)
    return { answered, finished: Promise.all(calls.map((call) => call.told)).then(() => undefined) }
  }

  return {
    sources: () => sellers().map(blankFact),
    ask,
    close: () => {
      isClosed = true
      underWay.forEach((controller) => controller.abort())
    },
  }
}

/** Counts how a search that asked ended for the supplier, each once. */
function noteOutcome(supplier: SupplierWatch, findings: Findings, failed: Failure | null, isLate: boolean): void {
  if (failed !== null) supplier.noteFault(failed.fault)
  if (findings.answeredAt() === null) {
    if (failed !== null && failed.state !== 'asked') supplier.outcomes.add(failed.state)
    return
  }
  supplier.outcomes.add('answered')
  if (isLate) supplier.outcomes.add('late')
  supplier.offers.add(findings.offers())
}
