import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  armFault,
  callApi,
  callsOf,
  clearFaults,
  dateIn,
  startJourneyStack,
  until,
  type JourneyStack,
  type Reply,
} from '../support/journey.ts'

let stack: JourneyStack
const bought: Record<string, string> = {}

beforeAll(async () => {
  stack = await startJourneyStack({ suppliers: ['duffel'], hasLatency: false })
  // Payments are confirmed by webhooks, whose signatures age: everything is bought before the clock is put forward.
  for (const [who, familyName] of [
    ['accepts', 'SCHEDULECHANGE'],
    ['returns', 'SCHEDULECHANGE'],
    ['cancelled', 'FLIGHTCANCELLED'],
    ['slightly', 'SCHEDULEMINOR'],
  ] as const)
    bought[who] = await buy(who, familyName)
  await stack.call('POST', '/v1/test-clocks/default/advance', { seconds: 11 * 60 })
})
afterAll(() => stack?.close())

const key = () => ({ 'idempotency-key': randomUUID() })
const look = (who: string): Promise<Reply['body']> => stack.call('GET', `/v1/bookings/${bought[who]}`).then(({ body }) => body)
const answer = (who: string, path: string, seq = 1) =>
  stack.call('POST', `/v1/bookings/${bought[who]}/schedule-changes/${seq}/${path}`, undefined, key())

async function buy(who: string, familyName: string): Promise<string> {
  const offers = await stack.search(`/v1/flights/offers?origin=SIN&destination=LHR&departure_date=${dateIn(45)}&adults=1&limit=20`)
  const { offer } = (await stack.call('POST', `/v1/offers/${offers.body.data[0].id}/verifications`, {})).body
  const passenger = {
    type: 'adult',
    title: 'mr',
    given_name: 'Budi',
    family_name: familyName,
    born_on: '1990-04-18',
    gender: 'male',
    document: { kind: 'passport', number: 'C1234567', issuing_country: 'ID', nationality: 'ID', expires_on: '2034-01-01' },
  }
  const contact = { email: `${who}@traveller.example`, phone: '+6281234567890' }
  const order = { offer_id: offer.id, expected_total: offer.total, passengers: [passenger], contact }
  const booking = await stack.call('POST', '/v1/bookings', order, key())
  expect(booking.status, JSON.stringify(booking.body)).toBe(201)
  const payment = await stack.call('POST', `/v1/bookings/${booking.body.id}/payments`, { expected_total: booking.body.total }, key())
  await callApi(`${stack.urls.stripe}/__ctl/pay`, 'POST', { session: /cs_\w+/.exec(payment.body.redirect_url)![0] })
  await until(
    () => stack.call('GET', `/v1/bookings/${booking.body.id}`),
    ({ body }) => body.status === 'TICKETED' && body.documents.length > 0,
    60_000,
  )
  return booking.body.id
}

const changed = (who: string): Promise<Reply['body']> =>
  until(
    () => look(who),
    ({ schedule_changes: changes }) => changes.length > 0,
    60_000,
  )

async function mailsTo(who: string): Promise<{ subject: string; to: unknown }[]> {
  const { body } = await callApi(`${stack.urls.inbox}/api/messages`, 'GET')
  return body.filter((mail: { to: unknown }) => JSON.stringify(mail.to).includes(`${who}@`))
}
const aboutChange = async (who: string) => (await mailsTo(who)).filter(({ subject }) => /has changed|cancelled|Small change/.test(subject))

test('F41: an airline’s change is told once, accepted although the reply is lost, and the trip has the new flight', async () => {
  const before = await changed('accepts')
  const [change] = before.schedule_changes
  expect(change).toMatchObject({ seq: 1, kind: 'changed', is_material: true, status: 'open', actions: ['accept', 'refund'] })
  await until(
    () => aboutChange('accepts'),
    (mails) => mails.length > 0,
  )
  expect((await answer('accepts', 'acceptances', 7)).status).toBe(404)
  expect((await stack.call('POST', `/v1/bookings/${bought['accepts']}/schedule-changes/1/acceptances`)).body.code).toBe(
    'idempotency-key-missing',
  )

  await clearFaults(stack.urls.duffel)
  await armFault(stack.urls.duffel, { operation: 'accept_change', kind: 'drop_after_effect' })
  const replies = await Promise.all(Array.from({ length: 5 }, () => answer('accepts', 'acceptances')))
  expect(replies.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202])
  const after = await until(
    () => look('accepts'),
    ({ schedule_changes: changes }) => changes[0].status === 'accepted',
    60_000,
  )
  expect((await callsOf(stack.urls.duffel))['accept_change']).toBe(1)
  expect(after.status).toBe('TICKETED')
  expect(after.offer.slices[0].segments[0].departure.local).toBe(change.added[0].segments[0].departure.local)
  expect(after.offer.slices[0].segments[0].departure.local).not.toBe(before.offer.slices[0].segments[0].departure.local)
  expect((await answer('accepts', 'refunds')).body.code).toBe('change-already-answered')
  // The e-ticket is issued anew, with the new times, and mailed.
  const tickets = async () => (await mailsTo('accepts')).filter(({ subject }) => subject.startsWith('E-ticket'))
  expect(await until(tickets, (mails) => mails.length === 2)).toHaveLength(2)
  expect(await aboutChange('accepts')).toHaveLength(1)
})

test('a ticket that is given back is cancelled at the airline first and refunded in full then, once', async () => {
  const before = await changed('returns')
  await clearFaults(stack.urls.duffel)
  const replies = await Promise.all(Array.from({ length: 5 }, () => answer('returns', 'refunds')))
  expect(replies.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202])
  const after = await until(
    () => look('returns'),
    ({ status }) => status === 'REFUNDED',
    60_000,
  )
  expect((await callsOf(stack.urls.duffel))['cancel']).toBe(1)
  expect(after).toMatchObject({
    refund: { amount: before.total, state: 'completed', reason: 'schedule_change' },
    schedule_changes: [{ status: 'returned' }],
    items: [{ ticketing: 'not_ticketed', refund: 'completed', documents: [] }],
  })
  expect(after.ledger.filter((entry: { event_type: string }) => entry.event_type === 'REFUND_COMPLETED')).toHaveLength(2)
})

test('flights that are cancelled outright are told with the choice, and nothing is refunded without it', async () => {
  const before = await changed('cancelled')
  expect(before).toMatchObject({
    status: 'TICKETED',
    refund: null,
    schedule_changes: [{ kind: 'cancelled', actions: ['refund'], added: [] }],
  })
  expect(
    await until(
      () => aboutChange('cancelled'),
      (mails) => mails.length > 0,
    ),
  ).toHaveLength(1)
  expect((await answer('cancelled', 'acceptances')).body.code).toBe('change-action-unavailable')
  expect((await answer('cancelled', 'refunds')).status).toBe(202)
  await until(
    () => look('cancelled'),
    ({ status }) => status === 'REFUNDED',
    60_000,
  )
})

test('a small change is told without asking, and accepted when its time is over', async () => {
  expect((await changed('slightly')).schedule_changes).toMatchObject([{ is_material: false, default_action: 'accept', status: 'open' }])
  expect(
    await until(
      () => aboutChange('slightly'),
      (mails) => mails.length > 0,
    ),
  ).toHaveLength(1)
  await stack.call('POST', '/v1/test-clocks/default/advance', { seconds: 8 * 86_400 })
  const after = await until(
    () => look('slightly'),
    ({ schedule_changes: changes }) => changes[0].status === 'accepted',
    60_000,
  )
  expect(after.status).toBe('TICKETED')
  expect((await answer('slightly', 'refunds')).body.code).toBe('change-already-answered')
})
