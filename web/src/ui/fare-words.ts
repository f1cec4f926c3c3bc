import type { Baggage, Offer, PassengerType, Segment, Slice } from '../api/types.ts'
import { passengerWordsByType } from './traveller-words.ts'

// Apart, so that the search form need not load words for fares.
export { cabinWords, passengerWords, travellersWords } from './traveller-words.ts'

/** Everyone an offer is for, and how many of each. */
export function offerCounts(offer: Offer): { adults: number; children: number; infants: number; total: number } {
  const of = (type: PassengerType) => offer.passengers.filter((fare) => fare.type === type).reduce((sum, fare) => sum + fare.count, 0)
  const counts = { adults: of('adult'), children: of('child'), infants: of('infant') }
  return { ...counts, total: counts.adults + counts.children + counts.infants }
}

/** "Direct", "1 stop: SIN", "Direct, stops in DPS"; an unknown place is left to the number. */
export function stopsWords(slice: Slice): string {
  const technical = technicalStops(slice.segments)
  const also = technical.length === 0 ? '' : `, stops in ${technical.join(' and ')}`
  if (slice.stops === 0) return `Direct${also}`
  const places = connectionPlaces(slice)
  return `${slice.stops} ${slice.stops === 1 ? 'stop' : 'stops'}${places.length === 0 ? '' : `: ${places.join(', ')}`}${also}`
}

/** Where flights land on the way without a change of plane, as far as it is stated. */
export function technicalStops(segments: readonly Pick<Segment, 'technical_stops'>[]): string[] {
  return segments.flatMap((segment) => segment.technical_stops ?? [])
}

/** "Stops in DPS without change of plane"; null when no stop is stated. `placeName` gives an airport its name where known. */
export function technicalStopsWords(
  segment: Pick<Segment, 'technical_stops'>,
  placeName: (code: string) => string | undefined = () => undefined,
): string | null {
  const places = technicalStops([segment]).map((code) => {
    const name = placeName(code)
    return name === undefined ? code : `${code} ${name}`
  })
  return places.length === 0 ? null : `Stops in ${places.join(' and ')} without change of plane`
}

/** A place on the line of a slice: where flights are changed, and where one only lands. */
export type RoutePoint = { place: string; isChange: boolean }

/** The places between both ends in the order they are come to. */
export function routePoints(slice: Slice): RoutePoint[] {
  const changes = connectionPlaces(slice)
  return slice.segments.flatMap((segment, i) => [
    ...technicalStops([segment]).map((place) => ({ place, isChange: false })),
    ...(changes[i] === undefined ? [] : [{ place: changes[i], isChange: true }]),
  ])
}

/** Where flights are changed, in order; two codes joined when the airport changes too. */
export function connectionPlaces(slice: Slice): string[] {
  return slice.segments.slice(0, -1).map((segment, i) => {
    const next = slice.segments[i + 1]!
    return next.origin === segment.destination ? segment.destination : `${segment.destination} → ${next.origin}`
  })
}

/** The carriers of a journey by name, each once, in the order flown. */
export function carrierNames(slices: readonly Slice[]): string {
  const names = slices.flatMap((slice) => slice.segments.map((segment) => segment.carrier_name ?? segment.carrier))
  return [...new Set(names)].join(', ')
}

/** The fare families of a journey, each once; empty when no segment states one. */
export function brandNames(slices: readonly Slice[]): string {
  const names = slices
    .flatMap((slice) => slice.segments.map((segment) => segment.brand))
    .filter((name): name is string => name !== null && name !== '')
  return [...new Set(names)].join(', ')
}

/**
 * The baggage of a journey in words. What no segment states is "not stated", never "none"; where segments differ the
 * traveller is told so instead of the better one.
 */
export function baggageWords(slices: readonly Slice[]): string {
  const segments = slices.flatMap((slice) => slice.segments)
  if (segments.every((segment) => segment.baggage.length === 0)) return 'Bags: not stated'
  const each = segments.map(segmentBaggageWords)
  const first = each[0]!
  return each.every((words) => words === first) ? first : 'Bags differ by flight, see details'
}

/** The baggage of one flight in words. */
export function segmentBaggageWords(segment: Pick<Segment, 'baggage'>): string {
  if (segment.baggage.length === 0) return 'Bags: not stated'
  const parts = segment.baggage.map(allowanceWords)
  if (!segment.baggage.some((bag) => bag.kind === 'checked')) parts.push('checked bag not stated')
  const words = parts.join(', ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/**
 * What other passengers than the first type may bring, where that is something else: "Children: 1 checked bag", "Infants: bags
 * not stated", "Children: bags differ by flight, see details".
 */
export function otherBaggageWords(offer: Pick<Offer, 'passengers'>): string[] {
  return offer.passengers.flatMap(({ type, baggage }) => {
    if (baggage === null) return []
    const each = baggage.map((allowance) => bagsOnlyWords(allowance))
    return `${typeWords(type)}: ${each.every((words) => words === each[0]) ? each[0] : 'bags differ by flight, see details'}`
  })
}

/** The same of one flight of a slice, both counted from 0: only types whose bags differ from the flight's own. */
export function segmentOtherBaggageWords(offer: Pick<Offer, 'passengers' | 'slices'>, slice: number, index: number): string[] {
  const own = offer.slices[slice]?.segments[index]
  const flownBefore = offer.slices.slice(0, slice).reduce((sum, { segments }) => sum + segments.length, 0)
  return offer.passengers.flatMap(({ type, baggage }) => {
    const allowance = baggage?.[flownBefore + index]
    if (own === undefined || allowance === undefined || bagsOnlyWords(allowance) === bagsOnlyWords(own.baggage)) return []
    return `${typeWords(type)}: ${bagsOnlyWords(allowance)}`
  })
}

function typeWords(type: PassengerType): string {
  const many = passengerWordsByType[type][1]
  return many.charAt(0).toUpperCase() + many.slice(1)
}

function bagsOnlyWords(baggage: readonly Baggage[]): string {
  const words = segmentBaggageWords({ baggage: [...baggage] })
  return words.charAt(0).toLowerCase() + words.slice(1).replace('ags: ', 'ags ')
}

function allowanceWords(bag: Baggage): string {
  const names = {
    personal: ['personal item', 'personal items'],
    carry_on: ['cabin bag', 'cabin bags'],
    checked: ['checked bag', 'checked bags'],
  } as const
  const [one, many] = names[bag.kind]
  const weight = bag.weight_kg === null ? '' : ` (${bag.weight_kg} kg${bag.pieces !== null && bag.pieces > 1 ? ' each' : ''})`
  if (bag.pieces === 0) return `no ${one}`
  if (bag.pieces === null) return bag.weight_kg === null ? `${one} included` : `${many} up to ${bag.weight_kg} kg`
  return `${bag.pieces} ${bag.pieces === 1 ? one : many}${weight}`
}

/** "118 kg CO2e", of all travellers together as the supplier states it; null when it does not. */
export function emissionsWords(offer: Pick<Offer, 'emissions_kg' | 'passengers'>): string | null {
  if (offer.emissions_kg === null) return null
  const travellers = offer.passengers.reduce((sum, fare) => sum + fare.count, 0)
  return `${offer.emissions_kg} kg CO2e${travellers > 1 ? ' for everyone' : ''}`
}
