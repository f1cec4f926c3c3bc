import { isStay, type Booking } from '../api/types.ts'

export type Seller = 'airline' | 'hotel'

/** Who sells what was booked, as the traveller calls it. */
export function sellerOf(booking: Pick<Booking, 'offer'>): Seller {
  return isStay(booking.offer) ? 'hotel' : 'airline'
}

/** True where the hotel takes the money itself. */
export function isPaidThere({ offer }: Pick<Booking, 'offer'>): boolean {
  return isStay(offer) && offer.pay_at === 'property'
}

/** Where a booking stands, in one line. */
export function headlineOf(booking: Booking, wasRefused: boolean): string {
  if (booking.refund?.reason === 'schedule_change') {
    if (booking.stage === 'refunding') return 'Ticket given back. Your money is on its way back'
    if (booking.stage === 'refunded') return 'Ticket given back. Refunded in full'
  }
  if (sellerOf(booking) === 'airline') return flightHeadlines[booking.stage]
  if (wasRefused) return 'Not confirmed. Nothing was charged'
  if (isPaidThere(booking)) {
    if (booking.stage === 'awaiting_payment') return 'Not sent to the hotel yet'
    if (booking.stage === 'confirming') return 'Waiting for the hotel'
  }
  return stayHeadlines[booking.stage]
}

const flightHeadlines: Record<Booking['stage'], string> = {
  awaiting_payment: 'Waiting for your payment',
  confirming: 'Paid. Waiting for the airline',
  ticketed: 'Your ticket is issued',
  refunding: 'Not ticketed. Your money is on its way back',
  refunded: 'Not ticketed. Refunded in full',
  cancelled: 'Cancelled',
}

const stayHeadlines: Record<Booking['stage'], string> = {
  awaiting_payment: 'Waiting for your payment',
  confirming: 'Paid. Waiting for the hotel',
  ticketed: 'Your stay is confirmed',
  refunding: 'Not confirmed. Your money is on its way back',
  refunded: 'Not confirmed. Refunded in full',
  cancelled: 'Cancelled',
}
