import { addMoney, isSameMoney } from '../../kernel/money.ts'
import { parseLocalDate, type LocalDate } from '../../kernel/time.ts'
import type { FlightOffer, Segment, Slice } from '../../travel/flight.ts'
import type { ShopReply } from '../contract.ts'
import { SABRE } from './faults.ts'
import { findAmount, readAmount } from './from-wire-amounts.ts'
import { readBase, readTypeFares, toPassengerFares, type FareLists, type TypeFare } from './from-wire-fares.ts'
import { byId, dereference, readDates, readLeg, type Leg } from './from-wire-flights.ts'
import { forEverybody } from './from-wire-penalties.ts'
import { isObject, toObject, toObjects, toText, toWhole, type JsonObject } from './json.ts'
import type { OfferToken } from './wire.ts'

/** The grouped itinerary response of Bargain Finder Max and of Revalidate Itinerary, or undefined when it is none. */
export function findGroupedResponse(body: unknown): JsonObject | undefined {
  const reply = toObject(body)
  const inner = reply['groupedItineraryResponse'] ?? reply['GroupedItineraryResponse']
  if (isObject(inner)) return inner
  return 'itineraryGroups' in reply || 'scheduleDescs' in reply ? reply : undefined
}

/** Kinds of itineraries that are not for sale as they are: shown for information, or one direction of a journey. */
const NOT_FOR_SALE = new Set(['soldOut', 'departed', 'legMissed'])

const LEGS_MAX = 10
/** More than a search is ever answered with; what is beyond is counted and not sold. */
const OFFERS_MAX = 5_000

type Lists = FareLists & {
  readonly legs: ReadonlyMap<number, JsonObject>
  readonly schedules: ReadonlyMap<number, JsonObject>
  readonly carriers: ReadonlyMap<number, JsonObject>
  /** Legs by their id and day: each is used by many itineraries and read once. */
  readonly known: Map<string, Leg | RangeError>
}

/**
 * Each price of an itinerary is a priced solution and a bookable offer: with several brands an itinerary has several.
 * `solution` is its position in the message. One that cannot be read (an unknown currency, a reference to nowhere, a time
 * that is none) is counted and not sold; one that is told to be sold out, or that is no price of the whole itinerary
 * (several tickets), is not counted.
 */
export function readGroupedResponse(response: JsonObject): ShopReply {
  const lists: Lists = {
    legs: byId(response['legDescs']),
    schedules: byId(response['scheduleDescs']),
    components: byId(response['fareComponentDescs']),
    allowances: byId(response['baggageAllowanceDescs']),
    carriers: byId(response['validatingCarrierDescs']),
    known: new Map(),
  }
  const offers: FlightOffer[] = []
  let solutions = 0
  for (const group of toObjects(response['itineraryGroups'])) {
    if (NOT_FOR_SALE.has(toText(toObject(group['groupDescription'])['itineraryType']) ?? '')) continue
    const dates = orNothing(() => readDates(group)) ?? []
    for (const itinerary of toObjects(group['itineraries'])) {
      for (const pricing of toObjects(itinerary['pricingInformation'])) {
        if (!isObject(pricing['fare']) || pricing['soldOut'] !== undefined) continue
        const solution = solutions
        solutions += 1
        if (offers.length >= OFFERS_MAX) continue
        const offer = orNothing(() => readOffer(pricing, readLegs(itinerary, dates, lists), solution, lists))
        if (offer) offers.push(offer)
      }
    }
  }
  return { solutions, offers }
}

function readLegs(itinerary: JsonObject, dates: readonly LocalDate[], lists: Lists): readonly Leg[] {
  const references = toObjects(itinerary['legs'])
  if (references.length === 0 || references.length > LEGS_MAX) throw new RangeError(`an itinerary has ${references.length} legs`)
  return references.map((reference, index) => {
    const stated = toText(reference['departureDate'])
    const date = stated === null ? dates[index] : parseLocalDate(stated.slice(0, 10))
    if (date === undefined) throw new RangeError('a leg has no date')
    const key = `${toText(reference['ref'])} ${date}`
    let leg = lists.known.get(key)
    if (leg === undefined) {
      leg = attempt(() => readLeg(dereference(lists.legs, reference, 'leg'), date, lists.schedules))
      lists.known.set(key, leg)
    }
    if (leg instanceof RangeError) throw leg
    return leg
  })
}

function readOffer(pricing: JsonObject, legs: readonly Leg[], solution: number, lists: Lists): FlightOffer {
  const fare = toObject(pricing['fare'])
  const price = toObject(fare['totalFare'])
  const flights = legs.flatMap((leg) => leg.flights)
  const total = readAmount(price['totalPrice'], price['currency'])
  const fares = readTypeFares(fare, total, flights.length, lists)
  // What is said about flights is the adults' fare where there is one: that is what a traveller compares.
  const lead = fares.find((one) => one.type === 'adult') ?? fares[0]!
  const base = readBase(price, price['currency'])
  const taxes = findAmount(price['totalTaxAmount'], price['currency'])
  const adds = base && taxes && isSameMoney(addMoney(base, taxes), total)
  const token: OfferToken = {
    v: 1,
    source: sourceOf(pricing),
    passengers: fares.map(({ code, count }) => ({ code, count })),
    brands: flights.map((_, index) => lead.coupons?.[index]?.brandCode ?? null),
    married: flights.map((_, index) => lead.coupons?.[index]?.married ?? false),
  }
  return {
    id: String(solution),
    provider: SABRE,
    solution,
    total,
    base: adds ? base : null,
    taxes: adds ? taxes : null,
    passengers: toPassengerFares([lead, ...fares.filter((one) => one !== lead)], total),
    validatingCarrier: validatingCarrierOf(fare, lists),
    refundable: forEverybody(fares.map((one) => one.refundable)),
    changeable: forEverybody(fares.map((one) => one.changeable)),
    penalties: lead.penalties,
    lastTicketingAt: lastTicketingOf(fare),
    expiresAt: null,
    slices: toSlices(legs, lead),
    emissionsKg: null,
    selfTransfer: null,
    supplierToken: JSON.stringify(token),
  }
}

function sourceOf(pricing: JsonObject): OfferToken['source'] {
  const model = toText(pricing['distributionModel'])
  if (model === 'NDC' || isObject(pricing['offer'])) return 'NDC'
  return model === 'API' || model === 'LCC' ? 'LCC' : 'ATPCO'
}

function toSlices(legs: readonly Leg[], lead: TypeFare): readonly Slice[] {
  let at = 0
  return legs.map((leg) => {
    const segments = leg.flights.map((flight): Segment => {
      const coupon = lead.coupons?.[at]
      const baggage = lead.baggage[at] ?? []
      at += 1
      return {
        ...flight,
        cabin: coupon?.cabin ?? null,
        bookingClass: coupon?.bookingClass ?? null,
        fareBasis: coupon?.fareBasis ?? null,
        brand: coupon?.brand ?? null,
        baggage,
      }
    })
    return {
      origin: segments[0]!.origin,
      destination: segments.at(-1)!.destination,
      durationMinutes: leg.durationMinutes,
      segments,
    }
  })
}

/** The carrier whose ticket it is: named with the fare, or as the default of a list that the fare refers to. */
function validatingCarrierOf(fare: JsonObject, lists: Lists): string | null {
  const named = toText(fare['validatingCarrierCode'])
  if (named !== null) return named
  const reference = toObjects(fare['validatingCarriers'])[0]
  const description = lists.carriers.get(toWhole(reference?.['ref']) ?? Number.NaN)
  return toText(toObject(description?.['default'])['code'])
}

/** As stated, at the office's clock: "2026-12-01T23:59", or a bare date. */
function lastTicketingOf(fare: JsonObject): string | null {
  const date = toText(fare['lastTicketDate'])
  const time = toText(fare['lastTicketTime'])
  return date !== null && time !== null && /^\d{2}:\d{2}/.test(time) ? `${date}T${time}` : date
}

function attempt<T>(read: () => T): T | RangeError {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return error
    throw error
  }
}

function orNothing<T>(read: () => T): T | undefined {
  const result = attempt(read)
  return result instanceof RangeError ? undefined : result
}
