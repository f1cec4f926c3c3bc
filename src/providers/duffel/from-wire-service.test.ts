import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDuffelDesk, type DuffelDesk } from '../../../test/support/duffel-desk.ts'
import { money } from '../../kernel/money.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { toServiceOffers, type ServiceToken } from './from-wire-service.ts'

const PARTIES = { passengerIds: ['pas_1', 'pas_2'], segmentIds: ['seg_1', 'seg_2', 'seg_3'] }
const BAG = {
  id: 'ase_1',
  type: 'baggage',
  total_amount: '15.00',
  total_currency: 'GBP',
  maximum_quantity: 2,
  passenger_ids: ['pas_2'],
  segment_ids: ['seg_1', 'seg_2'],
  metadata: { type: 'checked', maximum_weight_kg: 23 },
}
const read = (more: object) => toServiceOffers([{ ...BAG, ...more }], PARTIES)

describe('a service', () => {
  test('tells what it is, for whom, on which flights, at what price and how often', () => {
    const [bag] = read({})
    expect(bag).toMatchObject({
      kind: 'baggage',
      name: 'Checked bag, 23 kg',
      price: money(1_500, 'GBP'),
      quantityMax: 2,
      passengerIndexes: [1],
      segmentIndexes: [0, 1],
    })
    expect(JSON.parse(bag!.supplierToken) as ServiceToken).toEqual({ service: 'ase_1', amount: '15.00', currency: 'GBP' })
  })

  test('on every flight is one of the whole journey', () => {
    expect(read({ segment_ids: PARTIES.segmentIds })[0]!.segmentIndexes).toEqual([])
    expect(read({ segment_ids: [] })[0]!.segmentIndexes).toEqual([])
  })

  test.each([
    [{ metadata: { type: 'carry_on', maximum_weight_kg: null } }, 'baggage', 'Carry-on bag'],
    [{ metadata: null }, 'baggage', 'Bag'],
    [{ type: 'cancel_for_any_reason', metadata: { refund_amount: '10.00' } }, 'cancel_for_any_reason', 'Cancel for any reason'],
    [{ type: 'seat', metadata: { designator: '14B', name: 'Exit row seat' } }, 'seat', 'Seat 14B'],
    [{ type: 'meal', metadata: { name: 'Vegetarian meal' } }, 'meal', 'Vegetarian meal'],
    [{ type: 'priority_boarding', metadata: null }, 'other', 'Priority boarding'],
    [{ type: 'constructor', metadata: null }, 'other', 'Constructor'],
  ])('%j is of the kind %s and called "%s"', (more, kind, name) => {
    expect(read(more)).toMatchObject([{ kind, name }])
  })

  test('that cannot be read, or is for somebody else, costs itself and not the others', () => {
    const odd = [{ total_amount: 'x' }, { passenger_ids: ['pas_9'] }, { segment_ids: ['seg_9'] }, { id: '' }, { maximum_quantity: 1.5 }]
    const services = [...odd.map((more) => ({ ...BAG, ...more })), null, 'bag', BAG]
    expect(toServiceOffers(services, PARTIES)).toHaveLength(1)
  })
})

describe('what is sold beside an offer', () => {
  let desk: DuffelDesk
  beforeAll(async () => {
    desk = await openDuffelDesk(25)
  })
  afterAll(() => desk.close())

  test('are bags for a passenger and a direction each, and the freedom to cancel', async () => {
    let services: Awaited<ReturnType<NonNullable<typeof desk.flights.services>>> = []
    const tried = new Set<string>()
    let offer: FlightOffer | undefined
    while (services.length === 0) {
      offer = await desk.offer((one) => !tried.has(one.validatingCarrier ?? ''))
      tried.add(offer.validatingCarrier ?? '')
      services = await desk.flights.services!(offer, desk.call)
    }
    const outbound = offer!.slices[0]!.segments.map((_, index) => index)
    expect(services.some((one) => one.kind === 'baggage' && String(one.segmentIndexes) === String(outbound))).toBe(true)
    expect(services.find((one) => one.kind === 'cancel_for_any_reason')).toMatchObject({ segmentIndexes: [], passengerIndexes: [0] })
    expect(services.every((one) => one.passengerIndexes.every((index) => index === 0) && one.price.amount > 0)).toBe(true)
  })

  test('are asked for with the offer, and a failed question is a fault', async () => {
    const offer = await desk.offer()
    await desk.flights.services!(offer, desk.call)
    expect(desk.requests.map((request) => request.url.slice(desk.mock.url.length))).toEqual([
      expect.stringMatching(/^\/air\/offers\/off_\w+\?return_available_services=true$/),
    ])
    desk.mock.control.fault('price', 'html')
    await expect(desk.flights.services!(offer, desk.call)).rejects.toMatchObject({ fault: 'malformed' })
    desk.mock.control.clear()
  })

  test('the seat maps of an offer are one for each flight, with its aircraft, in the order flown', async () => {
    const offer = await desk.offer((one) => one.slices.some((slice) => slice.segments.length > 1))
    const segments = offer.slices.flatMap((slice) => slice.segments)
    const maps = await desk.flights.seatMaps!(offer, desk.call)
    expect(maps.map((map) => [map.segmentIndex, map.equipment])).toEqual(segments.map((segment, index) => [index, segment.equipment]))
    for (const { cabins } of maps) {
      const seats = cabins.flatMap((cabin) => cabin.seats)
      expect(seats.length).toBeGreaterThan(50)
      expect(new Set(seats.map((seat) => seat.number)).size).toBe(seats.length)
      expect(seats.some((seat) => seat.state === 'free' && seat.features.includes('exit'))).toBe(true)
      expect(seats.some((seat) => seat.state === 'taken')).toBe(true)
    }
    desk.mock.control.fault('seat_map', 'server_error', { count: 2 })
    await expect(desk.flights.seatMaps!(offer, desk.call)).rejects.toMatchObject({ fault: 'unreachable' })
    desk.mock.control.clear()
  })
})
