import { createHash } from 'node:crypto'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { PartnerReply, Send } from '../../platform/partner.ts'
import type { Call } from '../contract.ts'
import type { Settings } from './config.ts'
import { toLostWrite, toTransportError, type WriteFailure } from './faults.ts'
import { toReply, type Reply } from './read-reply.ts'

export type Deps = { readonly settings: Settings; readonly send: Send; readonly clock: Clock }

type Request = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: object
  readonly timeoutMs: number
}

/** The reply to a read, whatever it says. Throws ProviderError when none arrives. */
export async function read(deps: Deps, request: Request, call: Call): Promise<Reply> {
  const { status, body } = await readRaw(deps, request, call)
  return toReply(status, body)
}

/** The same with its bytes as they came. */
export async function readRaw(deps: Deps, request: Request, call: Call): Promise<PartnerReply> {
  return deliver(deps, request, call).catch((error: unknown) => {
    throw toTransportError(error)
  })
}

/** The reply to a write, or what its absence means. */
export async function write(deps: Deps, request: Omit<Request, 'timeoutMs'>, call: Call): Promise<Reply | WriteFailure> {
  const { writeTimeoutMs } = deps.settings.limits
  return deliver(deps, { ...request, timeoutMs: writeTimeoutMs }, call).then(({ status, body }) => toReply(status, body), toLostWrite)
}

export function isFailure(reply: Reply | WriteFailure): reply is WriteFailure {
  return 'outcome' in reply
}

async function deliver({ settings, send, clock }: Deps, { method, path, body, timeoutMs }: Request, call: Call): Promise<PartnerReply> {
  return send(
    {
      method,
      url: `${settings.url}${path}`,
      headers: {
        'api-key': settings.apiKey,
        'x-signature': signatureOf(settings, clock.now()),
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

/** Hex SHA-256 of key, secret and the second. https://developer.hotelbeds.com/documentation/getting-started/ */
export function signatureOf({ apiKey, secret }: Pick<Settings, 'apiKey' | 'secret'>, now: Instant): string {
  return createHash('sha256')
    .update(`${apiKey}${secret}${Math.floor(now / 1000)}`)
    .digest('hex')
}
