import type { LimitFunction } from 'p-limit'
import { plusMs, type Clock, type Instant } from '../../kernel/time.ts'
import type { Send } from '../../platform/partner.ts'
import type { AmadeusOn } from './config.ts'

/** What the adapter is given: where and as whom, the way there, the time, and the places for sessions. It keeps nothing else. */
export type Deps = {
  readonly config: AmadeusOn
  readonly send: Send
  readonly clock: Clock
  /** Lets in as many conversations as the contract grants; further ones wait. */
  readonly sessions: LimitFunction
}

/** A total deadline that several messages of one operation share. */
export type Budget = { readonly leftMs: () => number }

/** A budget of `ms` from now. */
export function createBudget(deps: Pick<Deps, 'clock'>, ms: number): Budget {
  const until: Instant = plusMs(deps.clock.now(), ms)
  return { leftMs: () => until - deps.clock.now() }
}
