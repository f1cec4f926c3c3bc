import { PartnerError, type PartnerReply, type Send } from '../../platform/partner.ts'
import type { GatewayOutcome, UnknownCause } from './contract.ts'
import { MalformedMessage } from './json-fields.ts'

/** A call whose effect nobody knows. */
export class Unanswered extends Error {
  readonly reason: UnknownCause
  constructor(reason: UnknownCause, message: string) {
    super(message.slice(0, 300))
    this.name = 'Unanswered'
    this.reason = reason
  }
}

/** A call that was turned down, and of which it is proven that it had no effect. */
export class Refused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message.slice(0, 300))
    this.name = 'Refused'
    this.code = code
  }
}

export type JsonCall = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
  readonly timeoutMs: number
}

const REPLY_BYTES_MAX = 512 * 1024

/**
 * Sends one request within its total deadline, once, and returns the text of the reply whatever its status below 500.
 * Throws {@link Unanswered} where no whole reply came, or one that says that it was not looked at.
 */
export async function callJson(send: Send, call: JsonCall): Promise<{ readonly status: number; readonly text: string }> {
  const reply = await exchange(send, call)
  if (reply.status === 429) throw new Unanswered('throttled', 'too many calls')
  if (reply.status === 401 || reply.status === 403) throw new Unanswered('unauthorised', `status ${reply.status}`)
  if (reply.status >= 500) throw new Unanswered('server_error', `status ${reply.status}`)
  return { status: reply.status, text: reply.body }
}

/** The JSON in a reply; throws {@link MalformedMessage}. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new MalformedMessage('JSON')
  }
}

/** The outcome of work that throws {@link Refused}, {@link Unanswered} or {@link MalformedMessage}. Anything else is a bug and thrown on. */
export async function attempt<T>(work: () => T | Promise<T>): Promise<GatewayOutcome<T>> {
  try {
    return { outcome: 'ok', value: await work() }
  } catch (error) {
    if (error instanceof Refused) return { outcome: 'rejected', code: error.code, message: error.message }
    if (error instanceof Unanswered) return { outcome: 'unknown', cause: error.reason, message: error.message }
    if (error instanceof MalformedMessage) return { outcome: 'unknown', cause: 'malformed', message: error.message }
    throw error
  }
}

async function exchange(send: Send, call: JsonCall): Promise<PartnerReply> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body)
  const headers = { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }), ...call.headers }
  const request = { method: call.method, url: call.url, headers, timeoutMs: call.timeoutMs, replyBytesMax: REPLY_BYTES_MAX }
  try {
    return await send({ ...request, ...(body !== undefined && { body }) }, new AbortController().signal)
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    throw new Unanswered(CAUSES[error.fault], error.message)
  }
}

const CAUSES: Readonly<Record<PartnerError['fault'], UnknownCause>> = {
  timeout: 'timeout',
  aborted: 'timeout',
  too_large: 'malformed',
  overloaded: 'throttled',
  unreachable: 'unreachable',
  cut_off: 'unreachable',
}
