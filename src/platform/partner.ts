import {
  bulkhead,
  BrokenCircuitError,
  BulkheadRejectedError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  wrap,
} from 'cockatiel'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib'
import { Agent, request as undiciRequest } from 'undici'
import type { RateBudget } from './rate-budget.ts'

/** One HTTP call to a partner. `timeoutMs` is the total deadline, connection and body included. */
export type PartnerRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
  readonly replyBytesMax: number
  /** True where sending it twice changes nothing at the partner's. A GET is a read unless it says that it is not. */
  readonly isRead?: boolean
}

/** A reply that arrived whole and within the cap, whatever its status. Header names are in lower case. */
export type PartnerReply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
  /** The bytes as UTF-8 text, decoded when it is first asked for: a large reply may be read in another thread. */
  readonly body: string
}

/** A reply of these bytes. */
export function toPartnerReply(status: number, headers: PartnerReply['headers'], bytes: Buffer): PartnerReply {
  let text: string | undefined
  return {
    status,
    headers,
    bytes,
    get body() {
      return (text ??= bytes.toString('utf8'))
    },
  }
}

/**
 * Why no whole reply arrived. `neverSent` is true only when it is certain that no byte of the request left this
 * process: then, and only then, may a write be sent again.
 */
export class PartnerError extends Error {
  readonly fault: 'timeout' | 'unreachable' | 'too_large' | 'cut_off' | 'overloaded' | 'aborted'
  readonly neverSent: boolean

  constructor(fault: PartnerError['fault'], message: string, options: { neverSent: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'PartnerError'
    this.fault = fault
    this.neverSent = options.neverSent
  }
}

/** Sends one request within its deadline; throws {@link PartnerError}. */
export type Send = (request: PartnerRequest, signal: AbortSignal) => Promise<PartnerReply>

export type PartnerOptions = {
  readonly name: string
  /** Calls under way at once; as many again may wait. */
  readonly concurrentMax: number
  /** Consecutive failures after which calls are refused at once. */
  readonly breakAfter?: number
  /** How long they are refused before one is let through to try. */
  readonly breakForMs?: number
  /** Which replies count as failures: status 500 or more, unless the protocol also answers with that (SOAP faults do). */
  readonly isOutage?: (reply: PartnerReply) => boolean
  /**
   * How often a call is made again, within its deadline, where that is provably safe: a read whose connection broke, and
   * anything of which no byte has left. None when not given.
   */
  readonly retries?: number
  /** How often all processes together may call; without limit when not given. */
  readonly rate?: RateBudget
  /** What we show a partner that wants to know who calls, and whom we believe, as PEM. */
  readonly tls?: ClientTls
}

/** A client certificate with its key, and the authorities trusted beside the machine's own; all PEM. */
export type ClientTls = { readonly cert?: string; readonly key?: string; readonly ca?: string }

/**
 * `open`: calls are refused at once. `half_open`: the next one is let through to try. `active` calls are under way and
 * `queued` ones wait for a place.
 */
export type PartnerState = {
  readonly breaker: 'closed' | 'open' | 'half_open'
  readonly active: number
  readonly queued: number
}

export type Partner = { readonly send: Send; readonly state: () => PartnerState; readonly close: () => Promise<void> }

/**
 * The way to one outside party: own connections, own bulkhead, own circuit breaker, so that a slow or broken partner
 * costs nobody else anything. A missing reply and one that is an outage count as failures.
 */
export function createPartner(options: PartnerOptions): Partner {
  const agent = new Agent({ connections: options.concurrentMax, keepAliveTimeout: 30_000, connect: { timeout: 5_000, ...options.tls } })
  const failing = new Set(['timeout', 'unreachable', 'cut_off'])
  const breakForMs = options.breakForMs ?? 5_000
  const isOutage = options.isOutage ?? ((reply: PartnerReply) => reply.status >= 500)
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof ServerFault || (error instanceof PartnerError && failing.has(error.fault))),
    { halfOpenAfter: breakForMs, breaker: new ConsecutiveBreaker(options.breakAfter ?? 10) },
  )
  const places = bulkhead(options.concurrentMax, options.concurrentMax)
  const policy = wrap(places, breaker)
  let brokenAt = 0
  breaker.onBreak(() => (brokenAt = performance.now()))

  /** The breaker itself only notices at the next call that its time is over; whoever asks before it calls must be told. */
  function breakerState(): PartnerState['breaker'] {
    if (breaker.state === CircuitState.Closed) return 'closed'
    if (breaker.state === CircuitState.HalfOpen) return 'half_open'
    return performance.now() - brokenAt < breakForMs ? 'open' : 'half_open'
  }

  async function attempt(request: PartnerRequest, signal: AbortSignal): Promise<PartnerReply> {
    if (options.rate && !(await options.rate.take(request.timeoutMs / 2, signal)))
      throw new PartnerError('overloaded', `${options.name} has been called as often as is allowed`, { neverSent: true })
    try {
      return await policy.execute(async () => {
        const reply = await exchange(agent, options.name, request, signal)
        if (isOutage(reply)) throw new ServerFault(reply)
        return reply
      })
    } catch (error) {
      if (error instanceof ServerFault) return error.reply
      if (error instanceof BrokenCircuitError)
        throw new PartnerError('unreachable', `${options.name} has failed repeatedly and is not being called`, {
          neverSent: true,
          cause: error,
        })
      if (error instanceof BulkheadRejectedError)
        throw new PartnerError('overloaded', `too many calls to ${options.name} are under way`, { neverSent: true })
      throw error
    }
  }
  const send: Send = async (request, signal) => {
    const deadline = performance.now() + request.timeoutMs
    for (let left = options.retries ?? 0; ; left -= 1) {
      try {
        return await attempt({ ...request, timeoutMs: Math.max(1, Math.ceil(deadline - performance.now())) }, signal)
      } catch (error) {
        if (left === 0 || signal.aborted || !mayRepeat(request, error)) throw error
        const pauseMs = RETRY_PAUSE_MS * (0.5 + Math.random())
        if (performance.now() + pauseMs >= deadline) throw error
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    }
  }
  const state = (): PartnerState => ({
    breaker: breakerState(),
    active: options.concurrentMax - places.executionSlots,
    queued: options.concurrentMax - places.queueSlots,
  })
  return { send, state, close: () => agent.destroy() }
}

const RETRY_PAUSE_MS = 100

/**
 * Whether sending again is provably safe. A time-out is not repeated: its deadline is used up. Nor is what our own limits
 * refused, which would only be refused again.
 */
function mayRepeat(request: PartnerRequest, error: unknown): boolean {
  if (!(error instanceof PartnerError)) return false
  if (error.fault === 'unreachable') return error.neverSent && !(error.cause instanceof BrokenCircuitError)
  return error.fault === 'cut_off' && (request.isRead ?? request.method === 'GET')
}

/** Carries a 5xx reply past the breaker, which counts it, to the caller, who reads it. */
class ServerFault extends Error {
  readonly reply: PartnerReply
  constructor(reply: PartnerReply) {
    super(`status ${reply.status}`)
    this.reply = reply
  }
}

const UNPACKERS: Readonly<Record<string, (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/** The reply as it was before it was packed for the way. The cap holds for what comes out: a bomb is not unpacked. */
async function unpack(bytes: Buffer, encoding: string, name: string, replyBytesMax: number): Promise<Buffer> {
  const coding = encoding.trim().toLowerCase()
  if (coding === '' || coding === 'identity' || bytes.length === 0) return bytes
  const unpacker = Object.hasOwn(UNPACKERS, coding) ? UNPACKERS[coding] : undefined
  if (!unpacker) throw new PartnerError('cut_off', `${name} packed its reply as "${coding.slice(0, 40)}"`, { neverSent: false })
  try {
    return await unpacker(bytes, { maxOutputLength: replyBytesMax })
  } catch (error) {
    const isTooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'
    const message = isTooLarge ? `${name} sent more than ${replyBytesMax} bytes, packed` : `${name}'s packed reply is broken`
    throw new PartnerError(isTooLarge ? 'too_large' : 'cut_off', message, { neverSent: false, cause: error })
  }
}

async function exchange(agent: Agent, name: string, request: PartnerRequest, signal: AbortSignal): Promise<PartnerReply> {
  // undici's own timers tick once a second; a deadline is an AbortSignal's.
  const deadline = AbortSignal.timeout(request.timeoutMs)
  const either = AbortSignal.any([deadline, signal])
  try {
    const { statusCode, headers, body } = await undiciRequest(request.url, {
      dispatcher: agent,
      method: request.method,
      headers: { 'accept-encoding': 'gzip, br', ...request.headers },
      body: request.body ?? null,
      signal: either,
    })
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > request.replyBytesMax) {
        body.destroy()
        throw new PartnerError('too_large', `${name} sent more than ${request.replyBytesMax} bytes`, { neverSent: false })
      }
      chunks.push(chunk)
    }
    const flat = Object.entries(headers).map(([key, value]) => [key, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const)
    const plain = await unpack(Buffer.concat(chunks), String(headers['content-encoding'] ?? ''), name, request.replyBytesMax)
    // Nobody after us shall unpack it again.
    const told = flat.filter(([key]) => key !== 'content-encoding' && key !== 'content-length')
    return toPartnerReply(statusCode, Object.fromEntries(told), plain)
  } catch (error) {
    if (error instanceof PartnerError) throw error
    if (deadline.aborted)
      throw new PartnerError('timeout', `${name} did not answer within ${request.timeoutMs} ms`, { neverSent: false, cause: error })
    if (signal.aborted) throw new PartnerError('aborted', `the call to ${name} was given up`, { neverSent: false, cause: error })
    const code = (error as { code?: string }).code ?? ''
    const neverSent = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'UND_ERR_CONNECT_TIMEOUT'
    throw new PartnerError(neverSent ? 'unreachable' : 'cut_off', `the connection to ${name} failed (${code || 'no code'})`, {
      neverSent,
      cause: error,
    })
  }
}
