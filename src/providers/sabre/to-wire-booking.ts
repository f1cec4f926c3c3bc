import { formatAmount } from '../../kernel/money.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Passenger } from '../../travel/passenger.ts'
import type { FlightOrder } from '../contract.ts'
import type { SabreSettings } from './config.ts'
import { toHostName } from '../host-text.ts'
import { PASSENGER_CODES } from './to-wire-shop.ts'
import { HALT_ON, RECEIVED_FROM, REFERENCE_MARK, type OfferToken } from './wire.ts'

/** What keeps an order from being sent at all. */
export type Unsendable = { readonly problem: string }

/**
 * The body of createBooking. Sabre is told to stop, and keep nothing, when a flight is not confirmed (`haltOnFlightStatusCodes`)
 * or the price is above the agreed one (`priceComparisons` with a tolerance of zero). Our reference is a general remark.
 * https://developer.sabre.com/create-booking
 */
export function toCreateBooking(order: FlightOrder, token: OfferToken): object | Unsendable {
  const { offer, passengers, contact } = order
  if (token.source !== 'ATPCO') return { problem: `content of the source ${token.source} is booked by messages that are not built` }
  const adults = passengers.filter((passenger) => passenger.type === 'adult')
  const infants = passengers.filter((passenger) => passenger.type === 'infant')
  if (infants.length > adults.length) return { problem: 'each infant needs an adult of its own' }
  if (segmentsOf(offer).some((segment) => segment.bookingClass === null))
    return { problem: 'the offer does not say in which classes it is sold' }
  return {
    receivedFrom: RECEIVED_FROM,
    errorHandlingPolicy: ['HALT_ON_ERROR'],
    agency: { ticketingPolicy: 'TODAY' },
    flightDetails: {
      flights: segmentsOf(offer).map((segment, index) => ({
        flightNumber: Number.parseInt(segment.flightNumber, 10),
        airlineCode: segment.carrier,
        fromAirportCode: segment.origin,
        toAirportCode: segment.destination,
        departureDate: segment.departure.local.slice(0, 10),
        departureTime: segment.departure.local.slice(11, 16),
        arrivalDate: segment.arrival.local.slice(0, 10),
        arrivalTime: segment.arrival.local.slice(11, 16),
        bookingClass: segment.bookingClass,
        flightStatusCode: 'NN',
        isMarriageGroup: token.married[index] ?? false,
      })),
      flightPricing: [
        {
          priceComparisons: [{ desiredAmount: formatAmount(offer.total), comparisonType: 'INCREASE_BY_AMOUNT', amount: '0' }],
          qualifiers: toPricingQualifiers(offer, token),
        },
      ],
      haltOnFlightStatusCodes: [...HALT_ON],
      retryBookingUnconfirmedFlights: false,
    },
    travelers: passengers.map((passenger) => toTraveler(passenger, infantIndexOf(passenger, passengers))),
    contactInfo: { emails: [contact.email], phones: [contact.phone] },
    remarks: [{ type: 'GENERAL', text: `${REFERENCE_MARK} ${order.reference}` }],
  }
}

/** True for what {@link toCreateBooking} gives when there is nothing to send. */
export function isUnsendable(order: object): order is Unsendable {
  return 'problem' in order
}

function segmentsOf(offer: FlightOffer) {
  return offer.slices.flatMap((slice) => slice.segments)
}

function toPricingQualifiers(offer: FlightOffer, token: OfferToken): object {
  const brands = token.brands.flatMap((brandCode, index) => (brandCode === null ? [] : [{ brandCode, flightIndices: [index + 1] }]))
  return {
    currencyPricing: offer.total.currency,
    ...(offer.validatingCarrier && { validatingAirlineCode: offer.validatingCarrier }),
    ...(brands.length > 0 && { brandedFares: brands }),
    passengersPricing: token.passengers.map(({ code, count }) => ({ passengerCode: code, numberOfpassengers: count })),
  }
}

function toTraveler(passenger: Passenger, infantIndex: number | null): object {
  return {
    givenName: toHostName(passenger.givenName),
    surname: toHostName(passenger.familyName),
    birthDate: passenger.bornOn,
    gender: genderOf(passenger),
    passengerCode: PASSENGER_CODES[passenger.type],
    ...(infantIndex !== null && { infantTravelerIndex: infantIndex }),
    identityDocuments: [toIdentityDocument(passenger)],
  }
}

/** Position, counted from 1, of the infant on this adult's lap: the first with the first. */
function infantIndexOf(passenger: Passenger, party: readonly Passenger[]): number | null {
  if (passenger.type !== 'adult') return null
  const place = party.filter((one) => one.type === 'adult').indexOf(passenger)
  const infant = party.filter((one) => one.type === 'infant')[place]
  return infant ? party.indexOf(infant) + 1 : null
}

function genderOf({ gender, type }: Passenger): string {
  if (gender === 'unspecified') return 'UNDISCLOSED'
  const plain = gender === 'female' ? 'FEMALE' : 'MALE'
  return type === 'infant' ? `INFANT_${plain}` : plain
}

/** The passport, or what Secure Flight asks of everybody. */
function toIdentityDocument(passenger: Passenger): object {
  const { document } = passenger
  const person = {
    givenName: toHostName(passenger.givenName),
    surname: toHostName(passenger.familyName),
    birthDate: passenger.bornOn,
    gender: genderOf(passenger),
  }
  if (!document) return { documentType: 'SECURE_FLIGHT_PASSENGER_DATA', ...person }
  return {
    documentType: 'PASSPORT',
    documentNumber: document.number.toUpperCase().replace(/[^A-Z0-9]/g, ''),
    issuingCountryCode: document.issuingCountry,
    citizenshipCountryCode: document.nationality,
    expiryDate: document.expiresOn,
    ...person,
  }
}

/** The body of getBooking: everything the reservation holds. */
export function toGetBooking(confirmationId: string): object {
  return { confirmationId, bookingSource: 'SABRE' }
}

/**
 * The body of fulfillFlightTickets for stored prices. Sabre would reprice what has expired and issue at whatever price
 * comes out, both by default: it is told not to, and to wait until the tickets are committed to the reservation.
 * https://developer.sabre.com/fulfill-flight-tickets
 */
export function toFulfill(confirmationId: string, priceQuotes: readonly string[], settings: SabreSettings): object {
  const printers = [
    ...(settings.printerProfile === null ? [] : [{ profileNumber: settings.printerProfile }]),
    ...(settings.ticketCountry === null ? [] : [{ ticket: { countryCode: settings.ticketCountry } }]),
  ]
  return {
    confirmationId,
    receivedFrom: RECEIVED_FROM,
    ...(printers.length > 0 && { designatePrinters: printers }),
    formsOfPayment: [{ type: 'CASH' }],
    fulfillments: [
      {
        ...(priceQuotes.length > 0 && { ticketingQualifiers: { priceQuoteRecordIds: [...priceQuotes] } }),
        payment: { primaryFormOfPayment: 1 },
      },
    ],
    acceptPriceChanges: false,
    priceQuoteExpirationMethod: 'Quit',
    backDatePriceQuoteMethod: 'Quit',
    generateSingleInvoice: false,
    commitTicketToBookingWaitTime: 10_000,
  }
}

/** The body of cancelBooking for the whole reservation. https://developer.sabre.com/cancel-booking */
export function toCancelBooking(confirmationId: string, tickets: 'VOID' | 'KEEP'): object {
  return {
    confirmationId,
    retrieveBooking: true,
    cancelAll: true,
    receivedFrom: RECEIVED_FROM,
    errorHandlingPolicy: 'HALT_ON_ERROR',
    ...(tickets === 'VOID' && { flightTicketOperation: 'VOID' }),
  }
}

/** The body of voidFlightTickets. https://developer.sabre.com/void-flight-tickets */
export function toVoidTickets(numbers: readonly string[]): object {
  return { tickets: [...numbers], errorHandlingPolicy: 'HALT_ON_ERROR', receivedFrom: RECEIVED_FROM }
}

/** The body of checkFlightTickets, which changes nothing. https://developer.sabre.com/check-flight-tickets */
export function toCheckTickets(numbers: readonly string[]): object {
  return { tickets: numbers.map((number) => ({ number })) }
}

/** The body of refundFlightTickets. https://developer.sabre.com/refund-flight-tickets */
export function toRefundTickets(numbers: readonly string[]): object {
  return { tickets: numbers.map((number) => ({ number })), errorHandlingPolicy: 'HALT_ON_ERROR', receivedFrom: RECEIVED_FROM }
}
