import type { Offer, Penalty } from '../api/types.ts'
import { moneyWords } from './money-words.ts'
import { dayWords } from './time-words.ts'

/** "Refund: not stated", "Not refundable", "Refundable, fee $40.00", "Refundable, no fee until Fri 20 Nov 2026, then fee $40.00". */
export function refundWords(offer: Pick<Offer, 'refundable' | 'penalties'>): string {
  return ruleWords(offer.refundable, 'refund', offer.penalties, ['Refundable', 'Not refundable', 'Refund: not stated'])
}

/** "Changes: not stated", "No changes", "Changeable, fee 25% of the fare". */
export function changeWords(offer: Pick<Offer, 'changeable' | 'penalties'>): string {
  return ruleWords(offer.changeable, 'change', offer.penalties, ['Changeable', 'No changes', 'Changes: not stated'])
}

const laterWindows = { after_departure: 'After departure', no_show: 'If you do not show up' } as const

/** What holds at other times than before departure: "If you do not show up: no refund", "After departure: change fee $99.00". */
export function laterPenalties({ penalties }: Pick<Offer, 'penalties'>): string[] {
  return penalties.flatMap((penalty) => {
    const { when, kind, allowed } = penalty
    if (when === null || when === 'before_departure' || allowed === null) return []
    if (!allowed) return `${laterWindows[when]}: ${kind === 'refund' ? 'no refund' : 'no changes'}`
    const fee = feeWords(penalty)
    return `${laterWindows[when]}: ${fee === null ? `${kind} possible` : `${kind} ${fee}`}${untilWords(penalty)}`
  })
}

function ruleWords(
  allowed: boolean | null,
  kind: Penalty['kind'],
  penalties: readonly Penalty[],
  [yes, no, unknown]: [string, string, string],
): string {
  if (allowed === null) return unknown
  if (!allowed) return no
  const rules = penalties.filter((one) => one.kind === kind && (one.when === null || one.when === 'before_departure'))
  const dated = rules.filter((one) => one.until !== null).toSorted((a, b) => (dateOf(a) < dateOf(b) ? -1 : 1))
  const undated = rules.find((one) => one.until === null && (one.allowed !== false || dated.length > 0))
  const told = [...dated, ...(undated === undefined ? [] : [undated])].flatMap((rule) => {
    const fee = rule.allowed === false ? (kind === 'refund' ? 'not refundable' : 'no changes') : feeWords(rule)
    return fee === null ? [] : `${fee}${untilWords(rule)}`
  })
  return told.length === 0 ? yes : `${yes}, ${told.join(', then ')}`
}

/** "no fee", "fee $40.00", "fee 25% of the fare"; null when the supplier does not say. */
function feeWords({ amount, percent }: Penalty): string | null {
  if (amount !== null) return /^0+(\.0+)?$/.test(amount.amount) ? 'no fee' : `fee ${moneyWords(amount)}`
  if (percent === null) return null
  return percent === 0 ? 'no fee' : `fee ${percent / 100}% of the fare`
}

function untilWords(penalty: Penalty): string {
  return penalty.until === null ? '' : ` until ${dayWords(dateOf(penalty))}`
}

function dateOf({ until }: Penalty): string {
  return (until ?? '').slice(0, 10)
}
