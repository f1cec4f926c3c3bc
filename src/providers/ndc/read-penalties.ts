import type { Money } from '../../kernel/money.ts'
import type { Penalty, PenaltyWindow } from '../../travel/flight.ts'
import type { XmlElement } from '../../platform/xml.ts'
import { all, any, flag, refs, value } from './elements.ts'
import type { MoneyReader } from './amounts.ts'

/** Elements that are read below, for the scanner of search replies. */
export const PENALTY_ELEMENTS: readonly string[] = [
  ...[
    'PenaltyList',
    'Penalty',
    'PenaltyID',
    'CancelFeeInd',
    'ChangeFeeInd',
    'RefundableInd',
    'ChangeAllowedInd',
    'AppCode',
    'PenaltyAmount',
  ],
  ...['ExpirationDateTime', 'Details', 'Detail', 'Type', 'Application', 'Amounts', 'Amount', 'CurrencyAmountValue', 'PenaltyPercent'],
  ...['CancelRestrictions', 'ChangeRestrictions', 'AllowedModificationInd', 'Fee', 'JourneyStageCode', 'FareRule', 'FareRules'],
  ...['PenaltyRefID', 'DescText', 'Percentage'],
]

/**
 * A Penalty of any version. One element may speak of changes and of refunds. That a fee is taken means that it is allowed
 * at that fee; that none is taken does not mean that it is allowed.
 */
export function readPenalties(element: XmlElement, moneyOf: MoneyReader): readonly Penalty[] {
  const details = all(any(element, 'Details'), 'Detail').flatMap((detail) => readDetail(detail, moneyOf))
  const [refundable, changeable] = [flag(value(element, 'RefundableInd')), flag(value(element, 'ChangeAllowedInd'))]
  const type = value(element, 'TypeCode', 'Type') ?? ''
  const amount = moneyOf(any(element, 'PenaltyAmount')) ?? moneyOf(any(element, 'Price'))
  const percent = percentOf(value(element, 'PenaltyPercent', 'Percentage'))
  const when = whenOf(value(element, 'AppCode', 'JourneyStageCode') ?? value(any(element, 'Application'), 'Code'))
  const until = value(element, 'ExpirationDateTime') ?? null
  const fee = { amount, percent, when, until }
  const stated: Penalty[] = []
  const isRefund = flag(value(element, 'CancelFeeInd')) === true || /cancel|refund/i.test(type)
  const isChange = flag(value(element, 'ChangeFeeInd')) === true || /change|reissue/i.test(type)
  if (isRefund || refundable !== null) stated.push(penalty('refund', refundable, isRefund, fee))
  if (isChange || changeable !== null) stated.push(penalty('change', changeable, isChange, fee))
  // Details say the same with amounts; the bare flag adds nothing to them.
  const detailed = (one: Penalty): boolean => one.amount === null && details.some((detail) => detail.kind === one.kind)
  return [...details, ...stated.filter((one) => !detailed(one) || one.allowed === false)]
}

type Fee = {
  readonly amount: Money | null
  readonly percent: number | null
  readonly when: PenaltyWindow | null
  readonly until: string | null
}

function penalty(kind: Penalty['kind'], allowed: boolean | null, hasFee: boolean, fee: Fee): Penalty {
  const isCharged = hasFee && (fee.amount !== null || fee.percent !== null)
  // All of the fare forfeited is not a refund.
  const forfeits = hasFee && fee.percent !== null && fee.percent >= 10_000
  return {
    kind,
    allowed: forfeits ? false : (allowed ?? (isCharged ? true : null)),
    amount: hasFee ? fee.amount : null,
    ...(hasFee && fee.percent !== null && { percent: fee.percent }),
    ...(fee.when !== null && { when: fee.when }),
    ...(fee.until !== null && { until: fee.until }),
  }
}

/** A detail of 17.2: "Cancel", "Change-BeforeDeparture" with the least and the most of the fee, of which the most counts. */
function readDetail(detail: XmlElement, moneyOf: MoneyReader): readonly Penalty[] {
  const type = value(detail, 'Type') ?? ''
  const kind = /cancel|refund/i.test(type) ? 'refund' : /change|reissue|exchange/i.test(type) ? 'change' : undefined
  if (!kind) return []
  const amounts = all(any(detail, 'Amounts'), 'Amount').flatMap((one) => moneyOf(one) ?? [])
  const amount = amounts.reduce<Money | null>((most, one) => (most && most.amount >= one.amount ? most : one), null)
  const when = whenOf(`${type} ${value(any(detail, 'Application'), 'Code') ?? value(detail, 'Application') ?? ''}`)
  return [{ kind, allowed: amount ? true : null, amount, ...(when !== null && { when }) }]
}

/** Restrictions beside a fare component (21.3). */
export function readRestrictions(component: XmlElement, moneyOf: MoneyReader): readonly Penalty[] {
  return [
    ...all(component, 'CancelRestrictions').map((one) => readRestriction('refund', one, moneyOf)),
    ...all(component, 'ChangeRestrictions').map((one) => readRestriction('change', one, moneyOf)),
  ]
}

function readRestriction(kind: Penalty['kind'], element: XmlElement, moneyOf: MoneyReader): Penalty {
  const fee = any(element, 'Fee')
  const percent = percentOf(value(fee, 'Percentage', 'FeePercent'))
  const amount = moneyOf(any(fee, 'Amount', 'TotalAmount', 'FeeAmount'))
  const when = whenOf(value(element, 'JourneyStageCode'))
  return {
    kind,
    allowed: flag(value(element, 'AllowedModificationInd')) ?? (amount ? true : null),
    amount,
    ...(percent !== null && { percent }),
    ...(when !== null && { when }),
  }
}

/** The penalties of a fare component: its own, and those in the message's list that it refers to. */
export function penaltiesOf(
  component: XmlElement,
  list: ReadonlyMap<string, readonly Penalty[]>,
  moneyOf: MoneyReader,
): readonly Penalty[] {
  const rules = all(component, 'FareRules', 'FareRule')
  const own = rules.flatMap((rule) => all(rule, 'Penalty')).flatMap((one) => readPenalties(one, moneyOf))
  const named = [
    ...rules.flatMap((rule) => refs(rule, 'PenaltyRefID', 'PenaltyRefs')),
    ...rules.flatMap((rule) => all(rule, 'Penalty').flatMap((one) => refs(one, 'refs'))),
    ...refs(component, 'PenaltyRefID'),
  ]
  const listed = named.flatMap((key) => list.get(key) ?? [])
  return distinct([...readRestrictions(component, moneyOf), ...own, ...listed])
}

/** Each rule once: the components of a journey mostly say the same. */
export function distinct(penalties: readonly Penalty[]): readonly Penalty[] {
  const seen = new Set<string>()
  return penalties.filter((one) => {
    const key = JSON.stringify(one)
    return !seen.has(key) && seen.add(key)
  })
}

/** Before departure: true when every rule that says something allows it, false when one does not, null when none speaks. */
export function isAllowed(penalties: readonly Penalty[], kind: Penalty['kind']): boolean | null {
  const said = penalties.filter((one) => one.kind === kind && (one.when ?? 'before_departure') === 'before_departure')
  if (said.some((one) => one.allowed === false)) return false
  return said.length > 0 && said.every((one) => one.allowed === true) ? true : null
}

function whenOf(text: string | undefined): PenaltyWindow | null {
  if (text === undefined) return null
  if (/no.?show/i.test(text)) return 'no_show'
  if (/after/i.test(text)) return 'after_departure'
  return /before|prior/i.test(text) ? 'before_departure' : null
}

/** A percentage in basis points. */
function percentOf(text: string | undefined): number | null {
  const share = Number.parseFloat(text ?? '')
  return Number.isFinite(share) && share >= 0 && share <= 100 ? Math.round(share * 100) : null
}
