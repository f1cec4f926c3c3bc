import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestwire, type TestwireServer } from '../../../fixtures/testwire/index.ts'
import { addMoney, compareMoney, money, type Money } from '../../kernel/money.ts'
import { createStoppedClock, parseLocalDate, plusDays, type LocalDate } from '../../kernel/time.ts'
import { createPartner, type Partner } from '../../platform/partner.ts'
import { isSamePlace, findPlace } from '../../travel/places.ts'
import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import { stopsOf } from '../../travel/flight.ts'
import type { Passenger } from '../../travel/passenger.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { StayOffer } from '../../travel/stay.ts'
import type { FlightSupplier, StaySupplier, WriteOutcome } from '../contract.ts'
import { isUnread } from '../contract.ts'
import type { TestwireConfig } from './config.ts'
import { createTestwire, isOutage } from './index.ts'
import {
  DATED_ROUTE,
  dateScenario,
  MANY_OFFERS,
  routeScenario,
  SCENARIOS,
  scenarioProperties,
  surnameScenario,
  SLOW_MS,
  TICKET_DELAY_MS,
  type ScenarioId,
} from './scenarios.ts'

const call = { signal: new AbortController().signal }
const clock = createStoppedClock('2026-11-21T08:00:00Z')
const CONTACT = { email: 'b@example.com', phone: '+62812345678' }
let server: TestwireServer
let partner: Partner
let flights: FlightSupplier
let stays: StaySupplier
let sequence = 0

const seller = (limits: TestwireConfig['limits'] = {}) =>
  createTestwire({ config: { url: server.url, key: server.key, currency: 'USD', limits }, send: partner.send, clock })

beforeAll(async () => {
  server = await startTestwire({ seed: 3, clock })
  partner = createPartner({ name: 'Testwire', concurrentMax: 20, breakAfter: 1_000, isOutage })
  flights = seller().flights!
  stays = seller().stays!
})
afterAll(async () => {
  await partner.close()
  await server.close()
})

const DAY = parseLocalDate('2027-02-10')

function queryOf(route: string, day: LocalDate = DAY): FlightQuery {
  const [origin, destination] = route.split('-') as [string, string]
  return { slices: [{ origin, destination, departureDate: day }], passengers: { adults: 1, children: 0, infants: 0 }, cabin: 'economy' }
}
function returnOf(query: FlightQuery): FlightQuery {
  const [out] = query.slices as [FlightQuery['slices'][number]]
  const back = { origin: out.destination, destination: out.origin, departureDate: plusDays(out.departureDate, 7) }
  return { ...query, slices: [out, back] }
}
async function shop(query: FlightQuery, from = flights): Promise<readonly FlightOffer[]> {
  const reply = await from.shop(query, call)
  return (isUnread(reply) ? from.readShop!(reply, query) : reply).offers
}
const passenger = (familyName: string): Passenger => ({
  type: 'adult',
  title: 'mr',
  givenName: 'BUDI',
  familyName,
  bornOn: parseLocalDate('1990-04-18'),
  gender: 'male',
  document: null,
})
async function verified(offer: FlightOffer): Promise<FlightOffer> {
  const reply = await flights.price(offer, call)
  if (reply.outcome !== 'priced') throw new Error(reply.code)
  return reply.offer
}
async function bookFlight(familyName: string, query = queryOf('CGK-NRT'), pick: (offer: FlightOffer) => boolean = () => true) {
  const offer = await verified((await shop(query)).find(pick)!)
  const order = { reference: `FWTW-${(sequence += 1)}`, offer, passengers: [passenger(familyName)], contact: CONTACT }
  return { offer, order, outcome: await flights.book(order, call) }
}
function ok<T>(outcome: WriteOutcome<T>): T {
  if (outcome.outcome !== 'ok') throw new Error(JSON.stringify(outcome))
  return outcome.value
}
async function ticketed(familyName: string, query?: FlightQuery, pick?: (offer: FlightOffer) => boolean) {
  const { offer, order, outcome } = await bookFlight(familyName, query, pick)
  const reservation = ok(outcome)
  ok(await flights.ticket!({ reference: order.reference, reservation, total: offer.total }, call))
  return { offer, order, reservation: await flights.retrieve(reservation.supplierRef, call) }
}

async function rates(codes: readonly string[], rooms = [{ adults: 2, childAges: [] as number[] }]): Promise<readonly StayOffer[]> {
  const query = { properties: codes, checkIn: DAY, checkOut: plusDays(DAY, 2), rooms, guestCountry: 'ID', currency: 'EUR' }
  const reply = await stays.shop(query, call)
  return (isUnread(reply) ? stays.readShop!(reply, query) : reply).offers
}
async function bookStay(familyName: string, offer?: StayOffer) {
  const wanted = offer ?? (await rates(server.codesAt('SIN'))).find(({ payAt, refundable }) => payAt === 'booking' && refundable === true)!
  const live = await stays.price(wanted, call)
  if (live.outcome !== 'priced') throw new Error(live.code)
  const chosen = live.offer
  const guests = chosen.rooms.map((_, room) => ({ room, isLead: room === 0, title: null, givenName: 'BUDI', familyName, age: null }))
  const order = { reference: `FWTW-${(sequence += 1)}`, offer: chosen, guests, contact: CONTACT }
  return { offer: chosen, order, outcome: await stays.book(order, call) }
}
/** The rates of a house that is a scenario, found by its name in the static content and nowhere else. */
async function ratesNamed(name: string, rooms?: { adults: number; childAges: number[] }[]): Promise<readonly StayOffer[]> {
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<StaySupplier['content']>> = await stays.content(cursor, call)
    const property = page.properties.find((one) => one.name === name)
    if (property) return rates([property.code], rooms)
    if (page.next === null) throw new Error(`there is no house called ${name}`)
    cursor = page.next
  }
}

const leftUnder = (reference: string) => server.control.state().reservations.filter((held) => held.reference === reference)
const isZero = (amount: Money | null): boolean => amount?.amount === 0
const holds = (reservation: Reservation) => reservation.segments.map(({ status }) => status)

/** What proves each scenario, given its trigger. The compiler wants one for every scenario of the table, and no other. */
const PROOFS: Readonly<Record<ScenarioId, (trigger: string) => Promise<void>>> = {
  'no-offers': async (route) => expect(await shop(queryOf(route))).toEqual([]),
  slow: async (route) => {
    const started = performance.now()
    expect((await shop(queryOf(route))).length).toBeGreaterThan(0)
    expect(performance.now() - started).toBeGreaterThan(SLOW_MS - 100)
  },
  'times-out': async (route) => {
    await expect(shop(queryOf(route), seller({ shopTimeoutMs: 500 }).flights!)).rejects.toMatchObject({ fault: 'timeout' })
  },
  'many-offers': async (route) => expect(new Set((await shop(queryOf(route))).map(({ id }) => id)).size).toBe(MANY_OFFERS),
  'connections-only': async (route) => {
    const slices = (await shop(returnOf(queryOf(route)))).flatMap((offer) => offer.slices)
    expect(slices.length).toBeGreaterThan(0)
    expect(new Set(slices.map(stopsOf))).toEqual(new Set([1]))
  },
  'no-bags': async (route) => {
    const bags = (await shop(queryOf(route))).flatMap(({ slices }) =>
      slices.flatMap(({ segments }) => segments.map(({ baggage }) => baggage)),
    )
    expect(bags.length).toBeGreaterThan(0)
    for (const baggage of bags) {
      expect(baggage.map(({ kind }) => kind)).toContain('checked')
      for (const { pieces } of baggage) expect(pieces).toBe(0)
    }
  },
  'technical-stops': async (route) => {
    const slices = (await shop(queryOf(route))).flatMap((offer) => offer.slices)
    expect(slices.length).toBeGreaterThan(0)
    for (const slice of slices) {
      expect(stopsOf(slice)).toBe(0)
      expect(slice.segments[0]!.technicalStops).toHaveLength(1)
    }
  },
  'rules-unknown': async (route) => {
    const offers = await shop(queryOf(route))
    expect(offers.length).toBeGreaterThan(0)
    for (const offer of offers) expect(offer).toMatchObject({ refundable: null, changeable: null })
    for (const { penalties } of offers) for (const { allowed, amount } of penalties) expect([allowed, amount]).toEqual([null, null])
  },
  'supplier-error': async (route) => {
    await expect(shop(queryOf(route))).rejects.toMatchObject({ fault: 'unreachable', code: 'internal_error' })
  },
  throttled: async (route) => {
    await expect(shop(queryOf(route))).rejects.toMatchObject({ fault: 'throttled' })
  },
  'on-request': async (route) => {
    const reservation = ok((await bookFlight('SANTOSO', queryOf(route))).outcome)
    expect(new Set(holds(reservation))).toEqual(new Set(['waitlisted']))
    const ticketing = await flights.ticket!({ reference: 'x', reservation, total: reservation.total! }, call)
    expect(ticketing).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
    expect(await flights.cancel(reservation, call)).toMatchObject({ outcome: 'ok' })
  },
  'gone-at-check': async () => {
    const [offer] = await shop(queryOf(DATED_ROUTE, parseLocalDate('2027-03-31')))
    expect(await flights.price(offer!, call)).toMatchObject({ outcome: 'gone' })
  },
  'dearer-at-check': async () => {
    const [offer] = await shop(queryOf(DATED_ROUTE, parseLocalDate('2027-03-30')))
    const live = await verified(offer!)
    expect(live.total.amount / offer!.total.amount).toBeCloseTo(1.07, 3)
    expect((await verified(live)).total).toEqual(live.total)
    const order = { reference: `FWTW-${(sequence += 1)}`, offer: live, passengers: [passenger('SANTOSO')], contact: CONTACT }
    expect(ok(await flights.book(order, call)).total).toEqual(live.total)
  },
  'cheaper-at-check': async () => {
    const [offer] = await shop(queryOf(DATED_ROUTE, parseLocalDate('2027-03-29')))
    const live = await verified(offer!)
    expect(live.total.amount / offer!.total.amount).toBeCloseTo(0.94, 3)
    expect((await verified(live)).total).toEqual(live.total)
  },
  'price-up': async (name) => {
    const { offer, order, outcome } = await bookFlight(name)
    expect(outcome).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
    expect(leftUnder(order.reference)).toEqual([])
    const live = await verified(offer)
    expect(live.total.amount / offer.total.amount).toBeCloseTo(1.07, 3)
    expect(ok(await flights.book({ ...order, offer: live }, call)).total).toEqual(live.total)

    const stay = await bookStay(name)
    expect(stay.outcome).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
    const dearer = await stays.price(stay.offer, call)
    if (dearer.outcome !== 'priced') throw new Error(dearer.code)
    expect(compareMoney(dearer.offer.total, stay.offer.total)).toBeGreaterThan(0)
    expect((await bookStay(name, dearer.offer)).outcome).toMatchObject({ outcome: 'ok' })
  },
  'price-down': async (name) => {
    const { offer, outcome } = await bookFlight(name)
    expect(compareMoney(ok(outcome).total!, offer.total)).toBeLessThan(0)
    const stay = await bookStay(name)
    expect(compareMoney(ok(stay.outcome).total!, stay.offer.total)).toBeLessThan(0)
  },
  'sold-out': async (name) => {
    for (const { order, outcome } of [await bookFlight(name), await bookStay(name)]) {
      expect(outcome).toMatchObject({ outcome: 'rejected', reason: 'sold_out' })
      expect(leftUnder(order.reference)).toEqual([])
    }
  },
  'ticket-delay': async (name) => {
    const { order, offer, outcome } = await bookFlight(name)
    const reservation = ok(outcome)
    const ticket = () => flights.ticket!({ reference: order.reference, reservation, total: offer.total }, call)
    expect(await ticket()).toMatchObject({ outcome: 'unknown', cause: 'pending' })
    clock.advance(TICKET_DELAY_MS - 1)
    expect((await flights.retrieve(reservation.supplierRef, call)).tickets).toEqual([])
    clock.advance(1)
    expect((await flights.retrieve(reservation.supplierRef, call)).tickets).toHaveLength(1)
  },
  'supplier-unknown': async (name) => {
    const flight = await bookFlight(name)
    const stay = await bookStay(name)
    expect([flight.outcome.outcome, stay.outcome.outcome]).toEqual(['unknown', 'unknown'])
    expect(await flights.find(flight.order, call)).toMatchObject({ outcome: 'found', reservation: { status: 'active' } })
    expect(await stays.find(stay.order, call)).toMatchObject({ outcome: 'found', reservation: { status: 'active' } })
    expect([...leftUnder(flight.order.reference), ...leftUnder(stay.order.reference)]).toHaveLength(2)
    // Sent again it would be refused in a way that proves nothing about the first.
    expect(await flights.book({ ...flight.order, passengers: [passenger('SANTOSO')] }, call)).toMatchObject({ outcome: 'unknown' })
  },
  partial: async (name) => {
    const { offer, outcome } = await bookFlight(name, returnOf(queryOf('CGK-NRT')))
    const [out, back] = offer.slices.map(({ segments }) => segments.length)
    expect(holds(ok(outcome))).toEqual([...Array<string>(out!).fill('confirmed'), ...Array<string>(back!).fill('waitlisted')])
  },
  'seat-lost': async (name) => {
    const { order, offer, outcome } = await bookFlight(name)
    const reservation = ok(outcome)
    expect(new Set(holds(reservation))).toEqual(new Set(['confirmed']))
    const ticketing = await flights.ticket!({ reference: order.reference, reservation, total: offer.total }, call)
    expect(ticketing).toMatchObject({ outcome: 'rejected', reason: 'sold_out' })
    expect(new Set(holds(await flights.retrieve(reservation.supplierRef, call)))).toEqual(new Set(['cancelled']))
  },
  'schedule-change': async (name) => {
    const { reservation } = await ticketed(name)
    const [change, ...more] = await flights.airlineChanges!(reservation.supplierRef, call)
    expect(more).toEqual([])
    expect(change).toMatchObject({ mayAccept: true, mayRefund: true })
    expect(change!.added[0]!.segments[0]!.departure).not.toEqual(change!.removed[0]!.segments[0]!.departure)
    expect(await flights.acceptAirlineChange!(reservation.supplierRef, 'another', call)).toMatchObject({ outcome: 'rejected' })
    expect(await flights.acceptAirlineChange!(reservation.supplierRef, change!.id, call)).toMatchObject({ outcome: 'ok' })
    expect(await flights.airlineChanges!(reservation.supplierRef, call)).toEqual([])

    const refused = await ticketed(name, undefined, ({ refundable }) => refundable === false)
    clock.advance(48 * 3_600_000)
    expect(await flights.cancel(refused.reservation, call)).toEqual({ outcome: 'ok', value: { refund: refused.offer.total } })
  },
  'no-refund': async (name) => {
    const { offer, reservation } = await ticketed(name, undefined, ({ refundable }) => refundable === true)
    const quote = await flights.quoteRefund!(reservation, call)
    expect(quote).toMatchObject({ paid: offer.total, penalty: offer.total, refund: money(0, 'USD') })
    const refund = ok(await flights.refund!(reservation, quote, call)).refund
    const stay = ok(await stays.cancel(ok((await bookStay(name)).outcome), call)).refund
    expect([isZero(refund), isZero(stay)]).toEqual([true, true])
  },
  'refund-slow': async (name) => {
    const { reservation } = await ticketed(name)
    expect(await flights.quoteRefund!(reservation, call)).toMatchObject({ refund: null, penalty: null })
    expect(await flights.cancel(reservation, call)).toEqual({ outcome: 'ok', value: { refund: null } })
    expect(await stays.cancel(ok((await bookStay(name)).outcome), call)).toEqual({ outcome: 'ok', value: { refund: null } })
  },
  rejected: async (name) => {
    for (const { order, outcome } of [await bookFlight(name), await bookStay(name)]) {
      expect(outcome).toMatchObject({ outcome: 'rejected', reason: 'declined' })
      expect(leftUnder(order.reference)).toEqual([])
    }
  },
  'unknown-code': async (name) => {
    const flight = await bookFlight(name)
    const stay = await bookStay(name)
    for (const { outcome } of [flight, stay]) expect(outcome).toMatchObject({ outcome: 'unknown', cause: 'unrecognised' })
    expect(await flights.find(flight.order, call)).toEqual({ outcome: 'absent' })
    expect(await stays.find(stay.order, call)).toEqual({ outcome: 'absent' })
  },
  'stay-gone-at-check': async (name) => {
    const [offer] = await ratesNamed(name)
    expect(await stays.price(offer!, call)).toMatchObject({ outcome: 'gone' })
  },
  'stay-dearer-at-check': async (name) => {
    const [offer] = await ratesNamed(name)
    const live = await stays.price(offer!, call)
    if (live.outcome !== 'priced') throw new Error(live.code)
    expect(live.offer.total.amount / offer!.total.amount).toBeCloseTo(1.07, 3)
    expect(await stays.price(live.offer, call)).toMatchObject({ offer: { total: live.offer.total } })
    expect((await bookStay('SANTOSO', live.offer)).outcome).toMatchObject({ outcome: 'ok' })
  },
  'stay-non-refundable': async (name) => {
    const [offer] = await ratesNamed(name)
    expect(offer).toMatchObject({ refundable: false, cancellation: [{ from: null, penalty: offer!.total }] })
    expect(isZero(ok(await stays.cancel(ok((await bookStay('SANTOSO', offer)).outcome), call)).refund)).toBe(true)
  },
  'stay-pay-at-property': async (name) => {
    const [offer] = await ratesNamed(name)
    expect(offer!.payAt).toBe('property')
    expect(isZero(ok(await stays.cancel(ok((await bookStay('SANTOSO', offer)).outcome), call)).refund)).toBe(true)
  },
  'stay-package-only': async (name) => {
    const offers = await ratesNamed(name)
    expect(offers.length).toBeGreaterThan(0)
    for (const offer of offers) expect(offer.isPackageOnly).toBe(true)
    expect((await bookStay('SANTOSO', offers[0])).outcome).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
  },
  'stay-city-tax': async (name) => {
    const [offer] = await ratesNamed(name)
    const [tax, ...more] = offer!.charges
    expect(more).toEqual([])
    expect(tax).toMatchObject({ kind: 'city_tax', due: 'property' })
    expect(tax!.amount!.amount).toBeGreaterThan(0)
    expect(ok((await bookStay('SANTOSO', offer)).outcome).total).toEqual(offer!.total)
  },
  'stay-board-unknown': async (name) => {
    const [offer] = await ratesNamed(name)
    expect(offer).toMatchObject({ board: null, boardText: 'Taste of the house' })
  },
  'stay-nine-rooms': async (name) => {
    const [offer] = await ratesNamed(
      name,
      Array.from({ length: 9 }, () => ({ adults: 2, childAges: [] })),
    )
    expect(offer).toMatchObject({ roomsLeft: 9 })
    expect(offer!.rooms).toHaveLength(9)
    expect(ok((await bookStay('SANTOSO', offer)).outcome).status).toBe('active')
  },
  'stay-terms-unknown': async (name) => {
    const [offer] = await ratesNamed(name)
    expect(offer).toMatchObject({ refundable: null, cancellation: null })
    expect(await stays.cancel(ok((await bookStay('SANTOSO', offer)).outcome), call)).toEqual({ outcome: 'ok', value: { refund: null } })
  },
}

describe('what the table of scenarios says comes true', () => {
  test.each(SCENARIOS.map(({ id, trigger }) => [trigger, id] as const))('%s: %s', (trigger, id) => PROOFS[id](trigger), 20_000)
})

describe('the table of scenarios', () => {
  test('names each scenario and each trigger once', () => {
    expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length)
    expect(new Set(SCENARIOS.map(({ trigger }) => trigger)).size).toBe(SCENARIOS.length)
  })

  test('has routes between cities that everybody knows and that are not the same', () => {
    for (const { kind, trigger } of SCENARIOS) {
      if (kind !== 'route') continue
      const [from, to] = trigger.split('-').map((code) => findPlace(code))
      expect([from?.code, to?.code].join('-')).toBe(trigger)
      expect(isSamePlace(from!.code, to!.code)).toBe(false)
    }
  })

  test('is what the README tells, row by row', () => {
    const readme = readFileSync('src/providers/testwire/README.md', 'utf8')
    const rows = readme.split('\n').filter((line) => /^\| (route|date|surname|property) \|/.test(line))
    const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
    expect(cells.map(([, kind, trigger, sells, happens, shows]) => ({ kind, trigger, sells, happens, shows }))).toEqual(
      SCENARIOS.map(({ kind, trigger, sells, happens, shows }) => ({ kind, trigger, sells: sells.join(', '), happens, shows })),
    )
  })

  test('leaves everybody else alone: other routes, the way back, other days, other names, names of the other kind', () => {
    for (const route of ['CGK-NRT', 'SIN-LHR', 'BKK-ICN', 'LHR-DXB', 'DXB-LHR', 'USH-LYR']) {
      const [origin, destination] = route.split('-') as [string, string]
      expect(routeScenario(origin, destination)).toBeUndefined()
      for (let day = 0; day < 365; day += 1) {
        const date = plusDays(DAY, day)
        const isMarked = route === DATED_ROUTE && /-(29|30|31)$/.test(date)
        expect(dateScenario(origin, destination, date) !== undefined).toBe(isMarked)
      }
    }
    for (const name of ['SANTOSO', 'PRICE', 'SOLD OUT', 'constructor', '']) expect(surnameScenario(name, 'flights')).toBeUndefined()
    expect(surnameScenario('TICKETDELAY', 'stays')).toBeUndefined()
    expect(surnameScenario(' priceUp ', 'stays')).toBe('price-up')
    expect(scenarioProperties()).toHaveLength(SCENARIOS.filter(({ kind }) => kind === 'property').length)
  })
})

test('an offer that nobody has verified is not booked, so that no visitor spoils what others have found', async () => {
  const [offer] = await shop(queryOf('CGK-NRT'))
  const order = { reference: `FWTW-${(sequence += 1)}`, offer: offer!, passengers: [passenger('SANTOSO')], contact: CONTACT }
  expect(await flights.book(order, call)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
  expect((await bookFlight('PRICEUP')).outcome).toMatchObject({ reason: 'price_changed' })
  expect((await verified(offer!)).total).toEqual(offer!.total)
})

test('a traveller whose name is none of them is booked, ticketed and refunded by the rules of the fare', async () => {
  const light = await ticketed('SANTOSO', undefined, ({ refundable }) => refundable === false)
  const flex = await ticketed('SANTOSO', undefined, ({ refundable }) => refundable === true)
  expect((await flights.quoteRefund!(light.reservation, call)).refund).toEqual(light.offer.total)
  clock.advance(25 * 3_600_000)
  expect(isZero((await flights.quoteRefund!(light.reservation, call)).refund)).toBe(true)
  const quote = await flights.quoteRefund!(flex.reservation, call)
  expect(addMoney(quote.refund!, quote.penalty!)).toEqual(flex.offer.total)
  expect(quote.penalty).toEqual(flex.offer.penalties.find(({ kind }) => kind === 'refund')!.amount)
  expect(await flights.refund!(flex.reservation, { ...quote, supplierToken: 'an older one' }, call)).toMatchObject({ outcome: 'rejected' })
  expect(await flights.refund!(flex.reservation, quote, call)).toEqual({ outcome: 'ok', value: { refund: quote.refund } })
  expect(await flights.airlineChanges!(light.reservation.supplierRef, call)).toEqual([])
})
