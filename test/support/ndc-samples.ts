import { readdirSync, readFileSync } from 'node:fs'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import type { FlightOffer, Segment } from '../../src/travel/flight.ts'
import { translate } from '../../src/providers/ndc/translate.ts'

/** Messages of our own making in the shapes that airlines' real ones have. They are named after the message and its version. */
const FOLDER = new URL('../../fixtures/ndc/samples/', import.meta.url)

/** All of them, by their names without ".xml". */
export const SAMPLES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.xml'))
  .map((name) => name.slice(0, -4))
  .sort()

/** The text of a sample. */
export function readSample(name: string): string {
  return readFileSync(new URL(`${name}.xml`, FOLDER), 'utf8')
}

/** The offers that a sample of a search or price reply holds. */
export function offersIn(name: string): readonly FlightOffer[] {
  const translation = translate('shop', readSample(name))
  if (translation.kind !== 'offers') throw new Error(`${name} holds ${translation.kind}`)
  return translation.offers
}

/** What is flown: "GF2 LHR-BAH" by slice. */
export function flightsIn(offer: FlightOffer): readonly (readonly string[])[] {
  return offer.slices.map((slice) => slice.segments.map((one) => `${one.carrier}${one.flightNumber} ${one.origin}-${one.destination}`))
}

/** All its segments. */
export function segmentsIn(offer: FlightOffer): readonly Segment[] {
  return offer.slices.flatMap((slice) => slice.segments)
}

/** "EUR 12.00", or null. */
export function textOf(money: Money | null): string | null {
  return money && formatMoney(money)
}

/** Who pays what: ["adult", 2, "EUR 900.00"]. */
export function faresIn(offer: FlightOffer): readonly (readonly [string, number, string | null])[] {
  return offer.passengers.map((fare) => [fare.type, fare.count, textOf(fare.total)] as const)
}
