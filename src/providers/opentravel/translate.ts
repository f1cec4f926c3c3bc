import { attribute, child, children, XmlError, type XmlElement } from '../../platform/xml.ts'
import type { MessageKind, Translation } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { outcomeOfBooking, outcomeOfRefusal } from './book.ts'
import { numberOf, outcomeOfCancellation } from './cancel.ts'
import { isSuccess, judge, kindOf, readMessage, unsaid } from './exchange.ts'
import { isCancelledBefore, isNothingFound, outcomeOfErrors, readWarnings, refused, unknown, type OtaError } from './faults.ts'
import { readAirBooking, readLowFares } from './read-air.ts'
import { readAvail } from './read-avail.ts'
import { readReservations } from './read-reservation.ts'
import { malformed } from './read-values.ts'
import { PROVIDER_ID } from './wire.ts'

/**
 * Reads one message. The message says itself what it is, so any kind is accepted for any of them; the kind decides only
 * what errors mean where the message does not say what it is the answer to. Throws ProviderError.
 */
export function translate(kind: MessageKind, text: string): Translation {
  let message: XmlElement
  try {
    message = readMessage(text)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new ProviderError(PROVIDER_ID, 'malformed', `not a message of OpenTravel's: ${error.message}`, { cause: error })
  }
  const name = kindOf(message)
  if (name.endsWith('RQ'))
    return {
      kind: 'note',
      message: 'a request, to which a supplier would answer',
      facts: { message: message.name, version: versionOf(message) },
    }
  const judged = judge(message, [name])
  if (judged.kind === 'errors') return translateErrors(name, kind, judged.errors, judged.message)
  switch (name) {
    case 'HotelAvailRS':
      return translateAvailability(message)
    case 'HotelSearchRS':
      return translateSearch(message)
    case 'HotelDescriptiveInfoRS':
      return note(message, 'descriptions of hotels', {
        hotels: children(child(message, 'HotelDescriptiveContents'), 'HotelDescriptiveContent').length,
      })
    case 'HotelResRS':
    case 'HotelResModifyRS':
    case 'HotelResNotifRS':
      return { kind: 'reservation', result: outcomeOfBooking(message, null) }
    case 'ResRetrieveRS':
      return translateRetrieved(message)
    case 'CancelRS':
      return { kind: 'cancellation', result: outcomeOfCancellation(message, null), pnr: numberOf(message) }
    case 'AirLowFareSearchRS':
      if (!isSuccess(message) && !child(message, 'PricedItineraries')) throw unsaid(message)
      return { kind: 'offers', ...readLowFares(message) }
    case 'AirBookRS':
      return { kind: 'reservation', result: readAirBooking(message) }
    default:
      throw malformed(`${message.name} is a message that this adapter does not read`)
  }
}

function versionOf(message: XmlElement): string | null {
  return attribute(message, 'Version') ?? null
}

function note(message: XmlElement, text: string, facts: Readonly<Record<string, unknown>>): Translation {
  const warnings = readWarnings(message).map((warning) => warning.message)
  return {
    kind: 'note',
    message: text,
    facts: { message: message.name, version: versionOf(message), ...facts, ...(warnings.length > 0 ? { warnings } : {}) },
  }
}

/** Offers, or, when rates are told whose total nobody can be certain of, how many there are and why they are none. */
function translateAvailability(message: XmlElement): Translation {
  const listed = [
    ...children(child(message, 'HotelStays'), 'HotelStay'),
    ...children(child(message, 'AvailabilityOptions'), 'AvailabilityOption'),
  ]
  // Amadeus and Sabre list hotels under this name too, without a rate.
  if (!child(message, 'RoomStays') && listed.length > 0) return { kind: 'stays', solutions: listed.length, offers: [] }
  if (!child(message, 'RoomStays') && !isSuccess(message)) throw unsaid(message)
  const { solutions, offers, roomStays, roomRates, ratePlans } = readAvail(message, { query: null, now: null })
  if (offers.length > 0 || roomRates === 0) return { kind: 'stays', solutions, offers }
  return note(message, 'an availability whose rates make no offers: the hotel, the dates or a total with taxes is missing', {
    roomStays,
    roomRates,
    ratePlans,
  })
}

/** Hotels without rates: as many as are told, and no offers. */
function translateSearch(message: XmlElement): Translation {
  const list = child(message, 'Properties')
  if (!list && !isSuccess(message)) throw unsaid(message)
  return { kind: 'stays', solutions: children(list, 'Property').length, offers: [] }
}

function translateRetrieved(message: XmlElement): Translation {
  const found = readReservations(message, null)
  const [first] = found
  if (!first) {
    if (!isSuccess(message)) throw unsaid(message)
    return note(message, 'no reservations', { reservations: 0 })
  }
  if (found.length === 1) return { kind: 'reservation', result: { outcome: 'ok', value: first.reservation } }
  return note(message, 'several reservations', { reservations: found.map((one) => one.reservation) })
}

type Asked = 'search' | 'booking' | 'cancellation'

/** What the errors are the answer to: by the message that holds them, else by what the reader takes it for. */
function askedBy(name: string, kind: MessageKind): Asked {
  if (/^(HotelRes|HotelResModify|HotelResNotif|AirBook|ResRetrieve)RS$/.test(name)) return 'booking'
  if (name === 'CancelRS') return 'cancellation'
  if (/^(HotelAvail|HotelSearch|HotelDescriptiveInfo|AirLowFareSearch)RS$/.test(name)) return 'search'
  if (kind === 'book' || kind === 'retrieve' || kind === 'ticket' || kind === 'exchange') return 'booking'
  return kind === 'cancel' || kind === 'void' || kind === 'refund' ? 'cancellation' : 'search'
}

function translateErrors(name: string, kind: MessageKind, errors: readonly OtaError[], message: XmlElement | null): Translation {
  switch (askedBy(name, kind)) {
    case 'search':
      if (isNothingFound(errors)) return { kind: 'stays', solutions: 0, offers: [] }
      throw refused(errors)
    case 'booking':
      // The list is of bookings: of a reservation that could not be read it proves nothing.
      if (name === 'ResRetrieveRS')
        return { kind: 'reservation', result: unknown('unrecognised', errors.map((error) => error.message).join('; ')) }
      return { kind: 'reservation', result: outcomeOfRefusal({ errors, message }) }
    case 'cancellation':
      return {
        kind: 'cancellation',
        result: isCancelledBefore(errors) ? { outcome: 'ok', value: { refund: null } } : outcomeOfErrors('cancel', errors),
        pnr: message && numberOf(message),
      }
  }
}
