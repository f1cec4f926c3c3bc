import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHotelWorld } from '../../../fixtures/hotels/index.ts'
import { propertyIdOf } from '../../../fixtures/rapid/catalogue.ts'
import { startRapidMock, type RapidMock } from '../../../fixtures/rapid/index.ts'
import { compareMoney, parseMoney } from '../../kernel/money.ts'
import { createStoppedClock, parseLocalDate } from '../../kernel/time.ts'
import { createPartner, PartnerError, toPartnerReply, type Partner, type PartnerRequest } from '../../platform/partner.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { StayOffer, StayQuery } from '../../travel/stay.ts'
import { isUnread, type StayOrder, type StaySupplier } from '../contract.ts'
import { createRapid } from './index.ts'
import { settingsFor } from './testing.ts'
import { parseRef, parseToken } from './token.ts'

const CALL = { signal: new AbortController().signal }
const QUERY: StayQuery = {
  properties: createHotelWorld()
    .hotels.filter(({ place }) => place === 'SIN')
    .map(propertyIdOf),
  checkIn: parseLocalDate('2027-05-10'),
  checkOut: parseLocalDate('2027-05-12'),
  rooms: [
    { adults: 2, childAges: [] },
    { adults: 2, childAges: [] },
  ],
  guestCountry: 'ID',
  currency: 'IDR',
}

describe('against a Rapid of our own', () => {
  const clock = createStoppedClock('2027-01-01T00:00:00Z')
  let mock: RapidMock
  let partner: Partner
  let stays: StaySupplier
  let offers: readonly StayOffer[]
  let sent: PartnerRequest[] = []
  let sequence = 0

  beforeAll(async () => {
    mock = await startRapidMock({ clock })
    partner = createPartner({ name: 'Expedia Rapid', concurrentMax: 10, breakAfter: 1_000 })
    stays = createRapid({
      settings: settingsFor(mock),
      clock,
      send: (request, signal) => {
        sent.push(request)
        return partner.send(request, signal)
      },
    }).stays!
    offers = await shop()
  })
  afterAll(async () => {
    await partner.close()
    await mock.close()
  })

  async function shop(): Promise<readonly StayOffer[]> {
    const reply = await stays.shop(QUERY, CALL)
    return isUnread(reply) ? stays.readShop!(reply, QUERY).offers : reply.offers
  }
  /** A different offer each time, so that one test's price rise is not another's. */
  function sold(payAt: StayOffer['payAt'] = 'booking'): StayOffer {
    const list = offers.filter((offer) => !offer.isPackageOnly && offer.payAt === payAt)
    return list[(sequence += 1) % list.length]!
  }
  const orderFor = (offer: StayOffer, familyName = 'Santoso'): StayOrder => ({
    reference: `FWRAPID-${(sequence += 1)}`,
    offer,
    guests: [{ room: 0, isLead: true, title: 'mr', givenName: 'Budi', familyName, age: null }],
    contact: { email: 'budi@example.com', phone: '+6281234567890' },
  })
  async function priced(offer: StayOffer): Promise<StayOffer> {
    const reply = await stays.price(offer, CALL)
    if (reply.outcome !== 'priced') throw new Error(reply.code)
    return reply.offer
  }
  async function booked(offer: StayOffer): Promise<{ order: StayOrder; reservation: Reservation }> {
    const order = orderFor(offer)
    const outcome = await stays.book(order, CALL)
    if (outcome.outcome !== 'ok') throw new Error(JSON.stringify(outcome))
    return { order, reservation: outcome.value }
  }
  const heldUnder = (reference: string) => mock.control.state().reservations.filter((held) => held.reference === reference)

  test('one session goes from the price check to the cancellation, and another customer has another', async () => {
    const [first, second] = [await priced(sold()), await priced(sold())]
    const { session } = parseToken(first)
    expect(session).toMatch(/^[\da-f-]{36}$/)
    expect(parseToken(second).session).not.toBe(session)
    expect(parseToken(await priced(first)).session).toBe(session)
    sent = []
    const { reservation } = await booked(first)
    await stays.retrieve(reservation.supplierRef, CALL)
    await stays.cancel(reservation, CALL)
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET', 'DELETE', 'DELETE', 'GET'])
    expect(new Set(sent.map(({ headers }) => headers['customer-session-id']))).toEqual(new Set([session]))
  })

  test('an offer whose price was never checked is checked before it is booked', async () => {
    sent = []
    const { reservation } = await booked(sold())
    expect(sent[0]!.url).toContain('/rates/')
    expect(reservation.status).toBe('active')
  })

  test('an offer that has become dearer since the search is not booked: no booking leaves us', async () => {
    const offer = sold()
    mock.control.fault('price', 'price_up')
    expect(await stays.price(offer, CALL)).toMatchObject({ outcome: 'priced' })
    const order = orderFor(offer)
    sent = []
    expect(await stays.book(order, CALL)).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
    expect(sent.map(({ method }) => method)).toEqual(['GET'])
    expect(heldUnder(order.reference)).toEqual([])
  })

  test('a link to book with that has run out is renewed, and the agreed price holds', async () => {
    const offer = await priced((await shop()).filter(({ payAt, isPackageOnly }) => payAt === 'booking' && !isPackageOnly)[9]!)
    const expired = { ...offer, expiresAt: clock.now() }
    sent = []
    await booked(expired)
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET'])
  })

  test('a price check that cannot be made leaves the booking unsent', async () => {
    mock.control.fault('price', 'server_error')
    const order = orderFor(sold())
    expect(await stays.book(order, CALL)).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
    expect(heldUnder(order.reference)).toEqual([])
  })

  test.each([
    ['SOLDOUT', { outcome: 'rejected', reason: 'sold_out', code: 'rooms_unavailable' }, 0],
    ['PRICEUP', { outcome: 'rejected', reason: 'price_changed', code: 'price_mismatch' }, 0],
    ['SUPPLIERUNKNOWN', { outcome: 'unknown' }, 1],
  ])('a guest called %s tries what can go wrong', async (familyName, outcome, count) => {
    const order = orderFor(await priced(sold()), familyName)
    expect(await stays.book(order, CALL)).toMatchObject(outcome)
    expect(heldUnder(order.reference)).toHaveLength(count)
    expect((await stays.find(order, CALL)).outcome).toBe(count === 0 ? 'absent' : 'found')
  })

  test('the same reference a second time proves nothing, and there is one reservation', async () => {
    const offer = await priced(sold())
    const { order } = await booked(offer)
    expect(await stays.book(order, CALL)).toMatchObject({ outcome: 'unknown' })
    expect(heldUnder(order.reference)).toHaveLength(1)
  })

  test('a reservation found by reference is read and cancelled without the link of its booking', async () => {
    const { order } = await booked(await priced(sold()))
    const found = await stays.find(order, CALL)
    if (found.outcome !== 'found') throw new Error('absent')
    expect(parseRef(found.reservation.supplierRef)).toMatchObject({ email: 'budi@example.com' })
    expect(await stays.retrieve(found.reservation.supplierRef, CALL)).toMatchObject({ status: 'active', total: order.offer.total })
    expect(await stays.cancel(found.reservation, CALL)).toMatchObject({ outcome: 'ok' })
    expect(heldUnder(order.reference)[0]!.rooms.map(({ status }) => status)).toEqual(['canceled', 'canceled'])
  })

  test('a rate that the property collects is booked without a payment, and gives nothing back through us', async () => {
    const offer = await priced(sold('property'))
    sent = []
    const { reservation } = await booked(offer)
    expect(JSON.parse(sent[0]!.body!)).not.toHaveProperty('payments')
    expect(await stays.cancel(reservation, CALL)).toEqual({ outcome: 'ok', value: { refund: null } })
  })

  test('a refundable rate gives all of it back in time, in the currency it was sold in; one that is not gives nothing', async () => {
    const refundable = await booked(
      await priced(offers.find((offer) => offer.refundable && offer.payAt === 'booking' && !offer.isPackageOnly)!),
    )
    expect(await stays.cancel(refundable.reservation, CALL)).toEqual({ outcome: 'ok', value: { refund: refundable.order.offer.total } })
    const fixed = await booked(await priced(offers.find((offer) => offer.refundable === false && !offer.isPackageOnly)!))
    expect(await stays.cancel(fixed.reservation, CALL)).toEqual({ outcome: 'ok', value: { refund: parseMoney('0', 'IDR') } })
  })

  test('the timeline of a rate says what its cancellation then costs', async () => {
    const late = { ...QUERY, checkIn: parseLocalDate('2027-01-03'), checkOut: parseLocalDate('2027-01-05') }
    const reply = await stays.shop(late, CALL)
    const list = isUnread(reply) ? stays.readShop!(reply, late).offers : reply.offers
    const offer = await priced(list.find((one) => one.refundable && one.payAt === 'booking' && !one.isPackageOnly)!)
    const step = offer.cancellation!.findLast(({ from }) => from === null || from <= clock.now())!
    const { reservation } = await booked(offer)
    const outcome = await stays.cancel(reservation, CALL)
    if (outcome.outcome !== 'ok' || !outcome.value.refund || !step.penalty) throw new Error(JSON.stringify(outcome))
    const kept = offer.total.amount - outcome.value.refund.amount
    // Shares of two currencies are rounded against us on either side.
    expect(Math.abs(kept - step.penalty.amount) / offer.total.amount).toBeLessThan(0.005)
    expect(compareMoney(step.penalty, parseMoney('0', 'IDR'))).toBeGreaterThan(0)
  })
})

/** A supplier that answers as it is told, in turn, by method and path. */
function scripted(answers: Record<string, (readonly [status: number, body?: unknown] | 'lost')[]>) {
  const sent: string[] = []
  const { stays } = createRapid({
    settings: settingsFor({ url: 'https://test.ean.com', account: { apiKey: 'k', sharedSecret: 's' } }),
    clock: createStoppedClock('2027-01-01T00:00:00Z'),
    send: ({ method, url }) => {
      const key = `${method} ${new URL(url).pathname}`
      sent.push(key)
      const answer = answers[key]?.shift()
      if (!answer) return Promise.reject(new Error(`nobody expects ${key}`))
      if (answer === 'lost') return Promise.reject(new PartnerError('cut_off', 'lost', { neverSent: false }))
      return Promise.resolve(toPartnerReply(answer[0], {}, Buffer.from(answer[1] === undefined ? '' : JSON.stringify(answer[1]))))
    },
  })
  return { stays: stays!, sent }
}

const room = (id: string, status: string, more: object = {}) => ({
  id,
  status,
  links: { cancel: { method: 'DELETE', href: `/v3/itineraries/77/rooms/${id}?token=t` } },
  ...more,
})
const itinerary = (...rooms: object[]) => ({ itinerary_id: '77', rooms })
const RESERVATION: Reservation = {
  pnr: '77',
  supplierRef: JSON.stringify({ itinerary: '77', session: 's', retrieve: '/v3/itineraries/77?token=t' }),
  status: 'active',
  segments: [],
  total: null,
  tickets: [],
  ticketBy: null,
}
const GET = 'GET /v3/itineraries/77'
const DELETE = (id: string) => `DELETE /v3/itineraries/77/rooms/${id}`

describe('cancelling every room', () => {
  test('one of two is neither done nor rejected', async () => {
    const { stays } = scripted({
      [GET]: [[200, itinerary(room('a', 'booked'), room('b', 'booked'))]],
      [DELETE('a')]: [[204]],
      [DELETE('b')]: [[404, { type: 'resource_not_found', message: 'no' }]],
    })
    expect(await stays.cancel(RESERVATION, CALL)).toMatchObject({ outcome: 'unknown' })
  })

  test('none of two is rejected when both refusals prove it', async () => {
    const refusal = [404, { type: 'resource_not_found', message: 'no' }] as const
    const { stays } = scripted({
      [GET]: [[200, itinerary(room('a', 'booked'), room('b', 'booked'))]],
      [DELETE('a')]: [refusal],
      [DELETE('b')]: [refusal],
    })
    expect(await stays.cancel(RESERVATION, CALL)).toMatchObject({ outcome: 'rejected', reason: 'not_found' })
  })

  test('only the rooms that are left are cancelled, and none when none is', async () => {
    const partly = scripted({
      [GET]: [
        [200, itinerary(room('a', 'canceled'), room('b', 'booked'))],
        [200, itinerary(room('a', 'canceled'), room('b', 'canceled'))],
      ],
      [DELETE('b')]: [[204]],
    })
    expect(await partly.stays.cancel(RESERVATION, CALL)).toEqual({ outcome: 'ok', value: { refund: null } })
    const done = scripted({ [GET]: [[200, itinerary(room('a', 'canceled'))]] })
    expect(await done.stays.cancel(RESERVATION, CALL)).toEqual({ outcome: 'ok', value: { refund: null } })
    expect(done.sent).toEqual([GET])
  })

  test('"accepted" is looked at, and then done or still open', async () => {
    const accepted = (after: string) =>
      scripted({
        [GET]: [
          [200, itinerary(room('a', 'booked'))],
          [200, itinerary(room('a', after))],
        ],
        [DELETE('a')]: [[202]],
      })
    expect(await accepted('canceled').stays.cancel(RESERVATION, CALL)).toMatchObject({ outcome: 'ok' })
    expect(await accepted('booked').stays.cancel(RESERVATION, CALL)).toMatchObject({ outcome: 'unknown', cause: 'pending' })
  })

  test('a lost reply for one room is unknown, whatever the others say', async () => {
    const { stays } = scripted({
      [GET]: [[200, itinerary(room('a', 'booked'), room('b', 'booked'))]],
      [DELETE('a')]: ['lost'],
      [DELETE('b')]: [[204]],
    })
    expect(await stays.cancel(RESERVATION, CALL)).toMatchObject({ outcome: 'unknown' })
  })

  test('nothing is cancelled when a room has no way to, or the itinerary cannot be read', async () => {
    const without = scripted({ [GET]: [[200, itinerary(room('a', 'booked'), room('b', 'booked', { links: {} }))]] })
    expect(await without.stays.cancel(RESERVATION, CALL)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
    const bare = scripted({ [GET]: [[200, { itinerary_id: '77', creation_date_time: '2027-01-01T00:00:00Z' }]] })
    expect(await bare.stays.cancel(RESERVATION, CALL)).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
    const lost = scripted({ [GET]: ['lost'] })
    expect(await lost.stays.cancel(RESERVATION, CALL)).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
    const gone = scripted({ [GET]: [[404, { type: 'resource_not_found', message: 'no' }]] })
    expect(await gone.stays.cancel(RESERVATION, CALL)).toMatchObject({ outcome: 'rejected', reason: 'not_found' })
    for (const { sent } of [without, bare, lost, gone]) expect(sent).toEqual([GET])
  })

  test('a held itinerary is given back as a whole', async () => {
    const links = { resume: { href: '/v3/itineraries/77?token=r' }, cancel: { href: '/v3/itineraries/77?token=c' } }
    const { stays, sent } = scripted({
      [GET]: [
        [200, { ...itinerary(room('a', 'pending')), links }],
        [200, itinerary(room('a', 'canceled'))],
      ],
      'DELETE /v3/itineraries/77': [[204]],
    })
    expect(await stays.cancel(RESERVATION, CALL)).toMatchObject({ outcome: 'ok' })
    expect(sent).toContain('DELETE /v3/itineraries/77')
  })
})

describe('the state of an itinerary', () => {
  test.each([
    [['booked', 'booked'], 'active'],
    [['canceled', 'canceled'], 'cancelled'],
    [['booked', 'canceled'], 'unknown'],
    [['pending'], 'unknown'],
    [['booked', 'no_show'], 'unknown'],
    [[], 'unknown'],
  ])('%j is %s', async (statuses, status) => {
    const { stays } = scripted({ [GET]: [[206, itinerary(...statuses.map((one, index) => room(String(index), one)))]] })
    expect(await stays.retrieve(RESERVATION.supplierRef, CALL)).toMatchObject({ pnr: '77', status })
  })

  test('an amount nobody can read hides no reservation', async () => {
    const odd = room('a', 'booked', {
      rate: { pricing: { totals: { inclusive: { billable_currency: { value: 'lots', currency: 'USD' } } } } },
    })
    const { stays } = scripted({ [GET]: [[200, itinerary(odd)]] })
    expect(await stays.retrieve(RESERVATION.supplierRef, CALL)).toMatchObject({ status: 'active', total: null })
  })
})

describe('right after a booking', () => {
  const order = (): StayOrder => ({
    reference: 'FWRAPID-X',
    offer: {
      ...({} as StayOffer),
      rooms: [{ name: 'Room', code: '1', occupancy: { adults: 1, childAges: [] } }],
      payAt: 'booking',
      expiresAt: null,
      supplierToken: JSON.stringify({ priceCheck: '/v3/check', book: '/v3/itineraries?token=b', session: 's', country: 'ID', terms: {} }),
    },
    guests: [{ room: 0, isLead: true, title: null, givenName: 'Budi', familyName: 'Santoso', age: null }],
    contact: { email: 'budi@example.com', phone: '+6281234567890' },
  })
  const created = [201, { itinerary_id: '77', links: { retrieve: { method: 'GET', href: '/v3/itineraries/77?token=t' } } }] as const

  test.each([
    ['not readable yet', [404, { type: 'resource_not_found', message: 'wait' }], 'active'],
    ['readable as a number only', [200, { itinerary_id: '77', creation_date_time: '2027-01-01T00:00:00Z' }], 'active'],
    ['booked', [200, itinerary(room('a', 'booked'))], 'active'],
    ['pending', [200, itinerary(room('a', 'pending'))], 'unknown'],
  ] as const)('an itinerary that is %s is what its creation or its rooms say', async (_, answer, status) => {
    const { stays } = scripted({ 'POST /v3/itineraries': [created], [GET]: [answer] })
    expect(await stays.book(order(), CALL)).toMatchObject({ outcome: 'ok', value: { pnr: '77', status } })
  })

  test('a booking that waits for its payment is not made', async () => {
    const challenged = {
      itinerary_id: '77',
      links: { complete_payment_session: { method: 'PUT', href: '/v3/itineraries/77/payment-sessions?token=t' } },
    }
    const { stays } = scripted({ 'POST /v3/itineraries': [[201, challenged]] })
    expect(await stays.book(order(), CALL)).toMatchObject({ outcome: 'unknown', cause: 'pending' })
  })

  test('an itinerary of somebody else under our reference is not ours; an active one is found before a cancelled one', async () => {
    const one = (id: string, reference: string, status: string) => ({
      ...itinerary(room('a', status)),
      itinerary_id: id,
      affiliate_reference_id: reference,
    })
    const list = [one('1', 'OTHER', 'booked'), one('2', 'FWRAPID-X', 'canceled'), one('3', 'FWRAPID-X', 'booked')]
    const { stays } = scripted({
      'GET /v3/itineraries': [
        [200, list],
        [200, list.slice(0, 1)],
      ],
    })
    expect(await stays.find(order(), CALL)).toMatchObject({ outcome: 'found', reservation: { pnr: '3' } })
    expect(await stays.find(order(), CALL)).toEqual({ outcome: 'absent' })
  })
})

describe('a price check', () => {
  const offer = {
    ...({} as StayOffer),
    supplierToken: JSON.stringify({ priceCheck: '/v3/check', book: null, session: null, country: 'ID', terms: {} }),
    rooms: [],
  }

  test.each([
    ['link.expired', { outcome: 'gone', code: 'link.expired' }],
    ['link.invalid', { outcome: 'gone', code: 'link.invalid' }],
  ])('behind a link that is %s finds the rate gone', async (type, outcome) => {
    const { stays } = scripted({ 'GET /v3/check': [[400, { type: 'invalid_input', message: '', errors: [{ type, message: '' }] }]] })
    expect(await stays.price(offer, CALL)).toMatchObject(outcome)
  })

  test.each([
    [{ status: 'matched' }, 'malformed'],
    [{ status: 'perhaps', links: { book: { href: '/v3/b' } } }, 'malformed'],
    [{ status: 'available', links: { payment_session: { href: '/v3/payment-sessions?token=t' } } }, 'refused'],
  ])('%j cannot be booked on, and is no end of the rate', async (body, fault) => {
    const { stays } = scripted({ 'GET /v3/check': [[200, body]] })
    await expect(stays.price(offer, CALL)).rejects.toMatchObject({ fault })
  })
})
