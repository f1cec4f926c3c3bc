import { money, type Money } from '../../kernel/money.ts'
import { instant, type Instant, type LocalDate } from '../../kernel/time.ts'
import type { CabinClass, FlightQuery } from '../../travel/flight.ts'
import { isThereAndBack } from '../question/search-query.ts'
import { passengerCode, type PassengerCounts } from '../../travel/passenger.ts'

/** The lowest net price of one question, or the fact that nothing was found. Net, so that another markup needs no purge. */
export type PriceFact = {
  /** In whole seconds. */
  readonly checkedAt: Instant
  /** How many offers were found; 0 exactly where `cheapest` is null. */
  readonly offers: number
  readonly cheapest: { readonly net: Money; readonly provider: string } | null
}

/** Everything about a question except its dates. */
export type PriceRoute = {
  readonly origin: string
  readonly destination: string
  readonly passengers: PassengerCounts
  readonly cabin: CabinClass
}

/** The days of a journey; `returnDate` null is one way. */
export type PriceDates = { readonly departureDate: LocalDate; readonly returnDate: LocalDate | null }

/** A fact's place: the hash of its route, and the field of its dates. */
export type PricePlace = { readonly key: string; readonly field: string }

/** A clock that runs this much ahead of ours is believed. */
export const AHEAD_MS = 5 * 60_000

/** The hash of a route: all one-way prices in one, all round trips in another. The braces keep both on one node of a cluster. */
export function priceKeyOf(route: PriceRoute, isRoundTrip: boolean): string {
  return `flight:h:{${route.origin}:${route.destination}:${route.cabin}:${passengerCode(route.passengers)}}${isRoundTrip ? ':r' : ''}`
}

/** "2026-12-01", or "2026-12-01_2026-12-10". */
export function priceFieldOf({ departureDate, returnDate }: PriceDates): string {
  return returnDate === null ? departureDate : `${departureDate}_${returnDate}`
}

/** Where a query's price is kept; null for what is neither one way nor there and back. */
export function pricePlaceOf(query: FlightQuery): PricePlace | null {
  const [outbound, inbound, ...more] = query.slices
  if (outbound === undefined || more.length > 0) return null
  if (inbound !== undefined && !isThereAndBack(query.slices)) return null
  const route = { origin: outbound.origin, destination: outbound.destination, passengers: query.passengers, cabin: query.cabin }
  const dates = { departureDate: outbound.departureDate, returnDate: inbound?.departureDate ?? null }
  return { key: priceKeyOf(route, inbound !== undefined), field: priceFieldOf(dates) }
}

/** "1793491200 12 41250 USD travelport", or "1793491200 0" where nothing was found. Begins with the time: the store's script reads it. */
export function encodePriceFact(fact: PriceFact): string {
  const head = `${secondsOf(fact.checkedAt)} ${fact.offers}`
  return fact.cheapest === null ? head : `${head} ${fact.cheapest.net.amount} ${fact.cheapest.net.currency} ${fact.cheapest.provider}`
}

const FACT = /^(\d{1,11}) (?:0|([1-9]\d{0,6}) (\d{1,16}) ([A-Z]{3}) (\S{1,64}))$/

/** The fact, or null for anything that {@link encodePriceFact} did not write. */
export function decodePriceFact(text: string): PriceFact | null {
  const [, seconds, offers, amount, currency, provider] = FACT.exec(text) ?? []
  if (seconds === undefined) return null
  const checkedAt = instant(Number(seconds) * 1000)
  if (offers === undefined) return { checkedAt, offers: 0, cheapest: null }
  try {
    return { checkedAt, offers: Number(offers), cheapest: { net: money(Number(amount), currency!), provider: provider! } }
  } catch {
    return null // a currency that is none, an amount beyond counting
  }
}

/** The whole second in which an instant lies. */
export function secondsOf(at: Instant): number {
  return Math.floor(at / 1000)
}
