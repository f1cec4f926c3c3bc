import { addMoney, compareMoney, subtractMoney, type Money } from '../../kernel/money.ts'
import { attribute, child, childText, descendants, type XmlElement } from '../../platform/xml.ts'
import type { RefundQuote } from '../contract.ts'
import { readRefusal, type Refusal } from './faults.ts'
import { readMinorUnits, sumKnown } from './read-values.ts'

/** What a refund of some documents pays, with the documents it is for. */
export type RefundView = Pick<RefundQuote, 'paid' | 'penalty' | 'refund'> & { readonly numbers: readonly string[] }

/**
 * Reads AMA_TicketInitRefundRS. Amounts are in minor units with their digits beside them: FRF is the fare given back before
 * penalties, TXT its taxes, RFU the part that was flown, CP the penalty and RFT what is paid out. Without a CP the penalty is
 * what is missing between them. A part that is not told makes the sum unknown, never zero.
 */
export function readRefund(reply: XmlElement): RefundView {
  const contracts = descendants(reply, 'Contract')
  const each = contracts.map(readContract)
  const currency = each.find((one) => one.refund !== null)?.refund?.currency ?? ''
  return {
    paid: sumKnown(
      each.map((one) => one.paid),
      currency,
    ),
    penalty: sumKnown(
      each.map((one) => one.penalty),
      currency,
    ),
    refund: sumKnown(
      each.map((one) => one.refund),
      currency,
    ),
    numbers: contracts.flatMap((contract) => descendants(contract, 'DocumentNumber').flatMap((one) => attribute(one, 'Number') ?? [])),
  }
}

/** True when a message of the refund family says that it has been done. */
export function isSuccess(reply: XmlElement): boolean {
  return child(child(reply, 'GeneralReply'), 'Success') !== undefined || child(reply, 'Success') !== undefined
}

/** The errors that a message of the refund family gives, wherever it puts them. */
export function readRefundErrors(reply: XmlElement): readonly Refusal[] {
  return descendants(reply, 'Errors').flatMap(readRefusal)
}

function readContract(contract: XmlElement): Pick<RefundView, 'paid' | 'penalty' | 'refund'> {
  const amounts = new Map<string, Money>()
  for (const one of descendants(contract, 'MonetaryInformation')) {
    const amount = readStated(one)
    const qualifier = attribute(one, 'Qualifier')
    if (amount && qualifier && !amounts.has(qualifier)) amounts.set(qualifier, amount)
  }
  const refund = amounts.get('RFT') ?? readStated(child(contract, 'Refundable'))
  const fare = amounts.get('FRF')
  const taxes = amounts.get('TXT') ?? amounts.get('TP')
  const flown = amounts.get('RFU')
  if (!refund) return { paid: null, penalty: amounts.get('CP') ?? null, refund: null }
  if (!fare || !taxes || [fare, taxes, flown ?? fare].some((one) => one.currency !== refund.currency))
    return { paid: null, penalty: amounts.get('CP') ?? null, refund }
  const before = addMoney(fare, taxes)
  const missing = compareMoney(before, refund) >= 0 ? subtractMoney(before, refund) : null
  return { paid: flown ? addMoney(before, flown) : null, penalty: amounts.get('CP') ?? missing, refund }
}

/** An amount with its digits and currency as attributes; digits that are not stated are the currency's own, and then a point may stand in the amount. */
function readStated(element: XmlElement | undefined): Money | null {
  const digits = attribute(element, 'DecimalPlaces')
  const currency = attribute(element, 'CurrencyCode')
  return readMinorUnits(
    attribute(element, 'Amount') ?? childText(element, 'Amount'),
    digits !== undefined && /^\d$/.test(digits) ? Number(digits) : 0,
    currency,
  )
}
