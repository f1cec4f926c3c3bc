import type { Tx } from '../platform/postgres.ts'
import type { PaymentsDeps } from './deps.ts'
import type { Payment } from './payment.ts'

/**
 * Runs `work` on the payment, which nobody else can change meanwhile, in one transaction. Throws when there is none.
 * `work` must not wait for the outside world.
 */
export function withPayment<T>(
  deps: Pick<PaymentsDeps, 'db' | 'store' | 'records'>,
  id: string,
  work: (tx: Tx, payment: Payment) => Promise<T>,
): Promise<T> {
  return deps.records.transact(deps.db, async (tx) => {
    const payment = await deps.store.lockPayment(tx, id)
    if (!payment) throw new Error(`there is no payment ${id}`)
    return work(tx, payment)
  })
}
