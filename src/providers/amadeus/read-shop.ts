import { subtractMoney, type Money } from '../../kernel/money.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import type { Baggage, FlightOffer, Segment, Slice } from '../../travel/flight.ts'
import type { ShopReply } from '../contract.ts'
import { PROVIDER_ID, refused } from './exchange.ts'
import { isNothingFound, readRefusals } from './faults.ts'
import { readBaggageIndex, type BaggageIndex } from './read-shop-baggage.ts'
import { readProducts, type Bought, type Product, type TermsReader } from './read-shop-fares.ts'
import { readMiniRule, readMiniRules, type Terms } from './read-penalties.ts'
import { malformed, minutesBetween, readElapsedMinutes, readMoney, readTime, required, textAt } from './read-values.ts'
import type { OfferToken } from './wire.ts'

/** Offers made of one reply, so that 200 000 elements cannot multiply into millions. */
const OFFERS_MAX = 5_000
/** Flights of one journey. */
const SLICES_MAX = 6

/** Every element that is read below, for a scanner that leaves the others out. A name missing here would be read as absent. */
export const SHOP_ELEMENTS: readonly string[] = [
  ...['errorMessage', 'applicationError', 'applicationErrorDetail', 'error', 'codeListQualifier', 'errorMessageText', 'description'],
  ...['conversionRate', 'conversionRateDetail', 'currency', 'familyInformation', 'refNumber', 'fareFamilyname'],
  ...['flightIndex', 'segRef', 'groupOfFlights', 'propFlightGrDetail', 'flightProposal', 'ref', 'unitQualifier'],
  ...['flightDetails', 'flightInformation', 'productDateTime', 'dateOfDeparture', 'timeOfDeparture', 'dateOfArrival', 'timeOfArrival'],
  ...['location', 'locationId', 'terminal', 'companyId', 'marketingCarrier', 'operatingCarrier', 'flightOrtrainNumber', 'flightNumber'],
  ...['productDetail', 'equipmentType', 'techStopNumber', 'technicalStop', 'stopDetails'],
  ...['recommendation', 'itemNumber', 'itemNumberId', 'number', 'recPriceInfo', 'monetaryDetail', 'amountType', 'amount'],
  ...['segmentFlightRef', 'referencingDetail', 'refQualifier', 'paxFareProduct', 'paxFareDetail', 'totalFareAmount', 'totalTaxAmount'],
  ...['codeShareDetails', 'transportStageQualifier', 'company', 'paxReference', 'ptc', 'traveller', 'fare', 'pricingMessage'],
  ...['freeTextQualification', 'textSubjectQualifier', 'monetaryInformation', 'fareDetails', 'segmentRef', 'groupOfFares'],
  ...['productInformation', 'cabinProduct', 'rbd', 'cabin', 'fareProductDetail', 'fareBasis', 'fareFamiliesRef', 'fareFamilyRef'],
  ...['serviceFeesGrp', 'serviceTypeInfo', 'carrierFeeDetails', 'type', 'serviceCoverageInfoGrp', 'itemNumberInfo', 'serviceCovInfoGrp'],
  ...['paxRefInfo', 'travellerDetails', 'referenceNumber', 'coveragePerFlightsInfo', 'numberOfItemsDetails', 'refNum', 'lastItemsDetails'],
  ...['refOfLeg', 'refInfo', 'freeBagAllowanceGrp', 'itemNumberDetails', 'freeBagAllownceInfo', 'baggageDetails', 'freeAllowance'],
  ...['quantityCode', 'mnrGrp', 'mnrDetails', 'mnrRef', 'catGrp', 'catInfo', 'descriptionInfo', 'monInfo', 'monetaryDetails'],
  ...['typeQualifier', 'statusInfo', 'statusInformation', 'indicator', 'action'],
]

/** What the shared lists of a reply say; each flight group is read when a recommendation first refers to it, and once. */
type Lists = {
  readonly currency: string
  readonly flightsOf: (slice: number, reference: string) => FlightGroup | undefined
  readonly sliceCount: number
  readonly baggageOf: BaggageIndex
  readonly termsOf: TermsReader
  readonly familyOf: (reference: string | undefined) => string | null
}

/** One way to fly one slice, without what is bought on it. */
type FlightGroup = { readonly durationMinutes: number | null; readonly flights: readonly Flight[] }

/** What a flight says by itself. */
type Flight = Omit<Segment, 'cabin' | 'bookingClass' | 'fareBasis' | 'brand' | 'baggage'>

/**
 * Reads the replies of the MasterPricer family. Each recommendation counts as one solution; each of its segmentFlightRefs, a
 * flight group per slice and the references that go with them, is an offer. Throws ProviderError for a refusal, which stands
 * in a reply like any other, unless it says that nothing is sold.
 */
export function readShop(reply: XmlElement): ShopReply {
  const recommendations = children(reply, 'recommendation')
  const refusal = readRefusals(reply)[0]
  if (refusal && recommendations.length === 0) {
    if (isNothingFound(refusal)) return { solutions: 0, offers: [] }
    throw refused(refusal)
  }
  const lists = recommendations.length === 0 ? null : readLists(reply)
  const offers: FlightOffer[] = []
  let fault: unknown
  recommendations.forEach((recommendation, solution) => {
    if (offers.length >= OFFERS_MAX) return
    try {
      offers.push(...readRecommendation(recommendation, solution, lists!))
    } catch (error) {
      // One recommendation that makes no sense costs itself; when none makes sense, the message is at fault.
      fault = error
    }
  })
  if (offers.length === 0 && fault !== undefined) throw fault
  return { solutions: recommendations.length, offers }
}

function readLists(reply: XmlElement): Lists {
  const indexes = children(reply, 'flightIndex').slice(0, SLICES_MAX)
  const groups = indexes.map((index) => {
    const byReference = new Map<string, XmlElement>()
    for (const group of children(index, 'groupOfFlights')) {
      const reference = children(child(group, 'propFlightGrDetail'), 'flightProposal').find(
        (one) => child(one, 'unitQualifier') === undefined,
      )
      byReference.set(textAt(reference, 'ref') ?? '', group)
    }
    return byReference
  })
  const known = indexes.map(() => new Map<string, FlightGroup>())
  const families = new Map(
    children(reply, 'familyInformation').map((one) => [textAt(one, 'refNumber') ?? '', textAt(one, 'fareFamilyname') ?? null]),
  )
  const currency = required(reply, 'conversionRate', 'conversionRateDetail', 'currency')
  return {
    currency,
    sliceCount: indexes.length,
    flightsOf: (slice, reference) => {
      const before = known[slice]?.get(reference)
      if (before) return before
      const element = groups[slice]?.get(reference)
      if (!element) return undefined
      const group = readFlightGroup(element)
      known[slice]!.set(reference, group)
      return group
    },
    baggageOf: readBaggageIndex(reply),
    termsOf: readTerms(reply, currency),
    familyOf: (reference) => families.get(reference ?? '') ?? null,
  }
}

function readTerms(reply: XmlElement, currency: string): TermsReader {
  const known = new Map<string, Terms>()
  for (const details of children(child(reply, 'mnrGrp'), 'mnrDetails')) {
    const number = textAt(details, 'mnrRef', 'itemNumberDetails', 'number')
    const rules = children(details, 'catGrp').map((group) =>
      readMiniRule(
        textAt(group, 'catInfo', 'descriptionInfo', 'number') ?? '',
        children(group, 'monInfo'),
        children(group, 'statusInfo'),
        currency,
      ),
    )
    if (number !== undefined) known.set(number, readMiniRules(rules))
  }
  return (reference) => (reference === undefined ? undefined : known.get(reference))
}

function readFlightGroup(group: XmlElement): FlightGroup {
  const elapsed = children(child(group, 'propFlightGrDetail'), 'flightProposal').find((one) => textAt(one, 'unitQualifier') === 'EFT')
  return { durationMinutes: readElapsedMinutes(textAt(elapsed, 'ref')), flights: children(group, 'flightDetails').map(readFlight) }
}

function readFlight(details: XmlElement): Flight {
  const flight = child(details, 'flightInformation')
  const [from, to] = children(flight, 'location')
  const times = child(flight, 'productDateTime')
  const company = child(flight, 'companyId')
  const origin = required(from, 'locationId')
  const destination = required(to, 'locationId')
  const departure = readTime(textAt(times, 'dateOfDeparture'), textAt(times, 'timeOfDeparture'), origin)
  const arrival = readTime(textAt(times, 'dateOfArrival'), textAt(times, 'timeOfArrival'), destination)
  const product = child(flight, 'productDetail')
  const stops = children(details, 'technicalStop').flatMap((stop) =>
    children(stop, 'stopDetails').flatMap((one) => textAt(one, 'locationId') ?? []),
  )
  return {
    carrier: required(company, 'marketingCarrier'),
    flightNumber: textAt(flight, 'flightOrtrainNumber') ?? required(flight, 'flightNumber'),
    operatingCarrier: textAt(company, 'operatingCarrier') ?? null,
    origin,
    originTerminal: textAt(from, 'terminal') ?? null,
    destination,
    destinationTerminal: textAt(to, 'terminal') ?? null,
    departure,
    arrival,
    durationMinutes: minutesBetween(departure, arrival),
    equipment: textAt(product, 'equipmentType') ?? null,
    technicalStops: stops.length > 0 || textAt(product, 'techStopNumber') === '0' ? stops : null,
  }
}

function readRecommendation(recommendation: XmlElement, solution: number, lists: Lists): FlightOffer[] {
  const [total, taxes] = readAmounts(child(recommendation, 'recPriceInfo'), lists.currency)
  const references = children(recommendation, 'segmentFlightRef').map(readReferences)
  const rules = references[0]?.rules
  const products = readProducts(children(recommendation, 'paxFareProduct'), {
    total,
    currency: lists.currency,
    terms: lists.termsOf(rules),
    family: textAt(children(child(recommendation, 'fareFamilyRef'), 'referencingDetail')[0], 'refNumber'),
  })
  const number = textAt(recommendation, 'itemNumber', 'itemNumberId', 'number') ?? attribute(recommendation, 'id') ?? String(solution + 1)
  return references.flatMap((one, index) => {
    // A reference that leaves a slice out is no journey that anyone could fly.
    if (one.groups.length === 0 || one.groups.length < lists.sliceCount) return []
    const slices = one.groups.map((group, slice) => readSlice(group, slice, one.baggage, products, lists))
    const segments = slices.flatMap((slice) => slice.segments)
    return [
      {
        id: `${number}.${index}`,
        provider: PROVIDER_ID,
        solution,
        total,
        base: taxes && taxes.amount <= total.amount ? subtractMoney(total, taxes) : null,
        taxes,
        passengers: products.fares.map((fare, place) => withBaggage(fare, place, one.baggage, slices, products, lists)),
        validatingCarrier: products.validatingCarrier,
        refundable: products.terms.refundable,
        changeable: products.terms.changeable,
        penalties: products.terms.penalties,
        lastTicketingAt: products.lastTicketingAt,
        expiresAt: null,
        slices,
        emissionsKg: null,
        selfTransfer: null,
        supplierToken: JSON.stringify({
          v: 1,
          fareBasis: segments.map((segment, at) => products.commonFareBasis(at, segment.fareBasis)),
        } satisfies OfferToken),
      },
    ]
  })
}

/** The total and the taxes in it, the first two amounts that have no type of their own. */
function readAmounts(info: XmlElement | undefined, currency: string): readonly [Money, Money | null] {
  const details = children(info, 'monetaryDetail')
  const plain = details.filter((one) => child(one, 'amountType') === undefined)
  const [total, taxes] = plain.length > 0 ? plain : details
  const amount = textAt(taxes, 'amount')
  return [readMoney(required(total, 'amount'), currency), amount === undefined ? null : readMoney(amount, currency)]
}

/** A segmentFlightRef: S is a flight group, one for each slice in order, B a baggage reference, M a mini rule. */
type References = { readonly groups: readonly string[]; readonly baggage: string | undefined; readonly rules: string | undefined }

function readReferences(reference: XmlElement): References {
  const groups: string[] = []
  let baggage: string | undefined
  let rules: string | undefined
  for (const detail of children(reference, 'referencingDetail')) {
    const number = textAt(detail, 'refNumber')
    const qualifier = textAt(detail, 'refQualifier')
    if (qualifier === 'S' && number !== undefined) groups.push(number)
    else if (qualifier === 'B') baggage ??= number
    else if (qualifier === 'M') rules ??= number
  }
  return { groups, baggage, rules }
}

function readSlice(reference: string, slice: number, baggage: string | undefined, products: Product, lists: Lists): Slice {
  const group = lists.flightsOf(slice, reference)
  const first = group?.flights[0]
  const last = group?.flights[group.flights.length - 1]
  if (!group || !first || !last) throw malformed('a recommendation refers to flights that are not in the list')
  const segments = group.flights.map((flight, leg) => {
    const bought = products.boughtOn(slice, leg)
    return toSegment(flight, bought, lists.familyOf(bought?.family), lists.baggageOf(baggage, products.travellers[0], slice + 1, leg + 1))
  })
  return {
    origin: first.origin,
    destination: last.destination,
    durationMinutes: group.durationMinutes ?? minutesBetween(first.departure, last.arrival),
    segments,
  }
}

/** Field by field: of the thousands in a reply, each spread would cost microseconds. */
function toSegment(flight: Flight, bought: Bought | undefined, brand: string | null, baggage: readonly Baggage[]): Segment {
  return {
    carrier: flight.carrier,
    flightNumber: flight.flightNumber,
    operatingCarrier: flight.operatingCarrier,
    origin: flight.origin,
    originTerminal: flight.originTerminal,
    destination: flight.destination,
    destinationTerminal: flight.destinationTerminal,
    departure: flight.departure,
    arrival: flight.arrival,
    durationMinutes: flight.durationMinutes,
    equipment: flight.equipment,
    cabin: bought?.cabin ?? null,
    bookingClass: bought?.bookingClass ?? null,
    fareBasis: bought?.fareBasis ?? null,
    brand,
    baggage,
    technicalStops: flight.technicalStops ?? null,
  }
}

/** A passenger type with its own allowance where that is not the one told with the segments. Infants are numbered like the adult who holds them, so of theirs nothing is said. */
function withBaggage(
  fare: Product['fares'][number],
  place: number,
  reference: string | undefined,
  slices: readonly Slice[],
  products: Product,
  lists: Lists,
): Product['fares'][number] {
  if (place === 0 || reference === undefined) return fare
  const own = slices.flatMap((slice, at) =>
    slice.segments.map((_, leg) => (fare.type === 'infant' ? [] : lists.baggageOf(reference, products.travellers[place], at + 1, leg + 1))),
  )
  const shown = slices.flatMap((slice) => slice.segments.map((segment) => segment.baggage))
  return JSON.stringify(own) === JSON.stringify(shown) ? fare : { ...fare, baggage: own }
}
