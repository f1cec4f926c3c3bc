import { plusMs, toIso, type Instant } from '../../kernel/time.ts'
import type { Passenger } from '../../travel/passenger.ts'
import { attribute, children, escapeXml, writeXml, type XmlElement } from '../../platform/xml.ts'
import type { FlightOrder } from '../contract.ts'
import { copy, copyElement } from './copy-element.ts'
import { malformed, readCount } from './read-values.ts'
import type { PricedSolution } from './read-price.ts'
import { docsText, toHostDate, toHostName } from '../host-text.ts'
import { ageOn } from '../../travel/passenger.ts'
import { envelope, namespaces, pccOf, pointOfSale, type Traveller, type Writing } from './to-wire.ts'
import { PASSENGER_CODES, REFERENCE_REMARK, toPassengerType } from './wire.ts'

/** How long the host keeps the reservation on its ticketing queue before an agent looks at it. */
const TICKETING_QUEUE_MS = 24 * 3_600_000

/** The travellers of an order with their ages on the day of departure. */
export function travellersOfOrder(order: FlightOrder): readonly Traveller[] {
  const day = departureDay(order)
  return order.passengers.map((passenger) => ({
    type: passenger.type,
    age: passenger.type === 'adult' ? null : ageOn(passenger.bornOn, day),
  }))
}

/**
 * AirCreateReservationReq for a solution that has just been priced. RetainReservation="None" and RestrictWaitlist make
 * the host keep nothing when the price, the schedule or a seat is not what was agreed. Our reference goes into a remark
 * of the PNR, by which `find` recognises it.
 */
export function writeBooking(writing: Writing, order: FlightOrder, priced: PricedSolution, now: Instant): string {
  const carriers = [...new Set(priced.offer.slices.flatMap((slice) => slice.segments.map((segment) => segment.carrier)))]
  return envelope(
    writeXml(
      'universal:AirCreateReservationReq',
      {
        ...namespaces('universal'),
        TargetBranch: writing.targetBranch,
        AuthorizedBy: 'user',
        TraceId: order.reference,
        RetainReservation: 'None',
        RestrictWaitlist: true,
      },
      pointOfSale(),
      pccOf(writing),
      ...order.passengers.map((passenger, index) => bookingTraveler(passenger, index, order, carriers)),
      writeXml(
        'common:GeneralRemark',
        { ProviderCode: writing.providerCode },
        writeXml('common:RemarkData', {}, escapeXml(`${REFERENCE_REMARK} ${order.reference}`)),
      ),
      pricingSolution(priced, order),
      writeXml('common:ActionStatus', {
        Type: 'TAW',
        TicketDate: toIso(plusMs(now, TICKETING_QUEUE_MS)).slice(0, 19),
        ProviderCode: writing.providerCode,
      }),
    ),
  )
}

function departureDay(order: FlightOrder): string {
  return order.offer.slices[0]?.segments[0]?.departure.local.slice(0, 10) ?? ''
}

function travelerKey(index: number): string {
  return `P_${index}`
}

function bookingTraveler(passenger: Passenger, index: number, order: FlightOrder, carriers: readonly string[]): string {
  const age = ageOn(passenger.bornOn, departureDay(order))
  const docs = docsText(passenger, '/')
  return writeXml(
    'common:BookingTraveler',
    {
      Key: travelerKey(index),
      TravelerType: PASSENGER_CODES[passenger.type],
      Age: passenger.type === 'adult' ? null : age,
      DOB: passenger.bornOn,
      Gender: passenger.gender === 'female' ? 'F' : passenger.gender === 'male' ? 'M' : null,
    },
    writeXml('common:BookingTravelerName', {
      Prefix: passenger.title?.toUpperCase(),
      First: toHostName(passenger.givenName),
      Last: toHostName(passenger.familyName),
    }),
    index === 0 ? writeXml('common:PhoneNumber', { Type: 'Mobile', Number: order.contact.phone.replace(/[^+\d]/g, '') }) : '',
    index === 0 ? writeXml('common:Email', { Type: 'To', EmailID: order.contact.email }) : '',
    ...(docs === null
      ? []
      : carriers.map((carrier) => writeXml('common:SSR', { Type: 'DOCS', Status: 'HK', FreeText: docs, Carrier: carrier }))),
    nameRemark(passenger, age),
  )
}

/** The host tells children and infants by the remark at their name: "P-C07 DOB15JAN19", "15JAN25". */
function nameRemark(passenger: Passenger, age: number): string {
  if (passenger.type === 'adult') return ''
  const born = toHostDate(passenger.bornOn)
  const text = passenger.type === 'child' ? `P-C${String(age).padStart(2, '0')} DOB${born}` : born
  return writeXml('common:NameRemark', {}, writeXml('common:RemarkData', {}, text))
}

/** What of a priced AirPricingInfo is booked; the rest is information for the shopper. */
const BOOKED = new Set(['FareInfo', 'BookingInfo', 'TaxInfo', 'FareCalc', 'ChangePenalty', 'CancelPenalty'])
/** Inside it, marketing texts of brands may be long and mean nothing to the host. */
const LEFT_OUT = new Set(['Brand', 'TaxDetail', 'FareAttributes'])

function pricingSolution(priced: PricedSolution, order: FlightOrder): string {
  const waiting = order.passengers.map((passenger, index) => ({ passenger, index, placed: false }))
  const infos = children(priced.solution, 'AirPricingInfo').map((info) => pricingInfo(info, waiting, departureDay(order)))
  const left = waiting.find((one) => !one.placed)
  if (left) throw malformed(`no fare was priced for the ${left.passenger.type}`)
  return copyElement(
    priced.solution,
    [...priced.segments.map((segment) => copy(segment, LEFT_OUT)), ...infos, ...priced.hostTokens.map((token) => copy(token))].join(''),
  )
}

/** An AirPricingInfo with its PassengerTypes bound to the travellers: each traveller to one fare of the type. */
function pricingInfo(info: XmlElement, waiting: { passenger: Passenger; index: number; placed: boolean }[], day: string): string {
  const bound = children(info, 'PassengerType').map((passengerType) => {
    const code = attribute(passengerType, 'Code') ?? 'ADT'
    const type = toPassengerType(code, readCount(attribute(passengerType, 'Age')))
    const traveler = waiting.find((one) => !one.placed && one.passenger.type === type)
    if (!traveler) throw malformed(`a fare was priced for one ${type} too many`)
    traveler.placed = true
    return writeXml('air:PassengerType', {
      Code: code,
      Age: type === 'adult' ? null : ageOn(traveler.passenger.bornOn, day),
      BookingTravelerRef: travelerKey(traveler.index),
    })
  })
  const parts: string[] = []
  let placed = false
  const placePassengers = (): void => {
    if (!placed) parts.push(...bound)
    placed = true
  }
  for (const part of info.children) {
    if (part.name === 'PassengerType' || part.name === 'ChangePenalty' || part.name === 'CancelPenalty') placePassengers()
    if (BOOKED.has(part.name)) parts.push(copy(part, LEFT_OUT))
  }
  placePassengers()
  return copyElement(info, parts.join(''))
}
