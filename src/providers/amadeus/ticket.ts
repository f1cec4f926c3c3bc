import { compareMoney, formatMoney } from '../../kernel/money.ts'
import { children, type XmlElement } from '../../platform/xml.ts'
import type { Ticket } from '../../travel/reservation.ts'
import type { Call, TicketOrder, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { createBudget, type Deps } from './deps.ts'
import { describeFailure, outcomeOfSilence } from './exchange.ts'
import { outcomeOfRefusals, readRefusal } from './faults.ts'
import { toLocator, type PnrView } from './read-pnr.ts'
import { retrievePnr, withStoredFares } from './read-operations.ts'
import { textAt } from './read-values.ts'
import { inSession, type Session } from './session.ts'
import { writeIssue } from './write-servicing.ts'

/**
 * Issues the tickets of a reservation, unless the fare that is stored there is dearer than what was agreed. The reply says that they
 * were issued and not which they are, so the record is shown once more.
 */
export async function ticket(deps: Deps, order: TicketOrder, call: Call): Promise<WriteOutcome<readonly Ticket[]>> {
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  const locator = toLocator(order.reservation.supplierRef)
  return inSession(deps, call, budget, async (session): Promise<WriteOutcome<readonly Ticket[]>> => {
    const before = await look(session, locator)
    if ('outcome' in before) return before
    const stored = before.reservation.total ?? order.reservation.total
    if (stored && (stored.currency !== order.total.currency || compareMoney(stored, order.total) > 0)) {
      return {
        outcome: 'rejected',
        reason: 'price_changed',
        code: 'stored_fare',
        message: `the stored fare is ${formatMoney(stored)}, agreed were ${formatMoney(order.total)}`,
      }
    }
    const result = await session.ask('DocIssuance_IssueTicket', writeIssue())
    if (result.kind === 'fault') return { outcome: 'unknown', cause: 'unrecognised', message: describeFailure(result) }
    if (result.kind !== 'reply') return outcomeOfSilence(result)
    const said = outcomeOfIssue(result.body)
    return said === 'issued' ? showTickets(session, locator, before) : said
  })
}

/** What DocIssuance_IssueTicketReply proves. Issued only with status O; rejected only for refusals on the allow-list. */
export function outcomeOfIssue(reply: XmlElement): 'issued' | Exclude<WriteOutcome<never>, { outcome: 'ok' }> {
  const status = textAt(reply, 'processingStatus', 'statusCode')
  const refusals = children(reply, 'errorGroup').flatMap(readRefusal)
  const isDone = refusals.every(({ code, message }) => code === 'OK' || /^OK\b/.test(message))
  if (status === 'O' && isDone) return 'issued'
  return outcomeOfRefusals(
    'ticket',
    refusals.filter(({ code }) => code !== 'OK'),
  )
}

/** The record before anything is issued. Nothing was done when it cannot be shown. */
async function look(session: Session, locator: string): Promise<PnrView | Extract<WriteOutcome<never>, { outcome: 'rejected' }>> {
  try {
    return await withStoredFares(session, await retrievePnr(session, locator))
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return {
      outcome: 'rejected',
      reason: 'not_sent',
      code: error.code ?? 'not_shown',
      message: `nothing was issued, because the reservation could not be shown: ${error.message}`,
    }
  }
}

async function showTickets(session: Session, locator: string, before: PnrView): Promise<WriteOutcome<readonly Ticket[]>> {
  const known = new Set(before.reservation.tickets.map((one) => one.number))
  const travellers = before.travellers.reduce((count, one) => count + (one.hasInfant ? 2 : 1), 0)
  try {
    const after = await retrievePnr(session, locator)
    const issued = after.reservation.tickets.filter((one) => !known.has(one.number))
    if (issued.length >= travellers) return { outcome: 'ok', value: issued }
    return {
      outcome: 'unknown',
      cause: 'pending',
      message: `the tickets are issued, and ${issued.length} of ${travellers} stand in the record yet`,
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { outcome: 'unknown', cause: 'pending', message: `the tickets are issued, and the record could not be shown: ${error.message}` }
  }
}
