import { compareMoney, formatMoney } from '../../kernel/money.ts'
import type { Ticket } from '../../travel/reservation.ts'
import type { Call, TicketOrder, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { ask, createBudget, type Deps } from './deps.ts'
import { outcomeOfSilence } from './exchange.ts'
import { outcomeOfFault } from './faults.ts'
import { readLocators } from './read-reservation.ts'
import { outcomeOfTicketing } from './read-tickets.ts'
import { writeTicket } from './to-wire.ts'

/** Issues the tickets of a reservation, unless the fare that is stored there is dearer than what was agreed. */
export async function ticket(deps: Deps, order: TicketOrder, call: Call): Promise<WriteOutcome<readonly Ticket[]>> {
  const stored = order.reservation.total
  if (stored && (stored.currency !== order.total.currency || compareMoney(stored, order.total) > 0)) {
    return {
      outcome: 'rejected',
      reason: 'price_changed',
      code: 'stored_fare',
      message: `the stored fare is ${formatMoney(stored)}, agreed were ${formatMoney(order.total)}`,
    }
  }
  const envelope = writeTicket(deps.config, readLocators(order.reservation.supplierRef), order.reference)
  const result = await ask(deps, call, createBudget(deps, deps.config.limits.writeTimeoutMs), {
    service: 'AirService',
    envelope,
    expects: 'AirTicketingRsp',
  })
  if (result.kind === 'fault') return outcomeOfFault('ticket', result.fault)
  if (result.kind !== 'reply') return outcomeOfSilence(result)
  try {
    return outcomeOfTicketing(result.body)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { outcome: 'unknown', cause: 'malformed', message: error.message }
  }
}
