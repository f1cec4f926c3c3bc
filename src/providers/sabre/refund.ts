import { addMoney, subtractMoney, type Money } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Call, Cancellation, RefundQuote, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, isFailure, read, write, type Deps, type Reply } from './exchange.ts'
import { errorsOf, isWarning, SABRE, toReadError, toUnreadableWrite, toWriteFailure, unknown } from './faults.ts'
import { findAmount } from './from-wire-amounts.ts'
import { isLive, readTicketNumbers } from './from-wire-tickets.ts'
import { toFlag, toObject, toObjects, toText, toTexts, type JsonObject } from './json.ts'
import { isAnswer } from './read-reply.ts'
import { toCancelBooking, toCheckTickets, toRefundTickets } from './to-wire-booking.ts'
import { PATHS } from './wire.ts'

/** Sabre takes no more documents in one call. */
const TICKETS_MAX = 12

/** What the quote was made for. */
type QuoteToken = { readonly tickets: readonly string[] }

/** Asks what the live tickets would give back now; changes nothing. */
export async function quoteRefund(deps: Deps, reservation: Reservation, call: Call): Promise<RefundQuote> {
  const tickets = reservation.tickets.filter(isLive).map((ticket) => ticket.number)
  if (tickets.length === 0 || tickets.length > TICKETS_MAX)
    throw new ProviderError(SABRE, 'refused', `${tickets.length} tickets cannot be checked: it must be 1 to ${TICKETS_MAX}`)
  const budget = createBudget(deps, deps.settings.limits.readTimeoutMs)
  return readQuote(await read(deps, { path: PATHS.check, body: toCheckTickets(tickets), budget }, call), tickets, reservation.total)
}

/**
 * Reads checkFlightTickets. The refund is the sum of what each ticket would give back, and null when one of them does not
 * say. What can still be voided costs nothing: then it is the whole price. Throws ProviderError.
 */
export function readQuote(reply: Reply, asked: readonly string[], paid: Money | null): RefundQuote {
  const checked = toObjects(toObject(reply.body)['tickets'])
  const isSuccess = reply.status === null || (reply.status >= 200 && reply.status < 300)
  if (!isSuccess || checked.length === 0) throw toReadError(reply.body, reply.status)
  const tickets = checked.flatMap((one) => readTicketNumbers(one['number']))
  const isWhole = asked.every((number) => tickets.includes(number))
  const isVoidable = isWhole && checked.every((one) => toFlag(one['isVoidable']) === true)
  const refund = isVoidable && paid ? paid : isWhole ? sum(checked.map(refundOf)) : null
  const penalty = isVoidable && paid ? subtractMoney(paid, paid) : isWhole ? sum(checked.map(penaltyOf)) : null
  return {
    paid,
    penalty,
    refund,
    expiresAt: null,
    supplierToken: JSON.stringify({ tickets: asked.length > 0 ? asked : tickets } satisfies QuoteToken),
  }
}

function refundOf(ticket: JsonObject): Money | null {
  const totals = toObject(ticket['refundTotals'])
  return findAmount(totals['total'], totals['currencyCode'])
}

function penaltyOf(ticket: JsonObject): Money | null {
  const before = toObjects(ticket['refundPenalties']).filter((one) => toText(one['applicability']) !== 'AFTER_DEPARTURE')
  if (before.length !== 1) return null
  const penalty = toObject(before[0]!['penalty'])
  return findAmount(penalty['amount'], penalty['currencyCode'])
}

function sum(amounts: readonly (Money | null)[]): Money | null {
  const [first, ...others] = amounts
  if (!first || others.some((one) => one?.currency !== first.currency)) return null
  return (others as Money[]).reduce(addMoney, first)
}

/**
 * Refunds the tickets of the quote, and then gives the flights back. The refund is what counts: flights that stay without
 * a ticket are cancelled by their airlines, so a failure of the second step does not change the outcome.
 */
export async function refund(deps: Deps, reservation: Reservation, quote: RefundQuote, call: Call): Promise<WriteOutcome<Cancellation>> {
  const { tickets } = JSON.parse(quote.supplierToken) as QuoteToken
  const budget = createBudget(deps, deps.settings.limits.writeTimeoutMs)
  const reply = await write(deps, { path: PATHS.refund, body: toRefundTickets(tickets), budget }, call)
  if (isFailure(reply)) return reply
  const outcome = outcomeOfRefund(reply, tickets)
  if (outcome.outcome === 'ok')
    await write(deps, { path: PATHS.cancel, body: toCancelBooking(reservation.supplierRef, 'KEEP'), budget }, call)
  return outcome
}

/** What refundFlightTickets proves about these tickets; of whichever it names when none are given. */
export function outcomeOfRefund(reply: Reply, tickets: readonly string[]): WriteOutcome<Cancellation> {
  if (!isAnswer(reply)) return toUnreadableWrite(reply.body, reply.status)
  const refunded = new Set(toTexts(reply.body['refundedTickets']).flatMap(readTicketNumbers))
  const errors = errorsOf(reply.body)
  const isSuccess = reply.status === null || (reply.status >= 200 && reply.status < 300)
  if (isSuccess && refunded.size > 0 && tickets.every((number) => refunded.has(number)) && !errors.some((error) => !isWarning(error)))
    return { outcome: 'ok', value: { refund: sum(toObjects(reply.body['tickets']).map(refundOf)) } }
  if (errors.length > 0 && refunded.size === 0) return toWriteFailure('refund', errors, reply.status)
  if (refunded.size > 0) return unknown('unrecognised', `${refunded.size} of ${tickets.length} tickets are refunded`)
  return toUnreadableWrite(reply.body, reply.status)
}
