import { compareMoney, formatMoney, fromMoneyText, toMoneyText, type Money } from '../../kernel/money.ts'
import type { XmlElement } from '../../platform/xml.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Call, Cancellation, RefundQuote, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { isLive } from './cancel.ts'
import { createBudget, type Deps } from './deps.ts'
import { outcomeOfSilence, PROVIDER_ID, refused, replyOf } from './exchange.ts'
import { outcomeOfRefusals } from './faults.ts'
import { isSuccess, readRefund, readRefundErrors, type RefundView } from './read-refund.ts'
import { malformed } from './read-values.ts'
import { inSession, type Session } from './session.ts'
import { writeInitRefund } from './write-servicing.ts'

/** What a quote's token holds: the documents, and what they paid back when it was made. */
type Token = { readonly v: 1; readonly numbers: readonly string[]; readonly refund: ReturnType<typeof toMoneyText> | null }

/** What an automated refund of the reservation's tickets would pay now. It is begun, looked at, and thrown away again. */
export async function quoteRefund(deps: Deps, reservation: Reservation, call: Call): Promise<RefundQuote> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  const numbers = reservation.tickets.filter(isLive).map((ticket) => ticket.number)
  if (numbers.length === 0) throw new ProviderError(PROVIDER_ID, 'refused', 'there is no ticket to refund', { code: 'no_ticket' })
  return inSession(deps, call, budget, async (session) => {
    const view = await begin(session, numbers)
    await session.ask('AMA_TicketIgnoreRefundRQ', '')
    return toQuote(view, numbers)
  })
}

/**
 * Refunds as quoted: begins it again, and carries it out only if it pays no less. Until it is carried out nothing has happened, and
 * a lost reply to that is unknown.
 */
export async function refund(deps: Deps, quote: RefundQuote, call: Call): Promise<WriteOutcome<Cancellation>> {
  const token = readToken(quote.supplierToken)
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  return inSession(deps, call, budget, async (session): Promise<WriteOutcome<Cancellation>> => {
    const begun = await tryBegin(session, token.numbers)
    if ('outcome' in begun) return begun
    const less = lessThan(begun.refund, quote.refund)
    if (less) {
      await session.ask('AMA_TicketIgnoreRefundRQ', '')
      return { outcome: 'rejected', reason: 'price_changed', code: 'refund_changed', message: less }
    }
    const result = await session.ask('AMA_TicketProcessRefundRQ', '')
    if (result.kind === 'fault') return outcomeOfRefusals('refund', [result.fault])
    if (result.kind !== 'reply') return outcomeOfSilence(result)
    return outcomeOfProcess(result.body, begun.refund)
  })
}

/** What AMA_TicketProcessRefundRS proves. */
export function outcomeOfProcess(reply: XmlElement, amount: Money | null): WriteOutcome<Cancellation> {
  const errors = readRefundErrors(reply)
  if (errors.length === 0 && isSuccess(reply)) return { outcome: 'ok', value: { refund: amount } }
  return outcomeOfRefusals('refund', errors)
}

/** A quote as it stands in AMA_TicketInitRefundRS. */
export function toQuote(view: RefundView, numbers: readonly string[] = view.numbers): RefundQuote {
  const token: Token = { v: 1, numbers, refund: view.refund ? toMoneyText(view.refund) : null }
  return { paid: view.paid, penalty: view.penalty, refund: view.refund, expiresAt: null, supplierToken: JSON.stringify(token) }
}

async function begin(session: Session, numbers: readonly string[]): Promise<RefundView> {
  const reply = replyOf(await session.ask('AMA_TicketInitRefundRQ', writeInitRefund(numbers)))
  const error = readRefundErrors(reply)[0]
  if (error) throw refused(error)
  if (!isSuccess(reply)) throw malformed('the reply neither begins a refund nor refuses it')
  return readRefund(reply)
}

async function tryBegin(
  session: Session,
  numbers: readonly string[],
): Promise<RefundView | Extract<WriteOutcome<never>, { outcome: 'rejected' }>> {
  try {
    return await begin(session, numbers)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const reason = error.fault === 'refused' ? 'not_allowed' : 'not_sent'
    return { outcome: 'rejected', reason, code: error.code ?? 'not_begun', message: `nothing was refunded: ${error.message}` }
  }
}

function lessThan(now: Money | null, quoted: Money | null): string | null {
  if (!quoted) return null
  if (now && now.currency === quoted.currency && compareMoney(now, quoted) >= 0) return null
  return `now ${now ? formatMoney(now) : 'an amount that is not told'} would come back, quoted were ${formatMoney(quoted)}`
}

function readToken(text: string): Token {
  try {
    const token = JSON.parse(text) as Token
    if (token.v === 1 && token.numbers.every((number) => /^\d{13,14}$/.test(number))) {
      if (token.refund) fromMoneyText(token.refund)
      return token
    }
  } catch {
    // Falls through to the refusal below.
  }
  throw new ProviderError(PROVIDER_ID, 'refused', 'the quote is not one of Amadeus')
}
