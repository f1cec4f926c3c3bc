import type { Money } from '../../kernel/money.ts'
import { child, children, type XmlElement } from '../../platform/xml.ts'
import { malformed, readDateParts, readMoneyOrNull, sumKnown, textAt, timesKnown } from './read-values.ts'

/** A fare for some of the travellers of a PNR. `reference` is how Ticket_CreateTSTFromPricing cites it. */
export type StoredFare = {
  readonly reference: string
  /** For one passenger. */
  readonly unit: Money
  /** How many it is for. */
  readonly count: number
  readonly lastTicketingAt: string | null
}

/**
 * Reads the fares of Fare_PricePNRWithBookingClassReply and of Ticket_DisplayTSTReply, which have one form: an amount 712 (or TFT in
 * a negotiated fare) for one passenger, and references to the passengers. Throws ProviderError('malformed') for a fare without an amount.
 */
export function readStoredFares(reply: XmlElement): readonly StoredFare[] {
  return children(reply, 'fareList').map((fare, index) => {
    const amounts = new Map<string, Money>()
    const information = child(fare, 'fareDataInformation')
    for (const one of information?.children ?? []) {
      const amount = readMoneyOrNull(textAt(one, 'fareAmount'), textAt(one, 'fareCurrency'))
      const qualifier = textAt(one, 'fareDataQualifier')
      if (amount && qualifier && !amounts.has(qualifier)) amounts.set(qualifier, amount)
    }
    const unit = amounts.get('712') ?? amounts.get('TFT')
    if (!unit) throw malformed('a stored fare has no total')
    const passengers = children(child(fare, 'paxSegReference'), 'refDetails').filter((one) =>
      /^(P|PA|PI|PT)$/.test(textAt(one, 'refQualifier') ?? ''),
    )
    return {
      reference: textAt(fare, 'fareReference', 'uniqueReference') ?? String(index + 1),
      unit,
      count: Math.max(1, passengers.length),
      lastTicketingAt: readDateParts(child(child(fare, 'lastTktDate'), 'dateTime')) ?? null,
    }
  })
}

/** What stored fares cost together; null when there are none, or in different currencies. */
export function totalOf(fares: readonly StoredFare[]): Money | null {
  const currency = fares[0]?.unit.currency
  return currency === undefined
    ? null
    : sumKnown(
        fares.map((fare) => timesKnown(fare.unit, fare.count)),
        currency,
      )
}
