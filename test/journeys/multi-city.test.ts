import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { airportsOf } from '../../src/travel/places.ts'
import type { OfferView } from '../../src/travel/offer-view.ts'
import { callApi, dateIn, startJourneyStack, until, type JourneyStack } from '../support/journey.ts'

let stack: JourneyStack

beforeAll(async () => {
  stack = await startJourneyStack()
})
afterAll(() => stack?.close())

type Slice = readonly [origin: string, destination: string, date: string]
const THREE: readonly Slice[] = [
  ['CGK', 'NRT', dateIn(60)],
  ['NRT', 'SIN', dateIn(64)],
  ['SIN', 'CGK', dateIn(68)],
]
const PROVIDERS = ['travelport', 'duffel'] as const

const search = (slices: readonly Slice[], more = '') =>
  stack.search(`/v1/flights/offers?${slices.map((slice) => `slice=${slice.join('.')}`).join('&')}${more}`)

function expectAsked(offer: OfferView, slices: readonly Slice[]): void {
  const flown = offer.slices.map(({ segments }) => [
    segments[0]!.origin,
    segments.at(-1)!.destination,
    segments[0]!.departure.local.slice(0, 10),
  ])
  expect(flown).toHaveLength(slices.length)
  for (const [i, [origin, destination, date]] of slices.entries()) {
    expect(airportsOf(origin)).toContain(flown[i]![0])
    expect(airportsOf(destination)).toContain(flown[i]![1])
    expect(flown[i]![2]).toBe(date)
  }
}

/** As the suppliers' own books name them. */
const flightsOf = (offer: OfferView): string[] =>
  offer.slices.flatMap(({ segments }) => segments.map((one) => `${one.carrier}${one.flight_number} ${one.origin}-${one.destination}`))

async function verify(found: OfferView): Promise<OfferView> {
  const { status, body } = await stack.call('POST', `/v1/offers/${found.id}/verifications`, {})
  expect(status).toBeLessThan(300)
  expect(body.outcome).toBe('same')
  expect(body.offer.total).toEqual(found.total)
  expect(flightsOf(body.offer)).toEqual(flightsOf(found))
  expect(body.offer.slices).toHaveLength(found.slices.length)
  return body.offer
}

describe('three slices', () => {
  test('are told as they were asked, and both suppliers sell them', async () => {
    const { status, body } = await search(THREE, '&limit=100')
    expect(status).toBe(200)
    expect(body.search.slices).toEqual(THREE.map(([origin, destination, date]) => ({ origin, destination, departure_date: date })))
    expect(body.search.return_date).toBeNull()
    expect(body.sources.map((source: { provider: string; state: string }) => [source.provider, source.state]).toSorted()).toEqual([
      ['duffel', 'answered'],
      ['travelport', 'answered'],
    ])
    for (const offer of body.data as OfferView[]) expectAsked(offer, THREE)
    for (const provider of PROVIDERS) {
      const own = await search(THREE, `&suppliers=${provider}&limit=5`)
      expect(own.body.matching).toBeGreaterThanOrEqual(50)
      expect(new Set(own.body.data.map((offer: OfferView) => offer.provider))).toEqual(new Set([provider]))
    }
  })

  test('each has a window of its own', async () => {
    const all = await search(THREE, '&limit=1')
    const hourOf = (offer: OfferView, slice: number) => offer.slices[slice]!.segments[0]!.departure.local.slice(11)
    for (const slice of [1, 2, 3]) {
      const after = await search(THREE, `&slice_${slice}_departure_after=12:00&limit=100`)
      const before = await search(THREE, `&slice_${slice}_departure_before=11:59&limit=100`)
      expect(after.body.data.length).toBeGreaterThan(0)
      expect(before.body.data.length).toBeGreaterThan(0)
      for (const offer of after.body.data as OfferView[]) expect(hourOf(offer, slice - 1) >= '12:00').toBe(true)
      for (const offer of before.body.data as OfferView[]) expect(hourOf(offer, slice - 1) <= '11:59').toBe(true)
      // Nothing is lost between the two and nothing is in both.
      expect(after.body.matching + before.body.matching).toBe(all.body.matching)
    }
    const third = await search(THREE, '&slice_3_departure_after=12:00&limit=100')
    const others = new Set((third.body.data as OfferView[]).flatMap((offer) => [0, 1].map((slice) => hourOf(offer, slice) < '12:00')))
    expect(others).toContain(true)
    const fourth = await stack.call(
      'GET',
      `/v1/flights/offers?${THREE.map((s) => `slice=${s.join('.')}`).join('&')}&slice_4_departure_after=12:00`,
    )
    expect(fourth.status).toBe(400)
  })

  test.each(PROVIDERS)('an offer of %s is verified, booked, paid and ticketed over all of them', { timeout: 120_000 }, async (provider) => {
    const found = await search(THREE, `&suppliers=${provider}&limit=1`)
    const offer = await verify(found.body.data[0])
    expect(offer.provider).toBe(provider)
    expectAsked(offer, THREE)
    const familyName = provider === 'duffel' ? 'Wijaya' : 'Santoso'
    const order = {
      offer_id: offer.id,
      expected_total: offer.total,
      passengers: [{ type: 'adult', given_name: 'Budi', family_name: familyName, born_on: '1990-04-18', gender: 'male' }],
      contact: { email: 'multi@example.com', phone: '+62812345678' },
    }
    const booking = await stack.call('POST', '/v1/bookings', order, { 'idempotency-key': randomUUID() })
    expect(booking.status).toBe(201)
    const { id } = booking.body
    const key = { 'idempotency-key': randomUUID() }
    const payment = await stack.call('POST', `/v1/bookings/${id}/payments`, { expected_total: offer.total }, key)
    const session = /cs_[A-Za-z0-9_]+/.exec(payment.body.redirect_url)?.[0]
    await callApi(new URL('/__ctl/pay', stack.urls.stripe!).href, 'POST', { session })
    const { body: ticketed } = await until(
      () => stack.call('GET', `/v1/bookings/${id}`),
      ({ body }) => body.status === 'TICKETED',
    )
    const flights = flightsOf(offer)
    expect(flightsOf(ticketed.offer)).toEqual(flights)
    expectAsked(ticketed.offer, THREE)
    expect(ticketed.pnr).toMatch(/^[A-Z0-9]{6}$/)

    const state = await callApi(new URL('/__ctl/state', stack.urls[provider]!).href, 'GET')
    const held = state.body.reservations.filter((one: { locator: string }) => one.locator === ticketed.pnr)
    expect(held).toHaveLength(1)
    expect(held[0]).toMatchObject({ status: 'active', flights })
    const numbersOf = (tickets: { number: string }[]) => tickets.map((ticket) => ticket.number).toSorted()
    expect(held[0].tickets.length).toBeGreaterThan(0)
    expect(numbersOf(held[0].tickets)).toEqual(numbersOf(ticketed.tickets))
  })
})

test('an open jaw is found at both suppliers and verified', async () => {
  const openJaw: readonly Slice[] = [
    ['CGK', 'NRT', dateIn(60)],
    ['KIX', 'CGK', dateIn(70)],
  ]
  for (const provider of PROVIDERS) {
    const { body } = await search(openJaw, `&suppliers=${provider}&limit=20`)
    expect(body.search.slices.map((slice: { origin: string }) => slice.origin)).toEqual(['CGK', 'KIX'])
    expect(body.data.length).toBe(20)
    for (const offer of body.data as OfferView[]) expectAsked(offer, openJaw)
    expect((await verify(body.data[0])).provider).toBe(provider)
  }
})

test('six slices are found at both suppliers and verified; seven are refused', async () => {
  const six: readonly Slice[] = [
    ['JKT', 'TYO', dateIn(60)],
    ['TYO', 'SIN', dateIn(64)],
    ['SIN', 'LHR', dateIn(68)],
    ['LHR', 'JFK', dateIn(72)],
    ['JFK', 'SYD', dateIn(76)],
    ['SYD', 'CGK', dateIn(80)],
  ]
  for (const provider of PROVIDERS) {
    const { body } = await search(six, `&suppliers=${provider}&limit=20`)
    expect(body.data.length).toBe(20)
    for (const offer of body.data as OfferView[]) expectAsked(offer, six)
    expect((await verify(body.data[0])).provider).toBe(provider)
  }
  expect((await search([...six, ['CGK', 'SIN', dateIn(84)]])).status).toBe(400)
})
