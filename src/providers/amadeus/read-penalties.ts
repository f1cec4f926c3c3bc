import type { Money } from '../../kernel/money.ts'
import { child, children, type XmlElement } from '../../platform/xml.ts'
import type { Penalty, PenaltyWindow } from '../../travel/flight.ts'
import { readMoneyOrNull, textAt } from './read-values.ts'

/** What is known of changing and refunding. Tri-state: null is "the message does not say". */
export type Terms = { readonly refundable: boolean | null; readonly changeable: boolean | null; readonly penalties: readonly Penalty[] }

/** A remark about penalties, with the amount that stands beside it. */
export type PenaltyRemark = { readonly text: string; readonly amount: Money | null }

/**
 * What penalty remarks say. Their words are few and not a schema: "TICKETS ARE NON-REFUNDABLE", "… AFTER DEPARTURE", "PENALTY
 * APPLIES" with an amount, "SUBJ TO CANCELLATION/CHANGE PENALTY". A penalty without an amount may be the whole fare, so it makes
 * nothing refundable; only a remark that says so does.
 */
export function readRemarks(remarks: readonly PenaltyRemark[]): Terms {
  const penalties: Penalty[] = []
  for (const { text, amount } of remarks) {
    const words = text.toUpperCase().replace(/\s+/g, ' ')
    const when = windowOf(words)
    if (/\bNON[- ]?REF(UND(ABLE)?)?\b|\bNO REFUND|NOT REFUNDABLE/.test(words)) penalties.push(penalty('refund', false, null, when))
    else if (/\b(FULLY )?REFUNDABLE\b/.test(words)) penalties.push(penalty('refund', true, amount, when))
    else if (/\bPENALT(Y|IES)\b/.test(words)) {
      const isCancel = /\bCANCEL/.test(words)
      const isChange = /\b(CHANGE|CHG|REBOOK|REISSUE)/.test(words)
      if (isCancel || !isChange) penalties.push(penalty('refund', null, amount, when))
      if (isChange || !isCancel) penalties.push(penalty('change', null, amount, when))
    }
    if (/\bNO (CHANGES?|CHG)\b|\bNON[- ]?(CHANGEABLE|CHG)\b|CHANGES? NOT (ALLOWED|PERMITTED)/.test(words))
      penalties.push(penalty('change', false, null, when))
  }
  return { refundable: readKind(penalties, 'refund'), changeable: readKind(penalties, 'change'), penalties }
}

/** What the rules say before departure: not allowed if one says so, allowed if one does, else unknown. A rule for later decides nothing now. */
function readKind(penalties: readonly Penalty[], kind: Penalty['kind']): boolean | null {
  const now = penalties.filter(
    (one) => one.kind === kind && (one.when === null || one.when === undefined || one.when === 'before_departure'),
  )
  if (now.some((one) => one.allowed === false)) return false
  return now.some((one) => one.allowed === true) ? true : null
}

/**
 * What mini rules say: category 31 is about changes, 33 about refunds. Each has an indicator per window, allowed (1) or not (0),
 * and amounts: BDT, or BDX at most, before departure; A… after it; B N. for a no-show.
 */
export function readMiniRules(categories: readonly MiniRule[]): Terms {
  const penalties = categories.flatMap(({ category, indicators, amounts }): readonly Penalty[] => {
    const kind = category === '31' ? 'change' : category === '33' ? 'refund' : null
    if (kind === null) return []
    return WINDOWS.flatMap(([prefix, when]) => {
      const allowed = toAllowed(indicators.get(`${prefix}A`))
      const amount = amounts.get(`${prefix}T`) ?? amounts.get(`${prefix}X`) ?? null
      return allowed === null && amount === null ? [] : [penalty(kind, allowed, allowed === false ? null : amount, when)]
    })
  })
  return { refundable: readKind(penalties, 'refund'), changeable: readKind(penalties, 'change'), penalties }
}

/** One category of a mini rule: indicators and amounts by their four- and three-letter names. */
export type MiniRule = {
  readonly category: string
  readonly indicators: ReadonlyMap<string, string>
  readonly amounts: ReadonlyMap<string, Money>
}

/** One category as it stands in a group with these three parts, which are called differently from message to message. */
export function readMiniRule(
  category: string,
  money: readonly XmlElement[],
  statuses: readonly XmlElement[],
  currency: string | undefined,
): MiniRule {
  const amounts = new Map<string, Money>()
  for (const holder of money) {
    for (const detail of holder.children) {
      const amount = readMoneyOrNull(textAt(detail, 'amount'), textAt(detail, 'currency') ?? currency)
      const qualifier = textAt(detail, 'typeQualifier') ?? textAt(detail, 'amountType')
      if (amount && qualifier) amounts.set(qualifier, amount)
    }
  }
  const indicators = new Map<string, string>()
  for (const holder of statuses) {
    for (const status of holder.children) {
      const indicator = textAt(status, 'indicator')
      const action = textAt(status, 'action')
      if (indicator && action) indicators.set(indicator, action)
    }
  }
  return { category, indicators, amounts }
}

/** Penalty remarks that stand in `fare` elements under the subject PEN. */
export function readPenaltyRemarks(fares: readonly XmlElement[], currency: string | undefined): readonly PenaltyRemark[] {
  return fares.flatMap((fare) => {
    const message = child(fare, 'pricingMessage')
    if (textAt(message, 'freeTextQualification', 'textSubjectQualifier') !== 'PEN') return []
    const detail = child(child(fare, 'monetaryInformation'), 'monetaryDetail')
    return [{ text: readDescription(message), amount: readMoneyOrNull(textAt(detail, 'amount'), textAt(detail, 'currency') ?? currency) }]
  })
}

/** The lines of a message as one text. */
export function readDescription(message: XmlElement | undefined): string {
  return children(message, 'description')
    .map((one) => one.text.trim())
    .join(' ')
}

const WINDOWS: readonly (readonly [string, PenaltyWindow])[] = [
  ['BD', 'before_departure'],
  ['AD', 'after_departure'],
  ['BN', 'no_show'],
]

function toAllowed(action: string | undefined): boolean | null {
  return action === '1' ? true : action === '0' ? false : null
}

function windowOf(words: string): PenaltyWindow | null {
  if (/NO[- ]?SHOW/.test(words)) return 'no_show'
  if (/AFTER DEP/.test(words)) return 'after_departure'
  return /BEFORE DEP/.test(words) ? 'before_departure' : null
}

function penalty(kind: Penalty['kind'], allowed: boolean | null, amount: Money | null, when: PenaltyWindow | null): Penalty {
  return { kind, allowed, amount, when }
}
