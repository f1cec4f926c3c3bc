import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dateIn, startJourneyStack, until, type JourneyStack, type Reply } from '../support/journey.ts'

let stack: JourneyStack
beforeAll(async () => {
  stack = await startJourneyStack({ suppliers: ['testwire'], hasLatency: false, environment: { PAYMENT_GATEWAYS: 'xendit' } })
})
afterAll(() => stack?.close())

const key = () => ({ 'idempotency-key': randomUUID() })
const PASSENGER = {
  type: 'adult',
  title: 'mr',
  given_name: 'Budi',
  family_name: 'Santoso',
  born_on: '1990-04-18',
  gender: 'male',
  document: { kind: 'passport', number: 'C1234567', issuing_country: 'ID', nationality: 'ID', expires_on: '2034-01-01' },
}

async function place(): Promise<Reply['body']> {
  const found = await stack.search(`/v1/flights/offers?origin=CGK&destination=SIN&departure_date=${dateIn(45)}&adults=1&limit=5`)
  const { offer } = (await stack.call('POST', `/v1/offers/${found.body.data[0].id}/verifications`, {})).body
  const contact = { email: 'budi@traveller.example', phone: '+6281234567890' }
  const order = { offer_id: offer.id, expected_total: offer.total, passengers: [PASSENGER], contact }
  const booking = await stack.call('POST', '/v1/bookings', order, key())
  expect(booking.status, JSON.stringify(booking.body)).toBe(201)
  return booking.body
}

test('a booking is paid on the page of another gateway, announced by it, and ticketed', async () => {
  const booking = await place()
  const payment = await stack.call('POST', `/v1/bookings/${booking.id}/payments`, { expected_total: booking.total }, key())
  expect([payment.status, payment.body.redirect_url]).toEqual([201, expect.stringContaining(`${stack.urls['xendit']}/web/`)])
  const paid = await fetch(payment.body.redirect_url as string, {
    method: 'POST',
    body: new URLSearchParams({ outcome: 'paid' }),
    redirect: 'manual',
  })
  expect([paid.status, paid.headers.get('location')]).toEqual([303, expect.stringContaining(`/trips/${booking.id}?payment=returned`)])
  const ticketed = await until(
    () => stack.call('GET', `/v1/bookings/${booking.id}`),
    ({ body }) => body.status === 'TICKETED',
  )
  expect(ticketed.body.tickets.length).toBeGreaterThan(0)
  const ledger = (await (await fetch(`${stack.urls['xendit']}/__ctl/ledger`)).json()) as {
    payments: { reference: string; captured: number }[]
  }
  expect(ledger.payments).toMatchObject([{ reference: payment.body.id, refunded: 0 }])
  expect(ledger.payments[0]!.captured).toBe(Math.round(Number(booking.total.amount) * 100))
})
