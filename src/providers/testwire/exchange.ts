import type { Clock } from '../../kernel/time.ts'
import type { PartnerReply, Send } from '../../platform/partner.ts'
import type { Call, UnreadShop } from '../contract.ts'
import type { Settings } from './config.ts'
import { toLostWrite, toReply, toTransportError, type Reply, type WriteFailure } from './faults.ts'

export type Deps = { readonly settings: Settings; readonly send: Send; readonly clock: Clock }

/** A read: a GET, or a POST that changes nothing. Throws ProviderError when no reply arrives. */
export async function read(deps: Deps, path: string, call: Call, body?: object): Promise<Reply> {
  const reply = await orThrow(deliver(deps, { path, body, timeoutMs: deps.settings.limits.readTimeoutMs, isRead: true }, call))
  return toReply(reply.status, reply.body)
}

/** A search, with the bytes as they came. */
export async function search(deps: Deps, path: string, call: Call, body: object): Promise<UnreadShop> {
  const reply = await orThrow(deliver(deps, { path, body, timeoutMs: deps.settings.limits.shopTimeoutMs, isRead: true }, call))
  return { unread: reply.bytes, status: reply.status }
}

/** What a search left unread, as a reply. */
export function toUnreadReply({ unread, status }: UnreadShop): Reply {
  return toReply(status, Buffer.from(unread.buffer, unread.byteOffset, unread.byteLength).toString('utf8'))
}

/** The reply to a write, or what its absence means. */
export async function write(deps: Deps, path: string, call: Call, body: object): Promise<Reply | WriteFailure> {
  const timeoutMs = deps.settings.limits.writeTimeoutMs
  return deliver(deps, { path, body, timeoutMs, isRead: false }, call).then((reply) => toReply(reply.status, reply.body), toLostWrite)
}

export function isFailure(reply: Reply | WriteFailure): reply is WriteFailure {
  return 'outcome' in reply
}

async function orThrow(reply: Promise<PartnerReply>): Promise<PartnerReply> {
  return reply.catch((error: unknown) => {
    throw toTransportError(error)
  })
}

type Exchange = { readonly path: string; readonly body: object | undefined; readonly timeoutMs: number; readonly isRead: boolean }

async function deliver({ settings, send }: Deps, { path, body, timeoutMs, isRead }: Exchange, call: Call): Promise<PartnerReply> {
  return send(
    {
      method: body ? 'POST' : 'GET',
      url: `${settings.url}${path}`,
      headers: {
        authorization: `Bearer ${settings.key}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      timeoutMs,
      replyBytesMax: settings.limits.replyBytesMax,
      isRead,
    },
    call.signal,
  )
}
