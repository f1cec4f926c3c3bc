import type { RejectionReason, UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError, type ProviderFault } from '../errors.ts'
import type { NdcError } from './message.ts'

/** What a write may come back with when it is not the thing itself. */
export type WriteFailure = Exclude<WriteOutcome<never>, { outcome: 'ok' }>

/** The writes, each with an allow-list of its own. */
export type Write = 'book' | 'ticket' | 'cancel' | 'void'

/** Codes are of PADIS 9321, which NDC uses; a text is needed where airlines say several things with one code. */
type Rejection = { readonly code: string; readonly reason: RejectionReason; readonly text?: RegExp }

/** Refused before anything was looked at: who we are, or the form of what we sent. */
const AT_THE_DOOR: readonly Rejection[] = [
  { code: '111', reason: 'not_allowed' },
  { code: '368', reason: 'not_allowed' },
  { code: '717', reason: 'not_allowed' },
  { code: '912', reason: 'not_allowed' },
  { code: '914', reason: 'not_allowed' },
]

/**
 * The allow-lists: what proves that the request had no effect. Source: PADIS code set 9321 and the registry of error codes that
 * Virgin Atlantic publishes per message (https://ndc.virginatlantic.com/docs). Whatever is not on the list is unknown — above all
 * 911 (internal error), 395 (already ticketed: by whom?), 399 (duplicate names: perhaps of our own earlier attempt), and 708
 * without "declined", because the same code also says that the payment timed out.
 */
const REJECTIONS: Readonly<Record<Write, readonly Rejection[]>> = {
  book: [
    ...AT_THE_DOOR,
    { code: '913', reason: 'sold_out', text: /enough seats|sold out/i },
    { code: '913', reason: 'declined', text: /declined/i },
    { code: '913', reason: 'offer_expired', text: /offer|timed.?out|expired/i },
    { code: '496', reason: 'sold_out' },
    { code: '711', reason: 'price_changed' },
    { code: '727', reason: 'price_changed', text: /amount|price/i },
    { code: '708', reason: 'declined', text: /declined/i },
    ...['73', '143', '149', '150', '151', '152', '314', '316', '317', '318', '476'].map((code): Rejection => ({
      code,
      reason: 'invalid_passenger',
    })),
  ],
  ticket: [
    ...AT_THE_DOOR,
    { code: '129', reason: 'not_found' },
    { code: '303', reason: 'offer_expired' },
    { code: '708', reason: 'declined', text: /declined/i },
  ],
  cancel: [...AT_THE_DOOR, { code: '129', reason: 'not_found' }],
  void: [...AT_THE_DOOR, { code: '129', reason: 'not_found' }],
}

/** What errors in reply to a write prove: a rejection only when every one of them does, and none says that it was worked on. */
export function outcomeOfErrors(write: Write, errors: readonly NdcError[]): WriteFailure {
  const first = errors[0]
  const reasons = errors.map((error) => reasonOf(write, error))
  const reason = reasons[0]
  if (first && reason && reasons.every((one) => one !== undefined))
    return { outcome: 'rejected', reason, code: first.code, message: sayWhat(errors) }
  return unknown('unrecognised', errors.length === 0 ? 'the reply says neither what was done nor why not' : sayWhat(errors))
}

function reasonOf(write: Write, error: NdcError): RejectionReason | undefined {
  if (isWorkedOn(error)) return undefined
  return REJECTIONS[write].find((one) => one.code === error.code && (one.text?.test(error.text) ?? true))?.reason
}

/** Whether the airline says, or leaves open, that it did something. */
function isWorkedOn({ processing }: NdcError): boolean {
  return processing !== null && /^(processed|unknown|retry|pending|partial.*)$/i.test(processing.replace(/\s/g, ''))
}

/** Codes that answer a search with nothing: no offers, no such route. */
const NOTHING = new Set(['496', '100', '130'])
const NOTHING_TEXT =
  /(?:do not|don['’]t) sell\b|\bno (?:\w+ )?(?:flights?|offers?|fares?|availability|itinerar\w+|results?|flight options)\b|not? enough seats/i

/** True when the errors say that nothing is sold for what was asked. */
export function isNothing(errors: readonly NdcError[]): boolean {
  return errors.length > 0 && errors.every((error) => NOTHING.has(error.code) || NOTHING_TEXT.test(error.text))
}

const GONE_TEXT =
  /timed.?out.*offer|offer.*(?:timed.?out|expired|not found|no longer)|(?:invalid|unknown).*offer|no longer (?:available|sold)|sold out|not enough seats/i

/** Why an offer is no longer sold, if that is what the errors say. */
export function findGone(errors: readonly NdcError[]): NdcError | undefined {
  return errors.find((error) => error.code === '913' || GONE_TEXT.test(error.text) || isNothing([error]))
}

/** True when the errors say that no order matches. */
export function isNoOrder(errors: readonly NdcError[]): boolean {
  return (
    errors.length > 0 &&
    errors.every((error) => error.code === '129' || /no matched? order|no (?:pnr|order)\b.*(?:found|match)/i.test(error.text))
  )
}

/** The ProviderError for errors that a read has no other use for. */
export function refused(provider: string, errors: readonly NdcError[]): ProviderError {
  const fault: ProviderFault = errors.some((error) => error.code === '111') ? 'unauthorised' : 'refused'
  return new ProviderError(provider, fault, sayWhat(errors), { code: errors[0]?.code ?? null })
}

/** A write whose reply proves nothing. */
export function unknown(cause: UnknownCause, message: string): WriteFailure {
  return { outcome: 'unknown', cause, message }
}

function sayWhat(errors: readonly NdcError[]): string {
  return [...new Set(errors.map(({ code, text }) => `${code}: ${text || 'no reason given'}`))].join('; ').slice(0, 500)
}
