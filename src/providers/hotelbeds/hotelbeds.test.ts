import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startHotelbedsMock, type HotelbedsMock } from '../../../fixtures/hotelbeds/index.ts'
import { compareMoney, money, subtractMoney } from '../../kernel/money.ts'
import { createStoppedClock, parseLocalDate } from '../../kernel/time.ts'
import { createPartner, toPartnerReply, type Partner, type PartnerRequest } from '../../platform/partner.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Guest, StayOffer, StayQuery } from '../../travel/stay.ts'
import { isUnread, type Provider, type StayOrder, type StaySupplier } from '../contract.ts'
import { signatureOf } from './exchange.ts'
import { createHotelbeds, isOutage } from './index.ts'
import { readToken } from './offer-token.ts'
import { readContent } from './read-reply.ts'

const call = { signal: new AbortController().signal }
const LIMITS = { shopTimeoutMs: 3_000, readTimeoutMs: 2_000, writeTimeoutMs: 2_000, replyBytesMax: 8 * 1024 * 1024 }

describe('hotelbeds', () => {
  const clock = createStoppedClock('2026-11-21T08:00:00Z')
  const requests: PartnerRequest[] = []
  let mock: HotelbedsMock
  let partner: Partner
  let stays: StaySupplier
  let provider: Provider
  let sequence = 0

  beforeAll(async () => {
    mock = await startHotelbedsMock({ seed: 3, clock })
    partner = createPartner({ name: 'Hotelbeds', concurrentMax: 20, breakAfter: 3, isOutage })
    const send: typeof partner.send = (request, signal) => {
      requests.push(request)
      return partner.send(request, signal)
    }
    provider = createHotelbeds({ config: { url: `${mock.url}/`, ...mock.account, limits: LIMITS }, send, clock })
    stays = provider.stays!
  })
  afterEach(() => mock.control.clear())
  afterAll(async () => {
    await partner.close()
    await mock.close()
  })

  const query = (overrides: Partial<StayQuery> = {}): StayQuery => ({
    properties: mock.codesAt('SIN'),
    checkIn: parseLocalDate('2027-02-10'),
    checkOut: parseLocalDate('2027-02-12'),
    rooms: [{ adults: 2, childAges: [] }],
    guestCountry: 'ID',
    currency: 'EUR',
    ...overrides,
  })
  async function shop(asked = query(), seller = stays): Promise<readonly StayOffer[]> {
    const reply = await seller.shop(asked, call)
    return (isUnread(reply) ? seller.readShop!(reply, asked) : reply).offers
  }
  const guest = (familyName: string): Guest => ({ room: 0, isLead: true, title: 'mr', givenName: 'BUDI', familyName, age: null })
  async function checked(test: (offer: StayOffer) => boolean = () => true): Promise<StayOffer> {
    const offer = (await shop()).filter(({ isPackageOnly }) => !isPackageOnly).find(test)!
    const reply = await stays.price(offer, call)
    if (reply.outcome !== 'priced') throw new Error(reply.code)
    return reply.offer
  }
  async function book(offer: StayOffer, familyName = 'SANTOSO') {
    const reference = `FWHB-${(sequence += 1)}`
    const order: StayOrder = { reference, offer, guests: [guest(familyName)], contact: { email: 'b@example.com', phone: '+62812345678' } }
    return { order, outcome: await stays.book(order, call) }
  }
  async function booked(test?: (offer: StayOffer) => boolean): Promise<{ offer: StayOffer; order: StayOrder; reservation: Reservation }> {
    const offer = await checked(test)
    const { order, outcome } = await book(offer)
    if (outcome.outcome !== 'ok') throw new Error(outcome.message)
    return { offer, order, reservation: outcome.value }
  }

  test('the books of a day show every booking made on it with our reference, as it stands', async () => {
    clock.advance(3 * 24 * 3_600_000)
    const [kept, given] = [await booked(), await booked(({ refundable }) => refundable === true)]
    await stays.cancel(given.reservation, call)
    const statement = async (day: string) => {
      const lines: unknown[] = []
      for await (const line of provider.statement!(parseLocalDate(day), call))
        lines.push([line.reference, line.supplierRef, line.status, line.amount])
      return lines
    }
    expect(await statement('2026-11-24')).toEqual([
      [kept.order.reference.toUpperCase(), kept.reservation.supplierRef, 'live', kept.offer.total],
      [given.order.reference.toUpperCase(), given.reservation.supplierRef, 'cancelled', null],
    ])
    expect(await statement('2026-11-25')).toEqual([])
  })

  test('every call names the key and is signed with the second', async () => {
    requests.length = 0
    await shop()
    expect(requests[0]).toMatchObject({ method: 'POST', url: `${mock.url}/hotel-api/1.0/hotels` })
    expect(requests[0]!.headers).toMatchObject({
      'api-key': mock.account.apiKey,
      'x-signature': signatureOf(mock.account, clock.now()),
    })
  })

  test('a wrong secret is a fault of its own', async () => {
    const stranger = createHotelbeds({ config: { url: mock.url, ...mock.account, secret: 'wrong' }, send: partner.send, clock }).stays!
    await expect(shop(query(), stranger)).rejects.toMatchObject({ fault: 'unauthorised' })
    await expect(stranger.retrieve('1-1', call)).rejects.toMatchObject({ fault: 'unauthorised' })
  })

  test('nobody is called about properties that are not theirs', async () => {
    requests.length = 0
    expect(await shop(query({ properties: ['giata-7'] }))).toEqual([])
    expect(requests).toEqual([])
  })

  test('sells prices written as numbers and as text, rates of other days nowhere, packages marked as such', async () => {
    const asked = query({ properties: [...mock.codesAt('SIN'), ...mock.codesAt('BKK')] })
    const reply = await stays.shop(asked, call)
    if (!isUnread(reply)) throw new Error('read already')
    type Rate = { net: unknown; packaging: boolean; shiftRates?: { rateKey: string; net: string }[] }
    const { hotels } = JSON.parse(Buffer.from(reply.unread).toString('utf8')) as { hotels: { hotels: { rooms: { rates: Rate[] }[] }[] } }
    const rates = hotels.hotels.flatMap(({ rooms }) => rooms.flatMap((room) => room.rates))
    const shifted = rates.flatMap(({ shiftRates }) => shiftRates ?? [])
    expect(new Set(rates.map(({ net }) => typeof net))).toEqual(new Set(['string', 'number']))
    expect(shifted.length).toBeGreaterThan(0)

    const { offers } = stays.readShop!(reply, asked)
    expect(offers).toHaveLength(rates.length)
    const keys = new Set(offers.flatMap(({ supplierToken }) => readToken(supplierToken).rates.map(({ key }) => key)))
    for (const { rateKey } of shifted) expect(keys).not.toContain(rateKey)
    expect(offers.filter(({ isPackageOnly }) => isPackageOnly).length).toBe(rates.filter(({ packaging }) => packaging).length)
    expect(new Set(offers.map(({ payAt }) => payAt))).toEqual(new Set(['booking', 'property']))
  })

  test('a rate that has to be checked is not booked before, and after it is', async () => {
    const offer = (await shop()).find(({ supplierToken }) => readToken(supplierToken).rates.some(({ needsCheck }) => needsCheck))!
    requests.length = 0
    expect((await book(offer)).outcome).toMatchObject({ outcome: 'rejected', reason: 'not_allowed', code: 'unsendable' })
    expect(requests).toEqual([])
    const reply = await stays.price(offer, call)
    if (reply.outcome !== 'priced') throw new Error(reply.code)
    expect(reply.offer.supplierToken).not.toBe(offer.supplierToken)
    expect((await book(reply.offer)).outcome).toMatchObject({ outcome: 'ok' })
  })

  test('a key that has grown old is gone', async () => {
    const [offer] = await shop()
    clock.advance(50 * 60_000)
    expect(await stays.price(offer!, call)).toMatchObject({ outcome: 'gone', code: expect.stringMatching(/^INVALID_DATA-/) as string })
    expect((await book({ ...(await checked()), supplierToken: offer!.supplierToken })).outcome).toMatchObject({ outcome: 'rejected' })
  })

  test.each([
    ['SOLDOUT', { outcome: 'rejected', reason: 'sold_out' }],
    ['PRICEUP', { outcome: 'rejected', reason: 'price_changed' }],
  ])('holder %s: %j, and nothing is left behind', async (familyName, expected) => {
    const { order, outcome } = await book(await checked(), familyName)
    expect(outcome).toMatchObject(expected)
    expect(await stays.find(order, call)).toEqual({ outcome: 'absent' })
  })

  test('after PRICEUP the rate stands at the new price, seven per cent dearer', async () => {
    const offer = await checked(({ refundable }) => refundable === true)
    await book(offer, 'PRICEUP')
    const reply = await stays.price(offer, call)
    if (reply.outcome !== 'priced') throw new Error(reply.code)
    expect(compareMoney(reply.offer.total, offer.total)).toBeGreaterThan(0)
    expect(reply.offer.total.amount / offer.total.amount).toBeCloseTo(1.07, 2)
    expect((await book(reply.offer)).outcome).toMatchObject({ outcome: 'ok' })
  })

  test('holder SUPPLIERUNKNOWN is booked, the reply is lost, and the one booking is found', async () => {
    const { order, outcome } = await book(await checked(), 'SUPPLIERUNKNOWN')
    expect(outcome).toMatchObject({ outcome: 'unknown' })
    expect(await stays.find(order, call)).toMatchObject({ outcome: 'found', reservation: { status: 'active' } })
  })

  test('our reference is found although it comes back in capitals, and not under another day', async () => {
    const offer = await checked()
    const order: StayOrder = {
      reference: 'fw-lower-1',
      offer,
      guests: [guest('SANTOSO')],
      contact: { email: 'b@example.com', phone: '+62' },
    }
    expect(await stays.book(order, call)).toMatchObject({ outcome: 'ok' })
    expect(await stays.find(order, call)).toMatchObject({ outcome: 'found' })
    const otherDay = { ...order, offer: { ...offer, checkIn: parseLocalDate('2027-02-11') } }
    expect(await stays.find(otherDay, call)).toEqual({ outcome: 'absent' })
  })

  test('cancelling before the deadline gives everything back, after it what is left of the fee', async () => {
    const early = await booked(({ refundable, payAt }) => refundable === true && payAt === 'booking')
    expect(await stays.cancel(early.reservation, call)).toEqual({ outcome: 'ok', value: { refund: early.offer.total } })
    // A second time says the same.
    expect(await stays.cancel(early.reservation, call)).toEqual({ outcome: 'ok', value: { refund: early.offer.total } })

    const strict = await booked(({ ratePlan, payAt }) => ratePlan?.code === 'NRF' && payAt === 'booking')
    expect(strict.offer).toMatchObject({ refundable: false })
    expect(await stays.cancel(strict.reservation, call)).toEqual({ outcome: 'ok', value: { refund: money(0, 'EUR') } })

    const late = await booked(({ cancellation, payAt }) => cancellation?.length === 3 && payAt === 'booking')
    const [, night] = late.offer.cancellation!
    clock.advance(night!.from! - clock.now() + 60_000)
    expect(await stays.cancel(late.reservation, call)).toEqual({
      outcome: 'ok',
      value: { refund: subtractMoney(late.offer.total, night!.penalty!) },
    })
  })

  test('nothing comes back of what would have been paid at the property', async () => {
    const { reservation } = await booked(({ payAt, refundable }) => payAt === 'property' && refundable === true)
    expect(await stays.cancel(reservation, call)).toEqual({ outcome: 'ok', value: { refund: money(0, 'EUR') } })
  })

  test('a booking that nobody has made cannot be cancelled, and is refused to a reader', async () => {
    const reservation = {
      pnr: '1-1',
      supplierRef: '1-1',
      status: 'active',
      segments: [],
      total: null,
      tickets: [],
      ticketBy: null,
    } as const
    expect(await stays.cancel(reservation, call)).toMatchObject({ outcome: 'rejected', reason: 'not_found' })
    await expect(stays.retrieve('1-1', call)).rejects.toMatchObject({ fault: 'refused' })
  })

  test('refusals with status 500 do not open the breaker', async () => {
    const offer = await checked()
    for (let attempt = 0; attempt < 5; attempt += 1) {
      mock.control.fault('price', 'sold_out')
      expect(await stays.price(offer, call)).toMatchObject({ outcome: 'gone' })
    }
    expect(partner.state().breaker).toBe('closed')
  })

  test('a cursor of somebody else’s is refused', async () => {
    await expect(stays.content('page-two', call)).rejects.toMatchObject({ fault: 'refused' })
  })

  test('looks through more bookings than fit on a page, and takes the one that stands', async () => {
    const booking = (index: number) => ({
      reference: `1-${index}`,
      clientReference: index < 30 ? 'SOMEBODY-ELSE' : 'FWPAGES-1',
      status: index === 40 ? 'CONFIRMED' : 'CANCELLED',
      totalNet: '10.00',
      currency: 'EUR',
    })
    const all = [{ reference: 7 }, ...Array.from({ length: 60 }, (_, index) => booking(index))]
    const asked: string[] = []
    const seller = createHotelbeds({
      config: { url: mock.url, ...mock.account },
      clock,
      send: (request) => {
        const { searchParams } = new URL(request.url)
        asked.push(searchParams.get('from')!)
        const bookings = all.slice(Number(searchParams.get('from')) - 1, Number(searchParams.get('to')))
        return Promise.resolve(toPartnerReply(200, {}, Buffer.from(JSON.stringify({ bookings: { bookings } }))))
      },
    }).stays!
    const order = { reference: 'FWPAGES-1', offer: await checked(), guests: [], contact: { email: '', phone: '' } }
    expect(await seller.find(order, call)).toMatchObject({ outcome: 'found', reservation: { pnr: '1-40', status: 'active' } })
    expect(asked).toEqual(['1', '26'])
    expect(await seller.find({ ...order, reference: 'FWPAGES-2' }, call)).toEqual({ outcome: 'absent' })
    expect(asked).toEqual(['1', '26', '1', '26', '51'])
  })
})

describe('static content', () => {
  const hotel = (overrides: object = {}) => ({
    code: 1,
    name: { content: 'Villa Dorada' },
    countryCode: 'ES',
    coordinates: { longitude: 1.15, latitude: 41.07 },
    ...overrides,
  })
  const read = (...hotels: object[]) => readContent({ status: 200, body: { from: 1, to: 200, total: 450, hotels } }, 1)
  const one = (overrides: object) => read(hotel(overrides)).properties[0]!

  test('says only what is known', () => {
    expect(one({})).toEqual({
      provider: 'hotelbeds',
      code: '1',
      name: 'Villa Dorada',
      stars: null,
      latitude: 41.07,
      longitude: 1.15,
      address: null,
      city: null,
      country: 'ES',
      district: null,
      type: 'other',
      amenities: [],
      rating: null,
      images: [],
      description: null,
      checkInFrom: null,
      checkOutUntil: null,
    })
  })

  test('a facility counts by its group, and not when it is listed as absent', () => {
    const facility = (facilityGroupCode: number, facilityCode: number, overrides: object = {}) => ({
      facilityGroupCode,
      facilityCode,
      ...overrides,
    })
    const property = one({
      facilities: [
        facility(70, 550, { indYesOrNo: true }),
        facility(70, 320, { indYesOrNo: false }),
        facility(73, 363, { number: 1 }),
        facility(73, 360, { number: 0 }),
        facility(30, 10),
        facility(60, 10),
        facility(40, 40, { distance: 300 }),
        facility(71, 130, { indLogic: true }),
        facility(70, 260, { timeFrom: '14:00:00', timeTo: '00:00:00' }),
        facility(70, 390, { timeFrom: '07:00:00', timeTo: '10:00:00' }),
        { facilityCode: 'odd' },
      ],
    })
    expect(property).toMatchObject({ amenities: ['wifi', 'pool', 'bar', 'beach'], checkInFrom: '14:00', checkOutUntil: '10:00' })
    expect(one({ facilities: [facility(40, 40, { distance: 2_000 }), facility(40, 40)] }).amenities).toEqual([])
  })

  test.each([
    ['4EST', undefined, 4],
    ['H4_5', undefined, 4.5],
    ['3LL', undefined, 3],
    ['HS', 'GRUPO2', 2],
    ['ALBER', undefined, null],
    ['10X', 'GRUPO11', null],
  ])('category %s of %s has %s stars', (categoryCode, categoryGroupCode, stars) => {
    expect(one({ categoryCode, categoryGroupCode }).stars).toBe(stars)
  })

  test.each([
    ['HOTEL', 'hotel'],
    ['H', 'hotel'],
    ['APTHOTEL', 'apartment'],
    ['RURAL', 'guest_house'],
    ['CAMPING', 'other'],
    ['constructor', 'other'],
  ])('%s is of type %s', (accommodationTypeCode, type) => {
    expect(one({ accommodationTypeCode }).type).toBe(type)
  })

  test('the United Kingdom has another code with them', () => {
    expect(one({ countryCode: 'UK' }).country).toBe('GB')
    expect(one({ countryCode: 'UK', country: { isoCode: 'GB' } }).country).toBe('GB')
  })

  test('pictures are in the order for showing, once each, on the host of the photos', () => {
    const images = [
      { path: '00/1_room.jpg', order: 1, visualOrder: 401 },
      { path: '00/1_front.jpg', order: 9, visualOrder: 101 },
      { path: '00/1_room.jpg', order: 2, visualOrder: 402 },
      { path: '' },
      { path: '00/1 "><script>.jpg', visualOrder: 1 },
    ]
    expect(one({ images }).images).toEqual([
      'https://photos.hotelbeds.com/giata/bigger/00/1_front.jpg',
      'https://photos.hotelbeds.com/giata/bigger/00/1_room.jpg',
    ])
  })

  test('one that cannot be placed on a map is left out, and the page goes on where the next begins', () => {
    const page = read(
      hotel(),
      hotel({ coordinates: { longitude: '', latitude: 400 } }),
      { code: 3 },
      hotel({ code: '4', name: { content: ' ' } }),
    )
    expect(page.properties.map(({ code }) => code)).toEqual(['1'])
    expect(page).toMatchObject({ total: 450, next: '201' })
    const reply = (total?: number, hotels: object[] = [hotel()]) => ({ status: 200, body: { from: 201, to: 400, total, hotels } })
    expect(readContent(reply(401), 201).next).toBe('401')
    expect(readContent(reply(400), 201).next).toBeNull()
    expect(readContent(reply(), 201)).toMatchObject({ total: null, next: '401' })
    expect(readContent(reply(undefined, []), 201).next).toBeNull()
  })
})
