import { parseInstant, type Instant } from '../../kernel/time.ts'
import type { FlightOffer, PassengerFare, Penalty, Segment, Slice } from '../../travel/flight.ts'
import type { PassengerType } from '../../travel/passenger.ts'
import type { XmlElement } from '../../platform/xml.ts'
import type { ShopReply } from '../contract.ts'
import { rawAmount, readPrices, totalElement, type MoneyReader, type RawAmount } from './amounts.ts'
import { all, any, at, malformed, refs, value } from './elements.ts'
import { LIST_ELEMENTS_17 } from './from-wire-17.ts'
import { LIST_ELEMENTS_21 } from './from-wire-21.ts'
import { minutesBetween, type Journey, type Lists } from './lists.ts'
import { partOf, partsOf, readLists, type Message } from './message.ts'
import { createAllowances, type Allowances } from './read-allowances.ts'
import { BAGGAGE_ELEMENTS } from './read-baggage.ts'
import { createComponents, type Components } from './read-components.ts'
import { FARE_ELEMENTS, readFare, readItems, type Item } from './read-fares.ts'
import { createItineraries, flightRefs, REFERENCE_ELEMENTS, type Itineraries } from './read-itinerary.ts'
import { distinct, isAllowed, PENALTY_ELEMENTS } from './read-penalties.ts'
import type { OfferToken } from './wire.ts'

/** Offers made of one reply, so that 200 000 elements cannot multiply into more than anyone looks at. */
const OFFERS_MAX = 5_000

/** Every element that is read of a search reply, for a scanner that leaves the others out. A name missing here would be read as absent. */
export const SHOP_ELEMENTS: readonly string[] = [
  ...[
    'AirShoppingRS',
    'IATA_AirShoppingRS',
    'Envelope',
    'Body',
    'Fault',
    'faultcode',
    'faultstring',
    'Reason',
    'Response',
    'Errors',
    'Error',
  ],
  ...[
    'Message',
    'TagText',
    'StatusText',
    'Status',
    'OffersGroup',
    'AirlineOffers',
    'CarrierOffers',
    'Offer',
    'OfferID',
    'Owner',
    'OwnerCode',
  ],
  ...['ShoppingResponseID', 'ShoppingResponse', 'ShoppingResponseRefID', 'ResponseID', 'ValidatingCarrier', 'ValidatingCarrierCode'],
  ...['TimeLimits', 'OfferExpiration', 'DateTime', 'Payment', 'OtherLimits', 'OtherLimit', 'TicketByTimeLimit', 'TicketBy'],
  ...[
    'OfferExpirationTimeLimitDateTime',
    'OfferExpirationDateTime',
    'PaymentTimeLimit',
    'PaymentTimeLimitDate',
    'PaymentTimeLimitDateTime',
  ],
  ...['PriceGuaranteeTimeLimitDateTime', 'PriceGuaranteeTimeLimit', 'FlightsOverview', 'JourneyOverview', 'JourneyPriceClass'],
  ...['PriceClassRef', 'PriceClassRefID', 'FareBasis', 'BaggageAssociations', 'BaggageAllowanceRef', 'BaggageAllowanceRefID'],
  ...['ServiceDefinitionRefID', 'ServiceDefinitionList', 'ServiceDefinition', 'ServiceDefinitionID', 'ServiceDefinitionAssociation'],
  ...['DataLists', 'DataList', 'Individual', 'IdentityDocument', 'IdentityDoc', 'GivenName', 'Given', 'Surname', 'Quantity', 'Desc'],
  ...['Metadata', 'Other', 'OtherMetadata', 'CurrencyMetadatas', 'CurrencyMetadata', 'Decimals', 'SeatAssignment', 'SelectedSeat'],
  ...LIST_ELEMENTS_17,
  ...LIST_ELEMENTS_21,
  ...BAGGAGE_ELEMENTS,
  ...FARE_ELEMENTS,
  ...PENALTY_ELEMENTS,
  ...REFERENCE_ELEMENTS,
]

/** What one message needs to make sense of its offers. */
type Scope = {
  readonly provider: string
  readonly lists: Lists
  readonly moneyOf: MoneyReader
  readonly itineraries: Itineraries
  readonly response: string | null
}

/** The offers of AirShoppingRS. */
export function offersOf(message: Message): readonly XmlElement[] {
  const groups = partsOf(message, 'OffersGroup').flatMap((group) => all(group, 'AirlineOffers', 'CarrierOffers'))
  return groups.flatMap((group) => all(group, 'Offer'))
}

/** The offer of OfferPriceRS. Offers beside it, which cost more and include more, are not what was asked about. */
export function pricedOffersOf(message: Message): readonly XmlElement[] {
  return partsOf(message, 'PricedOffer').flatMap((priced) => (value(priced, 'OfferID') === undefined ? all(priced, 'Offer') : [priced]))
}

/**
 * Reads offers. Each counts as a solution; one whose flights or total cannot be told for certain is none that anybody could
 * be offered. Throws ProviderError when none of them makes sense for reasons of the message's own.
 */
export function readOffers(message: Message, provider: string, elements: readonly XmlElement[]): ShopReply {
  const { lists, moneyOf } = readLists(message, () => samplesOf(elements))
  const itineraries = createItineraries(lists)
  const scope: Scope = { provider, lists, moneyOf, itineraries, response: responseOf(message) }
  const offers: FlightOffer[] = []
  const ids = new Map<string, number>()
  for (const [solution, element] of elements.entries()) {
    if (offers.length >= OFFERS_MAX) break
    const offer = readOffer(element, solution, scope)
    if (!offer) continue
    const times = ids.get(offer.id) ?? 0
    ids.set(offer.id, times + 1)
    offers.push(times === 0 ? offer : { ...offer, id: `${offer.id}.${times}` })
  }
  if (offers.length === 0 && elements.length > 0 && lists.segments.size === 0) throw malformed('the message has offers and lists no flight')
  return { solutions: elements.length, offers }
}

/** The key under which the airline remembers this answer. */
function responseOf(message: Message): string | null {
  return value(partOf(message, 'ShoppingResponseID', 'ShoppingResponse'), 'ResponseID', 'ShoppingResponseRefID') ?? null
}

function* samplesOf(elements: readonly XmlElement[]): Generator<RawAmount> {
  for (const offer of elements) {
    const prices = [
      any(offer, 'TotalPrice'),
      ...all(offer, 'OfferItem').map((item) => any(item, 'TotalPriceDetail', 'Price', 'TotalPrice')),
    ]
    for (const price of prices) {
      for (const element of [totalElement(price), any(price, 'BaseAmount')]) {
        const raw = rawAmount(element)
        if (raw) yield raw
      }
    }
  }
}

function readOffer(element: XmlElement, solution: number, scope: Scope): FlightOffer | undefined {
  const id = value(element, 'OfferID')
  const items = readItems(element, scope.moneyOf)
  const journeys = journeysOf(element, items, scope)
  const { total, base, taxes, passengers } = readFare(items, readPrices(any(element, 'TotalPrice'), scope.moneyOf), scope)
  if (id === undefined || journeys.length === 0 || !total || passengers.length === 0) return undefined
  const components = createComponents(element, items, scope)
  const allowances = createAllowances(element, items, scope)
  const firstOf = (type: PassengerType): string | undefined =>
    paxOf(items, scope).find((key) => scope.lists.travellers.get(key)?.type === type)
  const slices = journeys.flatMap((journey) => toSlice(journey, { scope, components, allowances, pax: firstOf(passengers[0]!.type) }) ?? [])
  if (slices.length !== journeys.length) return undefined
  const keys = journeys.flatMap((journey) => journey.segments)
  const penalties = penaltiesOf(components, keys)
  return {
    id,
    provider: scope.provider,
    solution,
    total,
    base,
    taxes,
    passengers: passengers.map((fare, i) =>
      i === 0 ? fare : withBaggage(fare, keys, allowances, [firstOf(passengers[0]!.type), firstOf(fare.type)]),
    ),
    validatingCarrier: value(element, 'ValidatingCarrier', 'ValidatingCarrierCode') ?? null,
    refundable: isAllowed(penalties, 'refund'),
    changeable: isAllowed(penalties, 'change'),
    penalties,
    lastTicketingAt: ticketingLimit(element),
    priceGuaranteedUntil: instantOrNull(value(element, 'PriceGuaranteeTimeLimitDateTime')),
    expiresAt: expiryOf(element),
    slices,
    emissionsKg: null,
    selfTransfer: null,
    supplierToken: JSON.stringify(tokenOf(id, element, items, keys, scope)),
  }
}

/**
 * What an offer flies: as its overview says, else its services, else its fare components. References of which none leads
 * anywhere mean the one journey of a message that has one; when only some lead nowhere, a part of the offer is missing.
 */
function journeysOf(element: XmlElement, items: readonly Item[], { itineraries }: Scope): readonly Journey[] {
  const overview = [...all(any(element, 'FlightsOverview'), 'FlightRef'), ...all(any(element, 'JourneyOverview'), 'JourneyPriceClass')]
  const stated = overview.flatMap((one) => [...refs(one, 'PaxJourneyRefID'), ...(one.name === 'FlightRef' ? one.text.split(/\s+/) : [])])
  const sources = [
    stated.filter((reference) => reference !== ''),
    items.flatMap((item) => item.flights),
    items.flatMap((item) => item.details.flatMap((detail) => detail.components.flatMap(flightRefs))),
  ]
  for (const source of sources) {
    const slices = itineraries.slicesOf(source)
    if (slices.length > 0) return slices
  }
  const references = sources.flat()
  const { only } = itineraries
  return only && references.length > 0 && itineraries.segmentsOf(references).length === 0 ? [only] : []
}

type Bought = {
  readonly scope: Scope
  readonly components: Components
  readonly allowances: Allowances
  readonly pax: string | undefined
}

function toSlice(journey: Journey, { scope, components, allowances, pax }: Bought): Slice | undefined {
  const segments: Segment[] = []
  for (const key of journey.segments) {
    const listed = scope.lists.segments.get(key)
    if (!listed) return undefined
    segments.push({ ...listed, ...components.fareOf(key, listed), baggage: allowances.of(key, pax) })
  }
  const first = segments[0]
  const last = segments[segments.length - 1]
  if (!first || !last) return undefined
  return {
    origin: first.origin,
    destination: last.destination,
    durationMinutes: journey.durationMinutes ?? minutesBetween(first.departure, last.arrival),
    segments,
  }
}

/** The penalties of the first passenger type on all that is flown. */
function penaltiesOf(components: Components, keys: readonly string[]): readonly Penalty[] {
  return distinct(keys.flatMap((key) => components.penaltiesOf(key)))
}

function withBaggage(
  fare: PassengerFare,
  keys: readonly string[],
  allowances: Allowances,
  [first, own]: readonly (string | undefined)[],
): PassengerFare {
  const baggage = keys.map((key) => allowances.of(key, own))
  const isSame = JSON.stringify(baggage) === JSON.stringify(keys.map((key) => allowances.of(key, first)))
  return isSame ? fare : { ...fare, baggage }
}

function paxOf(items: readonly Item[], { lists }: Scope): readonly string[] {
  const named = items.flatMap((item) => item.pax).filter((key) => lists.travellers.has(key))
  return named.length > 0 ? [...new Set(named)] : [...lists.travellers.keys()]
}

function tokenOf(id: string, element: XmlElement, items: readonly Item[], segments: readonly string[], scope: Scope): OfferToken {
  return {
    v: 1,
    owner: value(element, 'Owner', 'OwnerCode') ?? '',
    response: scope.response,
    offer: id,
    items: items.filter((item) => item.id !== '').map((item) => ({ id: item.id, pax: item.pax })),
    pax: paxOf(items, scope).map((key) => [key, scope.lists.travellers.get(key)!.code] as const),
    segments,
  }
}

/** By when it must be paid, which is when it is ticketed. */
function ticketingLimit(element: XmlElement): string | null {
  const limits = any(element, 'TimeLimits')
  const item = all(element, 'OfferItem').map((one) => any(one, 'PaymentTimeLimit'))[0]
  return (
    value(at(limits, 'OtherLimits', 'OtherLimit', 'TicketByTimeLimit'), 'TicketBy') ??
    value(any(limits, 'Payment', 'PaymentTimeLimit'), 'DateTime', 'Timestamp') ??
    value(element, 'PaymentTimeLimitDateTime') ??
    value(any(any(element, 'PaymentTimeLimit'), 'PaymentTimeLimitDate'), 'PaymentTimeLimitDateTime') ??
    value(any(item, 'PaymentTimeLimitDate') ?? item, 'PaymentTimeLimitDateTime') ??
    null
  )
}

function expiryOf(element: XmlElement): Instant | null {
  const expiration = any(any(element, 'TimeLimits'), 'OfferExpiration') ?? any(element, 'OfferExpiration')
  return instantOrNull(
    value(element, 'OfferExpirationTimeLimitDateTime', 'OfferExpirationDateTime') ?? value(expiration, 'DateTime', 'Timestamp'),
  )
}

/** A moment; a time without an offset is at nobody knows which place, and so is none. */
function instantOrNull(text: string | undefined): Instant | null {
  if (text === undefined) return null
  try {
    return parseInstant(text)
  } catch {
    return null
  }
}
