import type { Offer, SelfTransfer } from '../api/types.ts'
import { layoverMinutes } from '../ui/time-words.ts'

/** One of the tickets a journey is made of: where it goes, and the offer it is booked as. */
export type Ticket = { offerId: string; origin: string; destination: string }

/** After which flight, counted from 0, the traveller changes without protection; null when the flights do not show it. */
export function transferIndex({ slices }: Pick<Offer, 'slices'>, transfer: SelfTransfer): number | null {
  const { arrival_airport, departure_airport, minutes } = transfer.connection
  const [slice] = slices
  if (slice === undefined) return null
  const candidates = slice.segments.flatMap((segment, i) =>
    segment.destination === arrival_airport && slice.segments[i + 1]?.origin === departure_airport ? [i] : [],
  )
  // A journey may pass the same airport twice; the wait tells which connection is meant.
  return candidates.find((i) => layoverMinutes(slice, i) === minutes) ?? candidates[0] ?? null
}

/** The two tickets of a self-transfer journey, parted at the connection nobody answers for. */
export function ticketsOf(offer: Pick<Offer, 'slices'>, transfer: SelfTransfer): Ticket[] {
  const { arrival_airport, departure_airport } = transfer.connection
  const origin = offer.slices[0]?.origin ?? ''
  const destination = offer.slices.at(-1)?.destination ?? ''
  const ends = [
    { origin, destination: arrival_airport },
    { origin: departure_airport, destination },
  ]
  return transfer.offer_ids.map((offerId, i) => ({ offerId, ...(ends[i] ?? { origin: departure_airport, destination }) }))
}

/** What a traveller must do there and who answers for it. */
export function transferWords({ connection }: SelfTransfer): string {
  const { arrival_airport: arrival, departure_airport: departure } = connection
  const what =
    arrival === departure
      ? `You collect bags and check in again at ${arrival}.`
      : `You collect bags at ${arrival} and check in again at another airport, ${departure}.`
  return `Two separate tickets. ${what} If flight 1 is late, flight 2 isn't protected.`
}
