import { compareMoney, money, subtractMoney, type Money } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import type { Call, Cancellation, WriteOutcome } from '../contract.ts'
import type { Deps } from './deps.ts'
import { callSoap, isSuccess, outcomeOfSilence } from './exchange.ts'
import { isCancelledBefore, outcomeOfErrors, readWarnings, unknown } from './faults.ts'
import { createMoneyReader, sumKnown } from './read-values.ts'
import { writeCancel } from './write-reservation.ts'

/**
 * Cancels the reservation. What comes back is its total without the penalty that the reply states; without one, the seller
 * says later. A reservation that is cancelled already is a success.
 */
export async function cancel(deps: Deps, reservation: Reservation, call: Call): Promise<WriteOutcome<Cancellation>> {
  const message = writeCancel(deps.config, reservation.supplierRef)
  const result = await callSoap(deps, 'cancel', message, deps.config.limits.writeTimeoutMs, call)
  if (result.kind === 'errors')
    return isCancelledBefore(result.errors) ? { outcome: 'ok', value: { refund: null } } : outcomeOfErrors('cancel', result.errors)
  return result.kind === 'reply' ? outcomeOfCancellation(result.message, reservation.total) : outcomeOfSilence(result)
}

/** What OTA_CancelRS proves: only the status "Cancelled" of a message that succeeded is a cancellation. */
export function outcomeOfCancellation(message: XmlElement, total: Money | null): WriteOutcome<Cancellation> {
  const status = attribute(message, 'Status') ?? attribute(child(message, 'CancelInfoRS'), 'Status') ?? 'no status'
  const wasBefore = isSuccess(message) && readWarnings(message).some((warning) => isCancelledBefore([warning]))
  if (wasBefore) return { outcome: 'ok', value: { refund: null } }
  if (isSuccess(message) && /^cancell?ed$/i.test(status)) return { outcome: 'ok', value: { refund: refundOf(message, total) } }
  const warnings = readWarnings(message)
    .map((warning) => `; warned: ${warning.message}`)
    .join('')
  return unknown(/pending|request/i.test(status) ? 'pending' : 'unrecognised', `the reply says ${status}${warnings}`)
}

/** The number that a cancellation is of, as the message tells it. */
export function numberOf(message: XmlElement): string | null {
  const ids = [...children(message, 'UniqueID'), ...children(child(message, 'CancelInfoRS'), 'UniqueID')]
  return attribute(ids.find((id) => attribute(id, 'Type') === '14') ?? ids[0], 'ID') ?? null
}

function refundOf(message: XmlElement, total: Money | null): Money | null {
  const info = child(message, 'CancelInfoRS')
  const rules = [...children(child(info, 'CancelRules'), 'CancelRule'), ...children(info, 'CancelRule')]
  const amounts = createMoneyReader(message)
  const stated = (rule: XmlElement) =>
    amounts.amount(rule, 'Amount') ?? amounts.amount(child(child(rule, 'CancelPenalty'), 'AmountPercent'), 'Amount')
  const penalty = sumKnown(rules.map(stated))
  if (!total || !penalty || penalty.currency !== total.currency) return null
  return compareMoney(penalty, total) >= 0 ? money(0, total.currency) : subtractMoney(total, penalty)
}
