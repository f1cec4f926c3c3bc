import { failpoint } from '../platform/failpoint.ts'
import { getGateway, type PaymentsDeps } from './deps.ts'
import type { PaymentRequest } from './gateways/contract.ts'
import { toPaymentRef, type Payment } from './payment.ts'
import { withPayment } from './with-payment.ts'
import { endPayment } from './settle-payment.ts'

/** `ready`: the gateway has the payment. `ended`: it refused it, or it had ended before. `unknown`: no reply that says either. */
export type SessionOutcome = { readonly outcome: 'ready' | 'ended' | 'unknown'; readonly payment: Payment }

const PAUSE_MS = 400
const ATTEMPTS = 3
/** Somebody else's identical request is under way: worth waiting for about as long as it may take. */
const ATTEMPTS_IN_FLIGHT = 20

/**
 * Makes sure that the gateway has the payment, which is committed already and as it was just read or written. A lost reply is followed by the same request
 * under the same reference, which the gateway recognises: however often this runs, and in however many processes at
 * once, there is one place where the customer can pay.
 */
export async function openSession(deps: PaymentsDeps, known: Payment): Promise<SessionOutcome> {
  let payment = known
  for (let attempt = 1; ; attempt += 1) {
    if (payment.status !== 'open' || payment.request === null) return { outcome: 'ended', payment }
    if (payment.redirectUrl !== null) return { outcome: 'ready', payment }

    const reply = await getGateway(deps, payment.provider).create(toRequest(payment, payment.request))
    deps.health?.note(payment.provider, reply.outcome)
    if (reply.outcome === 'ok') {
      const { providerRef, redirectUrl } = reply.value
      return withPayment(deps, known.id, async (tx, current) => {
        const isNews = current.providerRef === null || (current.providerRef === providerRef && current.redirectUrl === null)
        const updated = isNews ? await deps.store.updatePayment(tx, current, { providerRef, redirectUrl }, deps.clock.now()) : current
        failpoint('page-opened')
        return { outcome: updated.status === 'open' ? ('ready' as const) : ('ended' as const), payment: updated }
      })
    }
    if (reply.outcome === 'rejected') {
      return withPayment(deps, known.id, async (tx, current) => {
        if (current.providerRef !== null) return { outcome: 'ready' as const, payment: current }
        if (current.status !== 'open') return { outcome: 'ended' as const, payment: current }
        return { outcome: 'ended' as const, payment: await endPayment(deps, tx, current, 'failed', reply.code, deps.clock.now()) }
      })
    }
    const attempts = reply.cause === 'in_flight' ? ATTEMPTS_IN_FLIGHT : reply.cause === 'timeout' ? 1 : ATTEMPTS
    if (attempt >= attempts) return { outcome: 'unknown', payment }
    await deps.waits.pause(PAUSE_MS)
    payment = (await deps.store.findPayment(deps.db, known.id)) ?? payment
  }
}

function toRequest(payment: Payment, request: NonNullable<Payment['request']>): PaymentRequest {
  return { ...toPaymentRef(payment), customerIp: null, expiresAt: payment.providerExpiresAt, ...request }
}
