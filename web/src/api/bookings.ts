import { queryOptions } from '@tanstack/react-query'
import { request } from './client.ts'
import type { Booking, BookingOrder, BookingStatus, Money, Payment } from './types.ts'

/** Places the booking; the same key and order never place a second one. */
export function placeBooking(order: BookingOrder, idempotencyKey: string): Promise<Booking> {
  return request('POST', '/v1/bookings', { body: order, idempotencyKey })
}

/** Opens a payment on the hosted page and says where it is. */
export function startPayment(bookingId: string, expectedTotal: Money, idempotencyKey: string): Promise<Payment> {
  return request('POST', `/v1/bookings/${encodeURIComponent(bookingId)}/payments`, {
    body: { expected_total: expectedTotal, return_url: `/trips/${bookingId}` },
    idempotencyKey,
  })
}

export function bookingQuery(bookingId: string) {
  return queryOptions({
    queryKey: ['booking', bookingId],
    queryFn: ({ signal }) => request<Booking>('GET', `/v1/bookings/${encodeURIComponent(bookingId)}`, { signal }),
    staleTime: 0,
  })
}

/** True when nothing more happens by itself and nobody needs to watch. */
export function isFinal(status: BookingStatus): boolean {
  return status === 'TICKETED' || status === 'REFUNDED' || status === 'CANCELLED'
}

export type BookingStreamListener = { onBooking: (booking: Booking) => void; onState: (isLive: boolean) => void }

/** Follows a booking until it ends, connecting again by itself; `onState` says whether news arrive. Returns the function that stops. */
export function streamBooking(bookingId: string, listener: BookingStreamListener): () => void {
  if (typeof EventSource === 'undefined') return () => undefined
  const stream = new EventSource(`/v1/bookings/${encodeURIComponent(bookingId)}/events`)
  stream.addEventListener('open', () => listener.onState(true))
  stream.addEventListener('booking', (event) => listener.onBooking(JSON.parse((event as MessageEvent<string>).data) as Booking))
  stream.addEventListener('error', () => listener.onState(false))
  stream.addEventListener('done', () => stream.close())
  return () => {
    stream.close()
    listener.onState(false)
  }
}
