import { XmlError, type XmlElement } from '../../platform/xml.ts'
import type { MessageKind, Translation } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { outcomeOfSell } from './book.ts'
import { outcomeOfVoidReply } from './cancel.ts'
import { PROVIDER_ID, refused } from './exchange.ts'
import { isNoFare, isNothingFound, outcomeOfRefusals, readFault, readRefusals, type Refusal } from './faults.ts'
import { readNdcPrice } from './read-ndc-price.ts'
import { readLocators, readPnr, readPnrErrors } from './read-pnr.ts'
import { readPriceAsShop } from './read-price.ts'
import { isSuccess, readRefund, readRefundErrors } from './read-refund.ts'
import { outcomeOfProcess, toQuote } from './refund.ts'
import { readCheckRules, readMiniRulesReply } from './read-rules.ts'
import { readSeatMaps } from './read-seat-map.ts'
import { readShop } from './read-shop.ts'
import { readStoredFares, totalOf } from './read-stored-fares.ts'
import { malformed } from './read-values.ts'
import { readMessage } from './soap.ts'
import { outcomeOfIssue } from './ticket.ts'

/**
 * Reads one message, with or without its envelope and of any release. The message says itself what it is, so any kind is accepted for any of
 * them; the kind decides only what a SOAP fault or an error means that does not say what it is the answer to. Throws ProviderError.
 */
export function translate(kind: MessageKind, message: string): Translation {
  let body: XmlElement
  try {
    body = readMessage(message).body
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new ProviderError(PROVIDER_ID, 'malformed', `not a message of Amadeus': ${error.message}`, { cause: error })
  }
  const read = READERS.find(([name]) => name.test(body.name))?.[1]
  if (!read) throw malformed(`${body.name} is a message that this adapter does not read`)
  return read(body, kind)
}

type Reader = (body: XmlElement, kind: MessageKind) => Translation

/** Who reads what, by the name of the message. */
const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^(Fare|Ticket)_(ATCShopper)?MasterPricer\w*Reply$/, (body) => ({ kind: 'offers', ...readShop(body) })],
  [/^Fare_Informative\w*PricingWithoutPNRReply$/, (body) => translatePrice(body)],
  [/^(Fare_PricePNRWith\w+|Ticket_DisplayTST)Reply$/, (body) => translateStoredFares(body)],
  [/^AMA_TravelOfferPriceRS$/, (body) => ({ kind: 'offers', ...readNdcPrice(body) })],
  [/^Air_SellFromRecommendationReply$/, (body) => translateSell(body)],
  [/^PNR_Reply$/, (body, kind) => translatePnr(body, kind)],
  [/^PNR_List$/, (body) => ({ kind: 'note', message: 'records of one name', facts: { locators: readLocators(body) } })],
  [/^DocIssuance_IssueTicketReply$/, (body) => translateIssue(body)],
  [/^Ticket_CancelDocumentReply$/, (body) => translateVoid(body)],
  [/^AMA_TicketInitRefundRS$/, (body) => translateRefund(body)],
  [/^AMA_TicketProcessRefundRS$/, (body) => ({ kind: 'cancellation', pnr: null, result: outcomeOfProcess(body, readRefund(body).refund) })],
  [/^Air_RetrieveSeatMapReply$/, (body) => ({ kind: 'seat-maps', maps: readSeatMaps(body) })],
  [/^Fare_CheckRulesReply$/, (body) => ({ kind: 'fare-rules', rules: readCheckRules(body) })],
  [/^MiniRule_GetFrom\w+Reply$/, (body) => ({ kind: 'fare-rules', rules: readMiniRulesReply(body) })],
  [/^Security_(Authenticate|SignOut)Reply$/, (body) => translateSecurity(body)],
  [/^Ticket_CreateTSTFromPricingReply$/, (body) => translateStored(body)],
  [/^Fault$/, (body, kind) => translateFault(kind, readFault(body))],
]

function translatePrice(body: XmlElement): Translation {
  const refusal = readRefusals(body)[0]
  if (!refusal) return { kind: 'offers', ...readPriceAsShop(body) }
  if (isNoFare(refusal)) return { kind: 'offers', solutions: 0, offers: [] }
  throw refused(refusal)
}

/** Fares of a PNR name flights by number only, so they make no offer. */
function translateStoredFares(body: XmlElement): Translation {
  const refusal = readRefusals(body)[0]
  if (refusal) throw refused(refusal)
  const fares = readStoredFares(body)
  if (fares.length === 0) throw malformed('the reply holds no fare')
  return { kind: 'note', message: 'fares of a PNR', facts: { total: totalOf(fares), fares } }
}

/** A sale is nothing yet: the transaction has not been ended. So it is a rejection, or it is understood and no more. */
function translateSell(body: XmlElement): Translation {
  const result = outcomeOfSell(body)
  return result
    ? { kind: 'reservation', result }
    : { kind: 'note', message: 'every flight is sold, and nothing is booked before the transaction is ended', facts: {} }
}

/** The record as it is shown. Whether it was ended, the message that it answers would say. */
function translatePnr(body: XmlElement, kind: MessageKind): Translation {
  const view = readPnr(body)
  if (view && kind === 'cancel' && view.reservation.status === 'cancelled')
    return { kind: 'cancellation', pnr: view.reservation.pnr, result: { outcome: 'ok', value: { refund: null } } }
  if (view) return { kind: 'reservation', result: { outcome: 'ok', value: view.reservation } }
  const errors = readPnrErrors(body)
  if (errors.length === 0) throw malformed('the reply shows no record')
  return { kind: 'reservation', result: outcomeOfRefusals('commit', errors) }
}

/** The reply does not name the tickets: they stand in the record, which is to be shown again. */
function translateIssue(body: XmlElement): Translation {
  const said = outcomeOfIssue(body)
  return { kind: 'tickets', total: null, pnr: null, result: said === 'issued' ? { outcome: 'ok', value: [] } : said }
}

function translateVoid(body: XmlElement): Translation {
  const result = outcomeOfVoidReply(body)
  return { kind: 'cancellation', pnr: null, result: result.outcome === 'ok' ? { outcome: 'ok', value: { refund: null } } : result }
}

function translateRefund(body: XmlElement): Translation {
  const error = readRefundErrors(body)[0]
  if (error) throw refused(error)
  if (!isSuccess(body)) throw malformed('the reply neither begins a refund nor refuses it')
  return { kind: 'refund-quote', quote: toQuote(readRefund(body)) }
}

function translateSecurity(body: XmlElement): Translation {
  const refusal = readRefusals(body)[0]
  if (refusal) throw refused(refusal)
  return { kind: 'note', message: 'signed in or out', facts: {} }
}

function translateStored(body: XmlElement): Translation {
  const refusal = readRefusals(body)[0]
  if (refusal) throw refused(refusal)
  return { kind: 'note', message: 'the fares are stored, and nothing is booked before the transaction is ended', facts: {} }
}

function translateFault(kind: MessageKind, fault: Refusal): Translation {
  switch (kind) {
    case 'shop':
    case 'price':
    case 'availability':
    case 'fare-rules':
    case 'seat-map':
    case 'stay-shop':
      if (isNothingFound(fault)) return { kind: 'offers', solutions: 0, offers: [] }
      throw refused(fault)
    case 'ticket':
      return { kind: 'tickets', result: outcomeOfRefusals('ticket', [fault]), total: null, pnr: null }
    case 'cancel':
    case 'void':
    case 'refund':
      return { kind: 'cancellation', result: outcomeOfRefusals(kind, [fault]), pnr: null }
    case 'book':
    case 'exchange':
    case 'retrieve':
      return { kind: 'reservation', result: outcomeOfRefusals('commit', [fault]) }
  }
}
