/**
 * The promises every seller of stays keeps, run against its stateful mock server:
 *
 *   describeStayProvider('hotelbeds', async () => ({ provider, control, query, close }))
 *
 * Nothing here knows a protocol. What a promise means on the wire is the mock server's part.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { compareMoney, isSameMoney } from '../kernel/money.ts'
import { AMENITIES, type Property } from '../travel/property.ts'
import type { Reservation } from '../travel/reservation.ts'
import { BOARD_BASES, type Guest, type StayOffer, type StayQuery } from '../travel/stay.ts'
import { BLINDING, CONTACT, lettersOf, value, type FaultOperation, type SupplierControl } from './conformance-shared.ts'
import { isUnread, type Call, type ContentPage, type Provider, type StayOrder, type StayShopReply, type StaySupplier } from './contract.ts'
import { ProviderError } from './errors.ts'

/**
 * One provider wired to its own mock server without latency. Give it short limits (1–2 s time-outs, 8 MB replies at
 * most) and a partner whose breaker does not open (`breakAfter: 1000`): the faults below come in a row on purpose.
 * `query` names at most `propertiesMax` properties and is answered with at least thirty offers that may be sold alone,
 * of which each test takes another; two rooms and a child in one of them try more than one adult does.
 */
export type StayHarness = {
  readonly provider: Provider
  readonly control: SupplierControl<FaultOperation | 'content'>
  readonly query: StayQuery
  readonly close: () => Promise<void>
}

/** Runs the promises. `makeHarness` is called once; everything it opened is closed at the end. */
export function describeStayProvider(name: string, makeHarness: () => Promise<StayHarness>): void {
  describe(`${name} keeps the promises of a seller of stays`, () => {
    let harness: StayHarness
    let stays: StaySupplier
    let sequence = 0
    let shopped: readonly StayOffer[] = []
    const call = (): Call => ({ signal: new AbortController().signal })
    async function shop(query = harness.query, within = call()): Promise<StayShopReply> {
      const reply = await stays.shop(query, within)
      if (!isUnread(reply)) return reply
      if (!stays.readShop) throw new Error(`${name} leaves replies unread that it cannot read`)
      return stays.readShop(reply, query)
    }

    beforeAll(async () => {
      harness = await makeHarness()
      if (!harness.provider.stays) throw new Error(`${name} sells no stays`)
      stays = harness.provider.stays
      shopped = (await shop()).offers.filter((offer) => !offer.isPackageOnly)
    }, 30_000)
    afterEach(() => harness.control.clear())
    afterAll(() => harness.close())

    /** A different offer for each test, so that one test's price rise is not another's. */
    function nextOffer(): StayOffer {
      sequence += 1
      return shopped[sequence % shopped.length]!
    }
    async function pricedOffer(): Promise<StayOffer> {
      const reply = await stays.price(nextOffer(), call())
      if (reply.outcome !== 'priced') throw new Error(`the mock does not sell its own offer: ${reply.code}`)
      return reply.offer
    }
    const orderFor = (offer: StayOffer): StayOrder => ({
      reference: `FWSTAY${name.toUpperCase().slice(0, 6)}${String((sequence += 1)).padStart(4, '0')}`,
      offer,
      guests: guestsFor(harness.query, sequence),
      contact: CONTACT,
    })
    async function booked(): Promise<{ order: StayOrder; reservation: Reservation }> {
      const order = orderFor(await pricedOffer())
      return { order, reservation: value(await stays.book(order, call())) }
    }
    const heldUnder = async (reference: string) =>
      (await harness.control.state()).reservations.filter((held) => held.reference === reference)
    const activeUnder = async (reference: string) => (await heldUnder(reference)).filter((held) => held.status === 'active')

    describe('when it shops', () => {
      test('finds offers for all rooms on the dates asked for, with prices, boards and deadlines that make sense', async () => {
        const { offers, solutions } = await shop()
        expect(offers.length).toBeGreaterThan(1)
        expect(harness.query.properties.length).toBeLessThanOrEqual(stays.propertiesMax)
        expect(new Set(offers.map((offer) => offer.id)).size).toBe(offers.length)
        const properties = new Set(offers.map((offer) => offer.property))
        expect(properties.size).toBeLessThanOrEqual(solutions)
        expect(solutions).toBeLessThanOrEqual(harness.query.properties.length)
        for (const offer of offers) expectSane(offer, harness)
      })

      test('loses nothing: every property asked for alone has the offers that it has among the others', async () => {
        const { offers } = await shop()
        const of = (list: readonly StayOffer[], property: string) =>
          list
            .filter((offer) => offer.property === property)
            .map((offer) => essenceOf(offer))
            .toSorted()
        const asked = [...new Set(offers.map((offer) => offer.property))].slice(0, 3)
        expect(asked.length).toBeGreaterThan(0)
        for (const property of asked) {
          const alone = await shop({ ...harness.query, properties: [property] })
          expect(of(alone.offers, property)).toEqual(of(offers, property))
          expect(alone.offers.every((offer) => offer.property === property)).toBe(true)
        }
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
        await expect(shop(harness.query, { signal: AbortSignal.timeout(100) })).rejects.toBeInstanceOf(ProviderError)
        expect(performance.now() - started).toBeLessThan(harness.provider.limits.shopTimeoutMs)
      })
    })

    describe('when it prices', () => {
      test('confirms an offer at its price, and the confirmed offer can be priced again', async () => {
        const offer = nextOffer()
        const first = await stays.price(offer, call())
        if (first.outcome !== 'priced') throw new Error('gone')
        expect(isSameMoney(first.offer.total, offer.total)).toBe(true)
        expect(first.offer).toMatchObject({
          property: offer.property,
          board: offer.board,
          rooms: offer.rooms.map(({ code }) => ({ code })),
        })
        expectSane(first.offer, harness)
        const again = await stays.price(first.offer, call())
        expect(again).toMatchObject({ outcome: 'priced', offer: { total: offer.total } })
      })

      test('tells the new price when it rose, and keeps to it', async () => {
        const offer = nextOffer()
        await harness.control.fault('price', 'price_up')
        const risen = await stays.price(offer, call())
        if (risen.outcome !== 'priced') throw new Error('gone')
        expect(compareMoney(risen.offer.total, offer.total)).toBeGreaterThan(0)
        const again = await stays.price(risen.offer, call())
        expect(again).toMatchObject({ outcome: 'priced', offer: { total: risen.offer.total } })
      })

      test('says gone when it is sold out, and throws when it cannot know', async () => {
        const offer = nextOffer()
        await harness.control.fault('price', 'sold_out')
        expect(await stays.price(offer, call())).toMatchObject({ outcome: 'gone' })
        await harness.control.clear()
        for (const kind of ['server_error', 'garbage', 'drop', 'bomb', 'unknown_code'] as const) {
          await harness.control.fault('price', kind)
          await expect(stays.price(offer, call())).rejects.toBeInstanceOf(ProviderError)
        }
      })
    })

    describe('when it books', () => {
      test('a booking can be retrieved, found by our reference and cancelled', async () => {
        const { order, reservation } = await booked()
        expect(reservation.pnr).toMatch(/^[A-Za-z0-9][A-Za-z0-9-]{3,39}$/)
        expect(reservation).toMatchObject({ status: 'active', tickets: [], segments: [] })
        if (reservation.total) expect(reservation.total).toEqual(order.offer.total)
        expect(await activeUnder(order.reference)).toHaveLength(1)

        const retrieved = await stays.retrieve(reservation.supplierRef, call())
        expect(retrieved).toMatchObject({ pnr: reservation.pnr, status: 'active', tickets: [] })
        expect(await stays.find(order, call())).toMatchObject({
          outcome: 'found',
          reservation: { pnr: reservation.pnr, status: 'active' },
        })

        expect(await stays.cancel(retrieved, call())).toMatchObject({ outcome: 'ok' })
        expect((await heldUnder(order.reference)).map((held) => held.status)).toEqual(['cancelled'])
        expect((await stays.retrieve(reservation.supplierRef, call())).status).toBe('cancelled')
        expect(await stays.find(order, call())).toMatchObject({ outcome: 'found', reservation: { status: 'cancelled' } })
      })

      test('one guest of each room is enough', async () => {
        const order = orderFor(await pricedOffer())
        const guests = order.guests.filter(({ room }, index) => order.guests.findIndex((other) => other.room === room) === index)
        const reservation = value(await stays.book({ ...order, guests }, call()))
        expect(reservation.status).toBe('active')
        expect(await activeUnder(order.reference)).toHaveLength(1)
      })

      test('finds nothing under a reference that was never used', async () => {
        const order = orderFor(await pricedOffer())
        expect(await stays.find(order, call())).toEqual({ outcome: 'absent' })
      })

      test.each(['drop_after_effect', 'hang_after_effect'] as const)(
        'a lost reply is unknown, and the one reservation is found by our reference: %s',
        async (kind) => {
          const order = orderFor(await pricedOffer())
          await harness.control.fault('book', kind)
          expect(await stays.book(order, call())).toMatchObject({ outcome: 'unknown' })
          const found = await stays.find(order, call())
          if (found.outcome !== 'found') throw new Error('the reservation was made and is not found')
          expect(await heldUnder(order.reference)).toHaveLength(1)
          expect(found.reservation.status).toBe('active')
          const whole = await stays.retrieve(found.reservation.supplierRef, call())
          expect(whole.pnr).toBe(found.reservation.pnr)
        },
      )

      test.each(BLINDING)('a reply that proves nothing is unknown, never rejected: %s', async (kind) => {
        const order = orderFor(await pricedOffer())
        await harness.control.fault('book', kind)
        const started = performance.now()
        expect(await stays.book(order, call())).toMatchObject({ outcome: 'unknown' })
        expect(performance.now() - started).toBeLessThan(harness.provider.limits.writeTimeoutMs + 2_500)
      })

      test('sold out is rejected and leaves nothing behind', async () => {
        const order = orderFor(await pricedOffer())
        await harness.control.fault('book', 'sold_out')
        expect(await stays.book(order, call())).toMatchObject({ outcome: 'rejected', reason: 'sold_out' })
        expect(await activeUnder(order.reference)).toHaveLength(0)
      })

      test('is never charged more than was agreed: a dearer rate is rejected as price_changed', async () => {
        const order = orderFor(await pricedOffer())
        await harness.control.fault('book', 'price_up')
        expect(await stays.book(order, call())).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
        expect(await activeUnder(order.reference)).toHaveLength(0)
      })
    })

    describe('when it looks up', () => {
      test.each(['drop', 'server_error', 'garbage', 'html', 'bomb', 'timeout'] as const)(
        'a reservation that cannot be read is a fault, not an absence: %s',
        async (kind) => {
          const { order, reservation } = await booked()
          await harness.control.fault('retrieve', kind, { count: 2 })
          await expect(stays.retrieve(reservation.supplierRef, call())).rejects.toBeInstanceOf(ProviderError)
          await harness.control.clear()
          await harness.control.fault('find', kind, { count: 2 })
          await expect(stays.find(order, call())).rejects.toBeInstanceOf(ProviderError)
        },
      )
    })

    describe('when it cancels', () => {
      test('a second time is harmless and says the same', async () => {
        const { order, reservation } = await booked()
        expect(await stays.cancel(reservation, call())).toMatchObject({ outcome: 'ok' })
        expect(await stays.cancel(reservation, call())).toMatchObject({ outcome: 'ok' })
        expect((await heldUnder(order.reference)).map((held) => held.status)).toEqual(['cancelled'])
      })

      test.each(['drop_after_effect', 'hang_after_effect'] as const)(
        'a lost reply is unknown, and that it was done shows on retrieval: %s',
        async (kind) => {
          const { reservation } = await booked()
          await harness.control.fault('cancel', kind)
          expect(await stays.cancel(reservation, call())).toMatchObject({ outcome: 'unknown' })
          expect((await stays.retrieve(reservation.supplierRef, call())).status).toBe('cancelled')
        },
      )

      test.each(BLINDING)('a reply that proves nothing is unknown, never rejected: %s', async (kind) => {
        const { reservation } = await booked()
        await harness.control.fault('cancel', kind, { count: 2 })
        expect(await stays.cancel(reservation, call())).toMatchObject({ outcome: 'unknown' })
      })
    })

    describe('when its static content is read', () => {
      const PAGES_MAX = 1_000
      async function readAll(): Promise<{ cursor: string | null; page: ContentPage }[]> {
        const pages: { cursor: string | null; page: ContentPage }[] = []
        for (let cursor: string | null = null; pages.length < PAGES_MAX;) {
          const page: ContentPage = await stays.content(cursor, call())
          pages.push({ cursor, page })
          if (page.next === null) return pages
          cursor = page.next
        }
        throw new Error(`there are more than ${PAGES_MAX} pages`)
      }

      test('brings every property exactly once, those that are sold among them', async () => {
        const properties = (await readAll()).flatMap(({ page }) => page.properties)
        const codes = new Set(properties.map((property) => property.code))
        expect(codes.size).toBe(properties.length)
        for (const property of properties) expectSaneProperty(property, harness.provider)
        for (const code of harness.query.properties) expect(codes).toContain(code)
      })

      test('can be taken up again at every page', async () => {
        const pages = await readAll()
        const codesOf = (page: ContentPage) => page.properties.map((property) => property.code)
        const total = pages.reduce((sum, { page }) => sum + page.properties.length, 0)
        expect(pages.length).toBeGreaterThan(1)
        for (const { cursor, page } of pages) {
          expect(page.total ?? total).toBe(total)
          const again = await stays.content(cursor, call())
          expect(codesOf(again)).toEqual(codesOf(page))
          expect(again.next).toBe(page.next)
        }
      })

      test.each(['drop', 'server_error', 'garbage', 'html', 'huge', 'bomb', 'throttled'] as const)(
        'a page that cannot be read is a fault, not the end: %s',
        async (kind) => {
          await harness.control.fault('content', kind)
          await expect(stays.content(null, call())).rejects.toBeInstanceOf(ProviderError)
        },
      )
    })

    test('refuses to make sense of a message that is not the supplier’s', () => {
      for (const kind of ['shop', 'book'] as const) {
        for (const nonsense of ['', 'not a message', '<html><body>Bad gateway</body></html>', '{"a":']) {
          expect(() => harness.provider.translate(kind, nonsense)).toThrow(ProviderError)
        }
      }
    })
  })
}

/** What two offers have in common that are the same to a guest. */
function essenceOf({ property, rooms, board, ratePlan, total, payAt }: StayOffer): string {
  return JSON.stringify([property, rooms, board, ratePlan, total, payAt])
}

function expectSane(offer: StayOffer, { provider, query }: StayHarness): void {
  expect(offer.provider).toBe(provider.id)
  expect(offer.id.length).toBeGreaterThan(0)
  expect(query.properties).toContain(offer.property)
  expect(offer.propertyName.length).toBeGreaterThan(0)
  expect(offer).toMatchObject({ checkIn: query.checkIn, checkOut: query.checkOut })
  expect(offer.rooms.map(({ occupancy }) => occupancy)).toEqual(query.rooms)
  for (const room of offer.rooms) expect(room.name.length).toBeGreaterThan(0)
  expect(offer.supplierToken.length).toBeGreaterThan(0)
  expect(offer.total.amount).toBeGreaterThan(0)
  if (offer.board !== null) expect(BOARD_BASES).toContain(offer.board)
  for (const charge of offer.charges) if (charge.amount) expect(charge.amount.amount).toBeGreaterThanOrEqual(0)
  if (offer.roomsLeft !== null) expect(offer.roomsLeft).toBeGreaterThan(0)

  if (offer.cancellation === null) return
  const { cancellation } = offer
  expect(cancellation.length).toBeGreaterThan(0)
  expect(cancellation[0]!.from, 'the timeline begins with the booking').toBeNull()
  for (const [index, step] of cancellation.entries()) {
    if (index > 0) expect(step.from).not.toBeNull()
    if (index > 1) expect(step.from!).toBeGreaterThan(cancellation[index - 1]!.from!)
    if (step.penalty) expect(step.penalty.amount).toBeGreaterThanOrEqual(0)
  }
  const hasFreeStep = cancellation.some((step) => step.penalty?.amount === 0)
  if (offer.refundable === true) expect(hasFreeStep, 'refundable means a step without a penalty').toBe(true)
}

function expectSaneProperty(property: Property, provider: Provider): void {
  expect(property.provider).toBe(provider.id)
  expect(property.code.length).toBeGreaterThan(0)
  expect(property.name.length).toBeGreaterThan(0)
  expect(property.country).toMatch(/^[A-Z]{2}$/)
  expect(Math.abs(property.latitude)).toBeLessThanOrEqual(90)
  expect(Math.abs(property.longitude)).toBeLessThanOrEqual(180)
  if (property.stars !== null) {
    expect(property.stars).toBeGreaterThan(0)
    expect(property.stars).toBeLessThanOrEqual(5)
  }
  if (property.rating !== null) expect(property.rating).toBeLessThanOrEqual(10)
  for (const amenity of property.amenities) expect(AMENITIES).toContain(amenity)
  expect(new Set(property.amenities).size).toBe(property.amenities.length)
  for (const image of property.images) expect(image).toMatch(/^https:\/\//)
}

/** Everybody who sleeps in the query's rooms, adults first, with names that differ per sequence number. */
export function guestsFor(query: StayQuery, sequence: number): Guest[] {
  return query.rooms.flatMap((occupancy, room) => {
    const ages = [...Array.from({ length: occupancy.adults }, () => null), ...occupancy.childAges]
    return ages.map((age, index) => ({
      room,
      isLead: room === 0 && index === 0,
      title: age === null ? ('mr' as const) : null,
      givenName: `BUDI ${lettersOf(room)}${lettersOf(index)}`,
      familyName: `SANTOSO${lettersOf(sequence)}`,
      age,
    }))
  })
}
