import { plusMs, type Clock, type Instant } from '../../kernel/time.ts'
import { PartnerError, type PartnerReply, type Send } from '../../platform/partner.ts'
import type { Call } from '../contract.ts'
import type { AccessTokens } from './access-token.ts'
import type { SabreSettings } from './config.ts'
import { toLostWrite, toTransportError, type WriteFailure } from './faults.ts'

/** What the operations are given: where and as whom, the way there, the token and the time. */
export type Deps = {
  readonly settings: SabreSettings
  readonly send: Send
  readonly clock: Clock
  readonly tokens: AccessTokens
}

/** A whole reply: its status, null for a message that came without one, and its body, undefined when it was not JSON. */
export type Reply = { readonly status: number | null; readonly body: unknown }

/** A total deadline that several requests of one operation share. */
export type Budget = { readonly leftMs: () => number }

/** A budget of `ms` from now. */
export function createBudget({ clock }: Pick<Deps, 'clock'>, ms: number): Budget {
  const until: Instant = plusMs(clock.now(), ms)
  return { leftMs: () => until - clock.now() }
}

export type Request = { readonly path: string; readonly body: object; readonly budget: Budget }

/** Sends one request as JSON and returns the reply as it came. Throws PartnerError, or ProviderError when it got no token. */
export async function deliver(deps: Deps, { path, body, budget }: Request, call: Call): Promise<PartnerReply> {
  const text = JSON.stringify(body)
  const send = async (token: string): Promise<PartnerReply> => {
    const timeoutMs = budget.leftMs()
    if (timeoutMs <= 0) throw new PartnerError('timeout', 'no time was left to ask Sabre', { neverSent: true })
    return deps.send(
      {
        method: 'POST',
        url: `${deps.settings.url}${path}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
        body: text,
        timeoutMs,
        replyBytesMax: deps.settings.limits.replyBytesMax,
      },
      call.signal,
    )
  }
  const token = await deps.tokens.get(call.signal, budget.leftMs())
  const reply = await send(token)
  if (reply.status !== 401) return reply
  // Refused at the gate, read by nobody: with a new token the same request may go again, once.
  deps.tokens.forget(token)
  return send(await deps.tokens.get(call.signal, budget.leftMs()))
}

/** Asks; throws ProviderError when no whole reply arrives. */
export async function read(deps: Deps, request: Request, call: Call): Promise<Reply> {
  const reply = await deliver(deps, request, call).catch((error: unknown) => {
    throw error instanceof PartnerError ? toTransportError(error) : error
  })
  return toReply(reply.status, reply.body)
}

/** Writes; a reply that never came is an outcome. */
export async function write(deps: Deps, request: Request, call: Call): Promise<Reply | WriteFailure> {
  try {
    const { status, body } = await deliver(deps, request, call)
    return toReply(status, body)
  } catch (error) {
    return toLostWrite(error)
  }
}

export function isFailure(reply: Reply | WriteFailure): reply is WriteFailure {
  return 'outcome' in reply
}

/** The reply's text as a {@link Reply}. JSON.parse keeps to the byte cap of the transport and recurses nowhere. */
export function toReply(status: number | null, text: string): Reply {
  try {
    return { status, body: JSON.parse(text) as unknown }
  } catch {
    return { status, body: undefined }
  }
}
