import { plusMs } from '../kernel/time.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import { toPaymentRef, type Payment } from './payment.ts'
import { endPayment, settlePayment } from './settle-payment.ts'
import { withPayment } from './with-payment.ts'

const LAST_LOOK_AFTER_MS = 5 * 60_000

/** `given_up`: it has ended, and nobody has been or will be sent to its page. `kept`: somebody may have been, or money moved. */
export type GivenUp = { readonly outcome: 'given_up' | 'kept'; readonly payment: Payment }

/**
 * Ends a payment whose creation was never answered. Its page, if there is one, has an address that was in the lost reply, so
 * that nobody can have been sent there; who finds a page later finds the payment ended and sends nobody either. The gateway is
 * asked by our reference first: money that it already has is kept, and a page that it has is closed as far as it can be. Should
 * money come all the same, it is late, and goes back by that rule (semantics S7).
 */
export async function giveUpPayment(deps: PaymentsDeps, known: Payment, code: string): Promise<GivenUp> {
  const gateway = getGateway(deps, known.provider)
  const found = await gateway.query(toPaymentRef(known))
  const given = await withPayment(deps, known.id, async (tx, payment) => {
    const now = deps.clock.now()
    if (payment.status !== 'open' || payment.redirectUrl !== null) return { outcome: 'kept' as const, payment }
    if (found.outcome === 'ok' && found.value.state !== 'open') {
      const { settled, payment: after } = await settlePayment(deps, tx, payment, found.value, now)
      return { outcome: settled === 'failed' || settled === 'expired' ? ('given_up' as const) : ('kept' as const), payment: after }
    }
    const ended = await endPayment(deps, tx, payment, 'failed', code, now)
    // Once more when no page of it can be paid any longer, for the case that no notification tells of late money.
    const checkAt = plusMs(payment.providerExpiresAt, LAST_LOOK_AFTER_MS)
    return { outcome: 'given_up' as const, payment: await deps.store.updatePayment(tx, ended, { checkAt }, now) }
  })
  if (given.outcome === 'given_up' && found.outcome === 'ok' && found.value.state === 'open') await gateway.expire(toPaymentRef(known))
  return given
}
