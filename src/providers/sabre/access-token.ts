import { plusMs, type Clock, type Instant } from '../../kernel/time.ts'
import { PartnerError, type Send } from '../../platform/partner.ts'
import { ProviderError } from '../errors.ts'
import type { SabreSettings } from './config.ts'
import { SABRE, toTransportError } from './faults.ts'
import { toObject, toText, toWhole } from './json.ts'
import { PATHS } from './wire.ts'

/** The bearer token that calls are made with. The one thing this adapter remembers, and it can be had again at any time. */
export type AccessTokens = {
  /**
   * The token, fetched when there is none or it is about to expire; whoever asks meanwhile waits for the same fetch.
   * Throws ProviderError: whatever the token was wanted for has not been sent.
   */
  readonly get: (signal: AbortSignal, waitMs: number) => Promise<string>
  /** Drops this token, which was refused; one that has been fetched since then stays. */
  readonly forget: (token: string) => void
}

type Kept = { readonly token: string; readonly freshUntil: Instant }

/** A token is given up this long before it expires, or after nine tenths of a short life. */
const MARGIN_MS = 60_000
const RENEWAL_TIMEOUT_MS = 10_000

/** The tokens of one client, kept until shortly before they expire. */
export function createAccessTokens(deps: { readonly settings: SabreSettings; readonly send: Send; readonly clock: Clock }): AccessTokens {
  let kept: Kept | undefined
  let renewal: Promise<Kept> | undefined

  return {
    get: async (signal, waitMs) => {
      if (kept && deps.clock.now() < kept.freshUntil) return kept.token
      renewal ??= fetchToken(deps)
        .then((fetched) => (kept = fetched))
        .finally(() => (renewal = undefined))
      return (await waitFor(renewal, signal, waitMs)).token
    },
    forget: (token) => {
      if (kept?.token === token) kept = undefined
    },
  }
}

/**
 * The client's name and secret as Sabre wants them: each in base64, joined, and in base64 again. Plain Basic is answered
 * with 401. https://developer.sabre.com/guides/travel-agency/developer-guides/rest-apis-token-credentials
 */
export function toCredentials(clientId: string, clientSecret: string): string {
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')
  return base64(`${base64(clientId)}:${base64(clientSecret)}`)
}

async function fetchToken({ settings, send, clock }: Parameters<typeof createAccessTokens>[0]): Promise<Kept> {
  const askedAt = clock.now()
  const reply = await send(
    {
      method: 'POST',
      url: `${settings.url}${PATHS.token}`,
      headers: {
        authorization: `Basic ${toCredentials(settings.clientId, settings.clientSecret)}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: 'grant_type=client_credentials',
      timeoutMs: Math.min(RENEWAL_TIMEOUT_MS, settings.limits.readTimeoutMs),
      replyBytesMax: 65_536,
    },
    // Several callers may wait for this one: that one of them gives up ends nothing.
    new AbortController().signal,
  ).catch((error: unknown) => {
    throw toTransportError(error)
  })
  const { token, livesMs } = readToken(reply.body)
  if (reply.status >= 200 && reply.status < 300 && token !== null && livesMs !== null)
    return { token, freshUntil: plusMs(askedAt, livesMs - Math.min(MARGIN_MS, Math.ceil(livesMs / 10))) }
  throw toRefusal(reply.status)
}

function readToken(body: string): { token: string | null; livesMs: number | null } {
  try {
    const reply = toObject(JSON.parse(body))
    const seconds = toWhole(reply['expires_in'])
    return { token: toText(reply['access_token']), livesMs: seconds !== null && seconds > 0 ? Math.min(seconds, 31_536_000) * 1_000 : null }
  } catch {
    return { token: null, livesMs: null }
  }
}

function toRefusal(status: number): ProviderError {
  const message = `Sabre gave no access token and answered with status ${status}`
  if (status >= 500) return new ProviderError(SABRE, 'unreachable', message)
  if (status === 429) return new ProviderError(SABRE, 'throttled', message)
  if (status >= 400) return new ProviderError(SABRE, 'unauthorised', message)
  return new ProviderError(SABRE, 'malformed', message)
}

/** The outcome of a fetch that others may be waiting for too, no longer than this caller has. */
async function waitFor<T>(promise: Promise<T>, signal: AbortSignal, waitMs: number): Promise<T> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, waitMs))])
  let giveUp: () => void = () => undefined
  const given = new Promise<never>((_, reject) => {
    giveUp = () => reject(toTransportError(new PartnerError('timeout', 'Sabre gave no access token in time', { neverSent: true })))
    if (limit.aborted) giveUp()
    else limit.addEventListener('abort', giveUp, { once: true })
  })
  try {
    return await Promise.race([promise, given])
  } finally {
    limit.removeEventListener('abort', giveUp)
  }
}
