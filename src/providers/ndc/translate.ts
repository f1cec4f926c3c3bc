import { XmlError } from '../../platform/xml.ts'
import type { MessageKind, Translation } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { outcomeOfCreation, outcomeOfTicketing } from './book.ts'
import { outcomeOfVoid } from './cancel.ts'
import { malformed } from './elements.ts'
import { isNothing, isNoOrder, outcomeOfErrors, refused } from './faults.ts'
import { hasOrder, readOrder } from './read-order.ts'
import { outcomeOfCancellation } from './read-cancellation.ts'
import { readFareRules } from './read-fare-rules.ts'
import { offersOf, pricedOffersOf, readOffers } from './read-offers.ts'
import { readSeatMaps } from './read-seats.ts'
import { partsOf, readMessage, versionOf, type Message } from './message.ts'
import { MODULE_ID } from './wire.ts'

/**
 * Reads one message of an airline's, of any version. The message says itself what it is; the kind decides what an order or
 * an error in it means, which do not say what they are the answer to. Throws ProviderError.
 */
export function translate(kind: MessageKind, text: string): Translation {
  const message = read(text)
  switch (message.name) {
    case 'AirShoppingRS': {
      const elements = offersOf(message)
      if (elements.length === 0 && message.errors.length > 0) return translateReadErrors(message)
      return { kind: 'offers', ...readOffers(message, MODULE_ID, elements) }
    }
    case 'OfferPriceRS': {
      const elements = pricedOffersOf(message)
      if (elements.length === 0) return translateReadErrors(message)
      if (kind === 'fare-rules') return { kind: 'fare-rules', rules: readFareRules(message) }
      return { kind: 'offers', ...readOffers(message, MODULE_ID, elements) }
    }
    case 'OrderViewRS':
    case 'OrderCreateRS':
    case 'OrderRetrieveRS':
    case 'OrderChangeRS':
    case 'AirDocIssueRS':
    case 'AirDocDisplayRS':
      return translateOrder(kind, message)
    case 'OrderCancelRS':
      return { kind: 'cancellation', result: outcomeOfCancellation(message, null), pnr: null }
    case 'AirDocVoidRS': {
      const result = outcomeOfVoid(message, null)
      return { kind: 'cancellation', result: result.outcome === 'ok' ? { outcome: 'ok', value: { refund: null } } : result, pnr: null }
    }
    case 'SeatAvailabilityRS':
      if (message.errors.length > 0 && partsOf(message, 'SeatMap').length === 0) return translateReadErrors(message)
      return { kind: 'seat-maps', maps: readSeatMaps(message) }
    case 'Fault':
      return translateErrors(kind, message)
    default:
      return translateOther(kind, message)
  }
}

function read(text: string): Message {
  try {
    return readMessage(text)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new ProviderError(MODULE_ID, 'malformed', `not an NDC message: ${error.message}`, { cause: error })
  }
}

function translateOrder(kind: MessageKind, message: Message): Translation {
  if (message.errors.length > 0 && !hasOrder(message)) return translateErrors(kind, message)
  const isDocuments = message.name === 'AirDocIssueRS' || message.name === 'AirDocDisplayRS'
  if (kind === 'ticket' || (isDocuments && !hasOrder(message))) {
    const order = readOrder(message)?.reservation
    return { kind: 'tickets', result: outcomeOfTicketing(message), total: order?.total ?? null, pnr: order?.pnr ?? null }
  }
  if (kind === 'cancel' || kind === 'void' || kind === 'refund') {
    const pnr = readOrder(message)?.ref.pnr ?? null
    return { kind: 'cancellation', result: outcomeOfCancellation(message, null), pnr }
  }
  if (kind === 'retrieve') {
    const view = readOrder(message)
    if (!view) throw malformed('the reply holds no order')
    return { kind: 'reservation', result: { outcome: 'ok', value: view.reservation } }
  }
  return { kind: 'reservation', result: outcomeOfCreation(message) }
}

/** What a search or the like is refused with: nothing is sold, or the ProviderError that says why not. Reads say what they are. */
function translateReadErrors({ name, errors }: Message): Translation {
  if (isNothing(errors)) return { kind: 'offers', solutions: 0, offers: [] }
  if (errors.length === 0) throw malformed(`the ${name} holds neither an answer nor an error`)
  throw refused(MODULE_ID, errors)
}

/** An error is thrown as what a read would have thrown, and is the outcome of a write. */
function translateErrors(kind: MessageKind, message: Message): Translation {
  const { errors } = message
  switch (kind) {
    case 'shop':
    case 'price':
    case 'availability':
    case 'seat-map':
    case 'fare-rules':
    case 'stay-shop':
      return translateReadErrors(message)
    case 'ticket':
      return { kind: 'tickets', result: outcomeOfErrors('ticket', errors), total: null, pnr: null }
    case 'cancel':
    case 'refund':
      return { kind: 'cancellation', result: outcomeOfErrors('cancel', errors), pnr: null }
    case 'void':
      return { kind: 'cancellation', result: outcomeOfErrors('void', errors), pnr: null }
    case 'retrieve':
      if (errors.length > 0 && isNoOrder(errors)) throw refused(MODULE_ID, errors)
      return { kind: 'reservation', result: outcomeOfErrors('book', errors) }
    case 'book':
    case 'exchange':
      return { kind: 'reservation', result: outcomeOfErrors('book', errors) }
  }
}

/** A message that is understood to be one, and is not read further: requests, lists, notices. */
function translateOther(kind: MessageKind, message: Message): Translation {
  if (message.errors.length > 0) return translateErrors(kind, message)
  return { kind: 'note', message: `${message.name} is not read further`, facts: { message: message.name, version: versionOf(message) } }
}
