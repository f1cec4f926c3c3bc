import { money } from '../../src/kernel/money.ts'
import { instant, parseInstant, parseZonedTime, toIso, type ZonedTime } from '../../src/kernel/time.ts'
import type { Leg } from '../../src/search/self-transfer/index.ts'
import type { FlightOffer } from '../../src/travel/flight.ts'
import { flightOffer, segment } from './offers.ts'

const MINUTE = 60_000
const start = parseInstant('2026-12-01T00:00:00Z')

export type Flight = { from: string; to: string; leaves: number; minutes: number; dollars: number; number?: number; offset?: string | null }

/** A flight of one ticket; `leaves` in minutes after midnight UTC. */
export function leg(flight: Flight, changes: Partial<FlightOffer> = {}): Leg {
  const { from, to, leaves, minutes, dollars, number = 1, offset = '+00:00' } = flight
  const at = (minute: number): ZonedTime => ({ ...parseZonedTime(toIso(instant(start + minute * MINUTE))), offset })
  const total = money(Math.round(dollars * 100), 'USD')
  const flown = segment({
    carrier: 'XX',
    flightNumber: String(number),
    origin: from,
    destination: to,
    departure: at(leaves),
    arrival: at(leaves + minutes),
  })
  const offer = flightOffer({
    total,
    passengers: [{ type: 'adult', count: 1, total, base: null, taxes: null }],
    slices: [{ origin: from, destination: to, durationMinutes: minutes, segments: [flown] }],
    ...changes,
  })
  return { offer, id: `off_${from}${number}_${leaves}_${dollars}`, shown: offer.total }
}

/** Flights of one ticket over all these airports, an hour each and an hour at each. */
export function legOver(airports: readonly string[], flight: Pick<Flight, 'leaves' | 'dollars' | 'number'>): Leg {
  const flown = airports.slice(1).map((to, i) => {
    return leg({ ...flight, from: airports[i]!, to, leaves: flight.leaves + 120 * i, minutes: 60 })
  })
  const segments = flown.flatMap((one) => one.offer.slices[0]!.segments)
  const [origin, destination] = [airports[0]!, airports[airports.length - 1]!]
  const whole = { origin, destination, durationMinutes: 120 * flown.length - 60, segments }
  return { ...flown[0]!, id: `${flown[0]!.id}_${airports.join('')}`, offer: { ...flown[0]!.offer, slices: [whole] } }
}
