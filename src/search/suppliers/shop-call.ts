import { isUnread, type UnreadShop } from '../../providers/contract.ts'
import { ProviderError } from '../../providers/errors.ts'
import { firstSuccess } from './first-success.ts'
import type { SupplierWatch } from './supplier-watch.ts'

/** What a supplier's shop call came back with, read or not. */
export type Shopped<Reply extends object> = Reply | UnreadShop

/** A supplier that was not asked, and why. Nothing was sent and no look is spent. */
export class NotAsked extends Error {
  readonly state: 'throttled' | 'failed'
  readonly fault: 'throttled' | 'look-to-book' | 'unreachable'

  constructor(fault: NotAsked['fault'], message: string) {
    super(message)
    this.name = 'NotAsked'
    this.fault = fault
    this.state = fault === 'unreachable' ? 'failed' : 'throttled'
  }
}

export type ShopCall<Reply extends object> = {
  /** Makes the call. */
  readonly send: (signal: AbortSignal) => Promise<Shopped<Reply>>
  /** Whether nobody waits any more; a call that has not left by then does not leave. */
  readonly isTooLate: () => boolean
  /** The call has found a place and leaves. */
  readonly onBegun: () => void
  /** Where it can be given up from outside. */
  readonly underWay: Set<AbortController>
  readonly milliseconds: () => number
}

/** As many searches may wait for a supplier as this many times its concurrent calls; further ones do without it. */
const WAITING_PER_CALL = 4

/**
 * Asks one supplier, within its places, its looks and its time: once, or a second time where its limits allow hedging
 * and the first call is slower than usual. Throws {@link NotAsked} or what the supplier's adapter throws, and settles at
 * the latest when the supplier's own time-out has passed since the call left.
 */
export async function shopAt<Reply extends object>(supplier: SupplierWatch, call: ShopCall<Reply>): Promise<Shopped<Reply>> {
  const { provider, places, latency, looks, hedges, outcomes } = supplier
  const { concurrentMax, hedging, shopTimeoutMs } = provider.limits
  refuseVainWait(supplier)
  const own = new Set<AbortController>()
  let begunAt = 0

  function send(timeoutMs: number): Promise<Shopped<Reply>> {
    outcomes.add('calls')
    return shopWithin(supplier, call, timeoutMs, own)
  }

  try {
    return await firstSuccess<Shopped<Reply>>({
      first: (onBegun) =>
        places(() => {
          if (call.isTooLate()) throw new NotAsked('throttled', 'no call became free before the deadline')
          if (!looks.take()) throw new NotAsked('look-to-book', 'every look that may be made has been made')
          begunAt = call.milliseconds()
          hedges.earn()
          onBegun()
          call.onBegun()
          return send(shopTimeoutMs)
        }),
      second: () => {
        const leftMs = shopTimeoutMs - (call.milliseconds() - begunAt)
        const isFree = places.activeCount < concurrentMax && places.pendingCount === 0
        if (leftMs <= 0 || !isFree || !hedges.take() || !looks.take()) return null
        outcomes.add('hedged')
        return places(() => send(leftMs))
      },
      afterMs: hedging === null ? null : justAfter(latency.percentileMs(hedging.afterPercentile)),
      isSuccess: (reply) => !isUnread(reply) || reply.status < 400,
    })
  } finally {
    for (const controller of own) controller.abort()
  }
}

/** A call that takes as long as it may is not slower than that. */
function justAfter(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms) + 1
}

/** What cannot become an answer is not waited for: a breaker that is open, a budget that is spent, a queue too long. */
function refuseVainWait({ provider, places, looks }: SupplierWatch): void {
  if (provider.health?.().breaker === 'open') throw new NotAsked('unreachable', `${provider.name} has failed repeatedly and is left alone`)
  if (places.pendingCount >= provider.limits.concurrentMax * WAITING_PER_CALL) throw new NotAsked('throttled', 'too many searches wait')
  const { inMinute, inDay } = looks.left()
  if (inMinute === 0 || inDay === 0) throw new NotAsked('look-to-book', 'every look that may be made has been made')
}

/** Bounds a call by its time even when the adapter does not listen, so that a hanging one frees its place. */
async function shopWithin<Reply extends object>(
  { provider }: SupplierWatch,
  call: ShopCall<Reply>,
  timeoutMs: number,
  own: Set<AbortController>,
): Promise<Shopped<Reply>> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  const givenUp = new Promise<never>((_, reject) => {
    controller.signal.addEventListener(
      'abort',
      () => reject(new ProviderError(provider.id, 'timeout', `no answer within ${provider.limits.shopTimeoutMs} ms`)),
      { once: true },
    )
  })
  own.add(controller)
  call.underWay.add(controller)
  try {
    return await Promise.race([call.send(controller.signal), givenUp])
  } finally {
    clearTimeout(timer)
    own.delete(controller)
    call.underWay.delete(controller)
  }
}
