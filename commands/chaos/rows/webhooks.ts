import { signWebhook } from '../../../fixtures/stripe/index.ts'
import { sessionOf } from '../../demo/sandbox.ts'
import type { Row } from '../row.ts'
import type { ChaosStack } from '../stack.ts'
import type { Journey } from '../travellers.ts'
import { until } from '../until.ts'

const TIMES = 20

/** F11 to F15: what the gateway announces comes twenty times, in another order, never, too early, or from somebody else. */
export const webhookRows: readonly Row[] = [
  {
    id: 'F11',
    fault: `every webhook ${TIMES} times at once`,
    run: async ({ stack, travellers }) => {
      const offers = await travellers.verified(3)
      stack.gateway.control.webhooks({ duplicate: TIMES })
      await Promise.all(offers.map((offer, at) => travellers.buy(offer, at === 2 ? 'SOLDOUT' : undefined)))
      return {}
    },
  },
  {
    id: 'F12',
    fault: 'webhooks in the wrong order, late, and all of them again afterwards',
    run: async ({ stack, travellers, seeded }) => {
      const offers = await travellers.verified(4)
      stack.gateway.control.webhooks({ reorder: true, delay_ms: 100 + seeded.int(400) })
      const journeys = await Promise.all(offers.map((offer, at) => travellers.buy(offer, at % 2 === 1 ? 'SOLDOUT' : undefined)))
      await until(async () => (await ended(stack, journeys)) === journeys.length, 20_000)
      const before = stack.gateway.control.deliveries().length
      const copies = stack.gateway.control.resend({ times: 1 })
      await until(() => stack.gateway.control.deliveries().length >= before + copies, 20_000)
      return { figures: { repeated: copies } }
    },
  },
  {
    id: 'F13',
    fault: 'every webhook is lost',
    run: async ({ stack, travellers }) => {
      const offers = await travellers.verified(3)
      stack.gateway.control.webhooks({ drop: true })
      const before = stack.gateway.control.deliveries().length
      await Promise.all(offers.map((offer, at) => travellers.buy(offer, at === 2 ? 'SOLDOUT' : undefined)))
      return { broken: stack.gateway.control.deliveries().length === before ? [] : ['a webhook was delivered'] }
    },
  },
  {
    id: 'F14',
    fault: 'the webhook comes before the reply to the call that opened the page',
    run: async ({ stack, travellers, say }) => {
      const [offer] = await travellers.verified(1)
      const journey = await travellers.book(offer!)
      const opened = new Set(stack.gateway.control.ledger().map(({ session }) => session))
      stack.proxies.gateway.spoil({ delayMs: 1_200 })
      const opening = travellers.openPayment(journey)
      const find = () => stack.gateway.control.ledger().find(({ session }) => !opened.has(session))
      if (!(await until(() => find() !== undefined, 15_000, 10))) return { broken: ['no page was opened'] }
      const { outcome } = stack.gateway.control.pay(find()!.session)
      say(`paid (${outcome}) before the page's address was known here`)
      stack.proxies.gateway.heal()
      await opening
      journey.hasPaid = true
      return {}
    },
  },
  {
    id: 'F15',
    fault: 'forged, edited, replayed, future-dated and misdirected webhooks',
    run: async ({ stack, travellers }) => {
      const offers = await travellers.verified(2)
      const journeys = await Promise.all(offers.map(async (offer) => travellers.openPayment(await travellers.book(offer))))
      const [victim, other] = journeys
      if (!victim?.payment || !other?.payment) return { broken: ['no page was opened'] }
      travellers.pay(other)
      const before = await inboxCount(stack)
      const broken: string[] = []
      for (const [what, headers, body] of forgeries(stack, victim)) {
        const reply = await deliver(stack, headers, body)
        if (reply < 400 || reply > 499) broken.push(`${what}: answered ${reply}`)
      }
      await until(async () => (await ended(stack, [other])) === 1, 20_000)
      // A genuine one that says what is not so: it is kept as a hint, asked about, and believed in nothing.
      const lie = eventOf(victim, 'paid', stack)
      const accepted = await deliver(stack, { 'stripe-signature': signWebhook(lie, stack.webhookSecret, nowSeconds(stack)) }, lie)
      if (accepted > 299) broken.push(`a genuine webhook was answered ${accepted}`)
      await until(async () => (await pendingCount(stack)) === 0, 10_000)
      const [row] = await stack.sql<{ status: string }>('select status from booking.bookings where id = $1', [victim.booking!.id])
      if (row!.status !== 'PENDING_PAYMENT') broken.push(`a webhook alone made the booking ${row!.status}`)
      const kept = (
        await stack.sql<{ body: string }>(`select encode(body, 'escape') as body from payments.inbox order by received_at desc limit 200`)
      ).filter(({ body }) => body.includes('forged'))
      if (kept.length > 0) broken.push(`${kept.length} forgeries are in the inbox`)
      return { broken, figures: { forgeries: forgeries(stack, victim).length, inbox_before: before } }
    },
  },
]

async function ended(stack: ChaosStack, journeys: readonly Journey[]): Promise<number> {
  const ids = journeys.flatMap(({ booking }) => (booking ? [booking.id] : []))
  return (await stack.sql(`select from booking.bookings where id = any($1) and status in ('TICKETED', 'REFUNDED')`, [ids])).length
}

async function inboxCount(stack: ChaosStack): Promise<number> {
  return Number((await stack.sql<{ count: string }>('select count(*)::text as count from payments.inbox'))[0]!.count)
}

async function pendingCount(stack: ChaosStack): Promise<number> {
  return Number((await stack.sql<{ count: string }>('select count(*)::text as count from platform.pending_reactions'))[0]!.count)
}

function nowSeconds(stack: ChaosStack): number {
  return Math.floor(stack.clock.now() / 1_000)
}

/** What the gateway would say of this traveller's page. */
function eventOf({ payment, booking }: Journey, status: 'paid' | 'unpaid', stack: ChaosStack, mark = 'genuine'): string {
  const id = `evt_${mark}_${sessionOf(payment!).slice(-12)}`
  const object = {
    id: sessionOf(payment!),
    object: 'checkout.session',
    client_reference_id: payment!.id,
    metadata: { payment_id: payment!.id, booking_id: booking!.id },
    payment_status: status,
    status: 'complete',
    payment_intent: 'pi_nowhere00000000000000',
    amount_total: 1,
    currency: 'usd',
  }
  return JSON.stringify({
    id,
    object: 'event',
    type: 'checkout.session.completed',
    created: nowSeconds(stack),
    livemode: false,
    data: { object },
  })
}

/** What somebody could send who has no secret of ours, or an old delivery. */
function forgeries(stack: ChaosStack, victim: Journey): [what: string, headers: Record<string, string>, body: string][] {
  const body = eventOf(victim, 'paid', stack, 'forged')
  const now = nowSeconds(stack)
  const signed = (text: string, secret: string, at: number): Record<string, string> => ({
    'stripe-signature': signWebhook(text, secret, at),
  })
  const { webhookSecret: secret } = stack
  const genuine = signWebhook(body, secret, now)
  return [
    ['without a signature', {}, body],
    ['with an empty signature', { 'stripe-signature': '' }, body],
    ['with a signature of zeros', { 'stripe-signature': `t=${now},v1=${'0'.repeat(64)}` }, body],
    ["with another tenant's secret", signed(body, 'whsec_somebody_else', now), body],
    ['edited after it was signed', { 'stripe-signature': genuine }, body.replace('"amount_total":1', '"amount_total":2')],
    ['signed ten minutes ago', signed(body, secret, now - 600), body],
    ['signed in ten minutes', signed(body, secret, now + 600), body],
    ['with two times', { 'stripe-signature': `t=${now},${genuine}` }, body],
    ['with the signature of another time', { 'stripe-signature': genuine.replace(/t=\d+/, `t=${now + 1}`) }, body],
    ['signed and no JSON', signed('forged{', secret, now), 'forged{'],
  ]
}

async function deliver(stack: ChaosStack, headers: Record<string, string>, body: string): Promise<number> {
  const reply = await fetch(`http://127.0.0.1:${stack.proxies.door.port}/v1/webhooks/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(10_000),
  })
  await reply.arrayBuffer()
  return reply.status
}
