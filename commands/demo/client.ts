import type { MoneyText } from '../../src/kernel/money.ts'
import type { OfferView } from '../../src/travel/offer-view.ts'
import type { StayOfferView } from '../../src/travel/stay-view.ts'

/** What is bought: flights, or rooms. */
export type GoodsView = OfferView | StayOfferView

/** A booking as the public API shows it: the fields this command reads. */
export type BookingView = {
  readonly id: string
  readonly reference: string
  readonly status: string
  readonly stage: string
  readonly version: number
  readonly total: MoneyText
  readonly offer: GoodsView
  readonly passengers: readonly { readonly given_name: string; readonly family_name: string }[]
  readonly pnr: string | null
  readonly tickets: readonly { readonly number: string; readonly passenger_name: string | null }[]
  readonly documents: readonly { readonly kind: string; readonly url: string }[]
  readonly promise: { readonly text: string; readonly answer_by: string } | null
  readonly refund: {
    readonly amount: MoneyText
    readonly state: string
    readonly reason: string
    readonly held_by: string
    readonly due_by: string
  } | null
  readonly timeline: readonly { readonly at: string; readonly event: string; readonly text: string }[]
  readonly ledger: readonly { readonly event_type: string; readonly account: string; readonly amount: string; readonly currency: string }[]
}

export type Verification = {
  readonly outcome: 'same' | 'changed' | 'gone'
  readonly offer: GoodsView | null
  readonly previous_total: MoneyText
  readonly delta: MoneyText | null
  readonly reason: string | null
  readonly alternatives: readonly GoodsView[]
}

export type PaymentView = {
  readonly id: string
  readonly booking_id: string
  readonly status: string
  readonly amount: MoneyText
  readonly redirect_url: string | null
}

export type ProblemView = {
  readonly code: string
  readonly status: number
  readonly detail?: string
  readonly total?: MoneyText
  readonly money_moved?: string
}

export type Reply<T> = { readonly status: number; readonly replayed: boolean; readonly body: T; readonly problem: ProblemView | null }

export type Api = {
  readonly url: string
  readonly get: <T>(path: string) => Promise<Reply<T>>
  readonly post: <T>(path: string, body: unknown, idempotencyKey?: string) => Promise<Reply<T>>
  readonly bytes: (path: string) => Promise<Buffer>
}

/** Nothing answers at an address where the demo needs somebody. */
export class Unreachable extends Error {
  constructor(address: string, cause: unknown) {
    super(`nothing answers at ${address}`, { cause })
    this.name = 'Unreachable'
  }
}

const CALL_MS = 30_000

/** The public API over HTTP, as any client would use it. Every call ends within 30 s. */
export function createApi(url: string): Api {
  const call = async <T>(path: string, init: RequestInit): Promise<Reply<T>> => {
    const response = await fetchWithin(`${url}${path}`, init)
    const text = await response.text()
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false
    const body = parseBody(text, `${init.method ?? 'GET'} ${path}`)
    return {
      status: response.status,
      replayed: response.headers.get('idempotency-replayed') === 'true',
      body: body as T,
      problem: isProblem ? (body as ProblemView) : null,
    }
  }
  return {
    url,
    get: (path) => call(path, {}),
    post: (path, body, idempotencyKey) =>
      call(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }) },
      }),
    bytes: async (path) => Buffer.from(await (await fetchWithin(`${url}${path}`, {})).arrayBuffer()),
  }
}

/** The body of a reply that has to have the status; throws with what it said instead. */
export function expectStatus<T>(reply: Reply<T>, status: number, what: string): T {
  if (reply.status === status) return reply.body
  const said = reply.problem ? `${reply.problem.code}: ${reply.problem.detail ?? ''}` : JSON.stringify(reply.body).slice(0, 300)
  throw new Error(`${what} answered ${reply.status} instead of ${status} (${said})`)
}

/** fetch with a deadline; throws {@link Unreachable} when nobody listens. */
export async function fetchWithin(url: string, init: RequestInit, ms = CALL_MS): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(ms) })
  } catch (error) {
    throw new Unreachable(url, error)
  }
}

function parseBody(text: string, what: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown)
  } catch {
    throw new Error(`${what} answered something that is not JSON: ${text.slice(0, 200)}`)
  }
}
