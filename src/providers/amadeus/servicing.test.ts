import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, startAmadeusHarness, type AmadeusHarness } from '../../../fixtures/amadeus/harness.ts'
import { addMoney, isSameMoney, money, subtractMoney } from '../../kernel/money.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { FlightOrder } from '../contract.ts'

let harness: AmadeusHarness
let offers: readonly FlightOffer[]
const clock = createStoppedClock('2026-11-25T12:00:00Z')

beforeEach(async () => {
  harness = await startAmadeusHarness({ clock, mock: { clock } })
  offers = await harness.search()
})
afterEach(() => harness.close())

type Held = { readonly order: FlightOrder; readonly reservation: Reservation }

async function book(offer: FlightOffer = offers[0]!, familyName?: string): Promise<Held> {
  const order = harness.order(offer, familyName)
  const booked = await harness.flights.book(order, call())
  if (booked.outcome !== 'ok') throw new Error(booked.message)
  harness.forget()
  return { order, reservation: booked.value }
}

async function ticket(held: Held): Promise<Reservation> {
  const { order, reservation } = held
  const issued = await harness.flights.ticket!({ reference: order.reference, reservation, total: order.offer.total }, call())
  if (issued.outcome !== 'ok') throw new Error(issued.message)
  harness.forget()
  return harness.flights.retrieve(reservation.supplierRef, call())
}

/** An offer whose fare the mock gives money back for, or does not, of four flights at most. */
const offerWith = (isRefundable: boolean): FlightOffer =>
  offers.find((offer) => offer.refundable === isRefundable && offer.slices.flatMap((slice) => slice.segments).length <= 4)!

const truth = () => harness.mock.control.state().reservations

describe('ticketing', () => {
  test('shows the record before and after, because the reply names no ticket', async () => {
    const held = await book(offerWith(true))
    const issued = await harness.flights.ticket!(
      { reference: held.order.reference, reservation: held.reservation, total: held.order.offer.total },
      call(),
    )
    expect(harness.messages()).toEqual(['PNR_Retrieve', 'Ticket_DisplayTST', 'DocIssuance_IssueTicket', 'PNR_Retrieve', 'Security_SignOut'])
    if (issued.outcome !== 'ok') throw new Error(issued.message)
    expect(issued.value.map((one) => one.number)).toEqual(truth()[0]!.tickets.map((one) => one.number))
    // An infant's ticket stands with the adult who holds it, so it is nobody's by name.
    expect(issued.value.filter((one) => one.passengerName === null)).toHaveLength(1)
    // What has become of the coupons a record does not know.
    expect(issued.value.every((one) => one.coupons.length === 0)).toBe(true)
  })

  test('a stored fare that is dearer than agreed is not ticketed', async () => {
    const { order, reservation } = await book()
    const total = subtractMoney(order.offer.total, money(1, order.offer.total.currency))
    expect(await harness.flights.ticket!({ reference: order.reference, reservation, total }, call())).toMatchObject({
      outcome: 'rejected',
      reason: 'price_changed',
    })
    expect(harness.messages()).not.toContain('DocIssuance_IssueTicket')
  })

  test('NORESERVE cannot pay: declined, without a ticket', async () => {
    const { order, reservation } = await book(offers[0], 'NORESERVE')
    expect(await harness.flights.ticket!({ reference: order.reference, reservation, total: order.offer.total }, call())).toMatchObject({
      outcome: 'rejected',
      reason: 'declined',
      code: '5039',
    })
    expect(truth()[0]!.tickets).toEqual([])
  })

  test('SUPPLIERUNKNOWN is ticketed and never answered: unknown, and the tickets show', async () => {
    const { order, reservation } = await book(offerWith(true), 'SUPPLIERUNKNOWN')
    expect(await harness.flights.ticket!({ reference: order.reference, reservation, total: order.offer.total }, call())).toMatchObject({
      outcome: 'unknown',
    })
    expect((await harness.flights.retrieve(reservation.supplierRef, call())).tickets).toHaveLength(order.passengers.length)
  })

  test('a record that cannot be shown first is not ticketed: the same attempt may be made again', async () => {
    const { order, reservation } = await book()
    harness.mock.control.fault('retrieve', 'drop')
    expect(await harness.flights.ticket!({ reference: order.reference, reservation, total: order.offer.total }, call())).toMatchObject({
      outcome: 'rejected',
      reason: 'not_sent',
    })
    expect(truth()[0]!.tickets).toEqual([])
  })

  test('tickets that are issued and cannot be shown are unknown, never rejected', async () => {
    const { order, reservation } = await book()
    harness.mock.control.fault('ticket', 'slow', { delayMs: 300 })
    const issuing = harness.flights.ticket!({ reference: order.reference, reservation, total: order.offer.total }, call())
    while (harness.messages().at(-1) !== 'DocIssuance_IssueTicket') await new Promise((resolve) => setTimeout(resolve, 5))
    harness.mock.control.fault('retrieve', 'drop')
    expect(await issuing).toMatchObject({ outcome: 'unknown', cause: 'pending' })
    expect(truth()[0]!.tickets.length).toBeGreaterThan(0)
  })
})

describe('looking up', () => {
  test('retrieve tells the total of the stored fares, which a record does not', async () => {
    const { order, reservation } = await book()
    const retrieved = await harness.flights.retrieve(reservation.supplierRef, call())
    expect(isSameMoney(retrieved.total!, order.offer.total)).toBe(true)
    expect(retrieved).toMatchObject({ pnr: reservation.pnr, status: 'active', tickets: [] })
  })

  test('find tells records of one name on one flight apart by the remark', async () => {
    const first = await book(offers[0], 'Garcia')
    const second = await book(offers[0], 'Garcia')
    const third = await book(offers[0], 'Garcia')
    for (const { order, reservation } of [first, second, third]) {
      expect(await harness.flights.find(order, call())).toMatchObject({
        outcome: 'found',
        reservation: { pnr: reservation.pnr, status: 'active' },
      })
    }
    expect(await harness.flights.find({ ...first.order, reference: 'FWREF999999' }, call())).toEqual({ outcome: 'absent' })
    expect(harness.mock.control.state().sessions.open).toBe(0)
  })

  test('find fails rather than prove an absence when a candidate cannot be read', async () => {
    const { order } = await book(offers[0], 'Garcia')
    await book(offers[0], 'Garcia')
    harness.mock.control.fault('retrieve', 'server_error', { count: 2 })
    await expect(harness.flights.find({ ...order, reference: 'FWREF999999' }, call())).rejects.toMatchObject({ fault: 'unreachable' })
  })

  test('a reference is compared without regard to case and punctuation', async () => {
    const { order, reservation } = await book()
    expect(await harness.flights.find({ ...order, reference: order.reference.toLowerCase().replace('fw', 'fw-') }, call())).toMatchObject({
      outcome: 'found',
      reservation: { pnr: reservation.pnr },
    })
  })

  test('a locator that nobody has is refused, and one that is none is not asked for', async () => {
    await expect(harness.flights.retrieve('ZZZZZZ', call())).rejects.toMatchObject({ fault: 'refused', code: '1931' })
    // A refusal opens a conversation too, and it is given back.
    expect(harness.mock.control.state().sessions).toEqual({ open: 0, opened: 1 })
    harness.forget()
    await expect(harness.flights.retrieve('no locator', call())).rejects.toMatchObject({ fault: 'refused' })
    expect(harness.messages()).toEqual([])
  })
})

describe('giving back', () => {
  test('cancelling voids the tickets of today first, and gives the whole price back', async () => {
    const held = await book(offerWith(false))
    const reservation = await ticket(held)
    const outcome = await harness.flights.cancel(reservation, call())
    expect(outcome).toEqual({ outcome: 'ok', value: { refund: held.order.offer.total } })
    expect(truth()[0]!.status).toBe('cancelled')
    expect(truth()[0]!.tickets.every((one) => one.status === 'void')).toBe(true)
    const after = await harness.flights.retrieve(reservation.supplierRef, call())
    expect(after.status).toBe('cancelled')
    expect(after.tickets.every((one) => one.coupons.length > 0 && one.coupons.every((coupon) => coupon.status === 'void'))).toBe(true)
    expect(await harness.flights.cancel(after, call())).toMatchObject({ outcome: 'ok' })
  })

  test('a ticket of yesterday is not voided, and the reservation stays as it is', async () => {
    const reservation = await ticket(await book(offerWith(false)))
    clock.advance(24 * 3_600_000)
    expect(await harness.flights.cancel(reservation, call())).toMatchObject({ outcome: 'rejected', reason: 'not_allowed', code: '118' })
    expect(truth()[0]!.status).toBe('active')
    expect(await harness.flights.void!(reservation, reservation.tickets[0]!.number, call())).toMatchObject({
      outcome: 'rejected',
      reason: 'not_allowed',
      code: '118',
    })
    clock.advance(-24 * 3_600_000)
  })

  test('one ticket is voided by itself, and shows as void', async () => {
    const reservation = await ticket(await book(offerWith(false)))
    const [first] = reservation.tickets
    expect(await harness.flights.void!(reservation, first!.number, call())).toEqual({ outcome: 'ok', value: null })
    const after = await harness.flights.retrieve(reservation.supplierRef, call())
    expect(after.tickets.filter((one) => one.coupons.some((coupon) => coupon.status === 'void')).map((one) => one.number)).toEqual([
      first!.number,
    ])
    expect(await harness.flights.void!(reservation, '0570000000000', call())).toMatchObject({ outcome: 'unknown' })
  })

  test('a cancellation that stops after the first void is unknown', async () => {
    const reservation = await ticket(await book(offerWith(false)))
    await harness.flights.void!(reservation, reservation.tickets[0]!.number, call())
    // Known as live by whoever read it before, so the second void of the first ticket is refused after another has been made.
    harness.mock.control.fault('cancel', 'unknown_code')
    expect(await harness.flights.cancel(reservation, call())).toMatchObject({ outcome: 'unknown' })
    expect(truth()[0]!.status).toBe('active')
  })
})

describe('refunds', () => {
  test('are quoted with penalty, refunded as quoted, and then shown as refunded', async () => {
    const held = await book(offerWith(true))
    const reservation = await ticket(held)
    const quote = await harness.flights.quoteRefund!(reservation, call())
    expect(harness.messages().slice(-3)).toEqual(['AMA_TicketInitRefundRQ', 'AMA_TicketIgnoreRefundRQ', 'Security_SignOut'])
    expect(isSameMoney(quote.paid!, held.order.offer.total)).toBe(true)
    expect(isSameMoney(addMoney(quote.refund!, quote.penalty!), quote.paid!)).toBe(true)
    expect(truth()[0]!.tickets.every((one) => one.status === 'live')).toBe(true)

    expect(await harness.flights.refund!(reservation, quote, call())).toEqual({ outcome: 'ok', value: { refund: quote.refund } })
    const after = await harness.flights.retrieve(reservation.supplierRef, call())
    expect(after.tickets.every((one) => one.coupons.every((coupon) => coupon.status === 'refunded') && one.coupons.length > 0)).toBe(true)
    await expect(harness.flights.quoteRefund!(after, call())).rejects.toMatchObject({ fault: 'refused', code: 'no_ticket' })
    expect(await harness.flights.refund!(reservation, quote, call())).toMatchObject({ outcome: 'rejected', reason: 'not_allowed' })
    expect(harness.mock.control.state().sessions.open).toBe(0)
  })

  test('of a fare that gives nothing back are refused', async () => {
    const reservation = await ticket(await book(offerWith(false)))
    await expect(harness.flights.quoteRefund!(reservation, call())).rejects.toMatchObject({ fault: 'refused', code: '25677' })
  })

  test('that would pay less than quoted are not carried out', async () => {
    const reservation = await ticket(await book(offerWith(true)))
    const quote = await harness.flights.quoteRefund!(reservation, call())
    const hopeful = { ...quote, refund: addMoney(quote.refund!, money(1, quote.refund!.currency)) }
    expect(await harness.flights.refund!(reservation, hopeful, call())).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
    expect(truth()[0]!.tickets.every((one) => one.status === 'live')).toBe(true)
  })

  test('whose reply is lost are unknown', async () => {
    const reservation = await ticket(await book(offerWith(true)))
    const quote = await harness.flights.quoteRefund!(reservation, call())
    harness.mock.control.fault('refund', 'slow', { delayMs: 200 })
    const refunding = harness.flights.refund!(reservation, quote, call())
    while (harness.messages().at(-1) !== 'AMA_TicketInitRefundRQ') await new Promise((resolve) => setTimeout(resolve, 5))
    harness.mock.control.fault('refund', 'drop_after_effect')
    expect(await refunding).toMatchObject({ outcome: 'unknown' })
    // Before it was carried out, nothing had happened.
    harness.mock.control.fault('refund', 'drop')
    expect(await harness.flights.refund!(reservation, quote, call())).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
  })

  test('by a token that is not ours are refused before anything is sent', async () => {
    const { reservation } = await book()
    harness.forget()
    for (const supplierToken of ['', '{}', '{"v":1,"numbers":["1; DROP"]}', 'null'])
      await expect(
        harness.flights.refund!(reservation, { paid: null, penalty: null, refund: null, expiresAt: null, supplierToken }, call()),
      ).rejects.toMatchObject({ fault: 'refused' })
    expect(harness.messages()).toEqual([])
  })
})

describe('before buying', () => {
  test('seat maps come for every flight that has one, in its place in the journey', async () => {
    const numbers = (offer: FlightOffer) => offer.slices.flatMap((slice) => slice.segments).map((segment) => segment.flightNumber)
    // Flights whose number ends in 0 have no map at the mock.
    const offer = offers.find(
      (one) => numbers(one).some((number) => number.endsWith('0')) && numbers(one).some((number) => !number.endsWith('0')),
    )!
    const maps = await harness.flights.seatMaps!(offer, call())
    expect(maps.map((map) => map.segmentIndex)).toEqual(numbers(offer).flatMap((number, index) => (number.endsWith('0') ? [] : [index])))
    const [cabin] = maps[0]!.cabins
    expect(cabin!.columns).toEqual(['A', 'B', 'C', null, 'D', 'E', 'F'])
    expect(new Set(cabin!.seats.map((seat) => seat.state))).toEqual(new Set(['free', 'taken']))
    expect(cabin!.seats.find((seat) => seat.number === '12F')!.features).toEqual(['exit', 'extra_legroom', 'window'])
  })

  test('a silence about seats is a fault', async () => {
    harness.mock.control.fault('seat-map', 'unknown_code')
    await expect(harness.flights.seatMaps!(offers[0]!, call())).rejects.toMatchObject({ fault: 'refused' })
    harness.mock.control.fault('seat-map', 'drop')
    await expect(harness.flights.seatMaps!(offers[0]!, call())).rejects.toMatchObject({ fault: 'unreachable' })
  })

  test('fare rules come as letters and figures for each component, in one conversation', async () => {
    const offer = offerWith(true)
    harness.forget()
    const rules = await harness.flights.fareRules!(offer, call())
    expect(harness.messages()).toEqual([
      'Fare_InformativePricingWithoutPNR',
      'MiniRule_GetFromPricing',
      'Fare_CheckRules',
      'Fare_CheckRules',
      'Fare_CheckRules',
      'Security_SignOut',
    ])
    expect(rules.map((one) => [one.origin, one.destination])).toEqual(offer.slices.map((slice) => [slice.origin, slice.destination]))
    for (const one of rules) {
      expect(one.fareBasis).toBe(offer.slices[0]!.segments[0]!.fareBasis)
      expect(one.texts[0]).toMatchObject({ category: '16', title: 'PE.PENALTIES' })
      expect(one.texts[0]!.text).toContain('CANCELLATIONS PERMITTED')
      expect(one.penalties.find((penalty) => penalty.kind === 'refund' && penalty.when === 'before_departure')).toMatchObject({
        allowed: true,
      })
    }
  })

  test('fare rules without mini rules are letters alone', async () => {
    harness.mock.control.fault('fare-rules', 'unknown_code')
    const rules = await harness.flights.fareRules!(offers[0]!, call())
    expect(rules).toHaveLength(2)
    expect(rules.every((one) => one.penalties.length === 0 && one.texts.length === 2)).toBe(true)
  })
})
