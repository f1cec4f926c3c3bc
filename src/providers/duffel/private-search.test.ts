import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startDuffelMock, type DuffelMock } from '../../../fixtures/duffel/index.ts'
import { shop } from '../../../test/support/shop.ts'
import { compareMoney, money } from '../../kernel/money.ts'
import { parseLocalDate, plusDays, systemClock, utcDate } from '../../kernel/time.ts'
import { createPartner, toPartnerReply, type Partner, type PartnerRequest, type Send } from '../../platform/partner.ts'
import { itineraryKey, type FlightOffer, type FlightQuery } from '../../travel/flight.ts'
import type { FlightOrder, FlightSupplier } from '../contract.ts'
import { createDuffel } from './index.ts'
import type { OfferToken } from './to-wire.ts'

const DEPARTURE = plusDays(utcDate(systemClock.now()), 50)
/** A city with several airports: the question of the search, not the airports of one offer, has to be asked again. */
const QUERY: FlightQuery = {
  slices: [
    { origin: 'CGK', destination: 'TYO', departureDate: DEPARTURE },
    { origin: 'TYO', destination: 'CGK', departureDate: plusDays(DEPARTURE, 6) },
  ],
  passengers: { adults: 1, children: 1, infants: 0 },
  cabin: 'economy',
}
const LIMITS = { shopTimeoutMs: 4_000, readTimeoutMs: 3_000, writeTimeoutMs: 2_000 }

describe('a verification gives the traveller a search of their own', () => {
  const call = { signal: new AbortController().signal }
  const requests: PartnerRequest[] = []
  let mock: DuffelMock
  let partner: Partner
  let flights: FlightSupplier
  let shared: readonly FlightOffer[]
  let sequence = 0

  const flightsOver = (send: Send, readTimeoutMs = LIMITS.readTimeoutMs): FlightSupplier =>
    createDuffel({
      config: { enabled: true, url: mock.url, accessToken: mock.token, limits: { ...LIMITS, readTimeoutMs } },
      send,
      clock: systemClock,
    }).flights!

  beforeAll(async () => {
    mock = await startDuffelMock({ seed: 5 })
    partner = createPartner({ name: 'duffel', concurrentMax: 20, breakAfter: 1000 })
    flights = flightsOver((request, signal) => {
      requests.push(request)
      return partner.send(request, signal)
    })
    shared = (await shop(flights, QUERY, call)).offers
  }, 30_000)
  afterEach(() => {
    requests.length = 0
    mock.control.clear()
  })
  afterAll(async () => {
    await partner.close()
    await mock.close()
  })

  const verified = async (offer: FlightOffer): Promise<FlightOffer> => {
    const reply = await flights.price(offer, call)
    if (reply.outcome !== 'priced') throw new Error(reply.code)
    return reply.offer
  }
  const orderOf = (offer: FlightOffer, familyName: string): FlightOrder => {
    const person = { title: null, familyName, gender: 'male', document: null } as const
    sequence += 1
    return {
      reference: `FWOWN${sequence}`,
      offer,
      passengers: [
        { ...person, type: 'adult', givenName: 'BUDI', bornOn: parseLocalDate('1990-04-18') },
        { ...person, type: 'child', givenName: 'ADI', bornOn: parseLocalDate('2019-02-03') },
      ],
      contact: { email: 'budi@example.com', phone: '+62812345678' },
    }
  }

  test('two travellers who chose two offers of one search both get their booking', async () => {
    const [first, second] = [await verified(shared[0]!), await verified(shared[1]!)]
    for (const [offer, name] of [[first, 'SANTOSO'] as const, [second, 'WIJAYA'] as const]) {
      const order = orderOf(offer, name)
      expect(await flights.book(order, call)).toMatchObject({ outcome: 'ok', value: { total: offer.total } })
      expect(mock.control.state().reservations.filter((held) => held.reference === order.reference)).toHaveLength(1)
    }
  })

  test('two travellers who verified one and the same offer both get their booking', async () => {
    const [first, second] = [await verified(shared[2]!), await verified(shared[2]!)]
    expect(await flights.book(orderOf(first, 'HARTONO'), call)).toMatchObject({ outcome: 'ok' })
    expect(await flights.book(orderOf(second, 'LESTARI'), call)).toMatchObject({ outcome: 'ok' })
  })

  test('without it the second order out of a search is refused: Duffel takes one', async () => {
    const { offers } = await shop(flights, QUERY, call)
    expect(await flights.book(orderOf(offers[0]!, 'KUSUMA'), call)).toMatchObject({ outcome: 'ok' })
    const second = orderOf(offers[1]!, 'GUNAWAN')
    const refused = await flights.book(second, call)
    expect(refused).toMatchObject({ outcome: 'unknown', message: expect.stringContaining('offer_request_already_booked') })
    expect(await flights.find(second, call)).toEqual({ outcome: 'absent' })
  })

  test('asks the question of the search again and returns the same product under an id of its own', async () => {
    const offer = shared[3]!
    const own = await verified(offer)
    const tokenOf = (one: FlightOffer) => JSON.parse(one.supplierToken) as OfferToken
    expect(requests.map((request) => [request.method, new URL(request.url).pathname])).toEqual([
      ['GET', `/air/offers/${tokenOf(offer).offer}`],
      ['POST', '/air/offer_requests'],
    ])
    expect(JSON.parse(requests[1]!.body!)).toEqual({
      data: {
        cabin_class: 'economy',
        slices: QUERY.slices.map((slice) => ({
          origin: slice.origin,
          destination: slice.destination,
          departure_date: slice.departureDate,
        })),
        passengers: [{ type: 'adult' }, { type: 'child' }],
      },
    })
    expect(tokenOf(own).offer).not.toBe(tokenOf(offer).offer)
    expect(tokenOf(own).passengers.map(({ id }) => id)).not.toEqual(tokenOf(offer).passengers.map(({ id }) => id))
    const essence = (one: FlightOffer) => [itineraryKey(one), one.slices, one.total, one.validatingCarrier, one.refundable, one.changeable]
    expect(essence(own)).toEqual(essence(offer))
  })

  test('finds the offers of the search again, from the cheapest to the dearest', async () => {
    const some = shared.filter((_, index) => index % 60 === 0)
    expect(some.length).toBeGreaterThan(2)
    for (const offer of some) expect((await verified(offer)).total).toEqual(offer.total)
  })

  test('a raised price is told at verification and stands, in the search of one’s own and in that of everyone', async () => {
    const offer = shared[4]!
    mock.control.fault('price', 'price_up')
    const risen = await verified(offer)
    expect(risen.total).toEqual(money(Math.ceil(offer.total.amount * 1.07), 'USD'))
    expect((await verified(risen)).total).toEqual(risen.total)
    expect((await verified(offer)).total).toEqual(risen.total)
    expect(await flights.book(orderOf(risen, 'HALIM'), call)).toMatchObject({ outcome: 'ok', value: { total: risen.total } })
  })

  test('an offer that is not sold any more is gone without a second search', async () => {
    mock.control.fault('price', 'sold_out')
    expect(await flights.price(shared[5]!, call)).toMatchObject({ outcome: 'gone', code: 'offer_no_longer_available' })
    expect(requests).toHaveLength(1)
  })

  test('a fare that the own search does not bring is gone', async () => {
    const offer = shared[6]!
    let offersLeft = 0
    const numbers = offer.slices.flatMap((slice) => slice.segments.map((segment) => segment.flightNumber))
    const without = flightsOver(async (request, signal) => {
      const reply = await partner.send(request, signal)
      if (request.method === 'GET') return reply
      const body = JSON.parse(reply.body) as {
        data: { offers: { slices: { segments: { marketing_carrier_flight_number: string }[] }[] }[] }
      }
      body.data.offers = body.data.offers.filter(
        ({ slices }) =>
          slices.flatMap(({ segments }) => segments.map((segment) => segment.marketing_carrier_flight_number)).join() !== numbers.join(),
      )
      offersLeft = body.data.offers.length
      return toPartnerReply(reply.status, reply.headers, Buffer.from(JSON.stringify(body)))
    })
    expect(await without.price(offer, call)).toMatchObject({ outcome: 'gone', code: 'not_offered_again' })
    expect(offersLeft).toBeGreaterThan(0)
  })

  test.each(['server_error', 'garbage', 'drop', 'throttled', 'unknown_code'] as const)(
    'an own search that fails says nothing about the offer: %s',
    async (kind) => {
      mock.control.fault('shop', kind)
      await expect(flights.price(shared[7]!, call)).rejects.toMatchObject({ name: 'ProviderError', provider: 'duffel' })
    },
  )

  test('both calls share one deadline', async () => {
    mock.control.fault('price', 'slow', { delayMs: 1_500 })
    mock.control.fault('shop', 'timeout')
    const started = performance.now()
    await expect(flightsOver(partner.send, 2_000).price(shared[8]!, call)).rejects.toMatchObject({ fault: 'timeout' })
    expect(performance.now() - started).toBeLessThan(3_400)
  })

  test('fits into its deadline with a Duffel that answers as slowly as the real one', async () => {
    const slow = await startDuffelMock({ seed: 5, latency: true })
    try {
      const own = createDuffel({
        config: { enabled: true, url: slow.url, accessToken: slow.token },
        send: partner.send,
        clock: systemClock,
      }).flights!
      const { offers } = await shop(own, QUERY, call)
      expect(await own.price(offers[0]!, call)).toMatchObject({ outcome: 'priced' })
    } finally {
      await slow.close()
    }
  }, 20_000)

  test('is not given a cheaper brand of the same flights', async () => {
    const offer = shared.find((one) =>
      shared.some((other) => other !== one && itineraryKey(other) === itineraryKey(one) && compareMoney(other.total, one.total) < 0),
    )!
    const own = await verified(offer)
    expect(own.total).toEqual(offer.total)
    expect(own.slices[0]!.segments[0]!.brand).toBe(offer.slices[0]!.segments[0]!.brand)
  })
})
