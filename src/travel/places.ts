/**
 * The places of the trade: airports, cities with several of them, and what a clock shows there. Source:
 * docs/decisions/2026-11-21-reference-data.md.
 */
export { airportsOf, findPlace, listPlaces, type Place } from './place-table.ts'
export { searchPlaces } from './search-places.ts'
export { zonedOffset } from './zoned-offset.ts'
export { durationMinutes } from './flight-duration.ts'
export { findCarrier } from './carriers.ts'
export { airportsNear, isSamePlace, type NearbyPlace } from './places-near.ts'
