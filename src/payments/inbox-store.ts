import { toDate, type Instant } from '../kernel/time.ts'
import type { Tx } from '../platform/postgres.ts'

export type InboxItem = {
  readonly id: string
  readonly provider: string
  readonly dedupeKey: string
  readonly eventType: string
  readonly paymentId: string | null
  readonly body: Buffer
  readonly receivedAt: Instant
}

/** Keeps a delivery; false, having done nothing, when the event is there already. */
export async function keepDelivery(tx: Tx, item: InboxItem): Promise<boolean> {
  const row = await tx
    .insertInto('payments.inbox')
    .values({
      id: item.id,
      provider: item.provider,
      dedupe_key: item.dedupeKey,
      event_type: item.eventType,
      payment_id: item.paymentId,
      body: item.body,
      received_at: toDate(item.receivedAt),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
