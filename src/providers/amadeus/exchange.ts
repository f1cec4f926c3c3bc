import { randomBytes, randomUUID } from 'node:crypto'
import { PartnerError, type PartnerReply } from '../../platform/partner.ts'
import { XmlError, type XmlElement } from '../../platform/xml.ts'
import type { UnknownCause, WriteOutcome } from '../contract.ts'
import { ProviderError, type ProviderFault } from '../errors.ts'
import type { Deps } from './deps.ts'
import { describeRefusal, isThrottled, isUnauthorised, readFault, type Refusal } from './faults.ts'
import { endpointOf, readMessage, writeEnvelope, type Conversation, type Received, type SessionHeader } from './soap.ts'
import { MESSAGES, type MessageName } from './wire.ts'

/** The one provider id; it names the folder, the config and the mock. */
export const PROVIDER_ID = 'amadeus'

/** One message: its name, what stands in it, how it stands in a conversation, and how long it may take. */
export type Request = {
  readonly message: MessageName
  readonly body: string
  readonly conversation: Conversation
  readonly timeoutMs: number
  /** Another reply that is as good as the usual one. */
  readonly orElse?: string
}

/** What came of a message. `never_sent` is certain; `no_answer` says nothing about the effect. */
export type Exchange =
  | { readonly kind: 'reply'; readonly body: XmlElement; readonly session: SessionHeader | null }
  | { readonly kind: 'fault'; readonly fault: Refusal; readonly session: SessionHeader | null }
  | { readonly kind: 'never_sent'; readonly fault: ProviderFault; readonly message: string }
  | { readonly kind: 'no_answer'; readonly cause: UnknownCause; readonly fault: ProviderFault; readonly message: string }

/** An exchange that brought no reply. */
export type Silence = Extract<Exchange, { kind: 'never_sent' | 'no_answer' }>

/** Sends one message and says what came of it. Throws nothing that a network or a supplier can cause. */
export async function exchange(deps: Deps, request: Request, signal: AbortSignal): Promise<Exchange> {
  const reply = await deliver(deps, request, signal)
  return 'kind' in reply ? reply : understand(reply, [MESSAGES[request.message].reply, ...(request.orElse ? [request.orElse] : [])])
}

/** Sends one message and returns the reply as it came, or why there is none. */
export async function deliver(deps: Deps, request: Request, signal: AbortSignal): Promise<PartnerReply | Silence> {
  const { config, clock, send } = deps
  if (request.timeoutMs <= 0 || signal.aborted) return { kind: 'never_sent', fault: 'timeout', message: 'no time was left to ask' }
  const stamp = { now: clock.now(), nonce: randomBytes(16), id: randomUUID() }
  try {
    return await send(
      {
        method: 'POST',
        url: endpointOf(config),
        headers: {
          'content-type': 'text/xml; charset=utf-8',
          accept: 'text/xml',
          soapaction: `"${MESSAGES[request.message].action}"`,
        },
        body: writeEnvelope(config, request.message, request.body, request.conversation, stamp),
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
 * True when a reply shows the gateway itself to be failing. A SOAP fault travels with status 500 and is an answer: ten
 * unknown locators in a row must not open the breaker.
 */
export function isOutage(reply: PartnerReply): boolean {
  return reply.status >= 500 && !/<(?:[\w.-]+:)?Fault[\s>]/.test(reply.bytes.toString('latin1', 0, 8_000))
}

/** What a reply says, if it is one of the expected; `read` finds what stands in its envelope. */
export function understand(
  reply: PartnerReply,
  expects: readonly string[],
  read: (reply: PartnerReply) => Received = ({ body }) => readMessage(body),
): Exchange {
  if (reply.status === 401 || reply.status === 403)
    return { kind: 'never_sent', fault: 'unauthorised', message: `the gateway refused our credentials with status ${reply.status}` }
  if (reply.status === 429)
    return { kind: 'no_answer', cause: 'server_error', fault: 'throttled', message: 'the gateway is being asked too often (429)' }
  if (isOutage(reply))
    return { kind: 'no_answer', cause: 'server_error', fault: 'unreachable', message: `the gateway answered with status ${reply.status}` }
  try {
    const { body, session } = read(reply)
    if (body.name === 'Fault') return { kind: 'fault', fault: readFault(body), session }
    if (expects.includes(body.name)) return { kind: 'reply', body, session }
    return {
      kind: 'no_answer',
      cause: 'malformed',
      fault: 'malformed',
      message: `expected ${expects[0]}, received ${body.name.slice(0, 80)}`,
    }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return { kind: 'no_answer', cause: 'malformed', fault: 'malformed', message: `the reply cannot be read: ${error.message}` }
  }
}

/** The reply to a read, or the ProviderError that says why there is none. A refusal of the gateway's is thrown too. */
export function replyOf(result: Exchange): XmlElement {
  if (result.kind === 'reply') return result.body
  if (result.kind === 'fault') throw refused(result.fault)
  throw unanswered(result)
}

/** The ProviderError for a read without a reply. */
export function unanswered(silence: Silence): ProviderError {
  return new ProviderError(PROVIDER_ID, silence.fault, silence.message)
}

/** The ProviderError for a refusal that a read has no other use for. */
export function refused(refusal: Refusal): ProviderError {
  const fault = isUnauthorised(refusal) ? 'unauthorised' : isThrottled(refusal) ? 'throttled' : 'refused'
  return new ProviderError(PROVIDER_ID, fault, refusal.message === '' ? `refused with ${refusal.code}` : refusal.message, {
    code: refusal.code,
  })
}

/** What went wrong with a message, in one line. */
export function describeFailure(result: Exclude<Exchange, { kind: 'reply' }>): string {
  return result.kind === 'fault' ? describeRefusal(result.fault) : result.message
}

/**
 * What a write without an answer means. Only when no byte left us, or the gateway did not even let us in, is it certain that
 * nothing happened; the reason `not_sent` then tells the caller that the same attempt may be made again.
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
  return { kind: 'no_answer', cause: fault === 'throttled' ? 'unreachable' : fault, fault, message: error.message }
}
