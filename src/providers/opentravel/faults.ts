import { attribute, child, children, childText, type XmlElement } from '../../platform/xml.ts'
import type { RejectionReason, UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { readText } from './read-values.ts'
import { PROVIDER_ID } from './wire.ts'

/** An Error or a SOAP fault: its type (EWT) and code (ERR) as OpenTravel numbers them, null where none is stated. */
export type OtaError = { readonly type: string | null; readonly code: string | null; readonly message: string }

/** The errors of a message; empty when it has none. An Errors element without any Error in it is one, of which nothing is known. */
export function readErrors(message: XmlElement): readonly OtaError[] {
  const list = child(message, 'Errors')
  if (!list) return []
  const errors = children(list, 'Error').map((error) => readError(error))
  return errors.length > 0 ? errors : [{ type: null, code: null, message: 'the message has errors and names none' }]
}

/** The warnings of a message, in the words of the seller. */
export function readWarnings(message: XmlElement): readonly OtaError[] {
  return children(child(message, 'Warnings'), 'Warning').map((warning) => readError(warning))
}

function readError(element: XmlElement): OtaError {
  const text = [attribute(element, 'ShortText') ?? '', readText(element) ?? ''].filter((one) => one.trim() !== '')
  return {
    type: attribute(element, 'Type')?.trim() || null,
    code: attribute(element, 'Code')?.trim() || null,
    message: [...new Set(text)].join(': ').slice(0, 500) || 'no reason is given',
  }
}

/** A SOAP fault of version 1.1 or 1.2, or the error that its detail holds. */
export function readSoapFault(fault: XmlElement): OtaError {
  const detail = child(fault, 'detail') ?? child(fault, 'Detail')
  const errors = detail ? [detail, ...detail.children].flatMap((one) => readErrors(one)) : []
  const text = childText(fault, 'faultstring') ?? childText(child(fault, 'Reason'), 'Text') ?? ''
  const code = childText(fault, 'faultcode') ?? childText(child(fault, 'Code'), 'Value') ?? null
  return errors[0] ?? { type: null, code, message: text || 'a SOAP fault without a reason' }
}

/** Types of errors by which a seller says that it has judged the request: 3 business rule, 13 its own application. */
const JUDGED = new Set(['3', '13'])

/** Nothing is sold for what was asked: 322 no availability, 424 no hotels found, 425 no match, 438 rate not available, 783 room or rate not found, 842 rate not loaded. */
const NOTHING_FOUND = new Set(['322', '424', '425', '438', '783', '842'])

/** True when the errors say that nothing is sold for what was asked. */
export function isNothingFound(errors: readonly OtaError[]): boolean {
  return errors.length > 0 && errors.every((error) => JUDGED.has(error.type ?? '') && NOTHING_FOUND.has(error.code ?? ''))
}

/** A reservation that is not there: 97 booking reference not found, 385 invalid confirmation number, 430 nothing on file. */
const NO_RESERVATION = new Set(['97', '385', '430'])

/** True when the errors say that no reservation has the number that was asked for. */
export function isNoReservation(errors: readonly OtaError[]): boolean {
  return errors.length > 0 && errors.every((error) => JUDGED.has(error.type ?? '') && NO_RESERVATION.has(error.code ?? ''))
}

/** True when the errors say that the reservation had been cancelled before (95). */
export function isCancelledBefore(errors: readonly OtaError[]): boolean {
  return errors.length > 0 && errors.every((error) => JUDGED.has(error.type ?? '') && error.code === '95')
}

/**
 * The allow-list for OTA_HotelResRQ: errors after which no reservation exists, by type and code. A code alone proves
 * nothing: the same number in a protocol error may come from a gateway after the hotel has booked. 436 is "rate does not
 * exist", with which a rate answers that is no longer sold at the total that the request states.
 */
const BOOK_REJECTIONS: ReadonlyMap<string, RejectionReason> = new Map([
  ['322', 'sold_out'],
  ['438', 'sold_out'],
  ['783', 'sold_out'],
  ['436', 'price_changed'],
  ['842', 'offer_expired'],
  ['397', 'invalid_passenger'],
  ['351', 'declined'],
  ['242', 'declined'],
])

/** Errors before anything was looked at: 4 authentication, 6 authorisation. The same attempt may be made again. */
const NOT_LET_IN = new Set(['4', '6'])

type Failure = Exclude<WriteOutcome<never>, { outcome: 'ok' }>

/** What the errors in reply to a write prove. Several must all be on the list, and agree. */
export function outcomeOfErrors(operation: 'book' | 'cancel', errors: readonly OtaError[]): Failure {
  const message = errors.map((error) => error.message).join('; ')
  const code = errors[0]?.code ?? errors[0]?.type ?? 'unknown'
  if (errors.length > 0 && errors.every((error) => NOT_LET_IN.has(error.type ?? '')))
    return { outcome: 'rejected', reason: 'not_sent', code, message }
  const reasons = new Set(errors.map((error) => (JUDGED.has(error.type ?? '') ? rejectionOf(operation, error) : undefined)))
  const [reason] = reasons
  if (reasons.size === 1 && reason !== undefined) return { outcome: 'rejected', reason, code, message }
  return unknown('unrecognised', `${errors.map((error) => `${error.type ?? '?'}/${error.code ?? '?'}`).join(', ')}: ${message}`)
}

function rejectionOf(operation: 'book' | 'cancel', error: OtaError): RejectionReason | undefined {
  return operation === 'book' ? BOOK_REJECTIONS.get(error.code ?? '') : undefined
}

/** An outcome that nobody knows. */
export function unknown(cause: UnknownCause, message: string): Failure {
  return { outcome: 'unknown', cause, message }
}

/** The ProviderError for errors that a read has no other use for. */
export function refused(errors: readonly OtaError[]): ProviderError {
  const message = errors.map((error) => error.message).join('; ')
  const isUnauthorised = errors.some((error) => NOT_LET_IN.has(error.type ?? ''))
  return new ProviderError(PROVIDER_ID, isUnauthorised ? 'unauthorised' : 'refused', message, { code: errors[0]?.code ?? null })
}
