import type { Money } from '../kernel/money.ts'

/** Where one flight coupon of an e-ticket stands. `other` keeps a code we do not know from being read as open. */
export type CouponStatus = 'open' | 'checked_in' | 'flown' | 'exchanged' | 'refunded' | 'void' | 'suspended' | 'other'

export type Coupon = {
  readonly number: number
  readonly status: CouponStatus
  readonly carrier: string | null
  readonly flightNumber: string | null
  readonly origin: string | null
  readonly destination: string | null
}

/** An electronic ticket. `number` is text: 13 digits, leading zeros count. */
export type Ticket = {
  readonly number: string
  /** "GIVEN FAMILY" as the supplier prints it, null when the message does not say whose it is. */
  readonly passengerName: string | null
  readonly coupons: readonly Coupon[]
}

/** How the airline holds a segment: a waitlisted one is not confirmed. */
export type SegmentHold = {
  readonly carrier: string
  readonly flightNumber: string
  readonly status: 'confirmed' | 'waitlisted' | 'cancelled' | 'unknown'
}

/** What a supplier keeps under a locator: the booking on its side. */
export type Reservation = {
  /** The airline booking reference the traveller uses (PNR). */
  readonly pnr: string
  /** Everything the adapter needs to find it again: locators, order ids. Opaque to everyone else. */
  readonly supplierRef: string
  readonly status: 'active' | 'cancelled' | 'unknown'
  readonly segments: readonly SegmentHold[]
  readonly total: Money | null
  readonly tickets: readonly Ticket[]
  /** By when it must be paid or ticketed, as stated; null when not. */
  readonly ticketBy: string | null
}
