import { plusMs } from '../kernel/time.ts'
import type { PaymentsDeps } from './deps.ts'
import type { Refund } from './refund.ts'
import { withRefund } from './with-refund.ts'
import { sendRefund } from './send-refund.ts'

const BATCH = 20
/** Longer than asking the gateway takes: a poller that dies leaves its refunds to the next one after this. */
const LEASE_MS = 60_000
/** Cards take days in the bank, but the gateway's own word seldom takes one. */
const STUCK_AFTER_MS = 24 * 3_600_000

/** How many refunds were looked at, and which could not be, with why. */
export type PolledRefunds = {
  readonly checked: number
  readonly failures: readonly { readonly refundId: string; readonly error: unknown }[]
}

/**
 * Looks after refunds under way: sends those that were never sent, and asks the gateway about those that are due. One
 * that takes longer than a day becomes a work item as well. Any number of processes may run it.
 */
export async function pollRefunds(deps: PaymentsDeps): Promise<PolledRefunds> {
  const ids = await deps.store.claimDueRefunds(deps, BATCH, LEASE_MS)
  const failures: { refundId: string; error: unknown }[] = []
  for (const refundId of ids) {
    try {
      const { refund } = await sendRefund(deps, refundId)
      if (isStuck(deps, refund)) await reportStuck(deps, refund)
    } catch (error) {
      failures.push({ refundId, error })
    }
  }
  return { checked: ids.length, failures }
}

function isStuck(deps: PaymentsDeps, refund: Refund): boolean {
  const isUnderWay = refund.status === 'requested' || refund.status === 'pending'
  return isUnderWay && plusMs(refund.createdAt, STUCK_AFTER_MS) <= deps.clock.now()
}

function reportStuck(deps: PaymentsDeps, refund: Refund): Promise<void> {
  return withRefund(deps, refund.id, (tx) =>
    deps.records.openWorkItem(tx, {
      kind: 'refund_stuck',
      subjectId: refund.id,
      summary: 'A refund has been under way for more than a day. Ask the gateway what holds it, and tell the customer.',
      details: {
        bookingId: refund.bookingId,
        paymentId: refund.paymentId,
        provider: refund.provider,
        providerRef: refund.providerRef,
        status: refund.status,
      },
    }),
  )
}
