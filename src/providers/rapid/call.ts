import { createHash } from 'node:crypto'
import type { Clock } from '../../kernel/time.ts'
import type { PartnerReply, Send } from '../../platform/partner.ts'
import type { Call } from '../contract.ts'
import type { Settings } from './config.ts'
import { toLostWrite, toTransportError, type WriteFailure } from './faults.ts'
import { toReply, type Reply } from './read-reply.ts'

export type Deps = { readonly settings: Settings; readonly send: Send; readonly clock: Clock }

/** One request. `link` is a path of ours or a link of theirs; `session` the customer's, where one is known. */
export type Exchange = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly link: string
  readonly session?: string | null
  readonly body?: object
  readonly timeoutMs: number
}

const USER_AGENT = 'Farewire/1.0'

/** Reads; throws ProviderError when no whole reply came. */
export async function read(deps: Deps, exchange: Omit<Exchange, 'method'>, call: Call): Promise<Reply> {
  const reply = await deliver(deps, { ...exchange, method: 'GET' }, call).catch((error: unknown) => {
    throw toTransportError(error)
  })
  return toReply(reply.status, reply.body, reply.headers)
}

/** Writes; a reply that did not come whole is an outcome. */
export async function write(deps: Deps, exchange: Exchange, call: Call): Promise<Reply | WriteFailure> {
  try {
    const reply = await deliver(deps, exchange, call)
    return toReply(reply.status, reply.body, reply.headers)
  } catch (error) {
    return toLostWrite(error)
  }
}

export function isFailure(reply: Reply | WriteFailure): reply is WriteFailure {
  return 'outcome' in reply
}

/** Sends one request, signed for this second. Throws PartnerError. */
export async function deliver(deps: Deps, exchange: Exchange, call: Call): Promise<PartnerReply> {
  const { settings, clock } = deps
  const { method, link, session, body, timeoutMs } = exchange
  return deps.send(
    {
      method,
      url: toUrl(settings.url, link),
      headers: {
        authorization: toAuthorization(settings, Math.floor(clock.now() / 1_000)),
        accept: 'application/json',
        'user-agent': USER_AGENT,
        'customer-ip': settings.customerIp,
        ...(session && { 'customer-session-id': session }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      timeoutMs,
      replyBytesMax: settings.limits.replyBytesMax,
    },
    call.signal,
  )
}

/** `EAN apikey=…,signature=…,timestamp=…`, the signature being of key, secret and the second. */
export function toAuthorization({ apiKey, sharedSecret }: Pick<Settings, 'apiKey' | 'sharedSecret'>, seconds: number): string {
  const signature = createHash('sha512').update(`${apiKey}${sharedSecret}${seconds}`).digest('hex')
  return `EAN apikey=${apiKey},signature=${signature},timestamp=${seconds}`
}

/** A link of theirs, absolute or not, at our address for them: what is signed with our key goes nowhere else. */
function toUrl(base: string, link: string): string {
  const { pathname, search } = new URL(link, base)
  return `${base}${pathname}${search}`
}
