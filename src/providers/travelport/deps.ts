import { plusMs, type Clock, type Instant } from '../../kernel/time.ts'
import type { Send } from '../../platform/partner.ts'
import type { Call } from '../contract.ts'
import type { TravelportOn } from './config.ts'
import { exchange, type Exchange, type Request } from './exchange.ts'

/** What the adapter is given: where and as whom, the way there, and the time. It keeps no state of its own. */
export type Deps = { readonly config: TravelportOn; readonly send: Send; readonly clock: Clock }

/** A total deadline that several requests of one operation share. */
export type Budget = { readonly leftMs: () => number }

/** A budget of `ms` from now. */
export function createBudget(deps: Deps, ms: number): Budget {
  const until: Instant = plusMs(deps.clock.now(), ms)
  return { leftMs: () => until - deps.clock.now() }
}

/** Sends a request within what is left of the budget, at most `limitMs`; an exhausted budget sends nothing. */
export async function ask(
  deps: Deps,
  call: Call,
  budget: Budget,
  request: Omit<Request, 'timeoutMs'>,
  limitMs = Number.POSITIVE_INFINITY,
): Promise<Exchange> {
  const timeoutMs = Math.min(budget.leftMs(), limitMs)
  if (timeoutMs <= 0 || call.signal.aborted) return { kind: 'never_sent', fault: 'timeout', message: 'no time was left to ask' }
  return exchange(deps.send, deps.config, { ...request, timeoutMs }, call.signal)
}
