import { money, negateMoney, subtractMoney, type Money } from '../../kernel/money.ts'
import { descendants, type XmlElement } from '../../platform/xml.ts'
import type { Cancellation, WriteOutcome } from '../contract.ts'
import { readerOf, sumKnown, type MoneyReader } from './amounts.ts'
import { all, any, at, value } from './elements.ts'
import { outcomeOfErrors, unknown } from './faults.ts'
import { partOf, partsOf, type Message } from './message.ts'
import { hasOrder, readOrder } from './read-order.ts'

/**
 * What OrderCancelRS, or the OrderViewRS after a cancelling OrderChange, proves. `paid` is what the order cost: what comes
 * back is that less the fee, when the reply states one. Without a statement the refund is null.
 */
export function outcomeOfCancellation(message: Message, paid: Money | null): WriteOutcome<Cancellation> {
  if (message.errors.length > 0) return hasOrder(message) ? unclear(message) : outcomeOfErrors('cancel', message.errors)
  const moneyOf = readerOf(message.root)
  if (message.name === 'OrderCancelRS') {
    const named = value(message.response, 'OrderReference', 'OrderRefID', 'OrderID') ?? value(partOf(message, 'Order'), 'OrderID')
    if (named === undefined && any(message.root, 'Success') === undefined)
      return unknown('unrecognised', 'the reply does not say which order was cancelled')
    return { outcome: 'ok', value: { refund: refundOf(message, paid, moneyOf) } }
  }
  const view = readOrder(message)
  if (view?.reservation.status !== 'cancelled')
    return unknown('unrecognised', `the reply does not say that the order is cancelled${view ? `, but ${view.reservation.status}` : ''}`)
  return { outcome: 'ok', value: { refund: readRefund(message.response, moneyOf) } }
}

function unclear(message: Message): WriteOutcome<Cancellation> {
  return unknown('unrecognised', `the reply holds an order and an error (${message.errors[0]!.code}: ${message.errors[0]!.text})`)
}

function refundOf(message: Message, paid: Money | null, moneyOf: MoneyReader): Money | null {
  const stated = moneyOf(partOf(message, 'RefundAmount', 'TotalRefundAmount')) ?? readRefund(message.response, moneyOf)
  if (stated) return stated
  const fees = partsOf(message, 'ChangeFees').map((fee) => feeOf(fee, moneyOf))
  const fee = sumKnown(fees)
  if (!paid || !fee || fee.currency !== paid.currency || fee.amount > paid.amount) return null
  return subtractMoney(paid, fee)
}

/** A fee of nothing may come without its currency; then it is nothing in ours, which is told apart by who asks. */
function feeOf(element: XmlElement, moneyOf: MoneyReader): Money | null {
  const details = all(any(element, 'Details'), 'Detail').flatMap((detail) => all(any(detail, 'Amounts'), 'Amount').map(moneyOf))
  return details.length > 0 ? sumKnown(details) : (moneyOf(any(element, 'PenaltyAmount')) ?? moneyOf(at(element, 'Price')))
}

/** What the airline owes after a cancellation, as the differences of its items say: in words, or as a price that falls. */
export function readRefund(element: XmlElement, moneyOf: MoneyReader): Money | null {
  const differences = descendants(element, 'PriceDifferential').flatMap((one) => descendants(any(one, 'DiffPrice'), 'Price'))
  if (differences.length === 0) return null
  const due = differences.map((price) => moneyOf(any(price, 'DueByAirlineAmount')) ?? fallen(moneyOf(any(price, 'TotalAmount'))))
  return sumKnown(due)
}

function fallen(difference: Money | null): Money | null {
  if (!difference) return null
  return difference.amount <= 0 ? negateMoney(difference) : money(0, difference.currency)
}
