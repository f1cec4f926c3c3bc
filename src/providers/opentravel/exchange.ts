import { PartnerError, type PartnerReply, type Send } from '../../platform/partner.ts'
import { createSoapService, type SoapElement } from '../../platform/soap.ts'
import { child, parseXml, XmlError, type XmlElement } from '../../platform/xml.ts'
import type { Call, UnknownCause } from '../contract.ts'
import { ProviderError, type ProviderFault } from '../errors.ts'
import type { Deps } from './deps.ts'
import { readErrors, readSoapFault, refused, unknown, type OtaError } from './faults.ts'
import { malformed } from './read-values.ts'
import { PROVIDER_ID } from './wire.ts'

/**
 * What came of a request. `errors` are the seller's, with the message that holds them; `never_sent` is certain;
 * `no_answer` says nothing about the effect.
 */
export type Exchange =
  | { readonly kind: 'reply'; readonly message: XmlElement }
  | { readonly kind: 'errors'; readonly errors: readonly OtaError[]; readonly message: XmlElement | null }
  | { readonly kind: 'never_sent'; readonly fault: ProviderFault; readonly message: string }
  | { readonly kind: 'no_answer'; readonly cause: UnknownCause; readonly fault: ProviderFault; readonly message: string }

/** An exchange that brought no reply. */
export type Silence = Extract<Exchange, { kind: 'never_sent' | 'no_answer' }>

const service = createSoapService(new URL('opentravel.wsdl', import.meta.url))

/** Operations of our WSDL, and the messages that answer them. */
const ANSWERS = { book: ['HotelResRS'], read: ['ResRetrieveRS', 'HotelResRS'], cancel: ['CancelRS'] } as const

/** Sends a message about a reservation and says what came of it. Throws nothing that a network or a seller can cause. */
export async function callSoap(
  deps: Deps,
  operation: keyof typeof ANSWERS,
  message: SoapElement,
  timeoutMs: number,
  call: Call,
): Promise<Exchange> {
  const { config } = deps
  const headers = headersOf(deps)
  const request = { operation, message, headers, url: config.url, timeoutMs, replyBytesMax: config.limits.replyBytesMax }
  const reply = await delivered(service.call(request, deps.send, call.signal))
  return 'kind' in reply ? reply : understand(reply, ANSWERS[operation])
}

/** Sends an envelope of ours and returns the reply as it came, or why there is none. */
export function deliver(deps: Deps, action: string, envelope: string, timeoutMs: number, call: Call): Promise<PartnerReply | Silence> {
  const request = {
    method: 'POST',
    url: deps.config.url,
    headers: { ...headersOf(deps), 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"` },
    body: envelope,
    timeoutMs,
    replyBytesMax: deps.config.limits.replyBytesMax,
  } as const
  return delivered(deps.send(request, call.signal))
}

function headersOf({ config }: Deps): Record<string, string> {
  return {
    authorization: `Basic ${Buffer.from(`${config.username}:${config.password}`, 'utf8').toString('base64')}`,
    accept: 'text/xml, application/xml',
  }
}

async function delivered(reply: ReturnType<Send>): Promise<PartnerReply | Silence> {
  try {
    return await reply
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return lost(error)
  }
}

function lost(error: PartnerError): Silence {
  const fault: ProviderFault =
    error.fault === 'timeout' || error.fault === 'aborted'
      ? 'timeout'
      : error.fault === 'too_large'
        ? 'malformed'
        : error.fault === 'overloaded'
          ? 'throttled'
          : 'unreachable'
  if (error.neverSent) return { kind: 'never_sent', fault, message: error.message }
  const cause: UnknownCause = fault === 'timeout' || fault === 'malformed' ? fault : 'unreachable'
  return { kind: 'no_answer', cause, fault, message: error.message }
}

/**
 * True when a reply shows the seller's gateway itself to be failing. A SOAP fault travels as status 500 and is an answer,
 * and so does an OpenTravel message with some sellers: ten sold-out hotels in a row must not open the breaker.
 */
export function isOutage(reply: PartnerReply): boolean {
  return reply.status >= 500 && !/<(?:[\w.-]+:)?(?:Fault|OTA_\w+RS)[\s>/]/.test(reply.bytes.toString('latin1', 0, 4_000))
}

/** Levels of wrapping around a message that are looked through: an envelope, its body, and what a toolkit adds. */
const WRAPPING_MAX = 5

/**
 * The OpenTravel message in a document, or a SOAP fault: in an envelope of either version of SOAP, wrapped by a toolkit, or
 * bare. Prefixes and namespaces are the sender's affair. Undefined when there is none.
 */
export function messageIn(root: XmlElement, depth = 0): XmlElement | undefined {
  if (isMessage(root) || root.name === 'Fault') return root
  if (depth >= WRAPPING_MAX) return undefined
  const inner = root.name === 'Envelope' ? (child(root, 'Body')?.children ?? []) : root.children
  for (const one of inner) {
    const found = messageIn(one, depth + 1)
    if (found) return found
  }
  return undefined
}

function isMessage(element: XmlElement): boolean {
  return /^OTA_?[A-Z]\w*R[QS]$/.test(element.name) || /^(Hotel|Res|Cancel|Read|Air|Error)\w*R[QS]$/.test(element.name)
}

/** The name of a message without its "OTA_" and what a vendor adds to it: "HotelAvailRS". */
export function kindOf(message: XmlElement): string {
  return message.name.replace(/^OTA_?/, '').replace(/LLS(?=R[QS]$)/, '')
}

/** The message in a text. Throws {@link XmlError} when there is none. */
export function readMessage(text: string): XmlElement {
  const message = messageIn(parseXml(text))
  if (!message) throw new XmlError('not an OpenTravel message')
  return message
}

/** What a reply says; `read` finds the message in it. */
export function understand(
  reply: PartnerReply,
  expects: readonly string[],
  read: (reply: PartnerReply) => XmlElement = ({ body }) => readMessage(body),
): Exchange {
  if (reply.status === 401 || reply.status === 403)
    return { kind: 'never_sent', fault: 'unauthorised', message: `the seller refused our credentials with status ${reply.status}` }
  if (reply.status === 429)
    return { kind: 'no_answer', cause: 'server_error', fault: 'throttled', message: 'the seller is being asked too often (429)' }
  if (isOutage(reply))
    return { kind: 'no_answer', cause: 'server_error', fault: 'unreachable', message: `the seller answered with status ${reply.status}` }
  try {
    return judge(read(reply), expects)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return { kind: 'no_answer', cause: 'malformed', fault: 'malformed', message: `the reply cannot be read: ${error.message}` }
  }
}

/** Whether a message is the answer, or errors. Success need not be stated here: a write asks for it, a read for its content. */
export function judge(message: XmlElement, expects: readonly string[]): Exchange {
  if (message.name === 'Fault') return { kind: 'errors', errors: [readSoapFault(message)], message: null }
  const errors = readErrors(message)
  const kind = kindOf(message)
  if (errors.length > 0 || kind === 'ErrorRS')
    return { kind: 'errors', errors: errors.length > 0 ? errors : [{ type: null, code: null, message: kind }], message }
  if (expects.includes(kind)) return { kind: 'reply', message }
  const text = `expected ${expects.join(' or ')}, received ${message.name.slice(0, 80)}`
  return { kind: 'no_answer', cause: 'malformed', fault: 'malformed', message: text }
}

/** True when the message says that its request was carried out. */
export function isSuccess(message: XmlElement): boolean {
  return child(message, 'Success') !== undefined
}

/** The answer to a read, or the seller's errors; throws the ProviderError that says why there is neither. */
export function replyOf(result: Exchange): Extract<Exchange, { kind: 'reply' | 'errors' }> {
  if (result.kind === 'reply' || result.kind === 'errors') return result
  throw unanswered(result)
}

/** The answer to a read that has no use for errors. Throws ProviderError. */
export function messageOf(result: Exchange): XmlElement {
  const reply = replyOf(result)
  if (reply.kind === 'errors') throw refused(reply.errors)
  return reply.message
}

/** The ProviderError for a read without a reply. */
export function unanswered(silence: Silence): ProviderError {
  return new ProviderError(PROVIDER_ID, silence.fault, silence.message)
}

/** The ProviderError for a message that neither answers nor says why not. */
export function unsaid(message: XmlElement): ProviderError {
  return malformed(`${message.name} says neither that it succeeded nor why not`)
}

/**
 * What a write without an answer means. Only when no byte left us, or the seller did not even let us in, is it certain
 * that nothing happened; the reason `not_sent` then tells the caller that the same attempt may be made again.
 */
export function outcomeOfSilence(silence: Silence) {
  if (silence.kind === 'never_sent') return { outcome: 'rejected', reason: 'not_sent', code: 'not_sent', message: silence.message } as const
  return unknown(silence.cause, silence.message)
}
