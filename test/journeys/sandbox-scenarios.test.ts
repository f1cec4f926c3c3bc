import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plusDays, systemClock, utcDate, type LocalDate } from '../../src/kernel/time.ts'
import { SANDBOX_SCENARIOS } from '../../src/providers/index.ts'
import { startJourneyStack, type JourneyStack, type Reply } from '../support/journey.ts'

let stack: JourneyStack
beforeAll(async () => {
  stack = await startJourneyStack({ suppliers: ['testwire'], hasLatency: false })
})
afterAll(() => stack?.close())

const DAY = plusDays(utcDate(systemClock.now()), 45)

/** The next departure on such a day of the month, from two weeks ahead on. */
function nextDay(day: string): LocalDate {
  for (let ahead = 14; ; ahead += 1) {
    const date = plusDays(utcDate(systemClock.now()), ahead)
    if (date.endsWith(`-${day}`)) return date
  }
}

type Trip = { readonly route: string; readonly date?: LocalDate; readonly isReturn?: boolean }

function search({ route, date = DAY, isReturn = false }: Trip): Promise<Reply> {
  const [origin, destination] = route.split('-')
  const back = isReturn ? `&return_date=${plusDays(date, 7)}` : ''
  return stack.search(`/v1/flights/offers?origin=${origin}&destination=${destination}&departure_date=${date}${back}&adults=1&limit=50`)
}

async function verify(trip: Trip): Promise<Reply> {
  const { body } = await search(trip)
  return stack.call('POST', `/v1/offers/${body.data[0].id}/verifications`, {})
}

/** Books and pays as the traveller of this name, and returns the booking once it is what it is expected to become. */
async function buy(familyName: string, trip: Trip, isThere: (booking: Reply['body']) => boolean): Promise<Reply['body']> {
  const { offer } = (await verify(trip)).body
  const passenger = {
    type: 'adult',
    title: 'mr',
    given_name: 'Budi',
    family_name: familyName,
    born_on: '1990-04-18',
    gender: 'male',
    document: { kind: 'passport', number: 'C1234567', issuing_country: 'ID', nationality: 'ID', expires_on: '2034-01-01' },
  }
  const key = () => ({ 'idempotency-key': randomUUID() })
  const contact = { email: 'budi@traveller.example', phone: '+6281234567890' }
  const body = { offer_id: offer.id, expected_total: offer.total, passengers: [passenger], contact }
  const booking = await stack.call('POST', '/v1/bookings', body, key())
  expect(booking.status, JSON.stringify(booking.body)).toBe(201)
  const payment = await stack.call('POST', `/v1/bookings/${booking.body.id}/payments`, { expected_total: booking.body.total }, key())
  const session = /cs_\w+/.exec(payment.body.redirect_url)![0]
  await fetch(`${stack.urls.stripe}/__ctl/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session }),
  })
  const deadline = performance.now() + 60_000
  for (;;) {
    const { body: now } = await stack.call('GET', `/v1/bookings/${booking.body.id}`)
    if (isThere(now) || performance.now() > deadline) return now
    await sleep(300)
  }
}

const isOver = ({ status }: { status: string }): boolean => status === 'TICKETED' || status === 'REFUNDED'
const isInDoubt = ({ timeline }: { timeline: { event: string }[] }): boolean => timeline.some(({ event }) => event === 'booking.in_doubt')

test('the sandbox says what can be made to happen in it', async () => {
  const { status, body } = await stack.call('GET', '/v1/sandbox/scenarios')
  expect(status).toBe(200)
  expect(body.data).toEqual(SANDBOX_SCENARIOS)
})

describe('a booking on behalf of', () => {
  test.each([
    ['SANTOSO', 'TICKETED', undefined],
    ['PRICEDOWN', 'TICKETED', undefined],
    ['PRICEUP', 'REFUNDED', 'price_changed'],
    ['SOLDOUT', 'REFUNDED', 'sold_out'],
    ['REJECTED', 'REFUNDED', 'rejected'],
    ['SEATLOST', 'REFUNDED', 'sold_out'],
    ['PARTIAL', 'REFUNDED', 'rejected'],
    ['TICKETDELAY', 'TICKETED', undefined],
    ['SUPPLIERUNKNOWN', 'TICKETED', undefined],
    ['SCHEDULECHANGE', 'TICKETED', undefined],
  ])('%s ends %s', { timeout: 90_000 }, async (familyName, status, reason) => {
    const booking = await buy(familyName, { route: 'CGK-NRT', isReturn: true }, isOver)
    expect(booking).toMatchObject({ status, ...(reason && { refund: { reason } }) })
    const state = (await (await fetch(`${stack.urls['testwire']}/__ctl/state`)).json()) as {
      reservations: { status: string; passengers: string[] }[]
    }
    const active = state.reservations.filter((one) => one.status === 'active' && one.passengers[0]!.toUpperCase().endsWith(familyName))
    expect(active).toHaveLength(status === 'TICKETED' ? 1 : 0)
  })

  test('UNKNOWNCODE is looked up, neither sold nor refunded while nobody knows', { timeout: 90_000 }, async () => {
    const booking = await buy('UNKNOWNCODE', { route: 'CGK-NRT' }, isInDoubt)
    expect(booking).toMatchObject({ status: 'PENDING_TICKET', refund: null, tickets: [] })
    expect(booking.promise).not.toBeNull()
  })

  test('anybody, where all is on request, is given back and refunded', { timeout: 90_000 }, async () => {
    expect(await buy('SANTOSO', { route: 'LYR-MAJ' }, isOver)).toMatchObject({ status: 'REFUNDED' })
  })
})

describe('on the marked route a verification', () => {
  test.each([
    ['31', 'gone'],
    ['30', 'changed'],
    ['29', 'changed'],
    ['28', 'same'],
  ])('for the %s says %s', async (day, outcome) => {
    const { body } = await verify({ route: 'LHR-DXB', date: nextDay(day) })
    expect(body.outcome).toBe(outcome)
    if (day === '30') expect(Number(body.delta.amount)).toBeGreaterThan(0)
    if (day === '29') expect(Number(body.delta.amount)).toBeLessThan(0)
  })
})

describe('a search', () => {
  test.each([
    ['LYR-USH', 'answered', 0],
    ['LYR-RAR', 'answered', 600],
    ['LYR-NAN', 'answered', 48],
    ['LYR-TRW', 'failed', 0],
    ['LYR-FUN', 'throttled', 0],
    ['LYR-PPT', 'timed_out', 0],
    ['LYR-IPC', 'answered', 48],
  ])('of %s is %s with %i offers', { timeout: 60_000 }, async (route, state, offers) => {
    const { body } = await search({ route })
    expect(body.sources).toMatchObject([{ provider: 'testwire', state, offers }])
    expect(body.total).toBe(offers)
  })
})
