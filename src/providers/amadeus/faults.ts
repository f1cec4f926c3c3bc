import { childText, descendants, type XmlElement } from '../../platform/xml.ts'
import type { RejectionReason, WriteOutcome } from '../contract.ts'

/** A refusal: of the gateway's (a SOAP fault), or of the application's, which stands inside an ordinary reply. */
export type Refusal = {
  /** Their code: "920", or "11|Session" of a SOAP fault. */
  readonly code: string
  readonly message: string
}

/** Reads a SOAP Fault. Its text is "code|layer|explanation": " 11|Session|", " 1931|Application|NO MATCH FOR RECORD LOCATOR". */
export function readFault(element: XmlElement): Refusal {
  const text = (childText(element, 'faultstring') ?? element.text).trim()
  const [code = '', layer, ...rest] = text.split('|').map((part) => part.trim())
  if (layer === undefined) return { code: childText(element, 'faultcode') ?? 'unknown', message: text }
  const explanation = rest.filter((part) => part !== '').join(' ')
  return { code: layer === 'Application' ? code : `${code}|${layer}`, message: explanation === '' ? `${layer} error ${code}` : explanation }
}

/** What holds an error in one message or another; a warning has the same form and another category. */
const HOLDERS: ReadonlySet<string> = new Set([
  ...['errorMessage', 'errorGroup', 'applicationError', 'errorAtMessageLevel', 'generalErrorInfo', 'errorSection', 'errorInfo', 'error'],
  ...['Errors', 'nameError', 'generalErrorGroup', 'applicationErrorGroup', 'errorInformation', 'mnrErrorGroup', 'functionalError'],
])
const WARNINGS = new Set(['WEC', 'WA', 'WRN', 'INF', 'W'])

/** The errors that a reply states about itself as a whole, in order; warnings are left out. */
export function readRefusals(reply: XmlElement): readonly Refusal[] {
  return reply.children.filter((one) => HOLDERS.has(one.name)).flatMap(readRefusal)
}

/** The error in one of its holders; nothing for a warning. */
export function readRefusal(holder: XmlElement): readonly Refusal[] {
  const error = descendants(holder, 'Error')[0]
  if (error) {
    const attributes = error.attributes
    const message = attributes.get('ShortText') ?? error.text.trim()
    return [{ code: attributes.get('Code') ?? 'unknown', message: message === '' ? (attributes.get('Type') ?? '') : message }]
  }
  const first = (...names: readonly string[]): string | undefined =>
    names
      .flatMap((name) => descendants(holder, name))
      .find((one) => one.children.length === 0 && one.text.trim() !== '')
      ?.text.trim()
  const category = first('errorCategory', 'codeListQualifier')
  if (category !== undefined && WARNINGS.has(category)) return []
  const texts = ['description', 'freeText', 'errorFreeText', 'text'].flatMap((name) => descendants(holder, name))
  const message = texts.map((one) => one.text.trim()).filter((text) => text !== '')
  const code = first('errorCode', 'error', 'applicationErrorCode', 'errorNumber', 'code')
  return code === undefined && message.length === 0 ? [] : [{ code: code ?? 'unknown', message: message.join(' ') }]
}

/** One line for a refusal, for people. */
export function describeRefusal({ code, message }: Refusal): string {
  return message === '' ? code : `${code}: ${message}`
}

/** No fare, no flight, no journey: an answer to a search, not a failure of it. */
const NOTHING_FOUND = new Set(['866', '931', '977', '996'])

/** True when the refusal says that nothing is sold for what was asked. */
export function isNothingFound({ code, message }: Refusal): boolean {
  return (
    NOTHING_FOUND.has(code) ||
    /^NO (FARES?|ITINERAR(Y|IES)|JOURNEYS?|(AVAILABLE )?FLIGHTS?|RECOMMENDATIONS?) (FOUND|AVAILABLE)\b/i.test(message)
  )
}

/** True when a pricing says that the flights are not sold at any fare for these travellers and classes. */
export function isNoFare(refusal: Refusal): boolean {
  return (
    isNothingFound(refusal) ||
    /^NO (VALID )?FARES?\b|NO (VALID )?FARE\/RULE|NOT FOUND FOR REQUESTED (FLIGHT|SEGMENT)/i.test(refusal.message)
  )
}

/** True when a display says that there is no such PNR under the name. */
export function isNoMatch({ message }: Refusal): boolean {
  return /\bNO (NAME|MATCH|NAMES|PNR|ITEMS?)\b|NOT FOUND/i.test(message)
}

/** True when a display of stored fares says that there are none. */
export function isNoStoredFare({ message }: Refusal): boolean {
  return /\bNO TST\b|NEED TST|NO STORED FARE/i.test(message)
}

/** True when we are not let in: the credentials, the office or the duty are not accepted. */
export function isUnauthorised({ code }: Refusal): boolean {
  return /^(16199|16001)\b|\|Security$|^(12|18)\|(Presentation|Session)$/.test(code)
}

/** True when no further conversation is opened for us, because as many are open as the contract grants. */
export function isThrottled({ code, message }: Refusal): boolean {
  return (
    code === '93|System' ||
    /too many (opened|concurrent) (sessions|conversations)|max(imum)? (number of )?(conversations|sessions)/i.test(message)
  )
}

type Rejection = { readonly reason: RejectionReason; readonly proves: (refusal: Refusal) => boolean }

/**
 * The allow-list for DocIssuance_IssueTicket: the host refuses before it prints anything, because something is missing, or
 * because whoever pays is refused. 120 "UNABLE TO PROCESS" and the like prove nothing.
 */
const TICKET_REJECTIONS: readonly Rejection[] = [
  {
    reason: 'not_allowed',
    proves: ({ code, message }) =>
      code === '339' || /^NEED (NAMES?|TST|FOP|FORM OF PAYMENT|RECEIVED FROM|VALIDATING CARRIER)\b/i.test(message),
  },
  { reason: 'declined', proves: ({ message }) => /(CREDIT CARD|CARD|APPROVAL|AUTHORI[SZ]ATION) (DECLINED|DENIED|REFUSED)/i.test(message) },
]

/** The allow-list for Ticket_CancelDocument: 118 is "void not allowed", the day of issue is over. */
const VOID_REJECTIONS: readonly Rejection[] = [
  {
    reason: 'not_allowed',
    proves: ({ code, message }) => code === '118' || /VOID (IS )?NOT (ALLOWED|PERMITTED)|NOT VOIDABLE|VOID PERIOD EXPIRED/i.test(message),
  },
]

/** The allow-list for Ticket_ProcessRefund: the document may not be refunded (by us, any more). */
const REFUND_REJECTIONS: readonly Rejection[] = [
  { reason: 'not_allowed', proves: ({ message }) => /NOT REFUNDABLE|REFUND NOT (ALLOWED|PERMITTED)|ALREADY REFUNDED/i.test(message) },
]

const REJECTIONS = {
  ticket: TICKET_REJECTIONS,
  void: VOID_REJECTIONS,
  refund: REFUND_REJECTIONS,
  cancel: [],
  commit: [],
} as const satisfies Readonly<Record<string, readonly Rejection[]>>

/** What refusals in reply to a write prove. Unless every one of them is on the operation's list, nothing. */
export function outcomeOfRefusals(
  operation: keyof typeof REJECTIONS,
  refusals: readonly Refusal[],
): Exclude<WriteOutcome<never>, { outcome: 'ok' }> {
  const list: readonly Rejection[] = REJECTIONS[operation]
  const reasons = refusals.map((refusal) => list.find((one) => one.proves(refusal))?.reason)
  const message = [...new Set(refusals.map(describeRefusal))].join('; ')
  const reason = reasons[0]
  return reason !== undefined && reasons.every((one) => one !== undefined)
    ? { outcome: 'rejected', reason, code: refusals[0]!.code, message }
    : { outcome: 'unknown', cause: 'unrecognised', message: message === '' ? 'the reply gives no reason' : message }
}
