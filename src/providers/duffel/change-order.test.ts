import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { answeringDuffel, okay, openDuffelDesk, type DuffelDesk } from '../../../test/support/duffel-desk.ts'
import { addMoney, compareMoney, isSameMoney, money, subtractMoney, type Money } from '../../kernel/money.ts'
import { parseInstant, parseLocalDate } from '../../kernel/time.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { ExchangeQuote, ExchangeRequest } from '../contract.ts'

const CHANGEABLE = (offer: FlightOffer): boolean => offer.changeable === true

describe('a change that the traveller asks for', () => {
  let desk: DuffelDesk
  beforeAll(async () => {
    desk = await openDuffelDesk(22)
  })
  afterEach(() => desk.mock.control.clear())
  afterAll(() => desk.close())

  const RETURN_LATER = { replaces: 1, origin: 'LHR', destination: 'SIN', departureDate: parseLocalDate('2027-01-28') } as const
  async function quoted(
    suits: (offer: FlightOffer) => boolean = CHANGEABLE,
    slices: ExchangeRequest['slices'] = [RETURN_LATER],
  ): Promise<{ reservation: Reservation; quotes: readonly ExchangeQuote[] }> {
    const reservation = await desk.booked(suits)
    const quotes = await desk.flights.quoteExchange!({ reservation, slices }, desk.call)
    return { reservation, quotes }
  }
  const truthOf = (reservation: Reservation) => desk.mock.control.state().reservations.find((one) => one.id === reservation.supplierRef)!

  test('is offered with its difference, penalty, new total and the whole journey after it', async () => {
    const { reservation, quotes } = await quoted()
    expect(quotes.length).toBeGreaterThan(0)
    for (const quote of quotes) {
      expect(quote.newTotal).toEqual(subtractMoney(addMoney(reservation.total!, quote.difference!), quote.penalty!))
      expect(quote.expiresAt).toBe(desk.clock.now() + 30 * 60_000)
      expect(quote.slices.map((slice) => [slice.origin, slice.destination])).toEqual([
        ['SIN', 'LHR'],
        ['LHR', 'SIN'],
      ])
      expect(quote.slices.map((slice) => slice.segments[0]!.departure.local.slice(0, 10))).toEqual(['2027-01-15', '2027-01-28'])
    }
    const asked = desk.requests.find((request) => request.url.endsWith('/air/order_change_requests'))!
    expect(JSON.parse(asked.body!)).toMatchObject({
      data: {
        order_id: reservation.supplierRef,
        slices: {
          remove: [{ slice_id: expect.stringMatching(/^sli_/) as string }],
          add: [{ origin: 'LHR', destination: 'SIN', departure_date: '2027-01-28', cabin_class: 'economy' }],
        },
      },
    })
  })

  test('of the first slice leaves the second where it is', async () => {
    const { quotes } = await quoted(CHANGEABLE, [
      { replaces: 0, origin: 'SIN', destination: 'LHR', departureDate: parseLocalDate('2027-01-14') },
    ])
    expect(quotes[0]!.slices.map((slice) => slice.segments[0]!.departure.local.slice(0, 10))).toEqual(['2027-01-14', '2027-01-25'])
  })

  test('is not offered where the fare forbids it', async () => {
    const { quotes } = await quoted((offer) => offer.changeable === false)
    expect(quotes).toEqual([])
  })

  test('of a slice that the order has not is refused before anything is asked', async () => {
    const reservation = await desk.booked(CHANGEABLE)
    for (const slices of [[], [{ ...RETURN_LATER, replaces: 2 }], [RETURN_LATER, RETURN_LATER]]) {
      desk.requests.length = 0
      await expect(desk.flights.quoteExchange!({ reservation, slices }, desk.call)).rejects.toMatchObject({ fault: 'refused' })
      expect(desk.requests.map((request) => request.method)).toEqual(['GET'])
    }
  })

  test('that cannot be asked about is a fault, not an absence of ways', async () => {
    const reservation = await desk.booked(CHANGEABLE)
    for (const kind of ['server_error', 'html', 'garbage', 'drop', 'unknown_code'] as const) {
      desk.mock.control.fault('change_quote', kind)
      await expect(desk.flights.quoteExchange!({ reservation, slices: [RETURN_LATER] }, desk.call)).rejects.toMatchObject({
        provider: 'duffel',
      })
    }
  })

  test('is carried out as quoted: the difference is paid, the flights are others, the tickets are new', async () => {
    const { reservation, quotes } = await quoted()
    const quote = quotes.find((one) => one.difference!.amount > 0)!
    const { balance } = desk.mock.control.state()
    const changed = okay(await desk.flights.exchange!(reservation, quote, desk.call))
    expect(changed).toMatchObject({ pnr: reservation.pnr, supplierRef: reservation.supplierRef, status: 'active', total: quote.newTotal })
    expect(desk.mock.control.state().balance).toBe(balance - quote.difference!.amount)
    expect(changed.segments.map((segment) => segment.carrier + segment.flightNumber)).toEqual(
      quote.slices.flatMap((slice) => slice.segments).map((segment) => segment.carrier + segment.flightNumber),
    )
    expect(changed.tickets).toHaveLength(1)
    const tickets = truthOf(reservation).tickets
    expect(tickets.filter((one) => one.status === 'live').map((one) => one.number)).toEqual(changed.tickets.map((one) => one.number))
    expect(tickets.filter((one) => one.status === 'void').map((one) => one.number)).toEqual(reservation.tickets.map((one) => one.number))
  })

  test('that makes the journey cheaper gives the difference back, without a payment', async () => {
    const { reservation, quotes } = await quoted((offer) => offer.changeable === true && offer.refundable === true)
    const quote = quotes.toSorted((a, b) => compareMoney(a.difference!, b.difference!))[0]!
    expect(quote.difference!.amount).toBeLessThan(0)
    const { balance } = desk.mock.control.state()
    okay(await desk.flights.exchange!(reservation, quote, desk.call))
    expect(JSON.parse(desk.requests.find((request) => request.url.endsWith('/actions/confirm'))!.body!)).toEqual({ data: {} })
    expect(desk.mock.control.state().balance).toBe(balance - quote.difference!.amount)
  })

  test('whose offer has expired is not sent', async () => {
    const { reservation, quotes } = await quoted()
    desk.clock.advance(31 * 60_000)
    desk.requests.length = 0
    expect(await desk.flights.exchange!(reservation, quotes[0]!, desk.call)).toMatchObject({ outcome: 'rejected', reason: 'offer_expired' })
    expect(desk.requests).toHaveLength(0)
  })

  test('that has become dearer is not confirmed', async () => {
    const { reservation, quotes } = await quoted()
    desk.mock.control.fault('change_create', 'price_up')
    expect(await desk.flights.exchange!(reservation, quotes[0]!, desk.call)).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
    expect(desk.requests.some((request) => request.url.endsWith('/actions/confirm'))).toBe(false)
    expect(await desk.flights.retrieve(reservation.supplierRef, desk.call)).toEqual(reservation)
  })

  test.each(['drop_after_effect', 'hang_after_effect'] as const)(
    'with a lost confirmation is unknown, and the order shows what became of it: %s',
    async (kind) => {
      const { reservation, quotes } = await quoted()
      desk.mock.control.fault('change', kind)
      expect(await desk.flights.exchange!(reservation, quotes[0]!, desk.call)).toMatchObject({ outcome: 'unknown' })
      const current = await desk.flights.retrieve(reservation.supplierRef, desk.call)
      expect(current.total).toEqual(quotes[0]!.newTotal)
      expect(current.tickets).not.toEqual(reservation.tickets)
    },
  )

  test.each(['timeout', 'drop', 'server_error', 'garbage', 'html', 'huge', 'bomb', 'unknown_code'] as const)(
    'a reply that proves nothing is unknown, never rejected: %s',
    async (kind) => {
      const { reservation, quotes } = await quoted()
      for (const operation of ['change_create', 'change']) {
        desk.mock.control.fault(operation, kind)
        expect([operation, (await desk.flights.exchange!(reservation, quotes[0]!, desk.call)).outcome]).toEqual([operation, 'unknown'])
      }
      expect(isSameMoney((await desk.flights.retrieve(reservation.supplierRef, desk.call)).total!, reservation.total!)).toBe(true)
    },
  )
})

describe('a change, answered by hand', () => {
  const call = { signal: new AbortController().signal }
  const reservation = { supplierRef: 'ord_1', total: money(9_080, 'GBP') } as Reservation
  const quoteOf = (change: Money | null): ExchangeQuote => ({
    difference: change,
    penalty: null,
    newTotal: null,
    slices: [],
    expiresAt: parseInstant('2026-11-21T09:00:00Z'),
    supplierToken: JSON.stringify({ order: 'ord_1', offer: 'oco_1', change: change && { amount: '30.50', currency: 'GBP' } }),
  })
  const change = (more: object = {}) => ({
    status: 201,
    body: {
      data: {
        id: 'oce_1',
        order_id: 'ord_1',
        change_total_amount: '30.50',
        change_total_currency: 'GBP',
        confirmed_at: null,
        slices: { add: [], remove: [] },
        ...more,
      },
    },
  })
  const order = { status: 200, body: { data: { id: 'ord_1', booking_reference: 'RZPNX8', passengers: [], slices: [] } } }
  const answering = (created: { status: number; body: unknown }, confirmed: { status: number; body: unknown }) =>
    answeringDuffel((path) => (path === '/air/order_changes' ? created : path.endsWith('/confirm') ? confirmed : order))
  const QUOTE = quoteOf(money(3_050, 'GBP'))

  test('is paid with exactly what it costs, and then the order is read', async () => {
    const { flights, paths } = answering(change(), change({ confirmed_at: '2026-11-21T08:00:01Z' }))
    expect(await flights.exchange!(reservation, QUOTE, call)).toMatchObject({ outcome: 'ok', value: { pnr: 'RZPNX8' } })
    expect(paths).toEqual(['POST /air/order_changes', 'POST /air/order_changes/oce_1/actions/confirm', 'GET /air/orders/ord_1'])
  })

  test('that answers unconfirmed is pending', async () => {
    const { flights } = answering(change(), change())
    expect(await flights.exchange!(reservation, QUOTE, call)).toMatchObject({ outcome: 'unknown', cause: 'pending' })
  })

  test('that was confirmed already is done', async () => {
    const refusal = { status: 422, body: { errors: [{ type: 'invalid_state_error', code: 'order_change_already_confirmed' }] } }
    const { flights } = answering(change(), refusal)
    expect(await flights.exchange!(reservation, QUOTE, call)).toMatchObject({ outcome: 'ok' })
  })

  test.each([
    ['of another order', change({ order_id: 'ord_2' }), { outcome: 'unknown' }],
    ['in another currency', change({ change_total_currency: 'EUR' }), { outcome: 'rejected', reason: 'price_changed' }],
    ['without a price', change({ change_total_amount: null }), { outcome: 'rejected', reason: 'price_changed' }],
    ['at a price nobody can read', change({ change_total_amount: 'a lot' }), { outcome: 'rejected', reason: 'price_changed' }],
    ['that wants a card', change({ available_payment_types: ['card'] }), { outcome: 'rejected', code: 'balance_not_accepted' }],
  ])('%s is not confirmed', async (_, created, expected) => {
    const { flights, paths } = answering(created, change({ confirmed_at: '2026-11-21T08:00:01Z' }))
    expect(await flights.exchange!(reservation, QUOTE, call)).toMatchObject(expected)
    expect(paths).toEqual(['POST /air/order_changes'])
  })

  test('to a price that the quote did not tell is not agreed on', async () => {
    const { flights } = answering(change(), change())
    expect(await flights.exchange!(reservation, quoteOf(null), call)).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
  })

  test('confirmed, and the order cannot be read: unknown', async () => {
    const { flights } = answeringDuffel((path) =>
      path.startsWith('/air/orders') ? { status: 503, body: null } : change({ confirmed_at: '2026-11-21T08:00:01Z' }),
    )
    expect(await flights.exchange!(reservation, QUOTE, call)).toMatchObject({ outcome: 'unknown' })
  })
})
