import type { Baggage, Offer, PassengerType, Penalty, Segment, Slice } from '../api/types.ts'
import { moneyWords } from './money-words.ts'

// Apart, so that the search form need not load words for fares.
export { cabinWords, passengerWords, travellersWords } from './traveller-words.ts'

/** Everyone an offer is for, and how many of each. */
export function offerCounts(offer: Offer): { adults: number; children: number; infants: number; total: number } {
  const of = (type: PassengerType) => offer.passengers.filter((fare) => fare.type === type).reduce((sum, fare) => sum + fare.count, 0)
  const counts = { adults: of('adult'), children: of('child'), infants: of('infant') }
  return { ...counts, total: counts.adults + counts.children + counts.infants }
}

/** "Direct", "1 stop: SIN"; an unknown place is left to the number. */
export function stopsWords(slice: Slice): string {
  if (slice.stops === 0) return 'Direct'
  const places = connectionPlaces(slice)
  return `${slice.stops} ${slice.stops === 1 ? 'stop' : 'stops'}${places.length === 0 ? '' : `: ${places.join(', ')}`}`
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

/** "Refund: not stated", "Not refundable", "Refundable, fee $40.00". */
export function refundWords(offer: Pick<Offer, 'refundable' | 'penalties'>): string {
  return ruleWords(offer.refundable, 'refund', offer.penalties, ['Refundable', 'Not refundable', 'Refund: not stated'])
}

/** "Changes: not stated", "No changes", "Changeable, fee $40.00". */
export function changeWords(offer: Pick<Offer, 'changeable' | 'penalties'>): string {
  return ruleWords(offer.changeable, 'change', offer.penalties, ['Changeable', 'No changes', 'Changes: not stated'])
}

function ruleWords(
  allowed: boolean | null,
  kind: Penalty['kind'],
  penalties: readonly Penalty[],
  [yes, no, unknown]: [string, string, string],
): string {
  if (allowed === null) return unknown
  if (!allowed) return no
  const fee = penalties.find((penalty) => penalty.kind === kind && penalty.allowed !== false)?.amount ?? null
  if (fee === null) return yes
  return /^0+(\.0+)?$/.test(fee.amount) ? `${yes}, no fee` : `${yes}, fee ${moneyWords(fee)}`
}

/** "118 kg CO2e", of all travellers together as the supplier states it; null when it does not. */
export function emissionsWords(offer: Pick<Offer, 'emissions_kg' | 'passengers'>): string | null {
  if (offer.emissions_kg === null) return null
  const travellers = offer.passengers.reduce((sum, fare) => sum + fare.count, 0)
  return `${offer.emissions_kg} kg CO2e${travellers > 1 ? ' for everyone' : ''}`
}
