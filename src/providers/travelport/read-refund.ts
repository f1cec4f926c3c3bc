import { addMoney, type Money } from '../../kernel/money.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import type { Cancellation, RefundQuote, WriteOutcome } from '../contract.ts'
import { copy } from './copy-element.ts'
import { readDocuments } from './read-tickets.ts'
import { malformed, readMoneyOrNull, sumKnown } from './read-values.ts'

/** What a refund quote's token holds: the host's bundles, and the tickets that they are of. */
export type RefundToken = { readonly v: 1; readonly content: string; readonly tickets: readonly string[]; readonly refund: Money | null }

type Bundle = {
  readonly ticket: string
  readonly paid: Money | null
  readonly kept: Money | null
  readonly refund: Money | null
}

/**
 * Reads AirRefundQuoteRsp. The sums are of all tickets; where one bundle does not say its amount, or the host cannot
 * refund it by itself, the sum is null: to be confirmed, and never zero. `expected` tickets without a bundle make it null too.
 */
export function readRefundQuote(reply: XmlElement, expected: readonly string[] = []): RefundQuote {
  const elements = children(reply, 'AirRefundBundle')
  if (elements.length === 0) throw malformed('the quote is about no ticket')
  const bundles = elements.map(readBundle)
  const tickets = bundles.map((bundle) => bundle.ticket)
  const isWhole = expected.every((number) => tickets.includes(number))
  const sum = (of: (bundle: Bundle) => Money | null): Money | null => {
    const amounts = bundles.map(of)
    return isWhole ? sumKnown(amounts, amounts[0]?.currency ?? '') : null
  }
  const refund = sum((bundle) => bundle.refund)
  const content = elements.map((element) => copy(element)).join('')
  return {
    paid: sum((bundle) => bundle.paid),
    penalty: sum((bundle) => bundle.kept),
    refund,
    expiresAt: null,
    supplierToken: JSON.stringify({ v: 1, content, tickets, refund } satisfies RefundToken),
  }
}

/** The inverse of the token of {@link readRefundQuote}; throws ProviderError('malformed') on anything else. */
export function readRefundToken(text: string): RefundToken {
  try {
    const token = JSON.parse(text) as RefundToken
    if (token.v === 1 && typeof token.content === 'string' && Array.isArray(token.tickets)) return token
  } catch {
    // Falls through.
  }
  throw malformed('this is not a refund quote of Travelport')
}

function readBundle(bundle: XmlElement): Bundle {
  const info = child(bundle, 'AirRefundInfo')
  const amount = (name: string): Money | null => readMoneyOrNull(attribute(info, name))
  const isPossible = attribute(info, 'Refund') !== 'false' || amount('RefundAmount') !== null
  const refund = isPossible ? amount('RefundAmount') : null
  const kept = amount('RetainAmount') ?? amount('ForfeitAmount') ?? amount('RefundFee')
  const adds = refund && kept && refund.currency === kept.currency ? addMoney(refund, kept) : null
  return { ticket: attribute(bundle, 'TicketNumber') ?? '', paid: amount('OriginalTicketTotal') ?? adds, kept, refund }
}

/**
 * What AirRefundRsp proves. Refunded only when every ticket that was to be is in it with all its coupons refunded, and no
 * failure stands beside them. Whether one that failed has moved no money, nothing says.
 */
export function outcomeOfRefund(reply: XmlElement, expected: readonly string[], refund: Money | null): WriteOutcome<Cancellation> {
  const failures = children(reply, 'RefundFailureInfo').map(
    (failure) => `${attribute(failure, 'Code') ?? '?'}: ${attribute(failure, 'Message') ?? 'no reason given'}`,
  )
  if (failures.length > 0) return { outcome: 'unknown', cause: 'unrecognised', message: [...new Set(failures)].join('; ') }
  const { tickets } = readDocuments(reply)
  const numbers = expected.length > 0 ? expected : tickets.map((ticket) => ticket.number)
  const open = numbers.filter((number) => {
    const coupons = tickets.find((ticket) => ticket.number === number)?.coupons ?? []
    return coupons.length === 0 || coupons.some((coupon) => coupon.status !== 'refunded')
  })
  if (numbers.length > 0 && open.length === 0) return { outcome: 'ok', value: { refund } }
  return {
    outcome: 'unknown',
    cause: 'unrecognised',
    message: numbers.length === 0 ? 'the reply is about no ticket' : `the reply does not show as refunded: ${open.join(', ')}`,
  }
}
