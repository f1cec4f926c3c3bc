import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { okay, openDuffelDesk, type DuffelDesk } from '../../../test/support/duffel-desk.ts'
import { addMoney, money } from '../../kernel/money.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { toRefundQuote } from './from-wire-refund.ts'

describe('a refund', () => {
  let desk: DuffelDesk
  beforeAll(async () => {
    desk = await openDuffelDesk(24)
  })
  afterEach(() => desk.mock.control.clear())
  afterAll(() => desk.close())

  const REFUNDABLE = (offer: FlightOffer): boolean => offer.refundable === true && (offer.penalties[0]!.amount?.amount ?? 0) > 0
  /** A day later the void window is closed, and the conditions decide. */
  async function bookedYesterday(suits: (offer: FlightOffer) => boolean = REFUNDABLE) {
    const reservation = await desk.booked(suits)
    desk.clock.advance(25 * 3_600_000)
    return reservation
  }

  test('is quoted with what was paid, the penalty and what comes back, and changes nothing', async () => {
    const reservation = await bookedYesterday()
    const quote = await desk.flights.quoteRefund!(reservation, desk.call)
    expect(quote.paid).toEqual(reservation.total)
    expect(quote.penalty!.amount).toBeGreaterThan(0)
    expect(addMoney(quote.refund!, quote.penalty!)).toEqual(reservation.total)
    expect(quote.expiresAt).toBe(desk.clock.now() + 3_600_000)
    expect(await desk.flights.retrieve(reservation.supplierRef, desk.call)).toEqual(reservation)
  })

  test('pays exactly what was quoted', async () => {
    const reservation = await bookedYesterday()
    const quote = await desk.flights.quoteRefund!(reservation, desk.call)
    const { balance } = desk.mock.control.state()
    expect(okay(await desk.flights.refund!(reservation, quote, desk.call))).toEqual({ refund: quote.refund })
    expect(desk.mock.control.state().balance).toBe(balance + quote.refund!.amount)
    expect((await desk.flights.retrieve(reservation.supplierRef, desk.call)).status).toBe('cancelled')
  })

  test('of a fare that gives nothing back is a refund of nothing, which is not unknown', async () => {
    const quote = await desk.flights.quoteRefund!(await bookedYesterday((offer) => offer.refundable === false), desk.call)
    expect(quote).toMatchObject({ refund: money(0, 'USD'), penalty: quote.paid })
  })

  test('by a quote that has expired is not sent', async () => {
    const reservation = await bookedYesterday()
    const quote = await desk.flights.quoteRefund!(reservation, desk.call)
    desk.clock.advance(61 * 60_000)
    desk.requests.length = 0
    expect(await desk.flights.refund!(reservation, quote, desk.call)).toMatchObject({ outcome: 'rejected', reason: 'offer_expired' })
    expect(desk.requests).toHaveLength(0)
  })

  test('by a quote that a later one has replaced is rejected with proof', async () => {
    const reservation = await bookedYesterday()
    const first = await desk.flights.quoteRefund!(reservation, desk.call)
    await desk.flights.quoteRefund!(reservation, desk.call)
    expect(await desk.flights.refund!(reservation, first, desk.call)).toMatchObject({
      outcome: 'rejected',
      reason: 'offer_expired',
      code: 'order_cancellation_stale',
    })
    expect((await desk.flights.retrieve(reservation.supplierRef, desk.call)).status).toBe('active')
  })

  test('whose reply was lost is unknown, and asked for again tells the same refund', async () => {
    const reservation = await bookedYesterday()
    const quote = await desk.flights.quoteRefund!(reservation, desk.call)
    desk.mock.control.fault('cancel', 'drop_after_effect')
    expect(await desk.flights.refund!(reservation, quote, desk.call)).toMatchObject({ outcome: 'unknown' })
    const { balance } = desk.mock.control.state()
    expect(okay(await desk.flights.refund!(reservation, quote, desk.call))).toEqual({ refund: quote.refund })
    expect(desk.mock.control.state().balance).toBe(balance)
  })

  test.each(['timeout', 'drop', 'server_error', 'garbage', 'html', 'bomb', 'unknown_code'] as const)(
    'a reply that proves nothing is unknown, never rejected: %s',
    async (kind) => {
      const reservation = await bookedYesterday()
      const quote = await desk.flights.quoteRefund!(reservation, desk.call)
      desk.mock.control.fault('cancel', kind)
      expect(await desk.flights.refund!(reservation, quote, desk.call)).toMatchObject({ outcome: 'unknown' })
    },
  )

  test('that cannot be quoted is a fault, and of what is cancelled a refusal', async () => {
    const reservation = await bookedYesterday()
    desk.mock.control.fault('cancel_quote', 'server_error')
    await expect(desk.flights.quoteRefund!(reservation, desk.call)).rejects.toMatchObject({ fault: 'unreachable' })
    okay(await desk.flights.cancel(reservation, desk.call))
    await expect(desk.flights.quoteRefund!(reservation, desk.call)).rejects.toMatchObject({ code: 'already_cancelled' })
  })
})

describe('a refund quote', () => {
  const wire = { id: 'ore_1', order_id: 'ord_1', refund_amount: '90.80', refund_currency: 'GBP', expires_at: '2026-11-21T09:00:00Z' }
  const paid = money(10_000, 'GBP')

  test('in credits or vouchers is no money: refund and penalty are to be settled', () => {
    for (const refund_to of ['airline_credits', 'voucher'])
      expect(toRefundQuote({ ...wire, refund_to }, paid)).toMatchObject({ paid, refund: null, penalty: null })
  })

  test('without an amount is not zero', () => {
    expect(toRefundQuote({ ...wire, refund_amount: null, refund_currency: null }, paid)).toMatchObject({ refund: null, penalty: null })
  })

  test('of an order that was never paid: nothing was paid, nothing comes back, nothing is lost', () => {
    expect(toRefundQuote({ ...wire, refund_amount: '0.00', refund_to: 'awaiting_payment' }, paid)).toMatchObject({
      paid: money(0, 'GBP'),
      refund: money(0, 'GBP'),
      penalty: money(0, 'GBP'),
    })
  })

  test('makes up no penalty where the currencies differ, or where nobody knows what was paid', () => {
    expect(toRefundQuote(wire, money(12_000, 'EUR')).penalty).toBeNull()
    expect(toRefundQuote(wire, null)).toMatchObject({ paid: null, penalty: null })
  })
})
