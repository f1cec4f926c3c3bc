import type { Tx } from '../platform/postgres.ts'
import type { PaymentsDeps } from './deps.ts'
import type { Refund } from './refund.ts'

/** Runs `work` on the refund, which nobody else can change meanwhile, in one transaction. Throws when there is none. */
export function withRefund<T>(
  deps: Pick<PaymentsDeps, 'db' | 'store' | 'records'>,
  id: string,
  work: (tx: Tx, refund: Refund) => Promise<T>,
): Promise<T> {
  return deps.records.transact(deps.db, async (tx) => {
    const refund = await deps.store.lockRefund(tx, id)
    if (!refund) throw new Error(`there is no refund ${id}`)
    return work(tx, refund)
  })
}
