import type { Money } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import type { Payments } from '../payments/index.ts'
import type { Db } from '../platform/postgres.ts'
import type { Records } from '../platform/records.ts'
import type { Sealer } from '../platform/seal.ts'
import type { Waits } from '../platform/waits.ts'
import type { Provider } from '../providers/contract.ts'
import type { Search } from '../search/index.ts'
import type { Offer } from '../travel/offer.ts'
import type { BookingStore } from './booking-store.ts'
import type { ScheduleChangeStore } from './schedule-changes/change-store.ts'

/** How long things may take. Minutes, on the database's clock where a transaction decides. */
export type BookingPolicy = {
  /** From placing to the end of the time to pay. Stripe's hosted page cannot be shorter than 30. */
  readonly paymentMinutes: number
  /** How long a live confirmation of an offer may be booked. */
  readonly verifiedMinutes: number
  /** From payment to "a ticket or your money back". Longer than the suppliers' horizon. */
  readonly answerMinutes: number
  /**
   * What becomes of money that arrives after a booking was cancelled for want of it: the trip, where it is still sold at that
   * price, or the money back without asking.
   */
  readonly latePayment: 'reinstate' | 'refund'
}

export type BookingDeps = {
  readonly db: Db
  readonly store: BookingStore
  /** Absent where nobody watches what airlines change afterwards. */
  readonly changes?: ScheduleChangeStore
  readonly records: Records
  readonly waits: Waits
  readonly clock: Clock
  readonly sealer: Sealer
  readonly providers: ReadonlyMap<string, Provider>
  readonly search: Pick<Search, 'findOffer' | 'alternativesTo'>
  readonly payments: Payments
  /** The price a traveller is shown and pays for an offer at its supplier's net price; throws when the currency has no rate. */
  readonly shownPrice: (offer: Offer) => Money
  readonly policy: BookingPolicy
  /** Where customers live who do not say, ISO 3166-1 alpha-2; null where nobody knows. */
  readonly guestCountry?: string | null
  /** Where the traveller's browser comes back to, without a slash at the end. */
  readonly publicUrl: string
}
