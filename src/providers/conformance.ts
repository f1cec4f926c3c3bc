/**
 * The promises every provider keeps, run against its stateful mock server. A provider's own test is three lines:
 *
 *   describeProvider('duffel', async () => ({ provider, control, query, close }))
 *
 * Nothing here knows a protocol. What a promise means on the wire (which XML, which status) is the mock server's part.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addMoney, compareMoney, isSameMoney, sumMoney } from '../kernel/money.ts'
import { parseLocalDate } from '../kernel/time.ts'
import type { FlightOffer, FlightQuery } from '../travel/flight.ts'
import type { Passenger, PassengerType } from '../travel/passenger.ts'
import type { Reservation, Ticket } from '../travel/reservation.ts'
import { BLINDING, CONTACT, lettersOf, value, type FaultOperation, type SupplierControl } from './conformance-shared.ts'
import { readShopReply, type FlightOrder, type FlightSupplier, type Provider } from './contract.ts'
import { ProviderError } from './errors.ts'

/**
 * One provider wired to its own mock server without latency. Give it short limits (1–2 s time-outs, 8 MB replies at
 * most) and a partner whose breaker does not open (`breakAfter: 1000`): the faults below come in a row on purpose.
 * `query` is answered by the mock with at least thirty offers of four segments at most, of which each test takes another.
 */
export type Harness = {
  readonly provider: Provider
  readonly control: SupplierControl<FaultOperation | 'ticket'>
  readonly query: FlightQuery
  readonly close: () => Promise<void>
}

/** Runs the promises. `makeHarness` is called once; everything it opened is closed at the end. */
export function describeProvider(name: string, makeHarness: () => Promise<Harness>): void {
  describe(`${name} keeps the promises of a provider`, () => {
    let harness: Harness
    let flights: FlightSupplier
    let sequence = 0
    let shopped: readonly FlightOffer[] = []
    const call = () => ({ signal: new AbortController().signal })
    const shop = async (within = call()) => readShopReply(harness.provider, harness.query, await flights.shop(harness.query, within))

    beforeAll(async () => {
      harness = await makeHarness()
      if (!harness.provider.flights) throw new Error(`${name} sells no flights`)
      flights = harness.provider.flights
      const { offers } = await shop()
      // A ticket has four coupons: more segments would make two numbers of one ticket, which is right and beside the point.
      shopped = offers.filter((offer) => offer.slices.reduce((count, slice) => count + slice.segments.length, 0) <= 4)
    }, 30_000)
    afterEach(() => harness.control.clear())
    afterAll(() => harness.close())

    /** A different offer for each test, so that one test's price rise is not another's. */
    function nextOffer(): FlightOffer {
      sequence += 1
      return shopped[sequence % shopped.length]!
    }
    async function pricedOffer(): Promise<FlightOffer> {
      const reply = await flights.price(nextOffer(), call())
      if (reply.outcome !== 'priced') throw new Error(`the mock does not sell its own offer: ${reply.code}`)
      return reply.offer
    }
    const orderFor = (offer: FlightOffer): FlightOrder => ({
      reference: `FWTEST${name.toUpperCase()}${String((sequence += 1)).padStart(4, '0')}`,
      offer,
      passengers: passengersFor(harness.query, sequence),
      contact: CONTACT,
    })
    async function booked(): Promise<{ order: FlightOrder; reservation: Reservation }> {
      const order = orderFor(await pricedOffer())
      const reservation = value(await flights.book(order, call()))
      return { order, reservation }
    }
    async function ticketed(): Promise<{ order: FlightOrder; reservation: Reservation; tickets: readonly Ticket[] }> {
      const { order, reservation } = await booked()
      if (!flights.ticket) return { order, reservation, tickets: reservation.tickets }
      const tickets = value(await flights.ticket({ reference: order.reference, reservation, total: order.offer.total }, call()))
      return { order, reservation: await flights.retrieve(reservation.supplierRef, call()), tickets }
    }
    const heldUnder = async (reference: string) =>
      (await harness.control.state()).reservations.filter((held) => held.reference === reference)
    const paying = () => harness.query.passengers.adults + harness.query.passengers.children + harness.query.passengers.infants

    describe('when it shops', () => {
      test('finds offers for every passenger in one currency, with times, places and totals that make sense', async () => {
        const { offers, solutions } = await shop()
        expect(offers.length).toBeGreaterThan(1)
        expect(solutions).toBeGreaterThan(0)
        expect(new Set(offers.map((offer) => offer.id)).size).toBe(offers.length)
        for (const offer of offers) expectSane(offer, harness, solutions)
      })

      test.each(['drop', 'server_error', 'garbage', 'html', 'huge', 'bomb', 'throttled', 'unknown_code'] as const)(
        'tells a reader which fault it was: %s',
        async (kind) => {
          await harness.control.fault('shop', kind)
          const error = await shop().then(
            () => null,
            (thrown: unknown) => thrown,
          )
          expect(error).toBeInstanceOf(ProviderError)
          expect((error as ProviderError).provider).toBe(harness.provider.id)
          if (kind === 'throttled') expect((error as ProviderError).fault).toBe('throttled')
          if (kind === 'garbage' || kind === 'html' || kind === 'huge' || kind === 'bomb')
            expect((error as ProviderError).fault).toBe('malformed')
        },
      )

      test('gives up at its deadline, and not later', async () => {
        await harness.control.fault('shop', 'timeout')
        const started = performance.now()
        await expect(shop()).rejects.toMatchObject({ fault: 'timeout' })
        expect(performance.now() - started).toBeLessThan(harness.provider.limits.shopTimeoutMs + 1_500)
      })

      test('stops when nobody waits for the answer any more', async () => {
        await harness.control.fault('shop', 'timeout')
        const started = performance.now()
        await expect(shop({ signal: AbortSignal.timeout(100) })).rejects.toBeInstanceOf(ProviderError)
        expect(performance.now() - started).toBeLessThan(harness.provider.limits.shopTimeoutMs)
      })
    })

    describe('when it prices', () => {
      test('confirms an offer at its price, and the confirmed offer can be priced again', async () => {
        const offer = nextOffer()
        const first = await flights.price(offer, call())
        if (first.outcome !== 'priced') throw new Error('gone')
        expect(isSameMoney(first.offer.total, offer.total)).toBe(true)
        expectSane(first.offer, harness, Number.MAX_SAFE_INTEGER)
        const again = await flights.price(first.offer, call())
        expect(again).toMatchObject({ outcome: 'priced', offer: { total: offer.total } })
      })

      test('tells the new price when it rose, and keeps to it', async () => {
        const offer = nextOffer()
        await harness.control.fault('price', 'price_up')
        const risen = await flights.price(offer, call())
        if (risen.outcome !== 'priced') throw new Error('gone')
        expect(compareMoney(risen.offer.total, offer.total)).toBeGreaterThan(0)
        const again = await flights.price(risen.offer, call())
        expect(again).toMatchObject({ outcome: 'priced', offer: { total: risen.offer.total } })
      })

      test('says gone when it is sold out, and throws when it cannot know', async () => {
        const offer = nextOffer()
        await harness.control.fault('price', 'sold_out')
        expect(await flights.price(offer, call())).toMatchObject({ outcome: 'gone' })
        await harness.control.clear()
        for (const kind of ['server_error', 'garbage', 'drop', 'bomb'] as const) {
          await harness.control.fault('price', kind)
          await expect(flights.price(offer, call())).rejects.toBeInstanceOf(ProviderError)
        }
      })
    })

    describe('when it books', () => {
      test('a booking can be ticketed, retrieved, found by our reference and cancelled', async () => {
        const { order, reservation, tickets } = await ticketed()
        expect(reservation.pnr).toMatch(/^[A-Z0-9]{5,8}$/)
        expect(reservation.status).toBe('active')
        expect(reservation.segments.every((segment) => segment.status === 'confirmed')).toBe(true)
        expect(tickets.length).toBe(paying())
        expect(new Set(tickets.map((ticket) => ticket.number)).size).toBe(tickets.length)
        for (const ticket of tickets) expect(ticket.number).toMatch(/^\d{13}$/)

        const retrieved = await flights.retrieve(reservation.supplierRef, call())
        expect(retrieved.pnr).toBe(reservation.pnr)
        expect(retrieved.tickets.map((ticket) => ticket.number).sort()).toEqual(tickets.map((ticket) => ticket.number).sort())

        const found = await flights.find(order, call())
        expect(found).toMatchObject({ outcome: 'found', reservation: { pnr: reservation.pnr } })

        expect(await flights.cancel(retrieved, call())).toMatchObject({ outcome: 'ok' })
        const [held] = await heldUnder(order.reference)
        expect(held?.status).toBe('cancelled')
        expect(held?.tickets.every((ticket) => ticket.status === 'void')).toBe(true)
        expect((await flights.retrieve(reservation.supplierRef, call())).status).toBe('cancelled')
      })

      test('a reservation without tickets is given back too', async () => {
        const { order, reservation } = await booked()
        expect(await flights.cancel(reservation, call())).toMatchObject({ outcome: 'ok' })
        expect((await heldUnder(order.reference))[0]?.status).toBe('cancelled')
      })

      test('finds nothing under a reference that was never used', async () => {
        const order = orderFor(await pricedOffer())
        expect(await flights.find(order, call())).toEqual({ outcome: 'absent' })
      })

      test.each(['drop_after_effect', 'hang_after_effect'] as const)(
        'a lost reply is unknown, and the one reservation is found by our reference: %s',
        async (kind) => {
          const order = orderFor(await pricedOffer())
          await harness.control.fault('book', kind)
          expect(await flights.book(order, call())).toMatchObject({ outcome: 'unknown' })
          const found = await flights.find(order, call())
          if (found.outcome !== 'found') throw new Error('the reservation was made and is not found')
          const held = await heldUnder(order.reference)
          expect(held).toHaveLength(1)
          expect(found.reservation.status).toBe('active')
          const whole = await flights.retrieve(found.reservation.supplierRef, call())
          expect(whole.pnr).toBe(found.reservation.pnr)
          if (flights.ticket) {
            const issued = value(await flights.ticket({ reference: order.reference, reservation: whole, total: order.offer.total }, call()))
            expect(issued.length).toBe(paying())
          } else expect(whole.tickets.length).toBe(paying())
        },
      )

      test.each(BLINDING)('a reply that proves nothing is unknown, never rejected: %s', async (kind) => {
        const order = orderFor(await pricedOffer())
        await harness.control.fault('book', kind)
        const started = performance.now()
        expect(await flights.book(order, call())).toMatchObject({ outcome: 'unknown' })
        expect(performance.now() - started).toBeLessThan(harness.provider.limits.writeTimeoutMs + 2_500)
      })

      test('sold out is rejected and leaves nothing behind', async () => {
        const order = orderFor(await pricedOffer())
        await harness.control.fault('book', 'sold_out')
        expect(await flights.book(order, call())).toMatchObject({ outcome: 'rejected', reason: 'sold_out' })
        expect((await heldUnder(order.reference)).filter((held) => held.status === 'active')).toHaveLength(0)
      })

      test('is never charged more than was agreed: a dearer fare is rejected as price_changed', async () => {
        const order = orderFor(await pricedOffer())
        await harness.control.fault('book', 'price_up')
        expect(await flights.book(order, call())).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
        expect((await heldUnder(order.reference)).filter((held) => held.status === 'active')).toHaveLength(0)
      })
    })

    describe('when it tickets', () => {
      test.each(['drop_after_effect', 'hang_after_effect'] as const)(
        'a lost reply is unknown, and the tickets show on retrieval: %s',
        async (kind) => {
          if (!flights.ticket) return
          const { order, reservation } = await booked()
          await harness.control.fault('ticket', kind)
          expect(await flights.ticket({ reference: order.reference, reservation, total: order.offer.total }, call())).toMatchObject({
            outcome: 'unknown',
          })
          const retrieved = await flights.retrieve(reservation.supplierRef, call())
          expect(retrieved.tickets).toHaveLength(paying())
          const [held] = await heldUnder(order.reference)
          expect(held?.tickets.filter((ticket) => ticket.status === 'live')).toHaveLength(paying())
        },
      )

      test.each(BLINDING)('a reply that proves nothing is unknown, never rejected: %s', async (kind) => {
        if (!flights.ticket) return
        const { order, reservation } = await booked()
        await harness.control.fault('ticket', kind)
        expect(await flights.ticket({ reference: order.reference, reservation, total: order.offer.total }, call())).toMatchObject({
          outcome: 'unknown',
        })
      })
    })

    describe('when it looks up', () => {
      test.each(['drop', 'server_error', 'garbage', 'html', 'bomb', 'timeout'] as const)(
        'a reservation that cannot be read is a fault, not an absence: %s',
        async (kind) => {
          const { order, reservation } = await booked()
          await harness.control.fault('retrieve', kind, { count: 2 })
          await expect(flights.retrieve(reservation.supplierRef, call())).rejects.toBeInstanceOf(ProviderError)
          await harness.control.clear()
          await harness.control.fault('find', kind, { count: 2 })
          await expect(flights.find(order, call())).rejects.toBeInstanceOf(ProviderError)
        },
      )
    })

    describe('when it cancels', () => {
      test.each(BLINDING)('a reply that proves nothing is unknown, never rejected: %s', async (kind) => {
        const { reservation } = await booked()
        await harness.control.fault('cancel', kind, { count: 2 })
        expect(await flights.cancel(reservation, call())).toMatchObject({ outcome: 'unknown' })
      })
    })

    test('refuses to make sense of a message that is not the supplier’s', () => {
      for (const nonsense of ['', 'not a message', '<html><body>Bad gateway</body></html>', '{"a":', '[]']) {
        expect(() => harness.provider.translate('shop', nonsense)).toThrow(ProviderError)
      }
    })
  })
}

function expectSane(offer: FlightOffer, harness: Harness, solutions: number): void {
  const { query, provider } = harness
  expect(offer.provider).toBe(provider.id)
  expect(offer.solution).toBeGreaterThanOrEqual(0)
  expect(offer.solution).toBeLessThan(solutions)
  expect(offer.total.amount).toBeGreaterThan(0)
  expect(offer.supplierToken.length).toBeGreaterThan(0)
  if (offer.base && offer.taxes && offer.base.currency === offer.total.currency) {
    expect(isSameMoney(addMoney(offer.base, offer.taxes), offer.total)).toBe(true)
  }
  const counts = { adult: query.passengers.adults, child: query.passengers.children, infant: query.passengers.infants }
  for (const type of ['adult', 'child', 'infant'] as const) {
    const of = offer.passengers.filter((fare) => fare.type === type).reduce((sum, fare) => sum + fare.count, 0)
    expect(of, `${type}s in ${offer.id}`).toBe(counts[type])
  }
  const totals = offer.passengers.map((fare) => fare.total).filter((total) => total !== null)
  if (totals.length === offer.passengers.length) expect(isSameMoney(sumMoney(totals, offer.total.currency), offer.total)).toBe(true)

  expect(offer.slices).toHaveLength(query.slices.length)
  offer.slices.forEach((slice, index) => {
    const asked = query.slices[index]!
    expect(slice.segments.length).toBeGreaterThan(0)
    expect(slice.segments[0]!.origin).toBe(slice.origin)
    expect(slice.segments[slice.segments.length - 1]!.destination).toBe(slice.destination)
    expect(slice.segments[0]!.departure.local.slice(0, 10)).toBe(asked.departureDate)
    for (const segment of slice.segments) {
      expect(segment.carrier).toMatch(/^[A-Z0-9]{2}$/)
      expect(segment.flightNumber).toMatch(/^\d{1,4}[A-Z]?$/)
      expect(segment.origin).toMatch(/^[A-Z]{3}$/)
      expect(segment.destination).toMatch(/^[A-Z]{3}$/)
      expect(segment.departure.local).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/)
      for (const bag of segment.baggage) if (bag.pieces !== null) expect(bag.pieces).toBeGreaterThanOrEqual(0)
    }
  })
}

const BORN: Record<PassengerType, number> = { adult: -35, child: -7, infant: -1 }

/** People of the query's types, with ages that fit at the date of travel and names that differ per sequence number. */
export function passengersFor(query: FlightQuery, sequence: number): Passenger[] {
  const year = Number(query.slices[0]!.departureDate.slice(0, 4))
  const counts: [PassengerType, number][] = [
    ['adult', query.passengers.adults],
    ['child', query.passengers.children],
    ['infant', query.passengers.infants],
  ]
  return counts.flatMap(([type, count]) =>
    Array.from({ length: count }, (_, index) => ({
      type,
      title: type === 'adult' ? ('mr' as const) : null,
      givenName: `Budi ${lettersOf(index)}${type.slice(0, 1)}`.toUpperCase(),
      familyName: `SANTOSO${lettersOf(sequence)}`,
      bornOn: parseLocalDate(`${year + BORN[type]}-01-15`),
      gender: index % 2 === 0 ? ('male' as const) : ('female' as const),
      document:
        type === 'adult'
          ? {
              kind: 'passport' as const,
              number: `C${1_000_000 + index}`,
              issuingCountry: 'ID',
              nationality: 'ID',
              expiresOn: parseLocalDate(`${year + 5}-01-01`),
            }
          : null,
    })),
  )
}
