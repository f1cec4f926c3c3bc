import type { Reservation } from '../../travel/reservation.ts'
import type { Call, Cancellation, RefundQuote, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { ask, isFailure, read, write, type Deps } from './exchange.ts'
import { CANCELLATION_REJECTIONS, findErrors, toReadError, unknown, type Rejections } from './faults.ts'
import { toCancellation } from './from-wire-order.ts'
import { toRefundQuote, type RefundToken } from './from-wire-refund.ts'
import { errorCodesOf, isSuccess, orMalformed, readCancellation, readOrder, type Reply } from './read-reply.ts'
import { toOrderCancellation } from './to-wire.ts'
import { wireCancellationReply } from './wire.ts'

/** Asks for a quote and confirms it at once. Until the confirmation nothing is cancelled; its lost reply is unknown. */
export async function cancel(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const quoted = await write(deps, '/air/order_cancellations', toOrderCancellation(reservation.supplierRef), call)
  if (isFailure(quoted)) return quoted
  if (isAlreadyCancelled(quoted)) return settleCancelled(deps, reservation, call)
  const quote = readCancellation(quoted)
  if (quote.outcome !== 'ok') return quote
  return confirm(deps, { reservation, id: quote.value.wire.id, rejections: {} }, call)
}

/** What cancelling would give back. The quote changes nothing, and replaces every earlier one of the same order. */
export async function quoteRefund(deps: Deps, reservation: Reservation, call: Call): Promise<RefundQuote> {
  const reply = await ask(deps, '/air/order_cancellations', toOrderCancellation(reservation.supplierRef), call)
  if (!isSuccess(reply) || !wireCancellationReply.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  const wire = reply.body.data
  return orMalformed(() => toRefundQuote(wire, reservation.total))
}

/** Cancels as quoted. A quote that has expired, or is not the latest any more, is rejected: nothing is cancelled. */
export async function refund(deps: Deps, reservation: Reservation, quote: RefundQuote, call: Call): Promise<WriteOutcome<Cancellation>> {
  if (quote.expiresAt !== null && quote.expiresAt <= deps.clock.now())
    return { outcome: 'rejected', reason: 'offer_expired', code: 'quote_expired', message: 'the refund quote has expired' }
  const { cancellation } = JSON.parse(quote.supplierToken) as RefundToken
  return confirm(deps, { reservation, id: cancellation, rejections: CANCELLATION_REJECTIONS }, call)
}

type Confirmation = { readonly reservation: Reservation; readonly id: string; readonly rejections: Rejections }

async function confirm(deps: Deps, { reservation, id, rejections }: Confirmation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const confirmed = await write(deps, `/air/order_cancellations/${encodeURIComponent(id)}/actions/confirm`, undefined, call)
  if (isFailure(confirmed)) return confirmed
  if (isAlreadyCancelled(confirmed)) return settleCancelled(deps, reservation, call)
  const done = readCancellation(confirmed, rejections)
  if (done.outcome !== 'ok') return done
  return done.value.wire.confirmed_at
    ? { outcome: 'ok', value: done.value.cancellation }
    : unknown('pending', 'the cancellation is not confirmed yet')
}

function isAlreadyCancelled(reply: Reply): boolean {
  return errorCodesOf(reply).includes('already_cancelled')
}

/** What was wanted is already so; the order says what it gave back. */
async function settleCancelled(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  try {
    const { reservation: current, wire } = readOrder(await read(deps, `/air/orders/${encodeURIComponent(reservation.supplierRef)}`, call))
    if (current.status !== 'cancelled') return unknown('unrecognised', 'Duffel calls the order cancelled and shows it active')
    return { outcome: 'ok', value: wire.cancellation ? toCancellation(wire.cancellation) : { refund: null } }
  } catch (error) {
    if (error instanceof ProviderError) return unknown('unrecognised', error.message)
    throw error
  }
}
