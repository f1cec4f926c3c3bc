import type { Clock } from '../../kernel/time.ts'
import type { Provider } from '../../providers/contract.ts'
import { ProviderError } from '../../providers/errors.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import type { SearchLogger } from '../logger.ts'
import type { ReadReply } from '../part-reader/read-reply.ts'
import type { SourceAnswer, SourceFact } from '../supersets/superset.ts'
import { startDeadline, type Deadline } from './deadline.ts'
import { longestWaitMs } from './scorecard.ts'
import { NotAsked, shopAt, type Shopped } from './shop-call.ts'
import type { SupplierWatch } from './supplier-watch.ts'
import type { Suppliers } from './suppliers.ts'

export type FanOutDeps = {
  readonly suppliers: Pick<Suppliers, 'ranked'>
  /** Makes a part of what a supplier sent; may do so in another thread. Throws ProviderError for what cannot be read. */
  readonly readReply: (provider: Provider, query: FlightQuery, reply: Shopped) => Promise<ReadReply>
  readonly clock: Clock
  readonly logger: SearchLogger
  /** How long a search waits for all suppliers together; for each of them it may be less. */
  readonly deadlineMs: number
  /** The longest any offer may be resolved, whatever its supplier allows. */
  readonly retentionMs: number
  /** A clock for durations, which only goes forward. */
  readonly milliseconds?: () => number
}

export type FanOut = {
  /** The facts of a search in which everyone has been asked and nobody has answered; the fastest supplier first. */
  readonly sources: () => SourceFact[]
  /** Asks every supplier. Never throws: a supplier's failure is its fact. */
  readonly ask: (query: FlightQuery, onAnswer: (answer: SourceAnswer) => void) => Asking
  /** Gives up all calls under way. */
  readonly close: () => void
}

/**
 * `answered` when every supplier has answered or its deadline has passed; by then `onAnswer` was called once for each.
 * `finished` when the late ones have ended too, in their own time-outs; a late success calls `onAnswer` again.
 */
export type Asking = { readonly answered: Promise<void>; readonly finished: Promise<void> }

export function createFanOut(deps: FanOutDeps): FanOut {
  const milliseconds = deps.milliseconds ?? (() => performance.now())
  const underWay = new Set<AbortController>()
  let isClosed = false

  const blankFact = ({ provider }: SupplierWatch): SourceFact => {
    const nothing = { offers: 0, solutions: 0, ms: 0, fault: null, answeredAt: null, duplicates: 0, unusable: 0 }
    const retentionMs = Math.min(deps.retentionMs, provider.limits.retentionMs)
    return { provider: provider.id, name: provider.name, state: 'asked', retentionMs, ...nothing }
  }
  const failure = (supplier: SupplierWatch, state: SourceFact['state'], fault: string, ms: number): SourceAnswer => ({
    fact: { ...blankFact(supplier), state, fault, ms: Math.round(ms) },
    part: null,
  })

  /** One supplier's answer, or why there is none. Never rejects. */
  async function askSupplier(supplier: SupplierWatch, query: FlightQuery, wait: Deadline, onBegun: () => void): Promise<SourceAnswer> {
    const { provider, latency } = supplier
    const askedAt = milliseconds()
    let begunAt = askedAt
    try {
      const reply = await shopAt(supplier, {
        query,
        isTooLate: wait.hasPassed,
        onBegun: () => {
          begunAt = milliseconds()
          onBegun()
        },
        underWay,
        milliseconds,
      })
      const shopMs = milliseconds() - begunAt
      const { part, ...counts } = await deps.readReply(provider, query, reply)
      // Only now: a reply may be an error that was quick to come.
      latency.note(shopMs)
      if (counts.unusable > 0)
        deps.logger.warn({ provider: provider.id, unusable: counts.unusable }, 'a supplier sent offers that do not answer the search')
      const ms = Math.round(milliseconds() - askedAt)
      return { fact: { ...blankFact(supplier), ...counts, state: 'answered', ms, answeredAt: deps.clock.now() }, part }
    } catch (error) {
      const ms = milliseconds() - askedAt
      if (error instanceof NotAsked) return failure(supplier, error.state, error.fault, ms)
      if (!(error instanceof ProviderError)) {
        deps.logger.warn({ provider: provider.id, error: (error as Error).message }, 'a supplier adapter failed unexpectedly')
        return failure(supplier, 'failed', 'unexpected', ms)
      }
      if (error.fault === 'timeout' && !isClosed) latency.note(Math.max(milliseconds() - begunAt, wait.ms))
      const state = error.fault === 'timeout' ? 'timed_out' : error.fault === 'throttled' ? 'throttled' : 'failed'
      return failure(supplier, state, error.fault, ms)
    }
  }

  function ask(query: FlightQuery, onAnswer: (answer: SourceAnswer) => void): Asking {
    const askedAt = milliseconds()
    const calls = deps.suppliers.ranked().map((supplier) => {
      // To find a place it has its time, and once it has one it has its time again, all within the search's own.
      const wait = startDeadline(supplier.latency.deadlineMs(longestWaitMs(supplier, deps.deadlineMs)))
      let isTold = false
      let isBegun = false
      const onBegun = () => {
        isBegun = true
        wait.restart(Math.min(wait.ms, deps.deadlineMs - (milliseconds() - askedAt)))
      }
      const told = askSupplier(supplier, query, wait, onBegun).then((answer) => {
        noteOutcome(supplier, answer.fact, isTold)
        // After the deadline only an answer is news: the search has already said that there was none in time.
        if (!isTold || answer.fact.state === 'answered') onAnswer(answer)
        isTold = true
      })
      const passed = wait.passing.then(() => {
        if (isTold) return
        isTold = true
        const ms = milliseconds() - askedAt
        onAnswer(isBegun ? failure(supplier, 'timed_out', 'timeout', ms) : failure(supplier, 'throttled', 'throttled', ms))
      })
      return { told, answered: Promise.race([told, passed]).then(wait.stop) }
    })
    const answered = Promise.all(calls.map((call) => call.answered)).then(() => undefined)
    return { answered, finished: Promise.all(calls.map((call) => call.told)).then(() => undefined) }
  }

  return {
    sources: () => deps.suppliers.ranked().map(blankFact),
    ask,
    close: () => {
      isClosed = true
      underWay.forEach((controller) => controller.abort())
    },
  }
}

/** Counts how a search that asked ended for the supplier, each once. */
function noteOutcome(supplier: SupplierWatch, fact: SourceFact, isLate: boolean): void {
  if (fact.state === 'asked') return
  supplier.outcomes.add(fact.state)
  if (fact.state !== 'answered') return supplier.noteFault(fact.fault ?? 'unexpected')
  if (isLate) supplier.outcomes.add('late')
  supplier.offers.add(fact.offers)
}
