import { fetchWithin, type PaymentView } from './client.ts'
import type { Traveller } from './journey.ts'
import type { ProviderName } from './scene.ts'

/** A reservation as the supplier itself knows it. */
export type Reservation = {
  readonly locator: string
  readonly reference: string | null
  readonly status: 'active' | 'cancelled'
  readonly passengers: readonly string[]
  readonly tickets: readonly { readonly number: string; readonly status: 'live' | 'void' }[]
}

/** What the payment provider itself took and gave back for one of our payments, in minor units. */
export type PaymentTruth = {
  readonly session: string
  readonly currency: string
  readonly captured: number
  readonly refunded: number
  readonly refunds: number
}

/** One delivery of an announced event; `status` is null when there was no answer. */
export type Delivery = { readonly event: string; readonly type: string; readonly status: number | null }

export type Mail = {
  readonly id: string
  readonly subject: string
  readonly text: string
  readonly attachments: readonly { readonly contentType: string; readonly url: string }[]
}

/** The other side of the sandbox: what suppliers, payment provider and mailbox know, and the switches they have. */
export type Sandbox = {
  /** The suppliers that are on. */
  readonly suppliers: readonly ProviderName[]
  readonly reservations: (provider: ProviderName) => Promise<readonly Reservation[]>
  /** How often each operation of the supplier's was called. */
  readonly calls: (provider: ProviderName) => Promise<Readonly<Record<string, number>>>
  /** Lets the next call of an operation go wrong. */
  readonly armFault: (provider: ProviderName, fault: { operation: string; kind: string; count: number }) => Promise<void>
  readonly clearFaults: (provider: ProviderName) => Promise<void>
  /** Pays on the hosted page as the customer. */
  readonly pay: (session: string) => Promise<void>
  /** All sessions that belong to one of our payments: there should be one. */
  readonly payments: (payment: PaymentView) => Promise<readonly PaymentTruth[]>
  /** From now on every webhook is delivered so many times at once; 1 is normal. */
  readonly repeatWebhooks: (times: number) => Promise<void>
  /** Delivers everything that was announced about a session again, each so many times; resolves to the number of deliveries. */
  readonly resendWebhooks: (session: string, times: number) => Promise<number>
  /** The latest webhook deliveries, oldest first, with the status they were answered with. */
  readonly deliveries: () => Promise<readonly Delivery[]>
  readonly mails: (traveller: Traveller) => Promise<readonly Mail[]>
  readonly attachment: (url: string) => Promise<Buffer>
}

export type SandboxUrls = {
  readonly inbox: string
  readonly stripe: string
  /** Addresses of the suppliers' mocks by provider; only those that are on. */
  readonly suppliers: Readonly<Record<ProviderName, string>>
}

/** The sandbox behind the controls of the mock servers. */
export function createSandbox(urls: SandboxUrls): Sandbox {
  const controlOf = (base: string, path: string): string => new URL(`/__ctl/${path}`, base).href
  const controlAt = (provider: ProviderName, path: string): string => {
    const url = urls.suppliers[provider]
    if (url === undefined) throw new Error(`${provider} has no mock here`)
    return controlOf(url, path)
  }
  const stateOf = async (provider: ProviderName) =>
    (await readJson(controlAt(provider, 'state'))) as { calls: Record<string, number>; reservations: Reservation[] }
  const stripe = (path: string, body?: unknown): Promise<unknown> => readJson(controlOf(urls.stripe, path), body)

  return {
    suppliers: Object.keys(urls.suppliers),
    reservations: async (provider) => (await stateOf(provider)).reservations,
    calls: async (provider) => (await stateOf(provider)).calls,
    armFault: async (provider, fault) => void (await readJson(controlAt(provider, 'faults'), fault)),
    clearFaults: async (provider) => void (await fetchWithin(controlAt(provider, 'faults'), { method: 'DELETE' })),
    pay: async (session) => {
      const { outcome } = (await stripe('pay', { session })) as { outcome: string }
      if (outcome !== 'paid') throw new Error(`the payment page answered "${outcome}"`)
    },
    payments: async (payment) => {
      const { sessions } = (await stripe('ledger')) as {
        sessions: (Omit<PaymentTruth, 'refunds'> & { reference: string | null; refunds: unknown[] })[]
      }
      return sessions
        .filter((line) => line.reference === payment.id || line.reference === payment.booking_id)
        .map(({ session, currency, captured, refunded, refunds }) => ({ session, currency, captured, refunded, refunds: refunds.length }))
    },
    repeatWebhooks: async (times) => void (await stripe('webhooks', { duplicate: times })),
    resendWebhooks: async (session, times) => ((await stripe('webhooks/resend', { session, times })) as { deliveries: number }).deliveries,
    deliveries: async () => ((await stripe('webhooks')) as { deliveries: Delivery[] }).deliveries,
    mails: async (traveller) =>
      ((await readJson(`${urls.inbox}/api/messages`)) as (Mail & { to: string[] })[]).filter((mail) => mail.to.includes(traveller.email)),
    attachment: async (url) => Buffer.from(await (await fetchWithin(url, {})).arrayBuffer()),
  }
}

/** The session behind a payment's page. */
export function sessionOf(payment: PaymentView): string {
  const session = /cs_\w+/.exec(payment.redirect_url ?? '')?.[0]
  if (session === undefined) throw new Error(`the payment ${payment.id} has no page to pay on`)
  return session
}

/** True when the reservation is this traveller's; suppliers write names in their own case and order. */
export function isOf(reservation: Reservation, traveller: Traveller): boolean {
  return reservation.passengers.some((name) => name.toLowerCase().includes(traveller.givenName.toLowerCase()))
}

async function readJson(url: string, body?: unknown): Promise<unknown> {
  const response = await fetchWithin(
    url,
    body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 200)}`)
  return text === '' ? null : (JSON.parse(text) as unknown)
}
