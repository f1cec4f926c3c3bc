import { money, multiplyMoney, shareOf, type Money } from '../../../kernel/money.ts'
import { parseInstant, type Instant } from '../../../kernel/time.ts'
import type { CancellationStep } from '../../../travel/stay.ts'
import { attribute, type XmlElement } from '../../../platform/xml.ts'
import { readCount, readMoneyOrNull } from '../read-values.ts'

/** What cancelling costs, and whether it is free at a moment. */
export type CancelTerms = { readonly refundable: boolean | null; readonly cancellation: readonly CancellationStep[] | null }

/** What the terms are of: `total` for all `quantity` rooms and all nights, asked about at `now`; null does not know the moment. */
export type Cancelled = { readonly total: Money; readonly quantity: number; readonly nights: number | null; readonly now: Instant | null }

const NOT_TOLD: CancelTerms = { refundable: null, cancellation: null }

/**
 * Reads CancelInfo. A deadline counts only with the offset that it states: a day at an unknown place could end too late.
 * What is due after it may be an amount of one room, a share of the price, or nights; otherwise it is not known.
 */
export function readCancelInfo(info: XmlElement | undefined, stay: Cancelled): CancelTerms {
  const { total, now } = stay
  if (!info) return NOT_TOLD
  if (attribute(info, 'NonRefundableStayIndicator') === 'true') return { refundable: false, cancellation: [{ from: null, penalty: total }] }
  const deadline = readDeadline(attribute(info, 'CancelDeadline'))
  if (deadline === null) return NOT_TOLD
  const penalty = readPenalty(info, stay)
  if (now !== null && deadline <= now) return { refundable: penalty ? penalty.amount === 0 : null, cancellation: [{ from: null, penalty }] }
  return {
    refundable: true,
    cancellation: [
      { from: null, penalty: money(0, total.currency) },
      { from: deadline, penalty },
    ],
  }
}

/** What cancelling costs at a moment; null when the terms do not say. */
export function penaltyAt(cancellation: readonly CancellationStep[] | null, at: Instant): Money | null {
  return cancellation?.findLast((step) => step.from === null || step.from <= at)?.penalty ?? null
}

function readPenalty(info: XmlElement, { total, quantity, nights }: Cancelled): Money | null {
  const amount = readMoneyOrNull(attribute(info, 'CancelPenaltyAmount'))
  if (amount) return atMost(total, multiplyMoney(amount, quantity))
  const percent = Number.parseFloat(attribute(info, 'CancelPenaltyPercent') ?? '')
  if (Number.isFinite(percent) && percent >= 0 && percent <= 100) return shareOf(total, Math.round(percent * 100), 'up')
  const charged = readCount(attribute(info, 'NumberOfNights'))
  if (charged === null || nights === null || nights < 1) return null
  return charged >= nights ? total : shareOf(total, Math.ceil((charged * 10_000) / nights), 'up')
}

function atMost(total: Money, amount: Money): Money | null {
  if (amount.currency !== total.currency) return null
  return amount.amount > total.amount ? total : amount
}

function readDeadline(text: string | undefined): Instant | null {
  if (text === undefined || !/(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return null
  try {
    return parseInstant(text)
  } catch {
    return null
  }
}
