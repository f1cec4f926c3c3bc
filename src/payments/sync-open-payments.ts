import type { PaymentsDeps } from './deps.ts'
import { expirePayment } from './expire-payment.ts'
import { syncPayment } from './sync-payment.ts'

const BATCH = 20
/** Longer than asking the gateway takes: a poller that dies leaves its payments to the next one after this. */
const LEASE_MS = 60_000

/** How many payments were looked at, and which could not be, with why. */
export type PolledPayments = {
  readonly checked: number
  readonly failures: readonly { readonly paymentId: string; readonly error: unknown }[]
}

/**
 * Looks after payments whose webhook did not come, or came while the gateway could not be asked: asks about those that
 * are due, and closes open ones whose time is over. Any number of processes may run it. One payment's trouble does not keep the others waiting.
 */
export async function syncOpenPayments(deps: PaymentsDeps): Promise<PolledPayments> {
  const ids = await deps.store.claimDuePayments(deps, BATCH, LEASE_MS)
  const failures: { paymentId: string; error: unknown }[] = []
  for (const paymentId of ids) {
    try {
      const payment = await deps.store.findPayment(deps.db, paymentId)
      const isOver = payment?.status === 'open' && payment.expiresAt <= deps.clock.now()
      await (isOver ? expirePayment(deps, paymentId) : syncPayment(deps, paymentId))
    } catch (error) {
      failures.push({ paymentId, error })
    }
  }
  return { checked: ids.length, failures }
}
