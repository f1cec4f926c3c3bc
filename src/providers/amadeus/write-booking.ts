import type { FlightOffer, Segment } from '../../travel/flight.ts'
import type { Contact, Passenger } from '../../travel/passenger.ts'
import type { FlightOrder } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import type { AmadeusOn } from './config.ts'
import { PROVIDER_ID } from './exchange.ts'
import { docsText, toHostDate, toHostName } from '../host-text.ts'
import { OPTION, REFERENCE_REMARK } from './wire.ts'
import { countsOf, element, text, wireDate, wireTime, writePricingOptions } from './write-values.ts'

/** The body of Air_SellFromRecommendation: a seat for everybody but the infants, on every flight. */
export function writeSell(offer: FlightOffer): string {
  const { adults, children } = countsOf(offer)
  const message = element('messageFunctionDetails', text('messageFunction', 183), text('additionalMessageFunction', 'M1'))
  return [
    element('messageActionDetails', message),
    ...offer.slices.map((slice) =>
      element(
        'itineraryDetails',
        element('originDestinationDetails', text('origin', slice.origin), text('destination', slice.destination)),
        element('message', element('messageFunctionDetails', text('messageFunction', 183))),
        ...slice.segments.map((segment) => writeSoldSegment(segment, adults + children)),
      ),
    ),
  ].join('')
}

function writeSoldSegment(segment: Segment, seats: number): string {
  return element(
    'segmentInformation',
    element(
      'travelProductInformation',
      element(
        'flightDate',
        text('departureDate', wireDate(segment.departure.local)),
        text('departureTime', wireTime(segment.departure.local)),
        text('arrivalDate', wireDate(segment.arrival.local)),
        text('arrivalTime', wireTime(segment.arrival.local)),
      ),
      element('boardPointDetails', text('trueLocationId', segment.origin)),
      element('offpointDetails', text('trueLocationId', segment.destination)),
      element('companyDetails', text('marketingCompany', segment.carrier)),
      element('flightIdentification', text('flightNumber', segment.flightNumber), text('bookingClass', segment.bookingClass ?? 'Y')),
    ),
    element('relatedproductInformation', text('quantity', seats), text('statusCode', 'NN')),
  )
}

/**
 * The body of PNR_AddMultiElements that puts everything into the PNR and ends nothing: names, contact, ticket arrangement, form of
 * payment, documents, and our reference as a remark. Throws ProviderError when the travellers cannot be put into a PNR.
 */
export function writeElements(order: FlightOrder): string {
  const travellers = seatTravellers(order.passengers)
  const numbers = new Map<Passenger, number>()
  travellers.forEach(({ passenger, infant }, at) => {
    numbers.set(passenger, at + 1)
    if (infant) numbers.set(infant, at + 1)
  })
  return [
    element('pnrActions', text('optionCode', OPTION.none)),
    ...travellers.map(writeTraveller),
    element(
      'dataElementsMaster',
      '<marker1/>',
      ...contactElements(order.contact),
      individual('TK', element('ticketElement', element('ticket', text('indicator', 'OK')))),
      individual('FP', element('formOfPayment', element('fop', text('identification', 'CA')))),
      individual(
        'RM',
        element('miscellaneousRemark', element('remarks', text('type', 'RM'), text('freetext', `${REFERENCE_REMARK} ${order.reference}`))),
      ),
      ...order.passengers.flatMap((passenger) => documentElement(passenger, numbers.get(passenger)!)),
      ...order.passengers
        .filter((one) => one.type === 'child')
        .map((child) => service('CHLD', toHostDate(child.bornOn), numbers.get(child)!)),
    ),
  ].join('')
}

/** The body of PNR_AddMultiElements that ends the transaction and shows the record: from here on it exists. */
export function writeEndTransaction(): string {
  return [
    element('pnrActions', text('optionCode', OPTION.endAndRetrieve)),
    element('dataElementsMaster', '<marker1/>', freetext('RF', 'P22', 'FAREWIRE')),
  ].join('')
}

/** The body of Fare_PricePNRWithBookingClass for the flights in the PNR, which are numbered in the order they were sold. */
export function writePricePnr(config: AmadeusOn, offer: FlightOffer): string {
  return writePricingOptions(offer, config.currency, { qualifier: 'S', of: (segment) => String(segment + 1) })
}

/** The body of Ticket_CreateTSTFromPricing: the fares that have just been priced are stored. */
export function writeStoreFares(references: readonly string[]): string {
  return references
    .map((reference) => element('psaList', element('itemReference', text('referenceType', 'TST'), text('uniqueReference', reference))))
    .join('')
}

type Seated = { readonly passenger: Passenger; readonly infant: Passenger | null }

/** Everybody who has a seat, adults first as they were priced, each of the first ones with an infant on the lap. */
function seatTravellers(passengers: readonly Passenger[]): readonly Seated[] {
  const adults = passengers.filter((one) => one.type === 'adult')
  const infants = passengers.filter((one) => one.type === 'infant')
  if (adults.length === 0 || infants.length > adults.length)
    throw new ProviderError(PROVIDER_ID, 'refused', 'every infant travels on the lap of an adult', { code: 'infant_without_adult' })
  const children = passengers.filter((one) => one.type === 'child')
  return [
    ...adults.map((passenger, at) => ({ passenger, infant: infants[at] ?? null })),
    ...children.map((passenger) => ({ passenger, infant: null })),
  ]
}

function writeTraveller({ passenger, infant }: Seated, at: number): string {
  const isChild = passenger.type === 'child'
  return element(
    'travellerInfo',
    element('elementManagementPassenger', element('reference', text('qualifier', 'PR'), text('number', at + 1)), text('segmentName', 'NM')),
    element(
      'passengerData',
      element(
        'travellerInformation',
        element('traveller', text('surname', toHostName(passenger.familyName)), text('quantity', infant ? 2 : 1)),
        element(
          'passenger',
          text('firstName', hostGivenName(passenger)),
          text('type', isChild ? 'CHD' : 'ADT'),
          infant ? text('infantIndicator', 3) : '',
        ),
      ),
      isChild ? birth(passenger) : '',
    ),
    infant
      ? element(
          'passengerData',
          element(
            'travellerInformation',
            element('traveller', text('surname', toHostName(infant.familyName))),
            element('passenger', text('firstName', toHostName(infant.givenName)), text('type', 'INF')),
          ),
          birth(infant),
        )
      : '',
  )
}

/** Hosts keep the title behind the given name: "BUDI MR". */
function hostGivenName(passenger: Passenger): string {
  const title = passenger.title === null ? '' : ` ${passenger.title.toUpperCase()}`
  return `${toHostName(passenger.givenName)}${title}`
}

function birth(passenger: Passenger): string {
  const [year, month, day] = passenger.bornOn.split('-')
  return element('dateOfBirth', element('dateAndTimeDetails', text('qualifier', 706), text('date', `${day}${month}${year}`)))
}

function contactElements(contact: Contact): readonly string[] {
  return [freetext('AP', '7', contact.phone), freetext('AP', 'P02', contact.email.toUpperCase())]
}

function individual(name: string, content: string, ...more: readonly string[]): string {
  return element('dataElementsIndiv', element('elementManagementData', text('segmentName', name)), content, ...more)
}

function freetext(name: string, type: string, value: string): string {
  return individual(
    name,
    element('freetextData', element('freetextDetail', text('subjectQualifier', 3), text('type', type)), text('longFreetext', value)),
  )
}

function service(type: string, freeText: string, traveller: number): string {
  return individual(
    'SSR',
    element(
      'serviceRequest',
      element('ssr', text('type', type), text('status', 'HK'), text('quantity', 1), text('companyId', 'YY'), text('freetext', freeText)),
    ),
    element('referenceForDataElement', element('reference', text('qualifier', 'PR'), text('number', traveller))),
  )
}

function documentElement(passenger: Passenger, traveller: number): readonly string[] {
  const document = docsText(passenger, '-')
  return document === null ? [] : [service('DOCS', document, traveller)]
}
