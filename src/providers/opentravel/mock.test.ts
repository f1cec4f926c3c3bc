import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startOpenTravelMock, type OpenTravelMock } from '../../../fixtures/opentravel/index.ts'
import { createHotelWorld, type WorldRate } from '../../../fixtures/hotels/index.ts'
import { createStoppedClock, daysBetween, parseLocalDate } from '../../kernel/time.ts'
import { createPartner, type Partner } from '../../platform/partner.ts'
import { findPlace, zonedOffset } from '../../travel/places.ts'
import type { StayOffer, StayQuery } from '../../travel/stay.ts'
import type { StayShopReply, StaySupplier, UnreadShop } from '../contract.ts'
import { createOpenTravel, OPENTRAVEL_DEFAULT_LIMITS } from './index.ts'

const call = { signal: new AbortController().signal }
const clock = createStoppedClock('2027-02-01T00:00:00Z')
let mock: OpenTravelMock
let partner: Partner
let stays: StaySupplier

beforeAll(async () => {
  mock = await startOpenTravelMock({ seed: 1, username: 'farewire', password: 'secret', clock })
  partner = createPartner({ name: 'OpenTravel', concurrentMax: 10, breakAfter: 1_000 })
  const config = {
    url: mock.url,
    username: 'farewire',
    password: 'secret',
    requestorId: null,
    chainCode: null,
    currency: 'EUR',
    limits: { ...OPENTRAVEL_DEFAULT_LIMITS, writeTimeoutMs: 5_000 },
  }
  stays = createOpenTravel({ config, send: partner.send, clock }).stays!
})
afterAll(async () => {
  await partner.close()
  await mock.close()
})

const query: StayQuery = {
  properties: Array.from({ length: 24 }, (_, index) => `HH${String(index).padStart(6, '0')}`),
  checkIn: parseLocalDate('2027-03-01'),
  checkOut: parseLocalDate('2027-03-04'),
  rooms: [{ adults: 2, childAges: [] }],
  guestCountry: 'ID',
  currency: 'EUR',
}
async function shop(asked = query): Promise<StayShopReply> {
  return stays.readShop!((await stays.shop(asked, call)) as UnreadShop, asked)
}
async function offerOf(plan: string, at = 0): Promise<StayOffer> {
  return (await shop()).offers.filter(({ ratePlan }) => ratePlan?.code?.startsWith(plan))[at]!
}
const order = (offer: StayOffer, reference: string, familyName = 'Santoso') => ({
  reference,
  offer,
  guests: [{ room: 0, isLead: true, title: 'mr' as const, givenName: 'Budi', familyName, age: null }],
  contact: { email: 'budi@example.com', phone: '+628123456' },
})

describe('what the mock sells is read whole', () => {
  test('all rates of the world, with their conditions', async () => {
    const world = createHotelWorld(1)
    const { offers, solutions } = await shop()
    const expected = world.hotels.slice(0, 24).map((hotel) => world.rates(hotel, { ...query, room: query.rooms[0]! }))
    expect([solutions, offers.length]).toEqual([expected.filter((rates) => rates.length > 0).length, expected.flat().length])
    const rates = new Map<string, WorldRate>(
      expected.flatMap((list, index) =>
        list.map((rate) => [`HH${String(index).padStart(6, '0')} ${rate.room.code} ${rate.plan} ${rate.board}`, rate] as const),
      ),
    )
    const plans = { FLEX: 'flexible', NREF: 'non_refundable', HOTEL: 'pay_at_property' } as const
    for (const offer of offers) {
      const plan = plans[offer.ratePlan!.code!.split('-')[0] as keyof typeof plans]
      const rate = rates.get(`${offer.property} ${offer.rooms[0]!.code} ${plan} ${offer.board}`)!
      expect(rate, offer.id).toBeDefined()
      expect([offer.payAt, offer.refundable, offer.roomsLeft]).toEqual([
        plan === 'pay_at_property' ? 'property' : 'booking',
        plan !== 'non_refundable',
        rate.left,
      ])
      expect(offer.charges.filter(({ due }) => due === 'property').map(({ kind }) => kind)).toEqual(
        rate.cityTaxCents > 0 ? ['city_tax'] : [],
      )
      expect(offer.total.amount / rate.cents).toBeGreaterThan(0.94)
      expect(offer.total.amount / rate.cents).toBeLessThan(1.06)
    }
  })

  test('cancelling is free until 18:00 at the hotel three days before, then a night, then everything', async () => {
    const offer = await offerOf('FLEX')
    const { timeZone } = findPlace('JKT')!
    const at = (local: string) => Date.parse(`${local}:00${zonedOffset(timeZone, local)}`)
    expect(offer.cancellation!.map(({ from }) => from)).toEqual([null, at('2027-02-26T18:00'), at('2027-02-28T00:00')])
    const [free, night, whole] = offer.cancellation!.map(({ penalty }) => penalty!.amount)
    expect([free, whole]).toEqual([0, offer.total.amount])
    expect(night! / (offer.total.amount / daysBetween(offer.checkIn, offer.checkOut))).toBeCloseTo(1, 0)
  })

  test('in the currency that is asked for, also for stays too long to be told by the night', async () => {
    const long = { ...query, checkOut: parseLocalDate('2027-03-20'), currency: 'JPY' }
    const { offers } = await shop(long)
    expect(new Set(offers.map(({ total }) => total.currency))).toEqual(new Set(['JPY']))
    // A night's penalty cannot be reckoned where the nights are not told.
    const flexible = offers.find(({ ratePlan }) => ratePlan?.code?.startsWith('FLEX'))!
    expect(flexible.cancellation!.map(({ penalty }) => penalty?.amount ?? null)).toEqual([0, null, flexible.total.amount])
  })
})

describe('by the guest’s name', () => {
  test('SOLDOUT and PRICEUP are rejected and leave nothing behind', async () => {
    expect(await stays.book(order(await offerOf('FLEX', 1), 'SB1', 'SOLDOUT'), call)).toMatchObject({
      outcome: 'rejected',
      reason: 'sold_out',
      code: '322',
    })
    const offer = await offerOf('FLEX', 2)
    expect(await stays.book(order(offer, 'SB2', 'PRICEUP'), call)).toMatchObject({
      outcome: 'rejected',
      reason: 'price_changed',
      code: '436',
    })
    const again = await stays.price(offer, call)
    expect(again).toMatchObject({ outcome: 'priced' })
    expect(again.outcome === 'priced' && again.offer.total.amount > offer.total.amount).toBe(true)
    expect(mock.control.state().reservations).toEqual([])
  })

  test('SUPPLIERUNKNOWN is reserved, the reply is lost, and one reservation is found', async () => {
    const wanted = order(await offerOf('FLEX', 3), 'SB3', 'SUPPLIERUNKNOWN')
    expect(await stays.book(wanted, call)).toMatchObject({ outcome: 'unknown' })
    expect(await stays.find(wanted, call)).toMatchObject({ outcome: 'found', reservation: { status: 'active', total: wanted.offer.total } })
    expect(mock.control.state().reservations.filter(({ reference }) => reference === 'SB3')).toHaveLength(1)
  })
})

test('a reference is sold once: a second booking is unknown, and there is one reservation', async () => {
  const wanted = order(await offerOf('FLEX', 4), 'SB4')
  expect(await stays.book(wanted, call)).toMatchObject({ outcome: 'ok' })
  expect(await stays.book(wanted, call)).toMatchObject({ outcome: 'unknown', message: expect.stringContaining('127') })
  expect(mock.control.state().reservations.filter(({ reference }) => reference === 'SB4')).toHaveLength(1)
})

test('a cancelled reservation gives back what its timeline says', async () => {
  const refundOf = async (plan: string, reference: string) => {
    const offer = await offerOf(plan, 5)
    const booked = await stays.book(order(offer, reference), call)
    if (booked.outcome !== 'ok') throw new Error(booked.message)
    const cancelled = await stays.cancel(booked.value, call)
    return [cancelled.outcome === 'ok' && cancelled.value.refund, offer.total]
  }
  const [all, total] = await refundOf('FLEX', 'SB5')
  expect(all).toEqual(total)
  expect((await refundOf('NREF', 'SB6'))[0]).toMatchObject({ amount: 0, currency: 'EUR' })
})

test('a wrong password is no lost booking: the attempt may be made again', async () => {
  const config = {
    url: mock.url,
    username: 'farewire',
    password: 'wrong',
    requestorId: null,
    chainCode: null,
    currency: 'EUR',
    limits: OPENTRAVEL_DEFAULT_LIMITS,
  }
  const stranger = createOpenTravel({ config, send: partner.send, clock }).stays!
  expect(await stranger.book(order(await offerOf('FLEX', 6), 'SB7'), call)).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
  await expect(stranger.content(null, call)).rejects.toMatchObject({ fault: 'unauthorised' })
})
