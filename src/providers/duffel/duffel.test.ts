import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startDuffelMock, type DuffelMock } from '../../../fixtures/duffel/index.ts'
import { shop } from '../../../test/support/shop.ts'
import { compareMoney, money } from '../../kernel/money.ts'
import { createStoppedClock, parseLocalDate, plusDays, systemClock, utcDate } from '../../kernel/time.ts'
import { createPartner, toPartnerReply, type Partner, type PartnerRequest } from '../../platform/partner.ts'
import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import type { Passenger } from '../../travel/passenger.ts'
import { describeProvider } from '../conformance.ts'
import type { FlightOrder, FlightSupplier } from '../contract.ts'
import { toShopReply } from './from-wire-offer.ts'
import { createDuffel } from './index.ts'
import { toOfferRequest } from './to-wire.ts'

const DEPARTURE = plusDays(utcDate(systemClock.now()), 45)
const LIMITS = { shopTimeoutMs: 2_000, readTimeoutMs: 1_000, writeTimeoutMs: 1_000, replyBytesMax: 16 * 1024 * 1024 }
const FAMILY_QUERY: FlightQuery = {
  slices: [
    { origin: 'CGK', destination: 'NRT', departureDate: DEPARTURE },
    { origin: 'NRT', destination: 'CGK', departureDate: plusDays(DEPARTURE, 9) },
  ],
  passengers: { adults: 2, children: 1, infants: 1 },
  cabin: 'economy',
}

describeProvider('duffel', async () => {
  const mock = await startDuffelMock({ seed: 7 })
  const partner = createPartner({ name: 'duffel', concurrentMax: 20, breakAfter: 1000 })
  return {
    provider: createDuffel({
      config: { enabled: true, url: mock.url, accessToken: mock.token, limits: LIMITS },
      send: partner.send,
      clock: systemClock,
    }),
    control: mock.control,
    query: FAMILY_QUERY,
    close: async () => {
      await partner.close()
      await mock.close()
    },
  }
})

describe('duffel', () => {
  const query: FlightQuery = {
    slices: [{ origin: 'SIN', destination: 'LHR', departureDate: DEPARTURE }],
    passengers: { adults: 1, children: 0, infants: 0 },
    cabin: 'economy',
  }
  const clock = createStoppedClock('2026-11-21T08:00:00Z')
  const call = { signal: new AbortController().signal }
  const requests: PartnerRequest[] = []
  let mock: DuffelMock
  let partner: Partner
  let flights: FlightSupplier
  let sequence = 0

  beforeAll(async () => {
    mock = await startDuffelMock({ seed: 3, clock })
    partner = createPartner({ name: 'duffel', concurrentMax: 20, breakAfter: 1000 })
    const send: typeof partner.send = (request, signal) => {
      requests.push(request)
      return partner.send(request, signal)
    }
    flights = createDuffel({
      config: { enabled: true, url: `${mock.url}/`, accessToken: mock.token, limits: LIMITS },
      send,
      clock,
    }).flights!
  })
  afterEach(() => mock.control.clear())
  afterAll(async () => {
    await partner.close()
    await mock.close()
  })

  const traveller = (familyName: string): Passenger => ({
    type: 'adult',
    title: 'mr',
    givenName: 'BUDI',
    familyName,
    bornOn: parseLocalDate('1990-04-18'),
    gender: 'male',
    document: null,
  })
  async function orderFor(familyName: string): Promise<FlightOrder> {
    const { offers } = await shop(
      flights,
      { ...query, slices: [{ ...query.slices[0]!, departureDate: parseLocalDate('2027-01-15') }] },
      call,
    )
    const offer = offers.toSorted((a, b) => compareMoney(a.total, b.total))[0]!
    sequence += 1
    return {
      reference: `FWREF${sequence}`,
      offer,
      passengers: [traveller(familyName)],
      contact: { email: 'budi@example.com', phone: '+62812345678' },
    }
  }
  /** One offer out of an offer request that nobody else has: an offer request is booked once. */
  async function ownOffer(): Promise<FlightOffer> {
    const headers = { authorization: `Bearer ${mock.token}`, 'duffel-version': 'v2', 'content-type': 'application/json' }
    const ask = async (path: string, body?: object) => {
      const reply = await fetch(`${mock.url}${path}`, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) })
      return ((await reply.json()) as { data: unknown }).data
    }
    const { id } = (await ask('/air/offer_requests?return_offers=false', toOfferRequest(query))) as { id: string }
    return toShopReply((await ask(`/air/offers?offer_request_id=${id}&limit=1`)) as unknown[]).offers[0]!
  }
  const book = async (familyName: string) => {
    const order = await orderFor(familyName)
    return { order, outcome: await flights.book(order, call) }
  }

  test('sends the version and the token with every call, and asks the airlines to be quicker than its own deadline', async () => {
    requests.length = 0
    await orderFor('SANTOSO')
    expect(requests[0]).toMatchObject({ method: 'POST', headers: { authorization: `Bearer ${mock.token}`, 'duffel-version': 'v2' } })
    expect(requests[0]!.url).toBe(`${mock.url}/air/offer_requests?return_offers=true&supplier_timeout=2000`)
  })

  test('a wrong token is a fault of its own', async () => {
    const stranger = createDuffel({
      config: { enabled: true, url: mock.url, accessToken: 'duffel_test_wrong' },
      send: partner.send,
      clock,
    }).flights!
    await expect(shop(stranger, query, call)).rejects.toMatchObject({ fault: 'unauthorised', code: 'access_token_not_found' })
  })

  test('an offer lives thirty minutes and is then gone', async () => {
    const { offer } = await orderFor('SANTOSO')
    expect(offer.expiresAt).toBe(clock.now() + 30 * 60_000)
    clock.advance(31 * 60_000)
    expect(await flights.price(offer, call)).toMatchObject({ outcome: 'gone', code: 'offer_no_longer_available' })
  })

  test('an offer that the message itself calls expired is gone although it was answered', async () => {
    const { offer } = await orderFor('SANTOSO')
    const late = createStoppedClock('2026-12-30T00:00:00Z')
    const flightsLater = createDuffel({
      config: { enabled: true, url: mock.url, accessToken: mock.token },
      send: partner.send,
      clock: late,
    }).flights!
    expect(await flightsLater.price(offer, call)).toMatchObject({ outcome: 'gone', code: 'offer_expired' })
  })

  test.each([
    ['SOLDOUT', { outcome: 'rejected', reason: 'sold_out' }],
    ['PRICEUP', { outcome: 'rejected', reason: 'price_changed' }],
    ['NORESERVE', { outcome: 'rejected', reason: 'declined', code: 'order_not_created' }],
  ])('passenger %s is refused with proof and without an order', async (name, expected) => {
    const { order, outcome } = await book(name)
    expect(outcome).toMatchObject(expected)
    expect(await flights.find(order, call)).toEqual({ outcome: 'absent' })
  })

  test('after PRICEUP the offer stands at the new price, seven per cent dearer', async () => {
    const { order } = await book('Priceup')
    const priced = await flights.price(order.offer, call)
    expect(priced).toMatchObject({ outcome: 'priced', offer: { total: money(Math.ceil(order.offer.total.amount * 1.07), 'USD') } })
  })

  test('passenger SUPPLIERUNKNOWN is booked, the reply is lost, and one order with live tickets is found', async () => {
    const { order, outcome } = await book('SUPPLIERUNKNOWN')
    expect(outcome).toMatchObject({ outcome: 'unknown', cause: 'unreachable' })
    const found = await flights.find(order, call)
    expect(found).toMatchObject({
      outcome: 'found',
      reservation: { status: 'active', tickets: [{ number: expect.stringMatching(/^\d{13}$/), passengerName: 'BUDI SUPPLIERUNKNOWN' }] },
    })
    expect(mock.control.state().reservations.filter((held) => held.reference === order.reference)).toHaveLength(1)
  })

  test('pays the agreed total and no other: an order at a stale price is refused by Duffel itself', async () => {
    const order = await orderFor('SANTOSO')
    const stale: FlightOffer = { ...order.offer, total: money(order.offer.total.amount - 1, 'USD') }
    expect(await flights.book({ ...order, offer: stale }, call)).toMatchObject({
      outcome: 'rejected',
      reason: 'price_changed',
      code: 'payment_amount_does_not_match_order_amount',
    })
  })

  test('a passenger whom Duffel has no word for is refused before anything is sent', async () => {
    const order = await orderFor('SANTOSO')
    requests.length = 0
    const unsaid = { ...order, passengers: [{ ...traveller('SANTOSO'), gender: 'unspecified' as const }] }
    expect(await flights.book(unsaid, call)).toMatchObject({ outcome: 'rejected', reason: 'invalid_passenger', code: 'unsendable' })
    expect(requests).toHaveLength(0)
  })

  test('a name that Duffel does not take is refused with proof', async () => {
    expect((await book('山田')).outcome).toMatchObject({ outcome: 'rejected', reason: 'invalid_passenger' })
  })

  test('finds its order among many of the same name, page by page', async () => {
    const template = await orderFor('WIJAYA')
    const orders: FlightOrder[] = []
    for (let count = 0; count < 103; count += 1) {
      const order: FlightOrder = { ...template, offer: await ownOffer(), reference: `FWMANY${count}` }
      expect(await flights.book(order, call)).toMatchObject({ outcome: 'ok' })
      orders.push(order)
    }
    requests.length = 0
    const found = await flights.find(orders[0]!, call)
    expect(found.outcome).toBe('found')
    expect(requests).toHaveLength(2)
    const held = mock.control.state().reservations.find((one) => one.reference === 'FWMANY0')
    expect(found).toMatchObject({ reservation: { pnr: held!.locator } })
  })

  test('cancelling gives back all of it on the first day, and the conditions decide after that', async () => {
    const first = await book('HARTONO')
    if (first.outcome.outcome !== 'ok') throw new Error('not booked')
    expect(await flights.cancel(first.outcome.value, call)).toEqual({ outcome: 'ok', value: { refund: first.order.offer.total } })

    const second = await book('HARTONO')
    if (second.outcome.outcome !== 'ok') throw new Error('not booked')
    clock.advance(25 * 3_600_000)
    const late = await flights.cancel(second.outcome.value, call)
    if (late.outcome !== 'ok') throw new Error('not cancelled')
    expect(compareMoney(late.value.refund!, second.order.offer.total)).toBeLessThanOrEqual(0)
  })

  test('cancelling what is cancelled is done and tells the same refund, so that a lost confirmation can be asked again', async () => {
    const { order, outcome } = await book('KUSUMA')
    if (outcome.outcome !== 'ok') throw new Error('not booked')
    mock.control.fault('cancel', 'drop_after_effect')
    expect(await flights.cancel(outcome.value, call)).toMatchObject({ outcome: 'unknown' })
    expect(await flights.cancel(outcome.value, call)).toEqual({ outcome: 'ok', value: { refund: order.offer.total } })
  })

  test('a quote that cannot be had cancels nothing and proves nothing', async () => {
    const { outcome } = await book('LESTARI')
    if (outcome.outcome !== 'ok') throw new Error('not booked')
    mock.control.fault('cancel_quote', 'server_error')
    expect(await flights.cancel(outcome.value, call)).toMatchObject({ outcome: 'unknown', cause: 'server_error' })
    expect((await flights.retrieve(outcome.value.supplierRef, call)).status).toBe('active')
  })
})

describe('duffel, answered by hand', () => {
  const call = { signal: new AbortController().signal }
  const reservation = {
    pnr: 'ABC123',
    supplierRef: 'ord_1',
    status: 'active',
    segments: [],
    total: null,
    tickets: [],
    ticketBy: null,
  } as const
  const answering = (answer: (path: string) => { status: number; body: object }) => {
    const paths: string[] = []
    const send = async (request: PartnerRequest) => {
      const path = request.url.replace('http://duffel', '')
      paths.push(`${request.method} ${path}`)
      const { status, body } = answer(path)
      return toPartnerReply(status, {}, Buffer.from(JSON.stringify(body)))
    }
    return {
      paths,
      flights: createDuffel({ config: { enabled: true, url: 'http://duffel', accessToken: 'token' }, send, clock: systemClock }).flights!,
    }
  }
  const cancellation = (confirmedAt: string | null) => ({
    data: {
      id: 'ore_1',
      order_id: 'ord_1',
      confirmed_at: confirmedAt,
      refund_amount: '10.00',
      refund_currency: 'GBP',
      refund_to: 'balance',
    },
  })

  test('a cancellation that is answered and not confirmed is pending, not done', async () => {
    const { flights, paths } = answering(() => ({ status: 200, body: cancellation(null) }))
    expect(await flights.cancel(reservation, call)).toMatchObject({ outcome: 'unknown', cause: 'pending' })
    expect(paths).toEqual(['POST /air/order_cancellations', 'POST /air/order_cancellations/ore_1/actions/confirm'])
    const done = answering(() => ({ status: 200, body: cancellation('2026-11-21T10:00:00Z') }))
    expect(await done.flights.cancel(reservation, call)).toEqual({ outcome: 'ok', value: { refund: money(1_000, 'GBP') } })
  })

  test('an order that Duffel calls cancelled and shows active is unknown', async () => {
    const refusal = { errors: [{ type: 'invalid_state_error', code: 'already_cancelled', title: 'Already cancelled' }] }
    const order = { data: { id: 'ord_1', booking_reference: 'ABC123', cancelled_at: null, passengers: [], slices: [] } }
    const { flights } = answering((path) =>
      path.startsWith('/air/orders/') ? { status: 200, body: order } : { status: 422, body: refusal },
    )
    expect(await flights.cancel(reservation, call)).toMatchObject({ outcome: 'unknown' })
  })

  test('a lookup that finds no end says so, and not that there is no order', async () => {
    const { flights, paths } = answering(() => ({
      status: 200,
      body: { data: [{ metadata: null }, { metadata: { reference: 'somebody-else' } }], meta: { after: 'next' } },
    }))
    await expect(flights.find({ reference: 'FWREF1', offer: {} as FlightOffer, passengers: [] }, call)).rejects.toMatchObject({
      fault: 'refused',
    })
    expect(paths).toHaveLength(20)
  })

  test('somebody else’s odd order on the page does not hide ours', async () => {
    const ours = { id: 'ord_1', booking_reference: 'ABC123', passengers: [], slices: [], metadata: { reference: 'FWREF1' } }
    const { flights } = answering(() => ({ status: 200, body: { data: [{ metadata: { reference: 1 } }, { id: 5 }, ours] } }))
    expect(await flights.find({ reference: 'FWREF1', offer: {} as FlightOffer, passengers: [] }, call)).toMatchObject({
      outcome: 'found',
      reservation: { pnr: 'ABC123' },
    })
  })
})
