import { parseInstant, type Instant } from '../../kernel/time.ts'
import { subtractMoney, type Money } from '../../kernel/money.ts'
import { attribute, child, children, descendants, type XmlElement } from '../../platform/xml.ts'
import type { Baggage, FlightOffer, PassengerFare, Penalty, Segment, Slice } from '../../travel/flight.ts'
import type { PassengerType } from '../../travel/passenger.ts'
import type { ShopReply } from '../contract.ts'
import { PROVIDER_ID, refused } from './exchange.ts'
import { readRefusal } from './faults.ts'
import { malformed, minutesBetween, readCount, readMinorUnits, required, sumKnown, textAt, timesKnown, toPlaceTime } from './read-values.ts'
import { toCabin, toPassengerType, type OfferToken } from './wire.ts'

/** What an offer refers to, by id. */
type Lists = {
  readonly journeys: ReadonlyMap<string, XmlElement>
  readonly segments: ReadonlyMap<string, XmlElement>
  readonly baggage: ReadonlyMap<string, readonly Baggage[]>
  readonly brands: ReadonlyMap<string, string>
  readonly types: ReadonlyMap<string, PassengerType>
  readonly digits: ReadonlyMap<string, number>
  /** What the metadata says of a rule: "Allowed", "Not Allowed". */
  readonly instructions: ReadonlyMap<string, string>
}

/**
 * Reads AMA_TravelOfferPriceRS, by which Amadeus passes on the NDC offers of airlines. Amounts are minor units whose digits stand in the
 * metadata. We do not sell by it; it is read because its replies travel with the others. Throws ProviderError for a refusal.
 */
export function readNdcPrice(reply: XmlElement): ShopReply {
  const refusal =
    children(reply, 'Error').flatMap((error) => [
      { code: textAt(error, 'Code') ?? 'unknown', message: textAt(error, 'DescText') ?? textAt(error, 'TypeCode') ?? '' },
    ])[0] ?? children(reply, 'Errors').flatMap(readRefusal)[0]
  const response = child(reply, 'Response')
  const priced = children(response, 'PricedOffer').flatMap((one) => children(one, 'Offer'))
  if (refusal && priced.length === 0) throw refused(refusal)
  if (priced.length === 0) throw malformed('the reply prices no offer')
  const lists = readLists(response!)
  return { solutions: priced.length, offers: priced.map((offer, solution) => readOffer(offer, solution, lists)) }
}

function readLists(response: XmlElement): Lists {
  const lists = child(response, 'DataLists')
  const byId = (list: string, name: string, id: string): Map<string, XmlElement> =>
    new Map(children(child(lists, list), name).map((one) => [textAt(one, id) ?? '', one]))
  const allowances = byId('BaggageAllowanceList', 'BaggageAllowance', 'BaggageAllowanceID')
  const classes = byId('PriceClassList', 'PriceClass', 'PriceClassID')
  const passengers = byId('PaxList', 'Pax', 'PaxID')
  return {
    journeys: byId('PaxJourneyList', 'PaxJourney', 'PaxJourneyID'),
    segments: byId('PaxSegmentList', 'PaxSegment', 'PaxSegmentID'),
    baggage: new Map([...allowances].map(([id, one]) => [id, readBaggage(one)])),
    brands: new Map([...classes].flatMap(([id, one]) => (textAt(one, 'Name') === undefined ? [] : [[id, textAt(one, 'Name')!] as const]))),
    types: new Map([...passengers].map(([id, one]) => [id, toPassengerType(textAt(one, 'PTC') ?? 'ADT')])),
    digits: new Map(
      descendants(response, 'CurrencyMetadata').flatMap((one) => {
        const digits = readCount(textAt(one, 'Decimals'))
        return digits === null || digits > 4 ? [] : [[attribute(one, 'MetadataKey') ?? '', digits] as const]
      }),
    ),
    instructions: new Map(
      descendants(response, 'RuleMetadata').map((one) => [
        attribute(one, 'MetadataKey') ?? '',
        descendants(one, 'Instruction')[0]?.text.trim() ?? '',
      ]),
    ),
  }
}

function readOffer(offer: XmlElement, solution: number, lists: Lists): FlightOffer {
  const total = readAmount(descendants(child(offer, 'TotalPrice'), 'TotalAmount')[0], lists)
  if (!total) throw malformed('an offer has no total')
  const details = children(offer, 'OfferItem').flatMap((item) => children(item, 'FareDetail'))
  const passengers = readPassengers(details, total, lists)
  const slices = readJourneys(offer, details, lists)
  const penalties = details[0] ? readPenalties(details[0], lists) : []
  const base = sumKnown(
    passengers.map((fare) => fare.base),
    total.currency,
  )
  const segments = slices.flatMap((slice) => slice.segments)
  const allowed = (kind: Penalty['kind']): boolean | null => penalties.find((one) => one.kind === kind)?.allowed ?? null
  return {
    id: required(offer, 'OfferID'),
    provider: PROVIDER_ID,
    solution,
    total,
    base,
    taxes: base ? subtractMoney(total, base) : null,
    passengers,
    validatingCarrier: textAt(offer, 'ValidatingCarrierCode') ?? textAt(offer, 'OwnerCode') ?? null,
    refundable: allowed('refund'),
    changeable: allowed('change'),
    penalties,
    lastTicketingAt: textAt(offer, 'PaymentTimeLimitDateTime') ?? null,
    expiresAt: readInstant(textAt(offer, 'OfferExpirationDateTime')),
    slices,
    emissionsKg: null,
    selfTransfer: null,
    supplierToken: JSON.stringify({ v: 1, fareBasis: segments.map((segment) => segment.fareBasis) } satisfies OfferToken),
  }
}

function readAmount(element: XmlElement | undefined, lists: Lists): Money | null {
  const currency = attribute(element, 'CurCode') ?? attribute(element, 'Code')
  return readMinorUnits(element?.text.trim(), lists.digits.get(currency ?? '') ?? 0, currency)
}

function readInstant(text: string | undefined): Instant | null {
  try {
    return text === undefined ? null : parseInstant(text)
  } catch {
    return null
  }
}

/** A FareDetail is the price of one of the passengers it names. */
function readPassengers(details: readonly XmlElement[], total: Money, lists: Lists): readonly PassengerFare[] {
  return details.map((detail): PassengerFare => {
    const references = children(detail, 'PassengerRefs').flatMap((one) => one.text.trim().split(/\s+/))
    const count = Math.max(1, references.length)
    const price = child(detail, 'Price')
    const base = timesKnown(readAmount(child(price, 'BaseAmount'), lists), count)
    const taxes = timesKnown(readAmount(child(child(price, 'Taxes'), 'Total'), lists), count)
    return { type: lists.types.get(references[0] ?? '') ?? 'adult', count, total: sumKnown([base, taxes], total.currency), base, taxes }
  })
}

function readJourneys(offer: XmlElement, details: readonly XmlElement[], lists: Lists): readonly Slice[] {
  const components = details.slice(0, 1).flatMap((detail) => children(detail, 'FareComponent'))
  const bags = new Map<string, readonly Baggage[]>()
  for (const one of children(offer, 'BaggageAllowance')) {
    const baggage = children(one, 'BaggageAllowanceRefID').flatMap((ref) => lists.baggage.get(ref.text.trim()) ?? [])
    for (const journey of children(one, 'PaxJourneyRefID')) if (!bags.has(journey.text.trim())) bags.set(journey.text.trim(), baggage)
  }
  return [...lists.journeys].map(([id, journey]) => {
    const references = children(journey, 'PaxSegmentRefID').map((one) => one.text.trim())
    const segments = references.map((reference): Segment => {
      const element = lists.segments.get(reference)
      if (!element) throw malformed('a journey refers to a segment that is not in the list')
      const component = components.find((one) => segmentsOf(one).includes(reference))
      return readSegment(element, component, segmentsOf(component).indexOf(reference), bags.get(id) ?? [], lists)
    })
    const first = segments[0]
    const last = segments.at(-1)
    if (!first || !last) throw malformed('a journey has no segments')
    return {
      origin: first.origin,
      destination: last.destination,
      durationMinutes: readDuration(textAt(journey, 'Duration')) ?? minutesBetween(first.departure, last.arrival),
      segments,
    }
  })
}

function segmentsOf(component: XmlElement | undefined): readonly string[] {
  return children(component, 'SegmentRefs').flatMap((one) => one.text.trim().split(/\s+/))
}

function readSegment(
  element: XmlElement,
  component: XmlElement | undefined,
  place: number,
  baggage: readonly Baggage[],
  lists: Lists,
): Segment {
  const from = child(element, 'Dep')
  const to = child(element, 'Arrival')
  const basis = child(component, 'FareBasis')
  // "N N" is a class for each of the component's segments.
  const nth = (text: string | undefined): string | undefined => text?.split(/\s+/)[Math.max(0, place)] ?? text?.split(/\s+/)[0]
  const origin = required(from, 'IATA_LocationCode')
  const destination = required(to, 'IATA_LocationCode')
  const departure = readLocal(from, origin)
  const arrival = readLocal(to, destination)
  return {
    carrier: required(element, 'MarketingCarrierInfo', 'CarrierDesigCode'),
    flightNumber: required(element, 'MarketingCarrierInfo', 'MarketingCarrierFlightNumberText'),
    operatingCarrier: textAt(element, 'OperatingCarrierInfo', 'CarrierDesigCode') ?? null,
    origin,
    originTerminal: textAt(from, 'TerminalName') ?? null,
    destination,
    destinationTerminal: textAt(to, 'TerminalName') ?? null,
    departure,
    arrival,
    durationMinutes: readDuration(textAt(element, 'Duration')) ?? minutesBetween(departure, arrival),
    equipment: textAt(element, 'DatedOperatingLeg', 'CarrierAircraftType', 'CarrierAircraftTypeCode') ?? null,
    cabin: toCabin(nth(textAt(basis, 'CabinType', 'CabinTypeCode'))),
    bookingClass: nth(textAt(basis, 'RBD')) ?? null,
    fareBasis: textAt(basis, 'FareBasisCode', 'Code') ?? null,
    brand: lists.brands.get(textAt(component, 'PriceClassRef') ?? '') ?? null,
    baggage,
  }
}

function readLocal(point: XmlElement | undefined, place: string): Segment['departure'] {
  const text = required(point, 'AircraftScheduledDateTime')
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})/.exec(text)
  if (!match) throw malformed(`"${text.slice(0, 30)}" is not a time`)
  try {
    return toPlaceTime(match[1]!, place)
  } catch (error) {
    throw malformed(`"${text.slice(0, 30)}" is not a time`, error)
  }
}

/** "PT12H15M", "P1DT2H". */
function readDuration(text: string | undefined): number | null {
  const match = /^P(?:(\d{1,2})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?$/.exec(text ?? '')
  return match ? Number(match[1] ?? 0) * 1_440 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0) : null
}

function readBaggage(allowance: XmlElement): readonly Baggage[] {
  const type = textAt(allowance, 'TypeCode') ?? ''
  const kind = /carry/i.test(type) ? 'carry_on' : /personal/i.test(type) ? 'personal' : 'checked'
  const pieces = readCount(textAt(allowance, 'PieceAllowance', 'TotalQty'))
  return pieces === null ? [] : [{ kind, pieces, weightKg: null }]
}

/** What may be cancelled and changed: a flag for refunds, and metadata that says "Allowed" or "Not Allowed". */
function readPenalties(detail: XmlElement, lists: Lists): readonly Penalty[] {
  const penalty = descendants(detail, 'Penalty')[0]
  const refundable = attribute(penalty, 'RefundableInd')
  const details = descendants(penalty, 'Detail').filter((one) => child(one, 'Application') === undefined)
  const amountOf = (name: string): Money | null => {
    const amounts = descendants(
      details.find((one) => textAt(one, 'Type') === name),
      'CurrencyAmountValue',
    )
    return readAmount(amounts.at(-1), lists)
  }
  const allowedOf = (name: string, flag: string | undefined): boolean | null => {
    const reference =
      attribute(
        details.find((one) => textAt(one, 'Type') === name),
        'refs',
      ) ?? ''
    const instruction = lists.instructions.get(reference)?.toLowerCase()
    if (instruction === 'allowed' || instruction === 'not allowed') return instruction === 'allowed'
    return flag === 'true' ? true : flag === 'false' ? false : null
  }
  return [
    toPenalty('refund', refundable === 'false' ? false : allowedOf('Cancel', refundable), amountOf('Cancel')),
    toPenalty('change', allowedOf('Change', undefined), amountOf('Change')),
  ].filter((one) => one.allowed !== null)
}

function toPenalty(kind: Penalty['kind'], allowed: boolean | null, amount: Money | null): Penalty {
  return { kind, allowed, amount: allowed === true ? amount : null, when: null }
}
