import type { FlightNames } from './flight-words.ts'
import { findCarrier, findPlace } from './places.ts'

/** Carriers and cities by our own reference data. */
export const flightNames: FlightNames = {
  carrier: (code) => findCarrier(code)?.name,
  place: (code) => findPlace(code)?.city,
}
