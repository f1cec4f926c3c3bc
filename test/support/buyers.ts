import { randomBytes, randomUUID } from 'node:crypto'
import { callApi, type Reply } from './journey.ts'

export type Buyer = { readonly familyName: string; readonly givenName: string }

/** Somebody whom no other test books for, and whose name makes nothing happen. */
export function someBuyer(): Buyer {
  const letters = (): string => Array.from(randomBytes(9), (byte) => String.fromCharCode(65 + (byte % 26))).join('')
  return { givenName: letters(), familyName: `Q${letters()}` }
}

const TRIES_MAX = 40

/** Sends a request as a good client does: again under the same key while it is told to come back. */
export async function callPatiently(
  url: string,
  method: 'GET' | 'POST',
  body?: unknown,
  key: string | null = randomUUID(),
): Promise<Reply & { readonly tries: number }> {
  for (let tries = 1; ; tries += 1) {
    const reply = await callApi(url, method, body, key === null || method === 'GET' ? {} : { 'idempotency-key': key })
    const isToComeBack =
      reply.status === 503 || ['request-in-flight', 'supplier-unavailable', 'payment-gateway-unavailable'].includes(reply.body?.code)
    if (!isToComeBack || tries === TRIES_MAX) return { ...reply, tries }
    await new Promise((resolve) => setTimeout(resolve, Number(reply.headers.get('retry-after') ?? 1) * 1_000 * (0.5 + Math.random() / 2)))
  }
}

/** What the buyer orders: one seat of a verified offer. */
export function orderOf(offer: Reply['body'], buyer: Buyer): object {
  const passenger = { type: 'adult', given_name: buyer.givenName, family_name: buyer.familyName, born_on: '1990-04-18', gender: 'female' }
  const document = { kind: 'passport', number: 'C1234567', issuing_country: 'ID', nationality: 'ID', expires_on: '2034-01-01' }
  return {
    offer_id: offer.id,
    expected_total: offer.total,
    passengers: [{ ...passenger, document }],
    contact: { email: 'buyer@traveller.example', phone: '+6281234567890' },
  }
}

/** Asks the supplier for the offer; the answer is this buyer's own. */
export function verifyAt(api: string, offerId: string): Promise<Reply> {
  return callPatiently(`${api}/v1/offers/${offerId}/verifications`, 'POST', {}, null)
}

/** Opens the payment page of a booking and pays on it; the reply of the API, and whether the page took the money. */
export async function payAt(api: string, stripe: string, booking: Reply['body'], key = randomUUID()): Promise<Reply> {
  const opened = await callPatiently(`${api}/v1/bookings/${booking.id}/payments`, 'POST', { expected_total: booking.total }, key)
  const session = /cs_\w+/.exec(opened.body?.redirect_url ?? '')?.[0]
  if (session !== undefined) await callApi(new URL('/__ctl/pay', stripe).href, 'POST', { session })
  return opened
}
