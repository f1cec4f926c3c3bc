import pLimit, { type LimitFunction } from 'p-limit'
import type { Clock } from '../kernel/time.ts'
import type { FlightSupplier, Provider, ShopReply } from '../providers/contract.ts'
import { ProviderError } from '../providers/errors.ts'
import type { FlightQuery } from '../travel/flight.ts'
import { cleanOffers } from './clean-offers.ts'
import type { SearchLogger } from './logger.ts'
import type { SourceAnswer, SourceFact } from './superset.ts'

export type FanOutDeps = {
  readonly providers: readonly Provider[]
  readonly clock: Clock
  readonly logger: SearchLogger
  /** How long a search waits for all suppliers together. */
  readonly deadlineMs: number
  /** The longest any offer may be resolved, whatever its supplier allows. */
  readonly retentionMs: number
}

export type FanOut = {
  /** The facts of a search in which everyone has been asked and nobody has answered. */
  readonly sources: () => SourceFact[]
  /** Asks every supplier. Never throws: a supplier's failure is its fact. */
  readonly ask: (query: FlightQuery, onAnswer: (answer: SourceAnswer) => void) => Asking
  /** Gives up all calls under way. */
  readonly close: () => void
}

/**
 * `answered` when every supplier has answered or the deadline has passed; by then `onAnswer` was called once for each.
 * `finished` when the late ones have ended too, in their own time-outs; a late success calls `onAnswer` again.
 */
export type Asking = { readonly answered: Promise<void>; readonly finished: Promise<void> }

/** As many searches may wait for a supplier as this many times its concurrent calls; further ones do without it. */
const WAITING_PER_CALL = 4

type Source = { readonly provider: Provider; readonly flights: FlightSupplier; readonly limit: LimitFunction; readonly retentionMs: number }

export function createFanOut(deps: FanOutDeps): FanOut {
  const underWay = new Set<AbortController>()
  const sources = deps.providers.flatMap((provider): Source[] => {
    const { flights, limits } = provider
    if (flights === undefined) return []
    return [{ provider, flights, limit: pLimit(limits.concurrentMax), retentionMs: Math.min(deps.retentionMs, limits.retentionMs) }]
  })

  /** One supplier's answer, or why there is none. Settles at the latest when the supplier's own time-out has passed. */
  async function askSource(source: Source, query: FlightQuery, deadline: Deadline, onBegun: () => void): Promise<SourceAnswer> {
    const begun = performance.now()
    const ms = () => Math.round(performance.now() - begun)
    if (source.limit.pendingCount >= source.provider.limits.concurrentMax * WAITING_PER_CALL)
      return failure(source, 'throttled', 'throttled', 0)
    try {
      const reply = await source.limit(() => {
        if (deadline.passed()) throw new ProviderError(source.provider.id, 'throttled', 'no call became free before the deadline')
        onBegun()
        return shopWithin(source, query, underWay)
      })
      const cleaned = cleanOffers(query, reply.offers)
      const { offers, duplicates, unusable } = cleaned
      if (unusable > 0) deps.logger.warn({ provider: source.provider.id, unusable }, 'a supplier sent offers that do not answer the search')
      const counts = { offers: offers.length, solutions: reply.solutions, duplicates, unusable }
      return { fact: { ...blankFact(source), ...counts, state: 'answered', ms: ms(), answeredAt: deps.clock.now() }, offers }
    } catch (error) {
      if (!(error instanceof ProviderError)) {
        deps.logger.warn({ provider: source.provider.id, error: (error as Error).message }, 'a supplier adapter failed unexpectedly')
        return failure(source, 'failed', 'unexpected', ms())
      }
      const state = error.fault === 'timeout' ? 'timed_out' : error.fault === 'throttled' ? 'throttled' : 'failed'
      return failure(source, state, error.fault, ms())
    }
  }

  function ask(query: FlightQuery, onAnswer: (answer: SourceAnswer) => void): Asking {
    const deadline = startDeadline(deps.deadlineMs)
    const calls = sources.map((source) => {
      let isTold = false
      let isBegun = false
      const told = askSource(source, query, deadline, () => (isBegun = true)).then((answer) => {
        // After the deadline only an answer is news: the search has already said that there was none in time.
        if (!isTold || answer.fact.state === 'answered') onAnswer(answer)
        isTold = true
      })
      const answered = Promise.race([
        told,
        deadline.passing.then(() => {
          if (isTold) return
          isTold = true
          onAnswer(
            isBegun ? failure(source, 'timed_out', 'timeout', deps.deadlineMs) : failure(source, 'throttled', 'throttled', deps.deadlineMs),
          )
        }),
      ])
      return { told, answered }
    })
    const answered = Promise.all(calls.map((call) => call.answered)).then(() => deadline.stop())
    return { answered, finished: Promise.all(calls.map((call) => call.told)).then(() => undefined) }
  }

  return {
    sources: () => sources.map(blankFact),
    ask,
    close: () => underWay.forEach((controller) => controller.abort()),
  }
}

/** Bounds a call by its supplier's time-out even when the adapter does not listen, so that a hanging one frees its place. */
async function shopWithin(source: Source, query: FlightQuery, underWay: Set<AbortController>): Promise<ShopReply> {
  const controller = new AbortController()
  const { id, limits } = source.provider
  underWay.add(controller)
  const timer = setTimeout(() => controller.abort(), limits.shopTimeoutMs)
  const givenUp = new Promise<never>((_, reject) => {
    controller.signal.addEventListener(
      'abort',
      () => reject(new ProviderError(id, 'timeout', `no answer within ${limits.shopTimeoutMs} ms`)),
      { once: true },
    )
  })
  try {
    return await Promise.race([source.flights.shop(query, { signal: controller.signal }), givenUp])
  } finally {
    clearTimeout(timer)
    underWay.delete(controller)
  }
}

function blankFact(source: Source): SourceFact {
  const { id, name } = source.provider
  const nothing = { offers: 0, solutions: 0, ms: 0, fault: null, answeredAt: null, duplicates: 0, unusable: 0 }
  return { provider: id, name, state: 'asked', retentionMs: source.retentionMs, ...nothing }
}

function failure(source: Source, state: SourceFact['state'], fault: string, ms: number): SourceAnswer {
  return { fact: { ...blankFact(source), state, fault, ms }, offers: [] }
}

type Deadline = { readonly passing: Promise<void>; readonly passed: () => boolean; readonly stop: () => void }

function startDeadline(ms: number): Deadline {
  let isPassed = false
  let timer: NodeJS.Timeout | undefined
  const passing = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      isPassed = true
      resolve()
    }, ms)
  })
  return { passing, passed: () => isPassed, stop: () => clearTimeout(timer) }
}
