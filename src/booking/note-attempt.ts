import { instant, plusMs } from '../kernel/time.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Provider } from '../providers/contract.ts'
import type { NewAttempt } from './attempt-store.ts'
import type { Attempt } from './attempt.ts'
import { itemOf, type Booking, type BookingItem } from './booking.ts'
import type { BookingDeps } from './deps.ts'
import { announce } from './events.ts'
import type { Operation } from './machine/index.ts'
import { sellerOf, type Seller } from './seller.ts'

/** A call's own deadline and this much more, and its missing answer is looked for. */
const OVERDUE_MARGIN_MS = 10_000

/** A write that has been noted and is now to be sent, once, by whoever noted it. */
export type Errand = { readonly booking: Booking; readonly attempt: Attempt }

type AttemptPlan = Pick<Attempt, 'itemId' | 'reference' | 'offer' | 'reservation'> & { readonly operation: Operation }

/** Notes the write that is about to be sent, in the transaction that decides to send it. */
export async function noteAttempt(deps: BookingDeps, tx: Tx, booking: Booking, plan: AttemptPlan): Promise<Errand> {
  const attempt = await deps.store.insertAttempt(tx, {
    ...plan,
    ...timesOf(deps, booking, plan.itemId),
    bookingId: booking.id,
    provider: itemOf(booking, plan.itemId).provider,
  })
  await announce(deps, tx, 'booking.sent_to_supplier', booking.id, {
    itemId: plan.itemId,
    attemptId: attempt.id,
    operation: plan.operation,
    reference: plan.reference,
  })
  return { booking, attempt }
}

/** Notes that a write which provably never reached the supplier is about to be sent again; null when somebody else does. */
export async function noteResend(deps: BookingDeps, tx: Tx, booking: Booking, attempt: Attempt): Promise<Errand | null> {
  const again = await deps.store.reopenAttempt(tx, attempt.id, timesOf(deps, booking, attempt.itemId))
  if (!again) return null
  await announce(deps, tx, 'booking.sent_to_supplier', booking.id, {
    itemId: again.itemId,
    attemptId: again.id,
    operation: again.operation,
    reference: again.reference,
  })
  return { booking, attempt: again }
}

function timesOf(deps: BookingDeps, booking: Booking, itemId: string): Pick<NewAttempt, 'sentAt' | 'horizonAt' | 'overdueAt'> {
  const { limits } = providerOf(deps, itemOf(booking, itemId))
  const now = deps.clock.now()
  return {
    sentAt: now,
    horizonAt: plusMs(now, limits.unknownHorizonMs),
    overdueAt: instant(now + limits.writeTimeoutMs + OVERDUE_MARGIN_MS),
  }
}

/** The supplier of an item; throws when it is no longer configured, which a person has to mend. */
export function providerOf(
  deps: Pick<BookingDeps, 'providers'>,
  item: Pick<BookingItem, 'provider' | 'id' | 'offer'>,
): { readonly seller: Seller; readonly limits: Provider['limits'] } {
  const provider = deps.providers.get(item.provider)
  const seller = sellerOf(provider, item.offer)
  if (!provider || !seller) throw new Error(`${item.id} was sold for ${item.provider}, which is not configured`)
  return { seller, limits: provider.limits }
}
