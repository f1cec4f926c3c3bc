import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { answeringDuffel, okay, openDuffelDesk, type DuffelDesk } from '../../../test/support/duffel-desk.ts'
import type { Reservation } from '../../travel/reservation.ts'

describe('a change that the airline has made', () => {
  let desk: DuffelDesk
  beforeAll(async () => {
    desk = await openDuffelDesk(23)
  })
  afterEach(() => desk.mock.control.clear())
  afterAll(() => desk.close())

  const booked = (): Promise<Reservation> => desk.booked(undefined, 'ScheduleChange')
  const changesOf = (reservation: Reservation) => desk.flights.airlineChanges!(reservation.supplierRef, desk.call)

  test('is told with the flights before and after, and what can be done about it', async () => {
    const reservation = await booked()
    const [change, ...others] = await changesOf(reservation)
    expect(others).toEqual([])
    expect(change).toMatchObject({ mayAccept: true, mayRefund: true, answerBy: null })
    const [before, after] = [change!.removed[0]!, change!.added[0]!]
    expect([before.origin, before.destination]).toEqual([after.origin, after.destination])
    expect(after.segments.map((segment) => segment.carrier + segment.flightNumber)).toEqual(
      before.segments.map((segment) => segment.carrier + segment.flightNumber),
    )
    expect(after.segments[0]!.departure.local > before.segments[0]!.departure.local).toBe(true)
  })

  test('is accepted once; then there is nothing to answer any more', async () => {
    const reservation = await booked()
    const [change] = await changesOf(reservation)
    const current = okay(await desk.flights.acceptAirlineChange!(reservation.supplierRef, change!.id, desk.call))
    expect(current).toMatchObject({ pnr: reservation.pnr, status: 'active', tickets: reservation.tickets })
    expect(await changesOf(reservation)).toEqual([])
    expect(await desk.flights.acceptAirlineChange!(reservation.supplierRef, change!.id, desk.call)).toMatchObject({ outcome: 'unknown' })
  })

  test('whose acceptance lost its reply is unknown, and the list of open changes tells that it was accepted', async () => {
    const reservation = await booked()
    const [change] = await changesOf(reservation)
    desk.mock.control.fault('accept_change', 'drop_after_effect')
    expect(await desk.flights.acceptAirlineChange!(reservation.supplierRef, change!.id, desk.call)).toMatchObject({ outcome: 'unknown' })
    expect(await changesOf(reservation)).toEqual([])
  })

  test('is answered by cancelling the order too', async () => {
    const reservation = await booked()
    expect(await changesOf(reservation)).toHaveLength(1)
    okay(await desk.flights.cancel(reservation, desk.call))
    expect(await changesOf(reservation)).toEqual([])
  })

  test('is not made to everybody', async () => {
    expect(await changesOf(await desk.booked())).toEqual([])
  })

  test('that cannot be read about is a fault, not an absence', async () => {
    const reservation = await booked()
    for (const kind of ['server_error', 'html', 'garbage', 'drop'] as const) {
      desk.mock.control.fault('airline_changes', kind, { count: 2 })
      await expect(changesOf(reservation)).rejects.toMatchObject({ provider: 'duffel' })
      desk.mock.control.clear()
    }
    await expect(desk.flights.airlineChanges!('ord_unknown', desk.call)).rejects.toMatchObject({ code: 'not_found' })
  })

  test.each(['timeout', 'drop', 'server_error', 'garbage', 'html', 'bomb', 'unknown_code'] as const)(
    'a reply that proves nothing is unknown, never rejected: %s',
    async (kind) => {
      const reservation = await booked()
      const [change] = await changesOf(reservation)
      desk.mock.control.fault('accept_change', kind)
      expect(await desk.flights.acceptAirlineChange!(reservation.supplierRef, change!.id, desk.call)).toMatchObject({ outcome: 'unknown' })
      expect(await changesOf(reservation)).toHaveLength(1)
    },
  )
})

describe('an acceptance, answered by hand', () => {
  const call = { signal: new AbortController().signal }
  const change = (action: string | null) => ({
    status: 200,
    body: { data: { id: 'aic_1', order_id: 'ord_1', action_taken: action, available_actions: [], added: [], removed: [] } },
  })

  test.each([
    [null, { outcome: 'unknown', cause: 'pending' }],
    ['cancelled', { outcome: 'unknown', cause: 'unrecognised' }],
  ])('with the action %s is not taken for accepted', async (action, expected) => {
    const { flights, paths } = answeringDuffel(() => change(action))
    expect(await flights.acceptAirlineChange!('ord_1', 'aic_1', call)).toMatchObject(expected)
    expect(paths).toEqual(['POST /air/airline_initiated_changes/aic_1/actions/accept'])
  })

  test('after which the order cannot be read is unknown', async () => {
    const { flights } = answeringDuffel((path) => (path.startsWith('/air/orders') ? { status: 500, body: null } : change('accepted')))
    expect(await flights.acceptAirlineChange!('ord_1', 'aic_1', call)).toMatchObject({ outcome: 'unknown' })
  })
})
