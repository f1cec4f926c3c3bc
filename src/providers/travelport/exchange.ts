import { PartnerError, type PartnerReply, type Send } from '../../platform/partner.ts'
import { child, parseXml, XmlError, type XmlElement } from '../../platform/xml.ts'
import type { UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError, type ProviderFault } from '../errors.ts'
import type { TravelportOn } from './config.ts'
import { readFault, type SoapFault } from './faults.ts'
import { NAMESPACES, type Service } from './wire.ts'

/** The one provider id; it names the folder, the config and the mock. */
export const PROVIDER_ID = 'travelport'

/** One request: what to call, the whole envelope, the element the reply must hold, and how long it may take. */
export type Request = { readonly service: Service; readonly envelope: string; readonly expects: string; readonly timeoutMs: number }

/** What came of a request. `never_sent` is certain; `no_answer` and `refused` say nothing about the effect. */
export type Exchange =
  | { readonly kind: 'reply'; readonly body: XmlElement }
  | { readonly kind: 'fault'; readonly fault: SoapFault }
  | { readonly kind: 'never_sent'; readonly fault: ProviderFault; readonly message: string }
  | { readonly kind: 'no_answer'; readonly cause: UnknownCause; readonly fault: ProviderFault; readonly message: string }

/** An exchange that brought no reply. */
export type Silence = Extract<Exchange, { kind: 'never_sent' | 'no_answer' }>

/** Sends one request and says what came of it. Throws nothing that a network or a supplier can cause. */
export async function exchange(send: Send, config: TravelportOn, request: Request, signal: AbortSignal): Promise<Exchange> {
  const reply = await deliver(send, config, request, signal)
  return 'kind' in reply ? reply : understand(reply, request.expects)
}

/** Sends one request and returns the reply as it came, or why there is none. */
export async function deliver(
  send: Send,
  config: TravelportOn,
  request: Omit<Request, 'expects'>,
  signal: AbortSignal,
): Promise<PartnerReply | Silence> {
  try {
    return await send(
      {
        method: 'POST',
        url: `${config.baseUrl.replace(/\/+$/, '')}/${request.service}`,
        headers: {
          authorization: `Basic ${Buffer.from(`${config.username}:${config.password}`, 'utf8').toString('base64')}`,
          'content-type': 'text/xml; charset=utf-8',
          accept: 'text/xml',
        },
        body: request.envelope,
        timeoutMs: request.timeoutMs,
        replyBytesMax: config.limits.replyBytesMax,
      },
      signal,
    )
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return lost(error)
  }
}

/**
 * True when a reply shows the gateway itself to be failing. A SOAP fault travels as status 500 and is an answer: ten
 * sold-out flights in a row must not open the breaker.
 */
export function isOutage(reply: PartnerReply): boolean {
  return reply.status >= 500 && !/<(?:[\w.-]+:)?Fault[\s>]/.test(reply.bytes.toString('latin1', 0, 4_000))
}

/** The first element of a SOAP body, which may be a Fault. Throws {@link XmlError} when the text is no such message. */
export function readBody(text: string): XmlElement {
  return bodyOf(parseXml(text))
}

/** The first element of the body of this envelope. Throws {@link XmlError} when it is none. */
export function bodyOf(root: XmlElement): XmlElement {
  const body = root.name === 'Envelope' && root.namespace === NAMESPACES.soap ? child(root, 'Body') : undefined
  const first = body?.children[0]
  if (!first) throw new XmlError('not a SOAP message')
  return first
}

/** The answer to a read, or the ProviderError that says why there is none. */
export function replyOf(result: Exchange): { readonly body: XmlElement } | { readonly fault: SoapFault } {
  if (result.kind === 'reply') return { body: result.body }
  if (result.kind === 'fault') return { fault: result.fault }
  throw unanswered(result)
}

/** The ProviderError for a read without a reply. */
export function unanswered(silence: Silence): ProviderError {
  return new ProviderError(PROVIDER_ID, silence.fault, silence.message)
}

/** The ProviderError for a fault that a read has no other use for. */
export function refused(fault: SoapFault): ProviderError {
  return new ProviderError(PROVIDER_ID, 'refused', fault.message, { code: fault.code })
}

/**
 * What a write without an answer means. Only when no byte left us, or the gateway did not even let us in, is it
 * certain that nothing happened; the reason `not_sent` then tells the caller that the same attempt may be made again.
 */
export function outcomeOfSilence(result: Silence): Exclude<WriteOutcome<never>, { outcome: 'ok' }> {
  if (result.kind === 'never_sent') return { outcome: 'rejected', reason: 'not_sent', code: 'not_sent', message: result.message }
  return { outcome: 'unknown', cause: result.cause, message: result.message }
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
  const cause: UnknownCause =
    fault === 'throttled' ? 'unreachable' : fault === 'timeout' || fault === 'malformed' || fault === 'unreachable' ? fault : 'unrecognised'
  return { kind: 'no_answer', cause, fault, message: error.message }
}

/** What a reply says; `read` finds the first element of its SOAP body. */
export function understand(
  reply: PartnerReply,
  expects: string,
  read: (reply: PartnerReply) => XmlElement = ({ body }) => readBody(body),
): Exchange {
  if (reply.status === 401 || reply.status === 403)
    return { kind: 'never_sent', fault: 'unauthorised', message: `the gateway refused our credentials with status ${reply.status}` }
  if (reply.status === 429)
    return { kind: 'no_answer', cause: 'server_error', fault: 'throttled', message: 'the gateway is being asked too often (429)' }
  if (isOutage(reply))
    return { kind: 'no_answer', cause: 'server_error', fault: 'unreachable', message: `the gateway answered with status ${reply.status}` }
  try {
    const body = read(reply)
    if (body.name === 'Fault') return { kind: 'fault', fault: readFault(body) }
    if (body.name === expects) return { kind: 'reply', body }
    return { kind: 'no_answer', cause: 'malformed', fault: 'malformed', message: `expected ${expects}, received ${body.name.slice(0, 80)}` }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return { kind: 'no_answer', cause: 'malformed', fault: 'malformed', message: `the reply cannot be read: ${error.message}` }
  }
}
