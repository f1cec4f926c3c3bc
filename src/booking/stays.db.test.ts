import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBookingDesk, type BookingDesk } from '../../test/support/booking-desk.ts'
import { createFakeAirline, type FakeAirline } from '../../test/support/fake-airline.ts'
import { adult } from '../../test/support/offers.ts'
import { createTestDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { guest, stayOffer } from '../../test/support/stay-offers.ts'
import { money } from '../kernel/money.ts'
import type { Provider, StaySupplier } from '../providers/contract.ts'
import type { StayOffer } from '../travel/stay.ts'

let database: TestDatabase
let supplier: FakeAirline
let desk: BookingDesk

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

beforeEach(() => {
  supplier = createFakeAirline()
  desk = createBookingDesk(database, asHotel(supplier))
})

/** The fake airline's reservations sold as rooms: the two kinds of seller differ in what is bought, not in how. */
function asHotel({ provider }: FakeAirline): Provider {
  const { flights, ...rest } = provider
  const { ticket: _, ...selling } = flights!
  const stays = { ...selling, propertiesMax: 100, content: async () => ({ properties: [], total: 0, next: null }) }
  return { ...rest, stays: stays as unknown as StaySupplier }
}

const expectedTotal = money(30_000, 'EUR')
const paid = { amount: 30_000, currency: 'EUR' }
const order = (offer: StayOffer) => ({
  offerIds: [offer.id],
  expectedTotal,
  travellers: { passengers: [], guests: [guest()] },
  contact: { email: 'budi@example.com', phone: '+62812345678' },
  userId: null,
  placedBy: randomUUID(),
})

async function verified(changes: Partial<StayOffer> = {}): Promise<StayOffer> {
  const offer = stayOffer({ id: `off_${randomUUID()}`, ...changes })
  desk.offers.set(offer.id, offer)
  await desk.bookings.verify(offer.id)
  return offer
}

async function placePaid(changes: Partial<StayOffer> = {}): Promise<string> {
  const { id } = await desk.bookings.place(order(await verified(changes)))
  const { paymentId } = (await desk.bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() }))!
  desk.gateway.pay(paymentId)
  await desk.payments.sync(paymentId)
  await desk.bookings.markPaid({ bookingId: id, paymentId, ...paid })
  return id
}

describe('a stay', () => {
  test('is booked once, and its confirmation is the voucher: nothing waits for a ticket', async () => {
    const id = await placePaid()
    await desk.bookings.advance(id)
    const view = await desk.bookings.view(id)
    expect(view).toMatchObject({
      status: 'TICKETED',
      pnr: 'ABC123',
      tickets: [],
      passengers: [{ type: 'adult', family_name: 'Santoso' }],
      offer: { kind: 'stay', property: { name: 'Grand Lisbon Palace' }, total: { amount: '300.00', currency: 'EUR' } },
    })
    expect(view.timeline.map(({ text }) => text)).toContain('Confirmed: ABC123')
    expect(supplier.calls).toMatchObject({ book: 1, ticket: 0 })
  })

  test('whose confirmation was lost is found by our reference and never booked again', async () => {
    supplier.behave = { book: 'lost' }
    const id = await placePaid()
    await desk.bookings.advance(id)
    expect((await desk.bookings.get(id)).status).toBe('PENDING_TICKET')
    desk.clock.advance(6_000)
    await desk.bookings.settleInDoubt()
    expect((await desk.bookings.get(id)).status).toBe('TICKETED')
    expect(supplier.calls.book).toBe(1)
  })

  test('that is sold out after the payment is refunded in full', async () => {
    supplier.behave = { book: { outcome: 'rejected', reason: 'sold_out', code: 'ALLOTMENT', message: 'no rooms' } }
    const id = await placePaid()
    await desk.bookings.advance(id)
    expect((await desk.bookings.get(id)).status).toBe('REFUND_PENDING')
  })

  test('that is paid at the property charges nothing: it is confirmed without a payment', async () => {
    const { id } = await desk.bookings.place(order(await verified({ payAt: 'property' })))
    expect(await desk.bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() })).toBeNull()
    await desk.bookings.advance(id)
    expect(await desk.bookings.view(id)).toMatchObject({ status: 'TICKETED', money_moved: 'none', ledger: [] })
  })

  test('that is paid at the property and refused ends without a refund, because nothing was paid', async () => {
    supplier.behave = { book: { outcome: 'rejected', reason: 'sold_out', code: 'ALLOTMENT', message: 'no rooms' } }
    const { id } = await desk.bookings.place(order(await verified({ payAt: 'property' })))
    await desk.bookings.pay({ bookingId: id, expectedTotal, returnPath: '/trips', attemptKey: randomUUID() })
    await desk.bookings.advance(id)
    expect(await desk.bookings.view(id)).toMatchObject({ status: 'CANCELLED', money_moved: 'none', refund: null })
  })

  test('is sold to guests: passengers, a room without an adult and a child of another age are refused by field', async () => {
    const offer = await verified({ rooms: [{ name: 'Family room', code: null, occupancy: { adults: 2, childAges: [8] } }] })
    const place = (travellers: Parameters<typeof desk.bookings.place>[0]['travellers']) =>
      desk.bookings.place({ ...order(offer), travellers, placedBy: randomUUID() })
    await expect(place({ passengers: [adult()], guests: [] })).rejects.toMatchObject({
      facts: { errors: [{ pointer: '/guests', code: 'missing' }] },
    })
    await expect(place({ passengers: [], guests: [guest({ age: 8 })] })).rejects.toMatchObject({ facts: { errors: [{ code: 'lead' }] } })
    await expect(place({ passengers: [], guests: [guest(), guest({ age: 9 })] })).rejects.toMatchObject({
      facts: { errors: [{ code: 'age' }] },
    })
    await expect(place({ passengers: [], guests: [guest({ givenName: 'B1' })] })).rejects.toMatchObject({
      facts: { errors: [{ pointer: '/guests/0/given_name' }] },
    })
    await expect(place({ passengers: [], guests: [guest(), guest({ room: 1 })] })).rejects.toMatchObject({
      facts: { errors: [{ pointer: '/guests/1/room' }] },
    })
    await expect(place({ passengers: [], guests: [guest(), guest({ isLead: false, age: 8 })] })).resolves.toBeDefined()
  })

  test('S2: other meals, a dearer way out and other nights are told apart from another price', async () => {
    const reasonFor = async (changes: Partial<StayOffer>) => {
      const offer = await verified()
      supplier.behave = { price: () => ({ outcome: 'priced', offer: { ...offer, ...changes } as never }) }
      const reply = await desk.bookings.verify(offer.id)
      return reply.outcome === 'changed' ? reply.reason : reply.outcome
    }
    expect(await reasonFor({})).toBe('same')
    expect(await reasonFor({ board: 'RO' })).toBe('rules')
    expect(await reasonFor({ cancellation: [{ from: null, penalty: money(30_000, 'EUR') }] })).toBe('rules')
    expect(await reasonFor({ board: null, cancellation: null, refundable: null })).toBe('same')
    expect(await reasonFor({ rooms: [{ name: 'Suite', code: 'JSU', occupancy: { adults: 2, childAges: [] } }] })).toBe('schedule')
    expect(await reasonFor({ total: money(31_000, 'EUR') })).toBe('price')
  })
})
