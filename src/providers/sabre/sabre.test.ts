import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startSabreMock, type SabreMock } from '../../../fixtures/sabre/index.ts'
import { shop } from '../../../test/support/shop.ts'
import { addMoney, compareMoney, formatAmount, isSameMoney, money } from '../../kernel/money.ts'
import { createStoppedClock, parseLocalDate } from '../../kernel/time.ts'
import { createPartner, type Partner, type PartnerRequest } from '../../platform/partner.ts'
import type { FlightOffer, FlightQuery } from '../../travel/flight.ts'
import type { Passenger } from '../../travel/passenger.ts'
import type { FlightOrder, FlightSupplier, WriteOutcome } from '../contract.ts'
import { createSabre } from './index.ts'
import { settingsFor } from './test-settings.ts'

const query: FlightQuery = {
  slices: [{ origin: 'SIN', destination: 'LHR', departureDate: parseLocalDate('2027-01-15') }],
  passengers: { adults: 1, children: 0, infants: 0 },
  cabin: 'economy',
}
const call = { signal: new AbortController().signal }

describe('sabre', () => {
  const requests: PartnerRequest[] = []
  let clock: ReturnType<typeof createStoppedClock>
  let mock: SabreMock
  let partner: Partner
  let flights: FlightSupplier
  let sequence = 0

  beforeAll(async () => {
    clock = createStoppedClock('2026-11-21T08:00:00Z')
    mock = await startSabreMock({ seed: 3, clock })
    partner = createPartner({ name: 'Sabre', concurrentMax: 20, breakAfter: 1_000 })
    const send: typeof partner.send = (request, signal) => {
      requests.push(request)
      return partner.send(request, signal)
    }
    flights = createSabre({ settings: settingsFor(mock), send, clock }).flights!
  })
  afterEach(() => {
    mock.control.clear()
    requests.length = 0
  })
  afterAll(async () => {
    await partner.close()
    await mock.close()
  })

  const traveller = (familyName: string): Passenger => ({
    type: 'adult',
    title: 'mr',
    givenName: 'Budi',
    familyName,
    bornOn: parseLocalDate('1990-04-18'),
    gender: 'male',
    document: null,
  })
  async function offers(): Promise<readonly FlightOffer[]> {
    const found = await shop(flights, query, call)
    return found.offers.toSorted((a, b) => compareMoney(a.total, b.total))
  }
  async function orderFor(familyName: string, pick: (offer: FlightOffer) => boolean = () => true): Promise<FlightOrder> {
    sequence += 1
    const list = (await offers()).filter(pick)
    return {
      reference: `FWREF${sequence}`,
      offer: list[sequence % list.length]!,
      passengers: [traveller(familyName)],
      contact: { email: 'budi@example.com', phone: '+62812345678' },
    }
  }
  async function ticketed(familyName: string, pick?: (offer: FlightOffer) => boolean) {
    const order = await orderFor(familyName, pick)
    const reservation = value(await flights.book(order, call))
    value(await flights.ticket!({ reference: order.reference, reservation, total: order.offer.total }, call))
    return { order, reservation: await flights.retrieve(reservation.supplierRef, call) }
  }
  const held = (reference: string) => mock.control.state().reservations.filter((one) => one.reference === reference)
  const sentTo = (path: string) =>
    requests.filter((request) => request.url.endsWith(path)).map((request) => JSON.parse(request.body!) as Record<string, unknown>)

  test('asks for the cheapest brands of published content, in the currency that is configured', async () => {
    await offers()
    expect(requests.at(-1)).toMatchObject({
      url: `${mock.url}/v5/offers/shop`,
      headers: { authorization: expect.stringMatching(/^Bearer T1RLAQ/) },
    })
    expect(sentTo('/v5/offers/shop')[0]).toMatchObject({
      OTA_AirLowFareSearchRQ: {
        Version: '5',
        POS: { Source: [{ PseudoCityCode: mock.pcc }] },
        TravelPreferences: { CabinPref: [{ Cabin: 'Y' }], TPA_Extensions: { DataSources: { NDC: 'Disable', ATPCO: 'Enable' } } },
        TravelerInfoSummary: { PriceRequestInformation: { CurrencyCode: 'EUR' } },
      },
    })
  })

  test('a verified offer keeps its id, its brand and its classes', async () => {
    const offer = (await offers())[5]!
    const reply = await flights.price(offer, call)
    if (reply.outcome !== 'priced') throw new Error('gone')
    expect(reply.offer).toMatchObject({ id: offer.id, solution: offer.solution, supplierToken: offer.supplierToken, slices: offer.slices })
    expect(isSameMoney(reply.offer.total, offer.total)).toBe(true)
  })

  test('prices only what is booked with the messages that are built', async () => {
    const offer = (await offers())[0]!
    const ndc = { ...offer, supplierToken: JSON.stringify({ ...(JSON.parse(offer.supplierToken) as object), source: 'NDC' }) }
    await expect(flights.price(ndc, call)).rejects.toMatchObject({ fault: 'refused' })
    expect(await flights.book({ ...(await orderFor('SANTOSO')), offer: ndc }, call)).toMatchObject({
      outcome: 'rejected',
      code: 'unsendable',
    })
    expect(sentTo('/createBooking')).toHaveLength(0)
  })

  test.each([
    ['SOLDOUT', 'sold_out'],
    ['PRICEUP', 'price_changed'],
  ])('%s is rejected as %s and leaves nothing behind', async (familyName, reason) => {
    const order = await orderFor(familyName)
    expect(await flights.book(order, call)).toMatchObject({ outcome: 'rejected', reason })
    expect(held(order.reference)).toHaveLength(0)
  })

  test('after PRICEUP the fare stands at the new price, for verification and for the next search', async () => {
    const order = await orderFor('PRICEUP')
    await flights.book(order, call)
    const priced = await flights.price(order.offer, call)
    if (priced.outcome !== 'priced') throw new Error('gone')
    expect(compareMoney(priced.offer.total, order.offer.total)).toBeGreaterThan(0)
    expect(await flights.book({ ...order, offer: priced.offer, passengers: [traveller('SANTOSO')] }, call)).toMatchObject({ outcome: 'ok' })
  })

  test('a reservation of which the airline confirms a part only is given back at once, and is no booking', async () => {
    const order = await orderFor('PARTHELD', (offer) => offer.slices[0]!.segments.length > 1)
    expect(await flights.book(order, call)).toMatchObject({ outcome: 'rejected', reason: 'sold_out', code: 'incomplete_cancelled' })
    expect(held(order.reference)).toMatchObject([{ status: 'cancelled' }])
  })

  test('when giving it back is not confirmed, nobody knows, and it is found as what it is', async () => {
    const order = await orderFor('PARTHELD', (offer) => offer.slices[0]!.segments.length > 1)
    mock.control.fault('cancel', 'drop')
    expect(await flights.book(order, call)).toMatchObject({ outcome: 'unknown' })
    const found = await flights.find(order, call)
    expect(found).toMatchObject({ outcome: 'found', reservation: { status: 'unknown' } })
    if (found.outcome === 'found')
      expect(found.reservation.segments.map((segment) => segment.status)).toEqual([
        'confirmed',
        ...Array<string>(found.reservation.segments.length - 2).fill('confirmed'),
        'cancelled',
      ])
  })

  test('a dearer stored price is given back too, should Sabre not have halted', async () => {
    const order = await orderFor('SANTOSO')
    const cheaper = { ...order.offer, total: money(order.offer.total.amount - 1, order.offer.total.currency) }
    const trusting = createSabre({
      settings: settingsFor(mock),
      // Without the threshold, as if Sabre had not minded it.
      send: (request, signal) =>
        partner.send({ ...request, ...(request.body && { body: request.body.replace(/"priceComparisons":\[[^\]]*\],/, '') }) }, signal),
      clock,
    }).flights!
    expect(await trusting.book({ ...order, offer: cheaper }, call)).toMatchObject({
      outcome: 'rejected',
      reason: 'price_changed',
      code: 'incomplete_cancelled',
    })
    expect(held(order.reference)).toMatchObject([{ status: 'cancelled' }])
  })

  test('SUPPLIERUNKNOWN is ticketed and the reply is lost; the tickets are there, and asking again issues none', async () => {
    const order = await orderFor('SUPPLIERUNKNOWN')
    const reservation = value(await flights.book(order, call))
    const ticketOrder = { reference: order.reference, reservation, total: order.offer.total }
    expect(await flights.ticket!(ticketOrder, call)).toMatchObject({ outcome: 'unknown' })
    const found = await flights.find(order, call)
    expect(found).toMatchObject({
      outcome: 'found',
      reservation: { status: 'active', tickets: [{ passengerName: 'BUDI SUPPLIERUNKNOWN' }] },
    })
    expect(await flights.ticket!(ticketOrder, call)).toMatchObject({
      outcome: 'ok',
      value: [{ number: expect.stringMatching(/^\d{13}$/) }],
    })
    expect(held(order.reference)[0]!.tickets).toHaveLength(1)
  })

  test('tickets are never issued above the agreed price, and the stored prices are named', async () => {
    const order = await orderFor('SANTOSO')
    const reservation = value(await flights.book(order, call))
    const less = money(order.offer.total.amount - 1, order.offer.total.currency)
    expect(await flights.ticket!({ reference: order.reference, reservation, total: less }, call)).toMatchObject({
      outcome: 'rejected',
      reason: 'price_changed',
    })
    expect(sentTo('/fulfillFlightTickets')).toHaveLength(0)
    value(await flights.ticket!({ reference: order.reference, reservation, total: order.offer.total }, call))
    expect(sentTo('/fulfillFlightTickets')[0]).toMatchObject({
      acceptPriceChanges: false,
      priceQuoteExpirationMethod: 'Quit',
      fulfillments: [{ ticketingQualifiers: { priceQuoteRecordIds: ['1'] } }],
    })
  })

  test('finds over a session that is closed again, whatever happens, and reads no remark of others as ours', async () => {
    const order = await orderFor('WIJAYA')
    await flights.book(order, call)
    await flights.book({ ...order, reference: 'FWOTHER' }, call)
    expect(await flights.find(order, call)).toMatchObject({ outcome: 'found', reservation: { status: 'active' } })
    expect(await flights.find({ ...order, reference: 'FWREF' }, call)).toEqual({ outcome: 'absent' })
    mock.control.fault('find', 'garbage')
    await expect(flights.find(order, call)).rejects.toMatchObject({ fault: 'malformed' })
    expect(mock.control.state().openSessions).toBe(0)
  })

  test('a candidate that cannot be read is no absence', async () => {
    const order = await orderFor('KUSUMA')
    await flights.book(order, call)
    mock.control.fault('retrieve', 'server_error')
    await expect(flights.find({ ...order, reference: 'FWNEVER' }, call)).rejects.toMatchObject({ fault: 'unreachable' })
  })

  test('names are searched as the host keeps them', async () => {
    const order = await orderFor('Müller-Lüdenscheidt')
    value(await flights.book(order, call))
    expect(await flights.find(order, call)).toMatchObject({ outcome: 'found' })
  })

  test('more of a name than can be looked through is a fault, not an absence', async () => {
    const order = await orderFor('TOOMANY')
    for (let index = 0; index < 51; index += 1) value(await flights.book({ ...order, reference: `FWMANY${index}` }, call))
    await expect(flights.find({ ...order, reference: 'FWNEVER' }, call)).rejects.toMatchObject({ fault: 'refused' })
  })

  test('voids one ticket, and says that one outside its window cannot be', async () => {
    const { reservation } = await ticketed('SANTOSO')
    const [ticket] = reservation.tickets
    expect(await flights.void!(reservation, ticket!.number, call)).toEqual({ outcome: 'ok', value: null })
    expect((await flights.retrieve(reservation.supplierRef, call)).tickets[0]!.coupons.every((coupon) => coupon.status === 'void')).toBe(
      true,
    )
    const late = await ticketed('SANTOSO')
    clock.advance(25 * 3_600_000)
    expect(await flights.void!(late.reservation, late.reservation.tickets[0]!.number, call)).toMatchObject({
      outcome: 'rejected',
      reason: 'not_allowed',
    })
    expect(await flights.cancel(late.reservation, call)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
    expect((await flights.retrieve(late.reservation.supplierRef, call)).status).toBe('active')
  })

  test('cancelling twice is a success twice', async () => {
    const { order, reservation } = await ticketed('SANTOSO')
    const outcome = { outcome: 'ok', value: { refund: order.offer.total } }
    expect(await flights.cancel(reservation, call)).toEqual(outcome)
    expect(await flights.cancel(reservation, call)).toEqual(outcome)
    expect(sentTo('/cancelBooking')).toHaveLength(1)
  })

  test('quotes a refund and pays what was quoted, and then gives the flights back', async () => {
    const { order, reservation } = await ticketed('SANTOSO', (offer) => offer.refundable === true)
    const early = await flights.quoteRefund!(reservation, call)
    expect([early.refund, early.penalty]).toEqual([order.offer.total, money(0, 'EUR')])
    clock.advance(25 * 3_600_000)
    const quote = await flights.quoteRefund!(reservation, call)
    expect(isSameMoney(addMoney(quote.refund!, quote.penalty!), quote.paid!)).toBe(true)
    expect(await flights.refund!(reservation, quote, call)).toEqual({ outcome: 'ok', value: { refund: quote.refund } })
    expect(held(order.reference)).toMatchObject([{ status: 'cancelled', tickets: [{ status: 'void' }] }])
  })

  test('a refund whose reply is lost is unknown', async () => {
    const { reservation } = await ticketed('SANTOSO')
    const quote = await flights.quoteRefund!(reservation, call)
    mock.control.fault('refund', 'drop_after_effect')
    expect(await flights.refund!(reservation, quote, call)).toMatchObject({ outcome: 'unknown' })
  })

  test('shows the seats of every flight, free and taken, with prices and aisles', async () => {
    const offer = (await offers()).find((one) => one.slices[0]!.segments.length === 2)!
    const maps = await flights.seatMaps!(offer, call)
    expect(maps.map((map) => map.segmentIndex)).toEqual([0, 1])
    const [cabin] = maps[0]!.cabins
    expect(cabin).toMatchObject({ cabin: 'economy', deck: 'main', columns: ['A', 'B', 'C', null, 'D', 'E', 'F'] })
    expect(new Set(cabin!.seats.map((seat) => seat.state))).toEqual(new Set(['free', 'taken']))
    const exit = cabin!.seats.find((seat) => seat.features.includes('exit'))!
    expect([exit.features.includes('extra_legroom'), formatAmount(exit.price!)]).toEqual([true, '30.00'])
  })

  test('a family is booked with each infant on an adult’s lap, and every seat is asked for', async () => {
    const party: FlightQuery = { ...query, passengers: { adults: 2, children: 1, infants: 1 } }
    const { offers: found } = await shop(flights, party, call)
    const person = (type: Passenger['type'], givenName: string, born: string): Passenger => ({
      ...traveller('HARTONO'),
      type,
      givenName,
      bornOn: parseLocalDate(born),
    })
    const order: FlightOrder = {
      reference: 'FWFAMILY',
      offer: found[0]!,
      passengers: [
        person('adult', 'BUDI', '1990-04-18'),
        person('adult', 'SITI', '1991-05-19'),
        person('child', 'ADI', '2019-01-02'),
        person('infant', 'EKO', '2026-02-03'),
      ],
      contact: { email: 'budi@example.com', phone: '+62812345678' },
    }
    expect(await flights.book(order, call)).toMatchObject({ outcome: 'ok', value: { total: order.offer.total } })
    expect(sentTo('/createBooking')[0]).toMatchObject({
      travelers: [
        { passengerCode: 'ADT', infantTravelerIndex: 4 },
        { passengerCode: 'ADT' },
        { passengerCode: 'CNN' },
        { passengerCode: 'INF', gender: 'INFANT_MALE' },
      ],
    })
  })

  test('a token that Sabre no longer takes is renewed once, and the booking is made once', async () => {
    const order = await orderFor('SANTOSO')
    mock.control.clear()
    mock.control.revokeTokens()
    expect(await flights.book(order, call)).toMatchObject({ outcome: 'ok' })
    expect(mock.control.state().calls).toMatchObject({ token: 1, book: 1 })
    expect(held(order.reference)).toHaveLength(1)
  })
})

function value<T>(outcome: WriteOutcome<T>): T {
  if (outcome.outcome !== 'ok') throw new Error(`expected ok, got ${JSON.stringify(outcome)}`)
  return outcome.value
}
