import type { Money } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Call, Cancellation, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { readerOf } from './amounts.ts'
import { all, any, value } from './elements.ts'
import { createBudget, exchange, outcomeOfSilence, type Ask, type Budget, type Deps, type Exchange } from './exchange.ts'
import { outcomeOfErrors, unknown } from './faults.ts'
import { partsOf, type Message } from './message.ts'
import { outcomeOfCancellation, readRefund } from './read-cancellation.ts'
import { readRef, type OrderRef } from './read-order.ts'
import { retrieveOrder } from './read-operations.ts'
import { writeCancel17, writeVoid17 } from './to-wire-17.ts'
import { writeAcceptCancelled, writeCancel19, writeReshop } from './to-wire-21.ts'

/**
 * Cancels the order; the airline voids or refunds its tickets as its rules have it. 17.2 and 19.2 have a message for that,
 * 21.3 asks what would come back (OrderReshop) and accepts it (OrderChange). An order that is cancelled already is a success.
 */
export async function cancel(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  const ref = readRef(reservation.supplierRef)
  const done = await cancelOrder(deps, ref, reservation.total, call, budget)
  // Nothing was paid for an order without tickets, so all of it comes back.
  if (done.outcome === 'ok' && reservation.tickets.length === 0) return { outcome: 'ok', value: { refund: reservation.total } }
  return done
}

/** Cancels an order that cost `paid`. */
export async function cancelOrder(
  deps: Deps,
  ref: OrderRef,
  paid: Money | null,
  call: Call,
  budget: Budget,
): Promise<WriteOutcome<Cancellation>> {
  const done = await (deps.config.version === '21.3'
    ? cancelByOffer(deps, ref, call, budget)
    : cancelByMessage(deps, ref, paid, call, budget))
  return done.outcome === 'ok' || isNotSent(done) ? done : settle(deps, ref, done, call, budget)
}

async function cancelByMessage(
  deps: Deps,
  ref: OrderRef,
  paid: Money | null,
  call: Call,
  budget: Budget,
): Promise<WriteOutcome<Cancellation>> {
  const { config } = deps
  const text = config.version === '17.2' ? writeCancel17(config, ref) : writeCancel19(config, ref)
  const result = await exchange(deps, call, budget, { request: 'OrderCancel', text, expects: ['OrderCancelRS', 'OrderViewRS'] })
  return result.kind === 'message' ? outcomeOfCancellation(result.message, paid) : outcomeOfSilence(result)
}

async function cancelByOffer(deps: Deps, ref: OrderRef, call: Call, budget: Budget): Promise<WriteOutcome<Cancellation>> {
  const { config } = deps
  const offered = await ask({ request: 'OrderReshop', text: writeReshop(config, ref), expects: ['OrderReshopRS'] })
  if (offered.kind !== 'message') return notAsked(offered)
  const quote = readQuote(offered.message)
  if (!quote) {
    if (offered.message.errors.length > 0) return outcomeOfErrors('cancel', offered.message.errors)
    return unknown('unrecognised', 'the airline did not offer to cancel the order')
  }
  const accept: Ask = {
    request: 'OrderChange',
    text: writeAcceptCancelled(config, ref, quote.offer),
    expects: ['OrderViewRS', 'OrderChangeRS'],
  }
  const accepted = await ask(accept)
  if (accepted.kind !== 'message') return accepted.kind === 'never_sent' ? notAsked(accepted) : outcomeOfSilence(accepted)
  const done = outcomeOfCancellation(accepted.message, null)
  return done.outcome === 'ok' && done.value.refund === null ? { outcome: 'ok', value: { refund: quote.refund } } : done

  function ask(one: Ask): Promise<Exchange> {
    return exchange(deps, call, budget, one)
  }
}

/** An offer to cancel, with what would come back. */
function readQuote(message: Message): { readonly offer: string; readonly refund: Money | null } | undefined {
  const results = partsOf(message, 'ReshopResults').flatMap((one) => all(any(one, 'ReshopOffers'), 'Offer'))
  const offer = results.find((one) => all(one, 'DeleteOrderItem').length > 0) ?? results[0]
  const id = value(offer, 'OfferID')
  return offer && id !== undefined ? { offer: id, refund: readRefund(offer, readerOf(message.root)) } : undefined
}

/** Asking had no effect; whether the order can be cancelled is not known. A write that never left is told apart by its caller. */
function notAsked(silence: Exclude<Exchange, { kind: 'message' }>): WriteOutcome<Cancellation> {
  if (silence.kind === 'never_sent') return outcomeOfSilence(silence)
  return unknown(silence.cause, `the cancellation could not be asked for: ${silence.text}`)
}

function isNotSent(done: WriteOutcome<unknown>): boolean {
  return done.outcome === 'rejected' && done.reason === 'not_sent'
}

/** After an answer that is no success: the order itself tells whether it is cancelled nevertheless, or was before. */
async function settle(
  deps: Deps,
  ref: OrderRef,
  done: WriteOutcome<Cancellation>,
  call: Call,
  budget: Budget,
): Promise<WriteOutcome<Cancellation>> {
  if (done.outcome === 'unknown' && done.cause === 'timeout') return done
  try {
    const { reservation } = await retrieveOrder(deps, ref, call, budget)
    return reservation.status === 'cancelled' ? { outcome: 'ok', value: { refund: null } } : done
  } catch (error) {
    if (error instanceof ProviderError) return done
    throw error
  }
}

/** Voids one ticket: 17.2 only. */
export async function voidTicket(deps: Deps, ticketNumber: string, call: Call): Promise<WriteOutcome<null>> {
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  const text = writeVoid17(deps.config, ticketNumber)
  const result = await exchange(deps, call, budget, { request: 'AirDocVoid', text, expects: ['AirDocVoidRS'] })
  return result.kind === 'message' ? outcomeOfVoid(result.message, ticketNumber) : outcomeOfSilence(result)
}

/** What AirDocVoidRS proves: only the number of the ticket among those voided is a void. */
export function outcomeOfVoid(message: Message, ticketNumber: string | null): WriteOutcome<null> {
  if (message.errors.length > 0) return outcomeOfErrors('void', message.errors)
  const voided = partsOf(message, 'TicketDocument').flatMap((one) => value(one, 'TicketDocNbr', 'TicketNumber') ?? [])
  const isVoided = ticketNumber === null ? voided.length > 0 : voided.includes(ticketNumber)
  return isVoided ? { outcome: 'ok', value: null } : unknown('unrecognised', 'the reply does not say that the ticket is void')
}
