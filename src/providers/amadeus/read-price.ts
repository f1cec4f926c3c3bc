import { isSameMoney, subtractMoney, type Money } from '../../kernel/money.ts'
import { daysBetween, type LocalDate, type LocalDateTime } from '../../kernel/time.ts'
import { child, children, descendants, type XmlElement } from '../../platform/xml.ts'
import type { Baggage, FlightOffer, PassengerFare, Segment, Slice } from '../../travel/flight.ts'
import type { PassengerType } from '../../travel/passenger.ts'
import type { ShopReply } from '../contract.ts'
import { PROVIDER_ID } from './exchange.ts'
import { readRemarks, type Terms } from './read-penalties.ts'
import {
  at,
  malformed,
  readAllowance,
  readCount,
  readDate,
  readMoneyOrNull,
  readNamedDate,
  required,
  sumKnown,
  textAt,
  timesKnown,
} from './read-values.ts'
import { toCabin, toPassengerType, type OfferToken } from './wire.ts'

/** What a flight costs and carries, as a price reply tells it: it states a date and no times. */
export type PricedSegment = {
  readonly carrier: string
  readonly flightNumber: string
  readonly origin: string
  readonly destination: string
  readonly date: LocalDate | null
  readonly bookingClass: string | null
  readonly cabin: Segment['cabin']
  readonly fareBasis: string | null
  readonly baggage: readonly Baggage[]
}

/** The price of an itinerary for all travellers, with what the fares say. */
export type PricedItinerary = {
  readonly total: Money
  readonly base: Money | null
  readonly taxes: Money | null
  readonly passengers: readonly PassengerFare[]
  readonly segments: readonly PricedSegment[]
  /** By segment; null where passenger types have different fares. */
  readonly commonFareBasis: readonly (string | null)[]
  readonly validatingCarrier: string | null
  readonly terms: Terms
  readonly lastTicketingAt: string | null
}

type Group = {
  readonly type: PassengerType
  readonly count: number
  readonly fare: XmlElement
  readonly unit: Money
  readonly base: Money | null
}

/**
 * Reads Fare_InformativePricingWithoutPNRReply and its relatives: a pricing group for each passenger type, whose amounts are those of
 * one passenger. Throws ProviderError('malformed') when a group has no total.
 */
export function readPrice(reply: XmlElement): PricedItinerary {
  const main = child(reply, 'mainGroup') ?? reply
  const groups = children(main, 'pricingGroupLevelGroup').map(readGroup)
  const first = groups[0]
  if (!first) throw malformed('the reply prices nothing')
  const currency = first.unit.currency
  const total = sumKnown(
    groups.map((one) => timesKnown(one.unit, one.count)),
    currency,
  )
  if (!total) throw malformed('the fares are in different currencies')
  const base = sumKnown(
    groups.map((one) => timesKnown(one.base, one.count)),
    currency,
  )
  const segments = children(first.fare, 'segmentLevelGroup').map(readSegment)
  const others = groups.slice(1).map((one) => children(one.fare, 'segmentLevelGroup').map((group) => readSegment(group).fareBasis))
  const texts = groups.flatMap((one) => children(one.fare, 'textData').map(readText))
  return {
    total,
    base,
    taxes: base ? subtractMoney(total, base) : null,
    passengers: mergeTypes(
      groups.map((one) => toFare(one, first, segments)),
      currency,
    ),
    segments,
    commonFareBasis: segments.map((one, place) =>
      others.every((own) => own[place] === undefined || own[place] === one.fareBasis) ? one.fareBasis : null,
    ),
    validatingCarrier:
      texts.map((text) => /VALIDATING CARRIER ([A-Z0-9]{2})\b/.exec(text)?.[1]).find((code) => code !== undefined) ??
      textAt(first.fare, 'pricingIndicators', 'companyDetails', 'otherCompany') ??
      null,
    terms: readRemarks([...new Set(texts)].map((text) => ({ text, amount: readPenaltyAmount(text, currency) }))),
    lastTicketingAt: texts.filter((text) => /LAST TKT/.test(text)).flatMap((text) => readNamedDate(text) ?? [])[0] ?? null,
  }
}

/** The offer that a price reply confirms: the flights as they were shown, at the price and under the terms of now. */
export function inShapeOf(priced: PricedItinerary, shown: FlightOffer): FlightOffer {
  let place = -1
  const slices = shown.slices.map((slice): Slice => ({
    ...slice,
    segments: slice.segments.map((before): Segment => {
      const now = priced.segments[(place += 1)]
      if (!now) return before
      return {
        ...before,
        cabin: now.cabin ?? before.cabin,
        bookingClass: now.bookingClass ?? before.bookingClass,
        fareBasis: now.fareBasis ?? before.fareBasis,
        baggage: now.baggage.length > 0 ? now.baggage : before.baggage,
      }
    }),
  }))
  const isSame = isSameMoney(priced.total, shown.total)
  return {
    ...shown,
    // The same money is the same offer: it keeps its id, and what has been said about it stays true.
    id: isSame ? shown.id : `${shown.id}.${priced.total.amount}`,
    total: priced.total,
    base: priced.base,
    taxes: priced.taxes,
    passengers: priced.passengers,
    validatingCarrier: priced.validatingCarrier ?? shown.validatingCarrier,
    refundable: priced.terms.refundable ?? shown.refundable,
    changeable: priced.terms.changeable ?? shown.changeable,
    penalties: priced.terms.penalties.length > 0 ? priced.terms.penalties : shown.penalties,
    lastTicketingAt: priced.lastTicketingAt ?? shown.lastTicketingAt,
    slices,
    supplierToken: JSON.stringify({ v: 1, fareBasis: priced.commonFareBasis } satisfies OfferToken),
  }
}

/**
 * The same as a shopped offer, for whoever only reads the message. Of times it knows the date of departure and nothing else, so
 * that is all that stands there: no minute is made up.
 */
export function readPriceAsShop(reply: XmlElement): ShopReply {
  const priced = readPrice(reply)
  return {
    solutions: 1,
    offers: [
      {
        id: '1.0',
        provider: PROVIDER_ID,
        solution: 0,
        total: priced.total,
        base: priced.base,
        taxes: priced.taxes,
        passengers: priced.passengers,
        validatingCarrier: priced.validatingCarrier,
        refundable: priced.terms.refundable,
        changeable: priced.terms.changeable,
        penalties: priced.terms.penalties,
        lastTicketingAt: priced.lastTicketingAt,
        expiresAt: null,
        slices: toSlices(priced.segments),
        emissionsKg: null,
        selfTransfer: null,
        supplierToken: JSON.stringify({ v: 1, fareBasis: priced.commonFareBasis } satisfies OfferToken),
      },
    ],
  }
}

function readGroup(group: XmlElement): Group {
  const fare = child(group, 'fareInfoGroup')
  if (!fare) throw malformed('a pricing group has no fare')
  const amounts = readAmounts(child(fare, 'fareAmount'))
  const unit = amounts.get('712')
  if (!unit) throw malformed('a fare has no total')
  // The base is in the currency in which the fare was filed; then E is its equivalent in that of the total.
  const base = [amounts.get('E'), amounts.get('B')].find((amount) => amount?.currency === unit.currency) ?? null
  const count = readCount(textAt(group, 'numberOfPax', 'segmentControlDetails', 'numberOfUnits'))
  const code = descendants(fare, 'ptcSegment')
    .map((segment) => textAt(segment, 'quantityDetails', 'unitQualifier'))
    .find((text) => text !== undefined)
  const listed = children(child(group, 'passengersID'), 'travellerDetails').length
  return { type: toPassengerType(code ?? 'ADT'), count: Math.max(1, count ?? listed), fare, unit, base }
}

function readAmounts(fareAmount: XmlElement | undefined): ReadonlyMap<string, Money> {
  const amounts = new Map<string, Money>()
  for (const one of fareAmount?.children ?? []) {
    const amount = readMoneyOrNull(textAt(one, 'amount'), textAt(one, 'currency'))
    const qualifier = textAt(one, 'typeQualifier')
    if (amount && qualifier && !amounts.has(qualifier)) amounts.set(qualifier, amount)
  }
  return amounts
}

function readText(data: XmlElement): string {
  return children(data, 'freeText')
    .map((one) => one.text.trim())
    .join(' ')
}

/** "PENALTY APPLIES 224.00EUR" and "PENALTY APPLIES EUR 224.00". */
function readPenaltyAmount(text: string, currency: string): Money | null {
  const match = /PENALT.*?(?:([A-Z]{3}) ?(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?) ?([A-Z]{3}))/i.exec(text)
  const amount = readMoneyOrNull(match?.[2] ?? match?.[3], match?.[1] ?? match?.[4])
  return amount?.currency === currency ? amount : null
}

function readSegment(group: XmlElement): PricedSegment {
  const info = child(group, 'segmentInformation')
  const identification = child(info, 'flightIdentification')
  const basis = child(child(group, 'fareBasis'), 'additionalFareDetails')
  const classes = at(group, 'cabinGroup', 'cabinSegment', 'bookingClassDetails')
  const bags = child(child(group, 'baggageAllowance'), 'baggageDetails')
  return {
    carrier: required(info, 'companyDetails', 'marketingCompany'),
    flightNumber: required(identification, 'flightNumber'),
    origin: required(info, 'boardPointDetails', 'trueLocationId'),
    destination: required(info, 'offpointDetails', 'trueLocationId'),
    date: readDate(textAt(info, 'flightDate', 'departureDate')) ?? null,
    bookingClass: textAt(identification, 'bookingClass') ?? textAt(classes, 'designator') ?? null,
    cabin: toCabin(textAt(classes, 'option')),
    fareBasis: textAt(basis, 'rateClass') ?? null,
    baggage: readAllowance(textAt(bags, 'freeAllowance'), textAt(bags, 'quantityCode'), textAt(bags, 'unitQualifier')),
  }
}

function toFare(group: Group, first: Group, segments: readonly PricedSegment[]): PassengerFare {
  const total = timesKnown(group.unit, group.count)
  const base = timesKnown(group.base, group.count)
  const fare: PassengerFare = {
    type: group.type,
    count: group.count,
    total,
    base,
    taxes: total && base ? subtractMoney(total, base) : null,
  }
  if (group === first) return fare
  const own = children(group.fare, 'segmentLevelGroup').map((one) => readSegment(one).baggage)
  const isSame = JSON.stringify(own) === JSON.stringify(segments.map((segment) => segment.baggage))
  return isSame || own.length !== segments.length ? fare : { ...fare, baggage: own }
}

function mergeTypes(fares: readonly PassengerFare[], currency: string): readonly PassengerFare[] {
  const types = [...new Set(fares.map((fare) => fare.type))]
  if (types.length === fares.length) return fares
  return types.map((type) => {
    const same = fares.filter((fare) => fare.type === type)
    if (same.length === 1) return same[0]!
    const sum = (of: (fare: PassengerFare) => Money | null): Money | null => sumKnown(same.map(of), currency)
    return {
      type,
      count: same.reduce((count, fare) => count + fare.count, 0),
      total: sum((fare) => fare.total),
      base: sum((fare) => fare.base),
      taxes: sum((fare) => fare.taxes),
    }
  })
}

/** A new slice where the journey goes on from another place, or after more than a night. */
function toSlices(segments: readonly PricedSegment[]): readonly Slice[] {
  const groups: PricedSegment[][] = []
  for (const segment of segments) {
    const before = groups.at(-1)?.at(-1)
    const isOn =
      before?.destination === segment.origin &&
      (before.date === null || segment.date === null || daysBetween(before.date, segment.date) <= 1)
    if (isOn) groups.at(-1)!.push(segment)
    else groups.push([segment])
  }
  return groups.map((group) => ({
    origin: group[0]!.origin,
    destination: group.at(-1)!.destination,
    durationMinutes: null,
    segments: group.map(toSegment),
  }))
}

function toSegment(segment: PricedSegment): Segment {
  const { date, ...told } = segment
  return {
    ...told,
    operatingCarrier: null,
    originTerminal: null,
    destinationTerminal: null,
    departure: { local: (date ?? '') as string as LocalDateTime, offset: null },
    arrival: { local: '' as LocalDateTime, offset: null },
    durationMinutes: null,
    equipment: null,
    brand: null,
  }
}
