import { attribute, child, children, XmlError, type XmlElement } from '../../platform/xml.ts'
import type { MessageKind, Translation } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { outcomeOfBooking } from './book.ts'
import { outcomeOfCancellation, outcomeOfVoid } from './cancel.ts'
import { outcomeOfExchange } from './change.ts'
import { PROVIDER_ID, readBody, refused } from './exchange.ts'
import { isNoHotel, isNothingFound, outcomeOfFault, readFault, type SoapFault } from './faults.ts'
import { readAvailability } from './read-availability.ts'
import { readExchangeQuotes } from './read-exchange.ts'
import { readPriceAsShop } from './read-price.ts'
import { readRecord } from './read-reservation.ts'
import { outcomeOfRefund, readRefundQuote } from './read-refund.ts'
import { readFareRules, readPricedRules } from './read-rules.ts'
import { readSeatMaps } from './read-seat-map.ts'
import { readShop } from './read-shop.ts'
import { outcomeOfTicketing, readDocuments } from './read-tickets.ts'
import { malformed } from './read-values.ts'
import { outcomeOfStayBooking } from './stays/book.ts'
import { readHotelDetails } from './stays/read-details.ts'
import { readStayRecord } from './stays/read-reservation.ts'
import { readHotelRules } from './stays/read-rules.ts'
import { readHotelSearch } from './stays/read-search.ts'

/**
 * Reads one message. The message says itself what it is, so any kind is accepted for any of them; the kind decides only
 * what a SOAP fault means, which does not say what it is the answer to. Throws ProviderError.
 */
export function translate(kind: MessageKind, message: string): Translation {
  let body: XmlElement
  try {
    body = readBody(message)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new ProviderError(PROVIDER_ID, 'malformed', `not a message of Travelport's: ${error.message}`, { cause: error })
  }
  switch (body.name) {
    case 'LowFareSearchRsp':
    case 'LowFareSearchAsynchRsp':
    case 'RetrieveLowFareSearchRsp':
      return { kind: 'offers', ...readShop(body) }
    case 'AirPriceRsp': {
      const rules = readPricedRules(body)
      return { kind: 'offers', ...readPriceAsShop(body), ...(rules.length > 0 ? { rules } : {}) }
    }
    case 'AvailabilitySearchRsp':
      return { kind: 'note', message: 'Flights with their free classes, without prices', facts: readAvailability(body) }
    case 'AirExchangeQuoteRsp':
      return { kind: 'exchange-quotes', quotes: readExchangeQuotes(body) }
    case 'AirExchangeRsp':
      return { kind: 'reservation', result: outcomeOfExchange(body, null) }
    case 'AirRefundQuoteRsp':
      return { kind: 'refund-quote', quote: readRefundQuote(body) }
    case 'AirRefundRsp':
      return { kind: 'cancellation', result: outcomeOfRefund(body, [], null), pnr: readDocuments(body).pnr }
    case 'SeatMapRsp':
      return { kind: 'seat-maps', maps: readSeatMaps(body) }
    case 'AirFareRulesRsp':
      return { kind: 'fare-rules', rules: readFareRules(body) }
    case 'HotelDetailsRsp': {
      const { offers, hasMore } = readHotelDetails(body, null)
      return { kind: 'stays', solutions: new Set(offers.map((offer) => offer.property)).size, offers, hasMore }
    }
    case 'HotelRulesRsp':
      return { kind: 'note', message: 'The rules of a rate, without the property that it is of', facts: readHotelRules(body) }
    case 'HotelCreateReservationRsp':
      return { kind: 'reservation', result: outcomeOfStayBooking(body) }
    case 'HotelSearchAvailabilityRsp':
      return { kind: 'stays', ...readHotelSearch(body) }
    case 'AirCreateReservationRsp':
      return { kind: 'reservation', result: outcomeOfBooking(body, null) }
    case 'UniversalRecordRetrieveRsp':
    case 'UniversalRecordImportRsp':
      return translateRecord(body)
    case 'AirTicketingRsp': {
      const { total, pnr } = readDocuments(body)
      return { kind: 'tickets', result: outcomeOfTicketing(body), total, pnr }
    }
    case 'AirRetrieveDocumentRsp': {
      const { tickets, total, pnr } = readDocuments(body)
      return { kind: 'tickets', result: { outcome: 'ok', value: tickets }, total, pnr }
    }
    case 'AirCancelRsp':
      return { kind: 'cancellation', result: outcomeOfCancellation(body), pnr: readRecord(body)?.locators.pnr ?? null }
    case 'UniversalRecordCancelRsp':
      return {
        kind: 'cancellation',
        result: outcomeOfCancellation(body),
        pnr: attribute(children(body, 'ProviderReservationStatus')[0], 'LocatorCode') ?? null,
      }
    case 'AirVoidDocumentRsp': {
      const result = outcomeOfVoid(body, [])
      return { kind: 'cancellation', result: result.outcome === 'ok' ? { outcome: 'ok', value: { refund: null } } : result, pnr: null }
    }
    case 'Fault':
      return translateFault(kind, readFault(body))
    default:
      throw malformed(`${body.name} is a message that this adapter does not read`)
  }
}

function translateRecord(body: XmlElement): Translation {
  const isStay = child(child(body, 'UniversalRecord'), 'HotelReservation') && !child(child(body, 'UniversalRecord'), 'AirReservation')
  const view = isStay ? readStayRecord(body) : readRecord(body)
  if (!view) throw malformed('the reply holds no universal record')
  return { kind: 'reservation', result: { outcome: 'ok', value: view.reservation } }
}

function translateFault(kind: MessageKind, fault: SoapFault): Translation {
  switch (kind) {
    case 'shop':
    case 'price':
    case 'availability':
    case 'fare-rules':
    case 'seat-map':
      if (isNothingFound(fault)) return { kind: 'offers', solutions: 0, offers: [] }
      throw refused(fault)
    case 'stay-shop':
      if (isNoHotel(fault) || isNothingFound(fault)) return { kind: 'stays', solutions: 0, offers: [] }
      throw refused(fault)
    case 'ticket':
      return { kind: 'tickets', result: outcomeOfFault('ticket', fault), total: null, pnr: null }
    case 'cancel':
    case 'void':
    case 'refund':
      return { kind: 'cancellation', result: outcomeOfFault(kind, fault), pnr: null }
    case 'exchange':
      return { kind: 'reservation', result: outcomeOfFault('exchange', fault) }
    case 'book':
    case 'retrieve':
      return { kind: 'reservation', result: outcomeOfFault('book', fault) }
  }
}
