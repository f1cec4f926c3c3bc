import { PartnerError, type PartnerReply, type Send } from '../../platform/partner.ts'
import { UnrepresentableAmount } from './amounts.ts'
import type { GatewayOutcome, UnknownCause } from './contract.ts'
import { MalformedReply } from './wire-fields.ts'

/** What is not a success. */
export type Failure = Exclude<GatewayOutcome<never>, { outcome: 'ok' }>

const MESSAGE_MAX = 300

export const unknown = (cause: UnknownCause, message: string): Failure => ({
  outcome: 'unknown',
  cause,
  message: message.slice(0, MESSAGE_MAX),
})
export const rejected = (code: string, message: string): Failure => ({ outcome: 'rejected', code, message: message.slice(0, MESSAGE_MAX) })

/** The outcome of `work`, with what may go wrong on the way told as unknown. Anything else that is thrown is a bug of ours and is thrown on. */
export async function asOutcome<T>(work: () => Promise<GatewayOutcome<T>>): Promise<GatewayOutcome<T>> {
  try {
    return await work()
  } catch (error) {
    return toFailure(error)
  }
}

/** What an amount that cannot be asked for, a lost reply or an unreadable one means; throws on what is none of these. */
export function toFailure(error: unknown): Failure {
  if (error instanceof UnrepresentableAmount) return rejected('amount_not_representable', error.message)
  if (error instanceof MalformedReply) return unknown('malformed', error.message)
  if (!(error instanceof PartnerError)) throw error
  if (error.fault === 'timeout' || error.fault === 'aborted') return unknown('timeout', error.message)
  if (error.fault === 'too_large') return unknown('malformed', error.message)
  return unknown(error.fault === 'overloaded' ? 'throttled' : 'unreachable', error.message)
}

/** What a status means that no provider of ours uses for a refusal; null where the provider's own words decide. */
export function statusFailure({ status, body }: PartnerReply): Failure | null {
  const message = `status ${status}: ${body.slice(0, 200)}`
  if (status === 429) return unknown('throttled', message)
  if (status === 401) return unknown('unauthorised', message)
  if (status >= 500) return unknown('server_error', message)
  return status >= 300 && status < 400 ? unknown('unrecognised', message) : null
}

/** The body as JSON; throws {@link MalformedReply} for a page of HTML or half a document. */
export function readJson({ body }: PartnerReply): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new MalformedReply('body')
  }
}

/** One call to a provider: JSON there and back, within a total deadline, never repeated. */
export type JsonCall = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: object
  readonly timeoutMs: number
}

const REPLY_BYTES_MAX = 2 * 1024 * 1024

/** Sends it; throws a PartnerError when no whole reply comes. */
export function callJson(send: Send, { body, headers, ...call }: JsonCall): Promise<PartnerReply> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  return send(
    {
      ...call,
      ...json,
      headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }), ...headers },
      replyBytesMax: REPLY_BYTES_MAX,
    },
    new AbortController().signal,
  )
}
