import { attribute, childText, type XmlElement } from '../../platform/xml.ts'
import type { Penalty, PenaltyWindow } from '../../travel/flight.ts'
import type { MoneyReader } from './read-values.ts'

const WINDOWS: Readonly<Record<string, PenaltyWindow>> = {
  'Before Departure': 'before_departure',
  'After Departure': 'after_departure',
}

/**
 * The ChangePenalties, then the CancelPenalties of an AirPricingInfo, in the order of the message. Those that apply
 * "Anytime" have no window (typeFarePenalty, air.xsd).
 */
export function readPenalties(info: XmlElement, moneyOf: MoneyReader): Penalty[] {
  const changes: Penalty[] = []
  const refunds: Penalty[] = []
  for (const one of info.children) {
    if (one.name === 'ChangePenalty') changes.push(readPenalty(one, 'change', moneyOf))
    else if (one.name === 'CancelPenalty') refunds.push(readPenalty(one, 'refund', moneyOf))
  }
  return changes.length === 0 ? refunds : [...changes, ...refunds]
}

/**
 * An amount means it is allowed at that price; 100 per cent means all is forfeited, which is not allowed; any other share
 * is allowed at that part of the fare.
 */
function readPenalty(penalty: XmlElement, kind: Penalty['kind'], moneyOf: MoneyReader): Penalty {
  const when = attribute(penalty, 'NoShow') === 'true' ? 'no_show' : (WINDOWS[attribute(penalty, 'PenaltyApplies') ?? ''] ?? null)
  const amount = moneyOf(childText(penalty, 'Amount'))
  if (amount) return { kind, allowed: true, amount, percent: null, when, until: null }
  const share = Number.parseFloat(childText(penalty, 'Percentage') ?? '')
  if (!Number.isFinite(share)) return { kind, allowed: null, amount: null, percent: null, when, until: null }
  const allowed = share < 100
  return { kind, allowed, amount: null, percent: allowed ? Math.max(0, Math.round(share * 100)) : null, when, until: null }
}

/** The rule that a fare is described by: the first that holds before departure. */
export function penaltyBeforeDeparture(penalties: readonly Penalty[], kind: Penalty['kind']): Penalty | null {
  return penalties.find((one) => one.kind === kind && (one.when == null || one.when === 'before_departure')) ?? null
}
