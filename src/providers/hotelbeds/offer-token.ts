/** One rate of an offer: for which of its rooms, and whether Hotelbeds still wants it checked before it is booked. */
export type TokenRate = {
  readonly key: string
  readonly room: string | null
  readonly board: string | null
  readonly needsCheck: boolean
  readonly rooms: readonly number[]
}

/** What an offer's `supplierToken` holds: all that a check and a booking need of it. */
export type OfferToken = { readonly rates: readonly TokenRate[] }

export function writeToken(token: OfferToken): string {
  return JSON.stringify(token)
}

/** The inverse of {@link writeToken}. Only for tokens of this adapter. */
export function readToken(supplierToken: string): OfferToken {
  return JSON.parse(supplierToken) as OfferToken
}
