import { compareMoney, formatMoney } from '../../kernel/money.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation, Ticket } from '../../travel/reservation.ts'
import type { Call, FlightOrder, TicketOrder, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { cancelOrder } from './cancel.ts'
import { createBudget, exchange, outcomeOfSilence, type Deps } from './exchange.ts'
import { outcomeOfErrors, unknown } from './faults.ts'
import { readLists, type Message } from './message.ts'
import { hasOrder, readOrder, readRef, type OrderView } from './read-order.ts'
import { readTickets } from './read-tickets.ts'
import { tokenOf } from './read-operations.ts'
import { writerOf } from './to-wire.ts'
import { nameTravellers } from './write-values.ts'

/** What is left for giving back an order that is not what was agreed is never less than this. */
const CANCEL_MS = 10_000

const ORDER_REPLIES = ['OrderViewRS', 'OrderCreateRS', 'OrderRetrieveRS', 'OrderChangeRS']

/**
 * Creates the order, unpaid. One that comes out dearer than agreed, or without all its flights, is cancelled at once:
 * confirmed, that is a rejection; otherwise unknown, and `find` shows it.
 */
export async function book(deps: Deps, order: FlightOrder, call: Call): Promise<WriteOutcome<Reservation>> {
  const { config } = deps
  const token = tokenOf(deps, order.offer)
  const travellers = nameTravellers(order, token)
  if (!travellers)
    return {
      outcome: 'rejected',
      reason: 'invalid_passenger',
      code: 'other_passengers',
      message: 'the offer is for other passengers than these',
    }
  const text = writerOf(config.version).create(config, order, token, travellers)
  const budget = createBudget(deps, config.limits.writeTimeoutMs)
  const result = await exchange(deps, call, budget, { request: 'OrderCreate', text, expects: ORDER_REPLIES })
  if (result.kind !== 'message') return outcomeOfSilence(result)
  const created = readCreation(result.message, order.offer)
  if ('outcome' in created) return created
  return giveBack(deps, created, call)
}

/** What the reply to OrderCreateRQ says, judged by itself: for whoever only reads the message. */
export function outcomeOfCreation(message: Message): WriteOutcome<Reservation> {
  const created = readCreation(message, null)
  return 'outcome' in created ? created : unknown('unrecognised', `${created.view.ref.order} is held but not whole: ${created.flaw.text}`)
}

type Flaw = { readonly isSoldOut: boolean; readonly text: string }
type Flawed = { readonly view: OrderView; readonly flaw: Flaw }

function readCreation(message: Message, offer: FlightOffer | null): WriteOutcome<Reservation> | Flawed {
  let view: OrderView | undefined
  try {
    view = readOrder(message)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return unknown('malformed', error.message)
  }
  if (message.errors.length > 0) {
    if (!view && !hasOrder(message)) return outcomeOfErrors('book', message.errors)
    return unknown('unrecognised', `the reply holds an order and an error (${message.errors[0]!.code}: ${message.errors[0]!.text})`)
  }
  if (!view) return unknown('unrecognised', 'the reply holds neither an order nor a reason')
  const flaw = findFlaw(view.reservation, offer)
  return flaw ? { view, flaw } : { outcome: 'ok', value: view.reservation }
}

/** Why a new order is not what was agreed, or null when it is. */
function findFlaw({ total, segments, status }: Reservation, offer: FlightOffer | null): Flaw | null {
  if (status === 'cancelled') return { isSoldOut: true, text: 'the order is cancelled' }
  const lost = segments.filter((segment) => segment.status === 'waitlisted' || segment.status === 'cancelled')
  if (lost.length > 0) return { isSoldOut: true, text: lost.map((one) => `${one.carrier}${one.flightNumber} is ${one.status}`).join(', ') }
  if (!offer) return null
  const ordered = offer.slices.reduce((count, slice) => count + slice.segments.length, 0)
  if (segments.length > 0 && segments.length < ordered)
    return { isSoldOut: true, text: `only ${segments.length} of the flights are in the order` }
  if (!total || (total.currency === offer.total.currency && compareMoney(total, offer.total) <= 0)) return null
  return { isSoldOut: false, text: `now ${formatMoney(total)}, agreed were ${formatMoney(offer.total)}` }
}

async function giveBack(deps: Deps, { view, flaw }: Flawed, call: Call): Promise<WriteOutcome<Reservation>> {
  const budget = createBudget(deps, Math.min(CANCEL_MS, deps.config.limits.writeTimeoutMs))
  const cancelled = await cancelOrder(deps, view.ref, null, call, budget)
  if (cancelled.outcome === 'ok') {
    const message = `${flaw.text}; ${view.ref.order} was cancelled again`
    return { outcome: 'rejected', reason: flaw.isSoldOut ? 'sold_out' : 'price_changed', code: 'cancelled_again', message }
  }
  return unknown('unrecognised', `${view.ref.order} is held but not as agreed (${flaw.text}), and cancelling it is not confirmed`)
}

/** Pays the order from our account, upon which the airline issues its tickets; an order that is dearer than agreed is not paid. */
export async function ticket(deps: Deps, order: TicketOrder, call: Call): Promise<WriteOutcome<readonly Ticket[]>> {
  const { config } = deps
  const { total, supplierRef } = order.reservation
  if (total && (total.currency !== order.total.currency || compareMoney(total, order.total) > 0)) {
    const message = `the order costs ${formatMoney(total)}, agreed were ${formatMoney(order.total)}`
    return { outcome: 'rejected', reason: 'price_changed', code: 'order_total', message }
  }
  const payment = { amount: total ?? order.total, reference: order.reference }
  const text = writerOf(config.version).ticket(config, readRef(supplierRef), payment)
  const request = config.version === '17.2' ? 'AirDocIssue' : 'OrderChange'
  const budget = createBudget(deps, config.limits.writeTimeoutMs)
  const result = await exchange(deps, call, budget, { request, text, expects: TICKET_REPLIES })
  return result.kind === 'message' ? outcomeOfTicketing(result.message) : outcomeOfSilence(result)
}

const TICKET_REPLIES = [...ORDER_REPLIES, 'AirDocDisplayRS', 'AirDocIssueRS']

/** Issued are tickets with 13 digits and no error beside them. A reply without tickets may mean that they come later. */
export function outcomeOfTicketing(message: Message): WriteOutcome<readonly Ticket[]> {
  const { lists } = readLists(message, () => [])
  const tickets = readTickets(message, lists)
  if (message.errors.length > 0) {
    if (tickets.length === 0 && !hasOrder(message)) return outcomeOfErrors('ticket', message.errors)
    return unknown('unrecognised', `the reply holds an order and an error (${message.errors[0]!.code}: ${message.errors[0]!.text})`)
  }
  if (tickets.length > 0 && tickets.every((one) => /^\d{13}$/.test(one.number))) return { outcome: 'ok', value: tickets }
  if (tickets.length === 0) return unknown('pending', 'the order is shown without tickets')
  return unknown('unrecognised', `not numbers of tickets: ${tickets.map((one) => one.number).join(', ')}`)
}
