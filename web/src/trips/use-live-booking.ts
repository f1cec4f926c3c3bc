import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { bookingQuery, isFinal, streamBooking } from '../api/bookings.ts'
import type { Booking } from '../api/types.ts'

const pollMs = 3_000

/** The booking as it changes: pushed while the connection stands, asked every three seconds while it does not. */
export function useLiveBooking(bookingId: string) {
  const client = useQueryClient()
  const [isLive, setLive] = useState(false)
  const query = useQuery({
    ...bookingQuery(bookingId),
    refetchInterval: (current) => (isLive || (current.state.data !== undefined && isSettled(current.state.data)) ? false : pollMs),
  })
  const exists = query.data !== undefined

  useEffect(() => {
    if (!exists) return undefined
    return streamBooking(bookingId, {
      onBooking: (booking) => client.setQueryData(bookingQuery(bookingId).queryKey, booking),
      onState: setLive,
    })
  }, [client, bookingId, exists])

  const setBooking = (booking: Booking) => void client.setQueryData(bookingQuery(bookingId).queryKey, booking)
  return { booking: query.data, problem: query.error, isLive, refetch: query.refetch, setBooking }
}

/** True when nothing more is to come: final, a ticket has its document, and no answer to the airline is under way. */
export function isSettled(booking: Booking): boolean {
  if (booking.schedule_changes.some((change) => change.status === 'answering')) return false
  return isFinal(booking.status) && (booking.status !== 'TICKETED' || booking.documents.length > 0)
}
