import { formatAmount, isSameMoney, type Money } from '../../kernel/money.ts'
import type { Slice } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Call, ExchangeQuote, ExchangeRequest, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { ask, isFailure, read, write, type Deps } from './exchange.ts'
import { DUFFEL, unknown } from './faults.ts'
import type { ExchangeToken } from './from-wire-change.ts'
import { toMoney } from './from-wire-offer.ts'
import { readChangeOffers, readOrderChange, readOrderSlices } from './read-change-reply.ts'
import { errorCodesOf, readOrder } from './read-reply.ts'
import { toChangePayment, toChangeRequest, toOrderChange } from './to-wire-change.ts'

/**
 * Ways to change the order: the slices to give up are named by the ids that the order has now. Each of the two calls has
 * the time of a read; the second asks the airline.
 */
export async function quoteExchange(deps: Deps, request: ExchangeRequest, call: Call): Promise<readonly ExchangeQuote[]> {
  const orderId = request.reservation.supplierRef
  const current = readOrderSlices(await read(deps, `/air/orders/${encodeURIComponent(orderId)}`, call))
  const replaced = request.slices.map((slice) => slice.replaces)
  if (replaced.length === 0 || new Set(replaced).size < replaced.length || replaced.some((index) => !current[index]))
    throw new ProviderError(DUFFEL, 'refused', 'the slices to replace are not those of the order')
  const reply = await ask(deps, '/air/order_change_requests', toChangeRequest(request, current), call)
  return readChangeOffers(reply, (added) =>
    putInPlace(
      current.map((one) => one.slice),
      replaced,
      added,
    ),
  )
}

/** The journey after the change: what is added stands where what it replaces stood; Duffel answers in the order of the question. */
function putInPlace(current: readonly Slice[], replaced: readonly number[], added: readonly Slice[]): readonly Slice[] {
  return current.flatMap((slice, index) => {
    const position = replaced.indexOf(index)
    const instead = position < 0 ? slice : added[position]
    return instead ? [instead] : []
  })
}

/**
 * Changes the order as quoted. Before the confirmation nothing is changed or paid: an offer that has expired, or costs
 * another amount by now, is rejected. A lost confirmation is unknown; the order then shows the old flights or the new.
 */
export async function exchange(deps: Deps, reservation: Reservation, quote: ExchangeQuote, call: Call): Promise<WriteOutcome<Reservation>> {
  if (quote.expiresAt !== null && quote.expiresAt <= deps.clock.now())
    return { outcome: 'rejected', reason: 'offer_expired', code: 'quote_expired', message: 'the offer to change has expired' }
  const token = JSON.parse(quote.supplierToken) as ExchangeToken
  const created = await write(deps, '/air/order_changes', toOrderChange(token.offer), call)
  if (isFailure(created)) return created
  const pending = readOrderChange(created)
  if (pending.outcome !== 'ok') return pending
  const { id, order_id: orderId, available_payment_types: payments, ...terms } = pending.value
  if (orderId !== reservation.supplierRef) return unknown('unrecognised', 'the change that Duffel made is of another order')
  const price = priceOf(terms.change_total_amount, terms.change_total_currency)
  const agreed = priceOf(token.change?.amount, token.change?.currency)
  if (!price || !agreed || !isSameMoney(price, agreed)) return refuse('price_changed', 'the change costs another amount than was agreed')
  const isToBePaid = price.amount > 0
  if (isToBePaid && payments && !payments.includes('balance'))
    return refuse('not_allowed', 'the change cannot be paid from the balance', 'balance_not_accepted')
  const confirmed = await write(
    deps,
    `/air/order_changes/${encodeURIComponent(id)}/actions/confirm`,
    toChangePayment(isToBePaid ? { amount: formatAmount(price), currency: price.currency } : null),
    call,
  )
  if (isFailure(confirmed)) return confirmed
  if (errorCodesOf(confirmed).includes('order_change_already_confirmed')) return readChanged(deps, reservation, call)
  const done = readOrderChange(confirmed)
  if (done.outcome !== 'ok') return done
  if (!done.value.confirmed_at) return unknown('pending', 'the change is not confirmed yet')
  return readChanged(deps, reservation, call)
}

function priceOf(amount: string | null | undefined, currency: string | null | undefined): Money | null {
  try {
    return toMoney(amount, currency)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function refuse(reason: 'price_changed' | 'not_allowed', message: string, code: string = reason) {
  return { outcome: 'rejected', reason, code, message } as const
}

async function readChanged(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Reservation>> {
  try {
    return {
      outcome: 'ok',
      value: readOrder(await read(deps, `/air/orders/${encodeURIComponent(reservation.supplierRef)}`, call)).reservation,
    }
  } catch (error) {
    if (error instanceof ProviderError) return unknown('unrecognised', `the order could not be read after its change: ${error.message}`)
    throw error
  }
}
