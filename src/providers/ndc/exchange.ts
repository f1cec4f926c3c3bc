import { plusMs, type Clock, type Instant } from '../../kernel/time.ts'
import { PartnerError, type PartnerReply, type Send } from '../../platform/partner.ts'
import { XmlError } from '../../platform/xml.ts'
import type { Call, UnknownCause } from '../contract.ts'
import { ProviderError, type ProviderFault } from '../errors.ts'
import type { NdcConfig } from './config.ts'
import { unknown, type WriteFailure } from './faults.ts'
import { readMessage, type Message } from './message.ts'
import type { Request } from './wire.ts'

/** What the adapter is given: whose interface and as whom, the way there, and the time. It keeps no state of its own. */
export type Deps = { readonly config: NdcConfig; readonly provider: string; readonly send: Send; readonly clock: Clock }

/** A total deadline that several requests of one operation share. */
export type Budget = { readonly leftMs: () => number }

/** A budget of `ms` from now. */
export function createBudget(deps: Deps, ms: number): Budget {
  const until: Instant = plusMs(deps.clock.now(), ms)
  return { leftMs: () => until - deps.clock.now() }
}

/** One request: which it is, its whole text, and what the reply may be. */
export type Ask = { readonly request: Request; readonly text: string; readonly expects: readonly string[] }

/** What came of a request. `never_sent` is certain; `no_answer` says nothing about the effect. A message may be a refusal. */
export type Exchange =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'never_sent'; readonly fault: ProviderFault; readonly text: string }
  | { readonly kind: 'no_answer'; readonly cause: UnknownCause; readonly fault: ProviderFault; readonly text: string }

/** An exchange that brought no message. */
export type Silence = Exclude<Exchange, { kind: 'message' }>

/** Sends one request within what is left of the budget. Throws nothing that a network or an airline can cause. */
export async function exchange(deps: Deps, call: Call, budget: Budget, ask: Ask): Promise<Exchange> {
  const timeoutMs = budget.leftMs()
  if (timeoutMs <= 0 || call.signal.aborted) return { kind: 'never_sent', fault: 'timeout', text: 'no time was left to ask' }
  const reply = await deliver(deps, ask, timeoutMs, call)
  return 'kind' in reply ? reply : understand(reply, ask.expects)
}

/** Sends one request and returns the reply as it came, or why there is none. */
export async function deliver(
  { config, send }: Deps,
  { request, text }: Omit<Ask, 'expects'>,
  timeoutMs: number,
  call: Call,
): Promise<PartnerReply | Silence> {
  try {
    return await send(
      {
        method: 'POST',
        url: config.url.replaceAll('{message}', request),
        headers: { 'content-type': 'application/xml; charset=utf-8', accept: 'application/xml', 'x-api-key': config.apiKey },
        body: text,
        timeoutMs,
        replyBytesMax: config.limits.replyBytesMax,
      },
      call.signal,
    )
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return lost(error)
  }
}

/** True when a reply shows the interface itself to be failing. An NDC error or a SOAP Fault may travel as status 500 and is an answer. */
export function isOutage(reply: PartnerReply): boolean {
  return reply.status >= 500 && !/<(?:[\w.-]+:)?(?:(?:IATA_)?[A-Z]\w+RS|Fault)[\s>/]/.test(reply.bytes.toString('latin1', 0, 4_000))
}

/** What a reply is; `read` finds the message in it. */
export function understand(
  reply: PartnerReply,
  expects: readonly string[],
  read: (reply: PartnerReply) => Message = ({ body }) => readMessage(body),
): Exchange {
  if (reply.status === 401 || reply.status === 403)
    return { kind: 'never_sent', fault: 'unauthorised', text: `the airline refused our key with status ${reply.status}` }
  if (reply.status === 429)
    return { kind: 'no_answer', cause: 'server_error', fault: 'throttled', text: 'the airline is being asked too often (429)' }
  if (isOutage(reply))
    return { kind: 'no_answer', cause: 'server_error', fault: 'unreachable', text: `the airline answered with status ${reply.status}` }
  try {
    const message = read(reply)
    if (message.name === 'Fault' || expects.includes(message.name)) return { kind: 'message', message }
    const text = `expected ${expects.join(' or ')}, received ${message.name.slice(0, 80)}`
    return { kind: 'no_answer', cause: 'malformed', fault: 'malformed', text }
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return { kind: 'no_answer', cause: 'malformed', fault: 'malformed', text: `the reply cannot be read: ${error.message}` }
  }
}

/** The message that answers a read. Throws the ProviderError that says why there is none. */
export function messageOf(provider: string, result: Exchange): Message {
  if (result.kind === 'message') return result.message
  throw unanswered(provider, result)
}

/** The ProviderError for a read without an answer. */
export function unanswered(provider: string, silence: Silence): ProviderError {
  return new ProviderError(provider, silence.fault, silence.text)
}

/**
 * What a write without an answer means. Only when no byte left us, or the airline did not even let us in, is it certain
 * that nothing happened.
 */
export function outcomeOfSilence(silence: Silence): WriteFailure {
  if (silence.kind === 'never_sent') return { outcome: 'rejected', reason: 'not_sent', code: 'not_sent', message: silence.text }
  return unknown(silence.cause, silence.text)
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
  if (error.neverSent) return { kind: 'never_sent', fault, text: error.message }
  const cause: UnknownCause = fault === 'timeout' || fault === 'malformed' ? fault : 'unreachable'
  return { kind: 'no_answer', cause, fault, text: error.message }
}
