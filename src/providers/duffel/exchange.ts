import type { Clock } from '../../kernel/time.ts'
import type { PartnerReply, Send } from '../../platform/partner.ts'
import type { Call } from '../contract.ts'
import type { Settings } from './config.ts'
import { toLostWrite, toTransportError, type WriteFailure } from './faults.ts'
import { toReply, type Reply } from './read-reply.ts'

export type Deps = { readonly settings: Settings; readonly send: Send; readonly clock: Clock }

type Request = { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: object | undefined; readonly timeoutMs: number }

/** The reply to a read, whatever it says. Throws ProviderError when none arrives. */
export async function read(deps: Deps, path: string, call: Call): Promise<Reply> {
  return readBy(deps, { method: 'GET', path, timeoutMs: deps.settings.limits.readTimeoutMs }, call)
}

/** The reply to a question that has a body; it changes nothing. Throws ProviderError when none arrives. */
export async function ask(deps: Deps, path: string, body: object, call: Call): Promise<Reply> {
  return readBy(deps, { method: 'POST', path, body, timeoutMs: deps.settings.limits.readTimeoutMs }, call)
}

async function readBy(deps: Deps, request: Request, call: Call): Promise<Reply> {
  const { status, body } = await readRaw(deps, request, call)
  return toReply(status, body)
}

/** The reply with its bytes as they came. Throws ProviderError when none arrives. */
export async function readRaw(deps: Deps, request: Request, call: Call): Promise<PartnerReply> {
  return deliver(deps, request, call).catch((error: unknown) => {
    throw toTransportError(error)
  })
}

/** The reply to a write, or what its absence means. */
export async function write(deps: Deps, path: string, body: object | undefined, call: Call): Promise<Reply | WriteFailure> {
  const { writeTimeoutMs } = deps.settings.limits
  return deliver(deps, { method: 'POST', path, body, timeoutMs: writeTimeoutMs }, call).then(
    (reply) => toReply(reply.status, reply.body),
    toLostWrite,
  )
}

/** True when no reply arrived that could be read further. */
export function isFailure(reply: Reply | WriteFailure): reply is WriteFailure {
  return 'outcome' in reply
}

async function deliver({ settings, send }: Deps, { method, path, body, timeoutMs }: Request, call: Call): Promise<PartnerReply> {
  return send(
    {
      method,
      url: `${settings.url}${path}`,
      headers: {
        authorization: `Bearer ${settings.accessToken}`,
        'duffel-version': settings.version,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      timeoutMs,
      replyBytesMax: settings.limits.replyBytesMax,
    },
    call.signal,
  )
}
