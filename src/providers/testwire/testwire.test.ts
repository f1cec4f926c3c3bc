import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestwire, type TestwireServer } from '../../../fixtures/testwire/index.ts'
import { createStoppedClock, instantOf, parseLocalDate, plusDays, systemClock } from '../../kernel/time.ts'
import { createPartner, type Partner } from '../../platform/partner.ts'
import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import type { StayQuery } from '../../travel/stay.ts'
import type { FlightSupplier, Provider, StaySupplier } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { toReply, toWriteFailure } from './faults.ts'
import { createTestwire, isOutage } from './index.ts'
import { readFlights, readStays } from './read-reply.ts'

const call = { signal: new AbortController().signal }
const HOUR = 3_600_000
const DAY = parseLocalDate('2027-02-10')
const FLIGHT_QUERY: FlightQuery = {
  slices: [
    { origin: 'LON', destination: 'SYD', departureDate: DAY },
    { origin: 'SYD', destination: 'LON', departureDate: plusDays(DAY, 12) },
  ],
  passengers: { adults: 2, children: 1, infants: 1 },
  cabin: 'business',
}

type Opened = { server: TestwireServer; partner: Partner; provider: Provider; flights: FlightSupplier; stays: StaySupplier }
const clock = createStoppedClock('2026-11-21T08:00:00Z')

async function open(seed: number, its = clock, key?: string): Promise<Opened> {
  const server = await startTestwire({ seed, clock: its })
  const partner = createPartner({ name: 'Testwire', concurrentMax: 20, breakAfter: 3, isOutage })
  const config = { url: `${server.url}/`, key: key ?? server.key, currency: 'USD' }
  const provider = createTestwire({ config, send: partner.send, clock: its })
  return { server, partner, provider, flights: provider.flights!, stays: provider.stays! }
}
async function close({ server, partner }: Opened): Promise<void> {
  await partner.close()
  await server.close()
}

let here: Opened
beforeAll(async () => void (here = await open(3)))
afterAll(() => close(here))

async function shop({ flights }: Opened, query = FLIGHT_QUERY): Promise<readonly FlightOffer[]> {
  const reply = await flights.shop(query, call)
  if (!('unread' in reply)) throw new Error('read already')
  return flights.readShop!(reply, query).offers
}
let sequence = 0
async function order() {
  const reply = await here.flights.price(
    (await shop(here, ONE_WAY)).find(({ refundable }) => refundable === true)!,
    call,
  )
  if (reply.outcome !== 'priced') throw new Error(reply.code)
  const adult = { type: 'adult', title: null, bornOn: DAY, gender: 'unspecified', document: null } as const
  const passengers = [
    { ...adult, givenName: 'BUDI', familyName: 'SANTOSO' },
    { ...adult, givenName: 'SITI', familyName: 'PRICEUP' },
  ]
  return {
    reference: `FWTW-${(sequence += 1)}`,
    offer: reply.offer,
    passengers,
    contact: { email: 'b@example.com', phone: '+62812345678' },
  }
}
const ONE_WAY: FlightQuery = {
  slices: [{ origin: 'CGK', destination: 'NRT', departureDate: DAY }],
  passengers: { adults: 2, children: 0, infants: 0 },
  cabin: 'economy',
}

describe('the same seed and the same question', () => {
  const STAY_QUERY = (properties: readonly string[]): StayQuery => ({
    properties,
    checkIn: DAY,
    checkOut: plusDays(DAY, 2),
    rooms: [{ adults: 2, childAges: [7] }],
    guestCountry: 'ID',
    currency: 'EUR',
  })
  async function answers(opened: Opened): Promise<string[]> {
    const flights = await opened.flights.shop(FLIGHT_QUERY, call)
    const stays = await opened.stays.shop(STAY_QUERY(opened.server.codesAt('BCN')), call)
    return [flights, stays].map((reply) => Buffer.from((reply as { unread: Uint8Array }).unread).toString('utf8'))
  }

  test('have the same answer, byte for byte, in another process a month later; another seed has another', async () => {
    const later = await open(3, createStoppedClock('2026-12-21T20:00:00Z'))
    const other = await open(4)
    try {
      const [flights, stays] = await answers(here)
      expect(flights!.length).toBeGreaterThan(10_000)
      expect(stays!.length).toBeGreaterThan(10_000)
      expect(await answers(later)).toEqual([flights, stays])
      const [otherFlights, otherStays] = await answers(other)
      expect(otherFlights).not.toBe(flights)
      expect(otherStays).not.toBe(stays)
      // An id is good wherever the seed is the same.
      const [offer] = await shop(here)
      expect(await later.flights.price(offer!, call)).toMatchObject({ outcome: 'priced', offer: { total: offer!.total } })
    } finally {
      await close(later)
      await close(other)
    }
  })
})

test('what is flown can be flown: every flight lands after it has left, and the next one leaves after that', async () => {
  const offers = await shop(here)
  expect(offers.length).toBeGreaterThan(40)
  const at = ({ local, offset }: { local: never; offset: string | null }): number => instantOf({ local, offset: offset! })
  for (const { slices } of offers) {
    for (const { segments, durationMinutes } of slices) {
      const times = segments.flatMap(({ departure, arrival }) => [at(departure as never), at(arrival as never)])
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(durationMinutes).toBe((times.at(-1)! - times[0]!) / 60_000)
      for (const { departure, arrival, durationMinutes: flown } of segments)
        expect(at(arrival as never) - at(departure as never)).toBe(flown! * 60_000)
    }
  }
})

test('only the lead’s name counts', async () => {
  expect(await here.flights.book(await order(), call)).toMatchObject({ outcome: 'ok' })
})

test('a hold can be ticketed for a day and is then given back by itself', async () => {
  const [kept, lost] = [await order(), await order()]
  const [first, second] = [await here.flights.hold!(kept, call), await here.flights.hold!(lost, call)]
  if (first.outcome !== 'ok' || second.outcome !== 'ok') throw new Error('not held')
  expect(first.value).toMatchObject({ ticketBy: '2026-11-22T08:00:00.000Z', tickets: [], status: 'active' })
  const ticket = (one: typeof kept, reservation: typeof first.value) =>
    here.flights.ticket!({ reference: one.reference, reservation, total: one.offer.total }, call)
  clock.advance(24 * HOUR - 1)
  const issued = await ticket(kept, first.value)
  if (issued.outcome !== 'ok') throw new Error(issued.message)
  expect(issued.value.map(({ number }) => /^999\d{10}$/.test(number))).toEqual([true, true])
  clock.advance(1)
  expect(await here.flights.retrieve(first.value.supplierRef, call)).toMatchObject({ status: 'active', ticketBy: null })
  expect(await here.flights.retrieve(second.value.supplierRef, call)).toMatchObject({ status: 'cancelled' })
  expect(await ticket(lost, second.value)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
})

test('one ticket can be voided within its day, and its fellow stands', async () => {
  const wanted = await order()
  const booked = await here.flights.book(wanted, call)
  if (booked.outcome !== 'ok') throw new Error(booked.message)
  const issued = await here.flights.ticket!({ reference: wanted.reference, reservation: booked.value, total: wanted.offer.total }, call)
  if (issued.outcome !== 'ok') throw new Error(issued.message)
  const [one, other] = issued.value.map(({ number }) => number)
  expect(await here.flights.void!(booked.value, one!, call)).toEqual({ outcome: 'ok', value: null })
  expect(await here.flights.void!(booked.value, one!, call)).toEqual({ outcome: 'ok', value: null })
  const { tickets } = await here.flights.retrieve(booked.value.supplierRef, call)
  expect(tickets.map(({ coupons }) => [...new Set(coupons.map(({ status }) => status))])).toEqual([['void'], ['open']])
  expect(await here.flights.void!(booked.value, '9990000000000', call)).toMatchObject({ outcome: 'rejected', reason: 'not_found' })
  clock.advance(24 * HOUR)
  expect(await here.flights.void!(booked.value, other!, call)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
})

test('every segment has its seats, and every slice its rules, which say what the offer says', async () => {
  const offer = (await shop(here)).find(({ slices, refundable }) => refundable === true && slices[0]!.segments.length === 2)!
  const maps = await here.flights.seatMaps!(offer, call)
  expect(maps.map(({ segmentIndex }) => segmentIndex)).toEqual([0, 1, 2, 3])
  for (const { cabins } of maps) {
    expect(cabins[0]!.cabin).toBe('business')
    expect(new Set(cabins[0]!.seats.map(({ state }) => state))).toEqual(new Set(['free', 'taken']))
    expect(cabins[0]!.seats.every(({ price }) => price?.currency === 'USD')).toBe(true)
  }
  const rules = await here.flights.fareRules!(offer, call)
  expect(rules.map(({ origin, destination }) => `${origin}-${destination}`)).toEqual(['LHR-SYD', 'SYD-LHR'])
  for (const { penalties, texts } of rules) {
    expect(penalties).toEqual(offer.penalties)
    expect(texts[0]!.text).toMatch(/permitted/)
  }
})

test('a wrong key is a fault of its own, and a write with it is refused', async () => {
  const stranger = createTestwire({ config: { url: here.server.url, key: 'wrong', currency: 'USD' }, send: here.partner.send, clock })
  await expect(stranger.flights!.retrieve('TW1', call)).rejects.toMatchObject({ fault: 'unauthorised' })
  expect(await stranger.flights!.book(await order(), call)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
})

test('a scenario of errors does not close the door to the others', async () => {
  const failing: FlightQuery = { ...ONE_WAY, slices: [{ origin: 'LYR', destination: 'TRW', departureDate: DAY }] }
  for (let time = 0; time < 5; time += 1) await expect(shop(here, failing)).rejects.toBeInstanceOf(ProviderError)
  expect(here.partner.state().breaker).toBe('closed')
})

test('without its controls the server tells nobody who has booked', async () => {
  const server = await startTestwire({ hasControls: false })
  try {
    for (const path of ['state', 'faults']) expect((await fetch(`${server.url}/__ctl/${path}`)).status).toBe(401)
    const asked = await fetch(`${server.url}/__ctl/state`, { headers: { authorization: `Bearer ${server.key}` } })
    expect(asked.status).toBe(404)
  } finally {
    await server.close()
  }
})

test('what is no request is refused in its own words and never breaks the server', async () => {
  const send = (path: string, body: string) =>
    fetch(`${here.server.url}${path}`, { method: 'POST', body, headers: { authorization: `Bearer ${here.server.key}` } })
  const paths = [
    '/flights/searches',
    '/stays/searches',
    '/offers/verify',
    '/offers/seat-maps',
    '/flights/bookings',
    '/stays/bookings',
    '/bookings/TW1/tickets',
  ]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.oneof(fc.json(), fc.string()), async (path, body) => {
      const reply = await send(path, body)
      expect(reply.status).toBeGreaterThanOrEqual(400)
      expect(reply.status).toBeLessThan(500)
      expect(await reply.json()).toMatchObject({ error: { code: expect.any(String) as string } })
    }),
    { numRuns: 150 },
  )
})

describe('a reply', () => {
  const ok = (body: object) => ({ status: 200, body })

  test('whose offer cannot be read costs that offer; when none can be, it is malformed', async () => {
    const raw = await here.flights.shop(ONE_WAY, call)
    const { offers } = JSON.parse(Buffer.from((raw as { unread: Uint8Array }).unread).toString('utf8')) as { offers: { total: string }[] }
    const broken = [{}, null, { ...offers[0], total: '1.234' }, { ...offers[0], currency: 'QQQ' }, { ...offers[0], slices: [] }]
    const read = readFlights(ok({ offers: [...broken, { ...offers[1], tomorrow: true }], more: 1 }))
    expect(read.solutions).toBe(6)
    expect(read.offers).toHaveLength(1)
    expect(() => readFlights(ok({ offers: broken }))).toThrow(ProviderError)
    expect(readFlights(ok({ offers: [] }))).toEqual({ solutions: 0, offers: [] })
  })

  test.each([
    ['sold_out', 409, 'rejected'],
    ['seats_lost', 409, 'rejected'],
    ['price_changed', 409, 'rejected'],
    ['declined', 422, 'rejected'],
    ['duplicate_reference', 409, 'unknown'],
    ['a_code_of_tomorrow', 422, 'unknown'],
    ['constructor', 422, 'unknown'],
    ['sold_out', 500, 'unknown'],
    ['declined', 202, 'unknown'],
  ])('to a write with %s and status %i is %s', (code, status, outcome) => {
    expect(toWriteFailure({ status, body: { error: { code, message: 'A message' } } })).toMatchObject({ outcome })
  })

  test('of any text is offers, or a fault that is said', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.constantFrom(null, 200, 404, 503), (text, status) => {
        for (const read of [() => readFlights(toReply(status, text)), () => readStays(toReply(status, text), systemClock.now())]) {
          try {
            read()
          } catch (error) {
            expect(error).toBeInstanceOf(ProviderError)
          }
        }
      }),
    )
  })
})
