import { signWebhook } from '../../../fixtures/stripe/index.ts'
import { sessionOf } from '../../demo/sandbox.ts'
import { holdUp } from '../hold-up.ts'
import { NOT_MET, untilMet } from '../meet.ts'
import type { Row, RowScene } from '../row.ts'
import type { ChaosStack } from '../stack.ts'
import type { Journey } from '../travellers.ts'
import { until } from '../until.ts'
import { withoutInbox } from '../without.ts'

const TIMES = 20

/** F11 to F15: what the gateway announces comes twenty times, in another order, never, too early, or from somebody else. */
export const webhookRows: readonly Row[] = [
  {
    id: 'F11',
    fault: `every webhook ${TIMES} times at once`,
    run: async ({ stack, travellers, say }) => {
      const offers = await travellers.verified(3)
      const { deliveries, webhooks } = stack.gateway.control
      const [before, inbox] = [deliveries().length, await inboxCount(stack)]
      webhooks({ duplicate: TIMES })
      await Promise.all(offers.map((offer, at) => travellers.buy(offer, at === 2 ? 'SOLDOUT' : undefined)))
      const accepted = (): Map<string, number> => {
        const counts = new Map<string, number>()
        for (const { event, status } of deliveries().slice(before))
          if (status !== null && status < 300) counts.set(event, (counts.get(event) ?? 0) + 1)
        return counts
      }
      // A payment is told of in three ways, and there are three of them.
      const areAllTold = (): boolean => accepted().size >= 9 && [...accepted().values()].every((times) => times >= TIMES)
      const isKeptOnce = await until(async () => areAllTold() && (await inboxCount(stack)) - inbox === accepted().size, 20_000)
      const kept = (await inboxCount(stack)) - inbox
      say(`${accepted().size} events came ${TIMES} times, ${kept} are kept`)
      return { broken: isKeptOnce ? [] : [`${accepted().size} events, each ${TIMES} times, are kept as ${kept}: ${areAllTold()}`] }
    },
    control: {
      without: 'the unique index of the inbox, the lock and the version of a payment, and the unique index of postings',
      disarm: withoutInbox,
      shows: ({ invariant }) => invariant === 'I5',
      run: async (scene) => ({ broken: await untilMet(() => runTogether(scene)) }),
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
      const areAllBack = await until(() => stack.gateway.control.deliveries().length >= before + copies, 20_000)
      const turned = await turnedRound(stack, journeys)
      return {
        broken: [
          ...(areAllBack && copies > 0 ? [] : [`${copies} webhooks were to come again, and did not`]),
          ...(turned > 0 ? [] : ['every webhook came in its order']),
        ],
        figures: { repeated: copies, in_the_wrong_order: turned },
      }
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
      stack.proxies.gateway.spoil({ delayMs: 2_000 })
      const opening = travellers.openPayment(journey)
      const find = () => stack.gateway.control.ledger().find(({ session }) => !opened.has(session))
      if (!(await until(() => find() !== undefined, 15_000, 10))) return { broken: ['no page was opened'] }
      const { session, reference } = find()!
      const { outcome } = stack.gateway.control.pay(session)
      const isTooEarly = await until(
        async () =>
          (
            await stack.sql(
              `select from payments.inbox inbox join payments.payments payment on payment.id = inbox.payment_id
               where payment.id = $1 and payment.redirect_url is null`,
              [reference],
            )
          ).length > 0,
        1_800,
        10,
      )
      say(`paid (${outcome}) and told before the page's address was known here: ${isTooEarly}`)
      stack.proxies.gateway.heal()
      await opening
      journey.hasPaid = true
      return { broken: isTooEarly ? [] : ['the webhook did not come before the reply'] }
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

/** Everybody who was told that the money has come is about to write it down before the first of them has. */
async function runTogether({ stack, travellers, say }: RowScene): Promise<string[]> {
  const [offer] = await travellers.verified(1)
  const journey = await travellers.openPayment(await travellers.book(offer!))
  stack.gateway.control.webhooks({ duplicate: TIMES })
  const waiting = await holdUp({
    stack,
    table: 'payments.payments',
    at: '^update "payments"."payments" set "status"',
    waiters: 3,
    begin: async () => void travellers.pay(journey),
  })
  say(`${waiting} were about to write the same capture`)
  if (waiting < 2) return NOT_MET
  await until(async () => (await pendingCount(stack)) === 0, 20_000)
  return []
}

/** Of how many payments the last word came before the first. */
async function turnedRound(stack: ChaosStack, journeys: readonly Journey[]): Promise<number> {
  const rows = await stack.sql(
    `select payment_id from payments.inbox where payment_id = any($1) group by payment_id
     having min(received_at) filter (where event_type = 'checkout.session.completed')
          < min(received_at) filter (where event_type = 'payment_intent.succeeded')`,
    [journeys.flatMap(({ payment }) => (payment ? [payment.id] : []))],
  )
  return rows.length
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
