import type { Penalty } from '../../travel/flight.ts'
import { findAmount } from './from-wire-amounts.ts'
import { toFlag, toObject, toObjects, toText, type JsonObject } from './json.ts'

/**
 * The penalties of one passenger's fare: "Exchange" or "Refund", "Before" or "After" departure. A penalty of category 16
 * with text only states neither flag nor amount, and stays unknown.
 */
export function readPenalties(info: JsonObject): readonly Penalty[] {
  return toObjects(toObject(info['penaltiesInfo'])['penalties']).flatMap((penalty): Penalty[] => {
    const named = toText(penalty['type'])?.toLowerCase() ?? ''
    const kind = named.startsWith('refund') || named.startsWith('cancel') ? 'refund' : /^(exchange|change)/.test(named) ? 'change' : null
    if (!kind) return []
    const allowed = toFlag(penalty[kind === 'refund' ? 'refundable' : 'changeable'])
    const applicability = toText(penalty['applicability'])?.toLowerCase()
    return [
      {
        kind,
        allowed,
        amount: allowed === false ? null : findAmount(penalty['amount'], penalty['currency']),
        when: applicability === 'before' ? 'before_departure' : applicability === 'after' ? 'after_departure' : null,
      },
    ]
  })
}

/**
 * Whether money comes back before departure. The penalties and the fare's own `nonRefundable` are two sources; where they
 * contradict each other, nobody knows.
 */
export function refundableOf(info: JsonObject, penalties: readonly Penalty[]): boolean | null {
  const byPenalty = allowedBefore('refund', penalties)
  const nonRefundable = toFlag(info['nonRefundable'])
  const byFlag = nonRefundable === null ? null : !nonRefundable
  if (byPenalty === null) return byFlag
  return byFlag === null || byFlag === byPenalty ? byPenalty : null
}

/** Whether the journey may be changed before departure. */
export function changeableOf(penalties: readonly Penalty[]): boolean | null {
  return allowedBefore('change', penalties)
}

function allowedBefore(kind: Penalty['kind'], penalties: readonly Penalty[]): boolean | null {
  const said = penalties.filter((penalty) => penalty.kind === kind && penalty.when !== 'after_departure').map((penalty) => penalty.allowed)
  if (said.length === 0 || said.includes(null)) return null
  return said.every((allowed) => allowed === true)
}

/** What holds for a whole party: yes only if for everybody, no as soon as for one, otherwise not said. */
export function forEverybody(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false
  return answers.length > 0 && answers.every((answer) => answer === true) ? true : null
}
