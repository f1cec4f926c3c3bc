import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { answeringDuffel, okay, openDuffelDesk, type DuffelDesk } from '../../../test/support/duffel-desk.ts'
import { money } from '../../kernel/money.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { TicketOrder } from '../contract.ts'

const HOLDABLE = (offer: FlightOffer): boolean => offer.lastTicketingAt !== null

describe('an order that is held', () => {
  let desk: DuffelDesk
  beforeAll(async () => {
    desk = await openDuffelDesk(21)
  })
  afterEach(() => desk.mock.control.clear())
  afterAll(() => desk.close())

  async function held(familyName?: string): Promise<TicketOrder> {
    const offer = await desk.offer(HOLDABLE)
    const order = desk.order(offer, familyName)
    const reservation = okay(await desk.flights.hold!(order, desk.call))
    return { reference: order.reference, reservation, total: offer.total }
  }
  const truthOf = (order: TicketOrder) => desk.mock.control.state().reservations.find((one) => one.reference === order.reference)!

  test('is made without a payment, keeps its place, and costs nothing yet', async () => {
    const balance = desk.mock.control.state().balance
    const order = await held()
    const [request] = desk.requests
    const { data } = JSON.parse(request!.body!) as { data: Record<string, unknown> }
    expect(data['type']).toBe('hold')
    expect(data).not.toHaveProperty('payments')
    expect(order.reservation).toMatchObject({ status: 'active', tickets: [], total: order.total, ticketBy: '2026-11-23T08:00:00.000Z' })
    expect(order.reservation.segments.every((segment) => segment.status === 'confirmed')).toBe(true)
    expect(desk.mock.control.state().balance).toBe(balance)
  })

  test('is not asked for where the offer has to be paid at once', async () => {
    const offer = await desk.offer((one) => !HOLDABLE(one))
    expect(await desk.flights.hold!(desk.order(offer), desk.call)).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
    expect(desk.requests).toHaveLength(0)
  })

  test('is ticketed by paying exactly what was agreed', async () => {
    const balance = desk.mock.control.state().balance
    const order = await held()
    const tickets = okay(await desk.flights.ticket!(order, desk.call))
    expect(tickets).toEqual([{ number: expect.stringMatching(/^\d{13}$/) as string, passengerName: 'BUDI SANTOSO', coupons: [] }])
    expect(desk.mock.control.state().balance).toBe(balance - order.total.amount)
    const retrieved = await desk.flights.retrieve(order.reservation.supplierRef, desk.call)
    expect(retrieved).toMatchObject({ status: 'active', tickets, ticketBy: null })
  })

  test.each(['drop_after_effect', 'hang_after_effect'] as const)(
    'paying it with a lost reply is unknown; asking again pays nothing and brings the tickets: %s',
    async (kind) => {
      const order = await held()
      desk.mock.control.fault('ticket', kind)
      expect(await desk.flights.ticket!(order, desk.call)).toMatchObject({ outcome: 'unknown' })
      const { balance } = desk.mock.control.state()
      expect(truthOf(order).tickets).toHaveLength(1)
      const tickets = okay(await desk.flights.ticket!(order, desk.call))
      expect(tickets.map((one) => one.number)).toEqual(truthOf(order).tickets.map((one) => one.number))
      expect(desk.mock.control.state().balance).toBe(balance)
    },
  )

  test('whose making lost its reply is found by our reference, and can still be paid', async () => {
    const offer = await desk.offer(HOLDABLE)
    const order = desk.order(offer, 'WIDODO')
    desk.mock.control.fault('book', 'drop_after_effect')
    expect(await desk.flights.hold!(order, desk.call)).toMatchObject({ outcome: 'unknown' })
    const found = await desk.flights.find(order, desk.call)
    if (found.outcome !== 'found') throw new Error('not found')
    expect(found.reservation.tickets).toEqual([])
    expect(
      okay(await desk.flights.ticket!({ reference: order.reference, reservation: found.reservation, total: offer.total }, desk.call)),
    ).toHaveLength(1)
  })

  test('is not paid at another price than was agreed', async () => {
    const order = await held()
    const cheaper: TicketOrder = { ...order, total: money(order.total.amount - 1, order.total.currency) }
    expect(await desk.flights.ticket!(cheaper, desk.call)).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
    expect(truthOf(order).tickets).toEqual([])
  })

  test('that the airline cannot ticket is rejected with proof', async () => {
    expect(await desk.flights.ticket!(await held('NORESERVE'), desk.call)).toMatchObject({ outcome: 'rejected', code: 'order_not_created' })
  })

  test('can be given back, for nothing was paid', async () => {
    const order = await held()
    expect(okay(await desk.flights.cancel(order.reservation, desk.call))).toEqual({ refund: money(0, 'USD') })
    expect(await desk.flights.ticket!(order, desk.call)).toMatchObject({ outcome: 'rejected', code: 'already_cancelled' })
  })

  test('that was not paid in time cannot be, and is not shown as held any more', async () => {
    const order = await held()
    desk.clock.advance(49 * 3_600_000)
    expect(await desk.flights.ticket!(order, desk.call)).toMatchObject({ outcome: 'rejected', reason: 'offer_expired' })
    const lapsed = await desk.flights.retrieve(order.reservation.supplierRef, desk.call)
    expect(lapsed).toMatchObject({ status: 'unknown', tickets: [] })
    expect(lapsed.segments.every((segment) => segment.status === 'unknown')).toBe(true)
  })

  test('a payment that is not understood proves nothing', async () => {
    for (const kind of ['unknown_code', 'server_error', 'html', 'garbage', 'throttled'] as const) {
      const order = await held()
      desk.mock.control.fault('ticket', kind)
      expect([kind, (await desk.flights.ticket!(order, desk.call)).outcome]).toEqual([kind, kind === 'throttled' ? 'rejected' : 'unknown'])
    }
  })
})

describe('a payment, answered by hand', () => {
  const call = { signal: new AbortController().signal }
  const order: TicketOrder = {
    reference: 'FWREF1',
    reservation: { supplierRef: 'ord_1', total: money(9_080, 'GBP') } as Reservation,
    total: money(9_080, 'GBP'),
  }
  const wireOrder = (more: object = {}) => ({
    data: {
      id: 'ord_1',
      booking_reference: 'RZPNX8',
      type: 'hold',
      passengers: [
        { id: 'pas_1', given_name: 'Amelia', family_name: 'Earhart' },
        { id: 'pas_2', given_name: 'Fred', family_name: 'Noonan' },
      ],
      slices: [],
      documents: [],
      payment_status: { awaiting_payment: false, paid_at: '2026-11-21T08:00:00Z' },
      ...more,
    },
  })
  const document = (passengerId: string, number: string) => ({
    type: 'electronic_ticket',
    unique_identifier: number,
    passenger_ids: [passengerId],
  })
  const refusal = (code: string) => ({ status: 422, body: { errors: [{ type: 'invalid_state_error', code, title: 'A title' }] } })
  const answering = (payment: { status: number; body: unknown }, orderReply: { status: number; body: unknown }) =>
    answeringDuffel((path) => (path === '/air/payments' ? payment : orderReply))
  const succeeded = { status: 201, body: { data: { id: 'pay_1', amount: '90.80', currency: 'GBP', status: 'succeeded' } } }

  test.each(['already_paid', 'order_type_not_eligible_for_payment'])(
    '%s: the order is looked at, and its tickets are ours',
    async (code) => {
      const issued = wireOrder({ documents: [document('pas_1', '125-2106312810'), document('pas_2', '1252106312811')] })
      const { flights, paths } = answering(refusal(code), { status: 200, body: issued })
      expect(okay(await flights.ticket!(order, call)).map((one) => one.number)).toEqual(['1252106312810', '1252106312811'])
      expect(paths).toEqual(['POST /air/payments', 'GET /air/orders/ord_1'])
    },
  )

  test('already paid, and no ticket shows: a held order has one coming, an instant one never gets one', async () => {
    const of = async (more: object) =>
      answering(refusal('already_paid'), { status: 200, body: wireOrder(more) }).flights.ticket!(order, call)
    expect(await of({ type: 'hold' })).toMatchObject({ outcome: 'unknown', cause: 'pending' })
    expect(await of({ type: undefined })).toMatchObject({ outcome: 'unknown', cause: 'pending' })
    expect(await of({ type: 'instant', documents: [] })).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
    const odd = { ...document('pas_1', '125-2106312810'), type: 'electronic_tickeu' }
    expect(await of({ type: 'instant', documents: [odd] })).toMatchObject({ outcome: 'unknown', cause: 'pending' })
    expect(await of({ type: 'instant', documents: undefined })).toMatchObject({ outcome: 'unknown', cause: 'pending' })
    expect(await of({ cancelled_at: '2026-11-21T08:00:00Z' })).toMatchObject({ outcome: 'rejected', code: 'already_cancelled' })
  })

  test('already paid, and the order cannot be read: unknown', async () => {
    const { flights } = answering(refusal('already_paid'), { status: 503, body: null })
    expect(await flights.ticket!(order, call)).toMatchObject({ outcome: 'unknown' })
  })

  test('paid, and not everybody has a ticket yet: unknown, never fewer tickets than travellers', async () => {
    const partly = wireOrder({ documents: [document('pas_1', '1252106312810')] })
    expect(await answering(succeeded, { status: 200, body: partly }).flights.ticket!(order, call)).toMatchObject({
      outcome: 'unknown',
      cause: 'pending',
    })
    expect(await answering(succeeded, { status: 200, body: wireOrder() }).flights.ticket!(order, call)).toMatchObject({
      outcome: 'unknown',
      cause: 'pending',
    })
  })

  test.each([
    ['pending', { outcome: 'unknown', cause: 'pending' }],
    ['failed', { outcome: 'unknown', cause: 'unrecognised' }],
  ])('a payment that is %s', async (status, expected) => {
    const body = { data: { id: 'pay_1', amount: '90.80', currency: 'GBP', status } }
    const { flights, paths } = answering({ status: 201, body }, { status: 200, body: wireOrder() })
    expect(await flights.ticket!(order, call)).toMatchObject(expected)
    expect(paths).toHaveLength(1)
  })

  test.each([
    ['payment_currency_does_not_match_order_currency', 'price_changed'],
    ['past_payment_required_by_date', 'offer_expired'],
    ['schedule_changed', 'not_allowed'],
    ['already_cancelled', 'not_allowed'],
    ['insufficient_balance', 'declined'],
  ])('%s proves that nothing was paid: %s', async (code, reason) => {
    const { flights } = answering(refusal(code), { status: 200, body: wireOrder() })
    expect(await flights.ticket!(order, call)).toMatchObject({ outcome: 'rejected', reason, code })
  })
})
