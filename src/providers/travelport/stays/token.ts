import { malformed } from '../read-values.ts'

/** A rate as it was told, which booking it has to repeat to the letter. */
export type WireRate = {
  readonly ratePlanType: string
  readonly rateSupplier: string | null
  readonly rateOfferId: string | null
  readonly base: string | null
  readonly tax: string | null
  readonly total: string | null
  readonly surcharge: string | null
}

/** What a stay's token holds: the rate, and for how many rooms it is taken. */
export type StayToken = { readonly v: 1; readonly rate: WireRate; readonly quantity: number }

/** The token of an offer of ours; throws ProviderError('malformed') on anything else. */
export function readStayToken(text: string): StayToken {
  try {
    const token = JSON.parse(text) as StayToken
    if (token.v === 1 && typeof token.rate.ratePlanType === 'string' && Number.isSafeInteger(token.quantity)) return token
  } catch {
    // Falls through.
  }
  throw malformed('this is not a rate of Travelport')
}
