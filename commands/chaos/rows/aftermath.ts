import { randomUUID } from 'node:crypto'
import { utcDate } from '../../../src/kernel/time.ts'
import { sellForDuffel } from '../duffel.ts'
import { startOperator, type Break } from '../operator.ts'
import type { Row, RowFacts, RowScene } from '../row.ts'
import type { ChaosStack } from '../stack.ts'
import type { Journey } from '../travellers.ts'
import { until } from '../until.ts'
import { idsOf } from './suppliers.ts'

const SAME_ANSWER = 5
/** A ticket is looked at for the first time ten minutes after it was issued. */
const FIRST_LOOK_SECONDS = 11 * 60

/** F41, F43 and F44: what comes long after the ticket. */
export const aftermathRows: readonly Row[] = [
  {
    id: 'F41',
    fault:
      'airlines change and cancel flights after ticketing; the word comes twice and is answered five times at once, and a reply is lost',
    notRunBecause: async (stack) =>
      (await hasAddress(stack, '/schedule-changes/'))
        ? null
        : 'Nothing here looks for changes of airlines yet, so there is nothing to disturb.',
    run: runChanges,
  },
  {
    id: 'F43',
    fault: 'the gateway has taken money for a payment that we do not know',
    notRunBecause: async (stack) =>
      (await hasReconciliation(stack))
        ? null
        : 'There is no comparison with the statements of gateways yet, so there is nobody to find it.',
    run: runStranger,
  },
  {
    id: 'F44',
    fault: 'the waiting room is passed by with a forged pass, and its queue is lost',
    notRunBecause: () => 'There is no waiting room yet: everybody is let in, up to what the APIs can bear.',
    run: async () => ({ broken: ['there is nothing to run'] }),
  },
]

async function hasAddress(stack: ChaosStack, part: string): Promise<boolean> {
  const { paths } = (await (await fetch(`${stack.processes('api')[0]!.url}/openapi.json`)).json()) as { paths: Record<string, unknown> }
  return Object.keys(paths).some((path) => path.includes(part))
}

/** Addresses of operators exist only where there are any; the table is there with them. */
async function hasReconciliation(stack: ChaosStack): Promise<boolean> {
  const [row] = await stack.sql<{ there: boolean }>(`select to_regclass('reporting.breaks') is not null as there`)
  return row!.there
}

/** The one supplier here that tells of changes is Duffel: everybody who works knows it while this lasts. */
async function runChanges(scene: RowScene): Promise<RowFacts> {
  const { stack, travellers, say } = scene
  const { duffel, offer, leave } = await sellForDuffel(scene)
  try {
    const names = ['SCHEDULECHANGE', 'SCHEDULECHANGE', 'FLIGHTCANCELLED'] as const
    const journeys: Journey[] = []
    for (const name of names) journeys.push(await travellers.buy(await offer(), name))
    const statusOf = async (status: string): Promise<number> =>
      (await stack.sql(`select from booking.bookings where id = any($1) and status = $2`, [idsOf(journeys), status])).length
    if (!(await until(async () => (await statusOf('TICKETED')) === names.length, 40_000))) return { broken: ['not everybody had a ticket'] }
    const watched = (): Promise<unknown[]> =>
      stack.sql(`select from booking.item_watches w join booking.items i on i.id = w.item_id where i.booking_id = any($1)`, [
        idsOf(journeys),
      ])
    // From when a ticket is watched its first look is counted.
    if (!(await until(async () => (await watched()).length === names.length, 40_000))) return { broken: ['not every ticket is watched'] }
    await stack.advance(FIRST_LOOK_SECONDS)
    const changes = (): Promise<{ id: string; booking_id: string; seq: number }[]> =>
      stack.sql(`select id, booking_id, seq from booking.schedule_changes where booking_id = any($1) order by seq`, [idsOf(journeys)])
    if (!(await until(async () => (await changes()).length >= names.length, 40_000)))
      return { broken: [`${(await changes()).length} of ${names.length} changes were found`] }
    // Everybody is due again, at once: what is known already is not found once more.
    await stack.sql(`update booking.item_watches set next_look_at = platform.now() where next_look_at is not null`)
    await until(async () => (await stack.sql('select from booking.item_watches where next_look_at <= platform.now()')).length === 0, 25_000)
    const found = await changes()
    say(`${found.length} changes for ${names.length} travellers after two looks`)
    duffel.control.fault('accept_change', 'drop_after_effect')
    const answers = await Promise.all(
      journeys.map(({ booking }, at) => {
        const path = at === 0 ? 'acceptances' : 'refunds'
        const { seq } = found.find((one) => one.booking_id === booking!.id)!
        return Promise.all(
          Array.from({ length: SAME_ANSWER }, () =>
            travellers.post(`/v1/bookings/${booking!.id}/schedule-changes/${seq}/${path}`, {}, { key: randomUUID() }),
          ),
        )
      }),
    )
    const isOver = await until(async () => (await statusOf('REFUNDED')) === 2, 40_000)
    const { calls } = duffel.control.state()
    const inbox = (await (await fetch(`${stack.inbox.url}/api/messages`)).json()) as { subject: string; to: unknown }[]
    const mails = inbox.filter(
      ({ to, subject }) => isAbout(journeys, JSON.stringify(to)) && /has changed|were cancelled|was cancelled/i.test(subject),
    )
    return {
      faultEndedAt: stack.clock.now(),
      broken: [
        ...(found.length === names.length ? [] : [`${names.length} changes were found as ${found.length}`]),
        ...(mails.length <= names.length ? [] : [`${mails.length} mails told of ${names.length} changes`]),
        ...((calls['accept_change'] ?? 0) === 1 ? [] : [`one acceptance was sent ${calls['accept_change'] ?? 0} times`]),
        ...(isOver ? [] : ['not every ticket that was given back was refunded']),
        ...answers
          .flat()
          .filter((reply) => reply?.status !== 202)
          .map((reply) => `an answer was answered ${reply?.status}`),
      ],
      figures: { changes: found.length, mails: mails.length },
    }
  } finally {
    await leave()
  }
}

function isAbout(journeys: readonly Journey[], to: string): boolean {
  return journeys.some(({ traveller }) => to.includes(traveller.email))
}

/** Somebody else uses our account with the gateway; the day is compared, and the money goes back. */
async function runStranger({ stack, say }: RowScene): Promise<RowFacts> {
  const operator = await startOperator(stack)
  try {
    const stranger = await takeMoney(stack)
    const day = utcDate(stack.clock.now())
    await operator.compare(day)
    const begun = performance.now()
    const found = async (): Promise<readonly Break[]> => (await operator.breaks(day)).filter(({ kind }) => kind === 'missing_with_us')
    const isFound = await until(async () => (await found()).length > 0, 60_000, 500)
    const detectionMs = Math.round(performance.now() - begun)
    say(`${(await found()).length} payments of strangers found ${detectionMs} ms after the comparison was asked for`)
    await giveBack(stack, stranger)
    return {
      faultEndedAt: stack.clock.now(),
      broken: isFound ? [] : ['the payment of a stranger was not found'],
      figures: { found_after_ms: detectionMs },
    }
  } finally {
    await operator.leave()
  }
}

/** As another program with our key would. */
async function stripe(stack: ChaosStack, path: string, form: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  const reply = await fetch(`${stack.gateway.url}/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.environment['STRIPE_SECRET_KEY']}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form),
  })
  if (!reply.ok) throw new Error(`the gateway refused ${path}: ${(await reply.text()).slice(0, 200)}`)
  return (await reply.json()) as Record<string, unknown>
}

async function takeMoney(stack: ChaosStack): Promise<string> {
  const session = await stripe(stack, 'checkout/sessions', {
    mode: 'payment',
    client_reference_id: `somebody-${randomUUID()}`,
    success_url: 'http://127.0.0.1/',
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': 'usd',
    'line_items[0][price_data][unit_amount]': '12300',
    'line_items[0][price_data][product_data][name]': 'Something else',
  })
  const id = String(session['id'])
  stack.gateway.control.pay(id)
  return stack.gateway.control.ledger().find((line) => line.session === id)!.payment_intent!
}

async function giveBack(stack: ChaosStack, intent: string): Promise<void> {
  await stripe(stack, 'refunds', { payment_intent: intent })
}
