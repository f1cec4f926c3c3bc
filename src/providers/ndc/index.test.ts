import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { createStoppedClock, parseLocalDate } from '../../kernel/time.ts'
import { PartnerError, toPartnerReply, type PartnerRequest } from '../../platform/partner.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import type { FlightOrder } from '../contract.ts'
import { isOutage } from './exchange.ts'
import { createNdc, NDC_LIMITS } from './index.ts'
import { offersIn, readSample } from '../../../test/support/ndc-samples.ts'
import type { Version } from './wire.ts'

const call = { signal: new AbortController().signal }
type Answer = string | { readonly status: number; readonly body: string } | Error

/** An airline that gives these answers one after the other, and what it was asked. */
function airlineOf(version: Version, ...answers: readonly Answer[]) {
  const asked: PartnerRequest[] = []
  const provider = createNdc({
    config: {
      airline: 'XY',
      version,
      url: 'https://ndc.example/{message}/v1',
      apiKey: 'secret',
      agencyId: '35200001',
      agencyName: null,
      currency: null,
      limits: NDC_LIMITS,
    },
    send: async (request) => {
      const answer = answers[asked.length]
      asked.push(request)
      if (answer === undefined) throw new Error(`nobody expected request ${asked.length}`)
      if (answer instanceof Error) throw answer
      const { status, body } = typeof answer === 'string' ? { status: 200, body: answer } : answer
      return toPartnerReply(status, {}, Buffer.from(body))
    },
    clock: createStoppedClock('2026-07-01T09:00:00Z'),
  })
  return { provider, flights: provider.flights!, asked, paths: () => asked.map((one) => new URL(one.url).pathname) }
}

const [offer] = offersIn('shop-20.1-services')
const query: FlightQuery = {
  slices: [{ origin: 'KHI', destination: 'ISB', departureDate: parseLocalDate('2027-01-31') }],
  passengers: { adults: 1, children: 0, infants: 0 },
  cabin: 'economy',
}
const order: FlightOrder = {
  reference: 'FWABC1',
  offer: offer!,
  contact: { email: 'a@example.com', phone: '+621' },
  passengers: [
    {
      type: 'adult',
      title: 'mr',
      givenName: 'Ali',
      familyName: 'Rizvi',
      bornOn: parseLocalDate('1990-01-01'),
      gender: 'male',
      document: null,
    },
  ],
}
const UNPAID = readSample('order-20.1-unpaid')
const AGREED = UNPAID.replaceAll('25045.66', '19534.66')
const CANCELLED = AGREED.replace('<StatusCode>OPENED<', '<StatusCode>CANCELLED<')
const REFERENCE = 'O20270123:ER:M0DVJ5:PAX1'
const ERROR = '<IATA_OrderViewRS xmlns="x"><Error><Code>911</Code><DescText>Down</DescText></Error></IATA_OrderViewRS>'
const GONE = '<IATA_OrderCancelRS xmlns="x"><Response><OrderRefID>O20270123</OrderRefID></Response></IATA_OrderCancelRS>'
const LISTED = (...ids: readonly string[]) =>
  `<IATA_OrderListRS xmlns="x"><Response>${ids.map((id) => `<MatchedOrder><OrderRefID>${id}</OrderRefID><OwnerCode>ER</OwnerCode></MatchedOrder>`).join('')}</Response></IATA_OrderListRS>`
const remarked = (text: string, status = 'OPENED') =>
  AGREED.replace('<PaxList><Pax>', `<PaxList><Pax><Remark><RemarkText>${text}</RemarkText></Remark>`).replace('>OPENED<', `>${status}<`)

describe('a request', () => {
  test('goes to the path of its message with the key in a header, as XML', async () => {
    const { flights, asked, paths } = airlineOf('21.3', readSample('shop-20.1-services'))
    await flights.shop(query, call)
    expect(paths()).toEqual(['/AirShopping/v1'])
    expect(asked[0]).toMatchObject({
      method: 'POST',
      headers: { 'x-api-key': 'secret', 'content-type': 'application/xml; charset=utf-8', accept: 'application/xml' },
      timeoutMs: NDC_LIMITS.shopTimeoutMs,
      replyBytesMax: NDC_LIMITS.replyBytesMax,
    })
  })

  test.each([
    [401, 'unauthorised'],
    [403, 'unauthorised'],
    [429, 'throttled'],
    [503, 'unreachable'],
  ] as const)('that is answered with status %i is %s', async (status, fault) => {
    const { flights } = airlineOf('19.2', { status, body: 'no' })
    await expect(flights.retrieve(REFERENCE, call)).rejects.toMatchObject({ fault, provider: 'ndc-xy' })
  })

  test('that never left is a rejection of a write; that may have arrived is unknown', async () => {
    const lost = (neverSent: boolean) => new PartnerError('unreachable', 'no', { neverSent })
    expect(await airlineOf('19.2', lost(true)).flights.book(order, call)).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
    expect(await airlineOf('19.2', lost(false)).flights.book(order, call)).toMatchObject({ outcome: 'unknown', cause: 'unreachable' })
    expect(await airlineOf('19.2', { status: 401, body: '' }).flights.book(order, call)).toMatchObject({
      outcome: 'rejected',
      reason: 'not_sent',
    })
  })
})

test('a search reply goes unread with the airline’s name, and is read under it by whoever has the translator', async () => {
  const { flights } = airlineOf('19.2', readSample('shop-20.1-services'))
  const reply = await flights.shop(query, call)
  const other = createNdc({
    config: {
      airline: 'ZZ',
      version: '21.3',
      url: 'https://x',
      apiKey: 'k',
      agencyId: '1',
      agencyName: null,
      currency: null,
      limits: NDC_LIMITS,
    },
    send: () => Promise.reject(new Error('nobody')),
    clock: createStoppedClock('2026-07-01T09:00:00Z'),
  })
  if (!('unread' in reply)) throw new Error('read already')
  const read = other.flights!.readShop!(structuredClone(reply), query)
  expect(read.offers.map((one) => one.provider)).toEqual(['ndc-xy'])
  expect(() => other.flights!.readShop!({ ...reply, unread: Buffer.from(readSample('error-19.2')) }, query)).toThrow(
    expect.objectContaining({ provider: 'ndc-xy', fault: 'refused' }) as Error,
  )
})

test('an outage is told from a refusal that travels as status 500', () => {
  expect(isOutage(toPartnerReply(500, {}, Buffer.from(ERROR)))).toBe(false)
  expect(isOutage(toPartnerReply(500, {}, Buffer.from(readSample('error-17.2-soap-fault'))))).toBe(false)
  expect(isOutage(toPartnerReply(502, {}, Buffer.from('<html>Bad gateway</html>')))).toBe(true)
  expect(isOutage(toPartnerReply(200, {}, Buffer.from('<html/>')))).toBe(false)
})

describe('a price', () => {
  const priced = (change: (text: string) => string) =>
    change(readSample('shop-20.1-services'))
      .replaceAll('IATA_AirShoppingRS', 'IATA_OfferPriceRS')
      .replace('<OffersGroup><CarrierOffers>', '<PricedOffer>')
      .replace('</CarrierOffers></OffersGroup>', '</PricedOffer>')

  test('keeps what the priced offer does not repeat, and its id when it costs the same', async () => {
    const same = priced((text) => text.replace('>1737-1<', '>1737-9<').replace(/<BaggageAllowanceList>.*<\/BaggageAllowanceList>/, ''))
    const reply = await airlineOf('21.3', same).flights.price(offer!, call)
    if (reply.outcome !== 'priced') throw new Error(reply.message)
    expect(reply.offer).toMatchObject({ id: offer!.id, provider: 'ndc-xy', total: offer!.total })
    expect(reply.offer.slices[0]!.segments[0]!.baggage).toEqual([{ kind: 'checked', pieces: null, weightKg: 20 }])
    expect(JSON.parse(reply.offer.supplierToken)).toMatchObject({ offer: '1737-9' })
  })

  test('is of a new offer when it rose, and gone when it is for other flights', async () => {
    const dearer = priced((text) =>
      text.replace('>1737-1<', '>1737-9<').replaceAll('19534.66', '20000.00').replaceAll('9136.66', '9602.00'),
    )
    expect(await airlineOf('21.3', dearer).flights.price(offer!, call)).toMatchObject({
      outcome: 'priced',
      offer: { id: '1737-9', total: { amount: 2_000_000 } },
    })
    const moved = priced((text) => text.replace('T16:00:00', 'T16:05:00'))
    expect(await airlineOf('21.3', moved).flights.price(offer!, call)).toMatchObject({ outcome: 'gone', code: 'schedule_changed' })
  })

  test('of an offer without an owner is asked of the airline it came from', async () => {
    const { flights, asked } = airlineOf('21.3', '<IATA_OfferPriceRS xmlns="x"><Error><Code>913</Code></Error></IATA_OfferPriceRS>')
    expect(await flights.price(offersIn('shop-21.3-segments')[0]!, call)).toMatchObject({ outcome: 'gone', code: '913' })
    expect(asked[0]!.body).toContain('<OwnerCode>XY</OwnerCode>')
  })

  test('of a token that is not ours is a fault', async () => {
    await expect(airlineOf('21.3').flights.price({ ...offer!, supplierToken: '{"v":2}' }, call)).rejects.toMatchObject({
      fault: 'malformed',
    })
    await expect(airlineOf('21.3').flights.price({ ...offer!, supplierToken: 'x' }, call)).rejects.toMatchObject({ provider: 'ndc-xy' })
  })
})

describe('a booking', () => {
  test('at the price that was agreed is ok', async () => {
    expect(await airlineOf('19.2', AGREED).flights.book(order, call)).toMatchObject({
      outcome: 'ok',
      value: { pnr: 'M0DVJ5', supplierRef: REFERENCE },
    })
  })

  test('that came out dearer is cancelled at once, and so rejected', async () => {
    const { flights, paths } = airlineOf('19.2', UNPAID, GONE)
    expect(await flights.book(order, call)).toMatchObject({ outcome: 'rejected', reason: 'price_changed', code: 'cancelled_again' })
    expect(paths()).toEqual(['/OrderCreate/v1', '/OrderCancel/v1'])
  })

  test('that came out dearer and cannot be given back is unknown', async () => {
    const { flights } = airlineOf('19.2', UNPAID, ERROR.replace('OrderView', 'OrderCancel'), UNPAID)
    expect(await flights.book(order, call)).toMatchObject({
      outcome: 'unknown',
      message: expect.stringContaining('O20270123 is held') as string,
    })
  })

  test('of a flight that is on a waitlist is given back as sold out', async () => {
    const waitlisted = AGREED.replace('NOT ENTITLED', 'HL')
    expect(await airlineOf('19.2', waitlisted, GONE).flights.book(order, call)).toMatchObject({ outcome: 'rejected', reason: 'sold_out' })
  })

  test('that brings an order and an error is unknown, and nothing is cancelled', async () => {
    const both = AGREED.replace('<Response>', '<Error><Code>711</Code></Error><Response>')
    expect(await airlineOf('19.2', both).flights.book(order, call)).toMatchObject({ outcome: 'unknown' })
  })

  test('for other people than the offer is for is not sent', async () => {
    const passengers = [...order.passengers, ...order.passengers]
    expect(await airlineOf('19.2').flights.book({ ...order, passengers }, call)).toMatchObject({
      outcome: 'rejected',
      reason: 'invalid_passenger',
    })
  })
})

describe('ticketing', () => {
  test('is not paid when the order costs more than was agreed, or in another currency', async () => {
    const reservation = await airlineOf('19.2', UNPAID).flights.retrieve(REFERENCE, call)
    for (const total of [money(100, 'PKR'), money(100_000_000, 'EUR')])
      expect(await airlineOf('19.2').flights.ticket!({ reference: 'R', reservation, total }, call)).toMatchObject({
        outcome: 'rejected',
        reason: 'price_changed',
      })
  })

  test('pays what the order costs, not what was agreed', async () => {
    const { flights, asked, paths } = airlineOf('21.3', UNPAID, UNPAID)
    const reservation = await flights.retrieve(REFERENCE, call)
    expect(await flights.ticket!({ reference: 'R', reservation, total: money(9_999_999, 'PKR') }, call)).toMatchObject({
      outcome: 'unknown',
      cause: 'pending',
    })
    expect(paths()[1]).toBe('/OrderChange/v1')
    expect(asked[1]!.body).toContain('>25045.66<')
  })
})

describe('a cancellation', () => {
  const reservationOf = async () => airlineOf('19.2', UNPAID).flights.retrieve(REFERENCE, call)

  test('of 21.3 that is not offered is unknown, whatever the order turns out to be', async () => {
    const nothing = '<IATA_OrderReshopRS xmlns="x"><Response><ReshopResults/></Response></IATA_OrderReshopRS>'
    const { flights, paths } = airlineOf('21.3', nothing, UNPAID)
    expect(await flights.cancel(await reservationOf(), call)).toMatchObject({ outcome: 'unknown' })
    expect(paths()).toEqual(['/OrderReshop/v1', '/OrderRetrieve/v1'])
  })

  test('that is answered with an error is a success when the order shows that it is cancelled', async () => {
    expect(
      await airlineOf('19.2', ERROR.replace('OrderView', 'OrderCancel'), CANCELLED).flights.cancel(await reservationOf(), call),
    ).toMatchObject({
      outcome: 'ok',
    })
  })

  test('of an order that the airline does not know is rejected', async () => {
    const none = '<IATA_OrderCancelRS xmlns="x"><Error><Code>129</Code><DescText>No match</DescText></Error></IATA_OrderCancelRS>'
    expect(await airlineOf('19.2', none, ERROR).flights.cancel(await reservationOf(), call)).toMatchObject({
      outcome: 'rejected',
      reason: 'not_found',
    })
  })
})

describe('finding an order by our reference', () => {
  test('looks at every candidate, and prefers one that is active', async () => {
    const { flights } = airlineOf(
      '19.2',
      LISTED('A', 'B', 'C'),
      remarked('FAREWIRE REF FWABC1', 'CANCELLED'),
      remarked('FAREWIRE REF OTHER'),
      remarked('/FAREWIRE REF FW-ABC1'),
    )
    expect(await flights.find(order, call)).toMatchObject({ outcome: 'found', reservation: { status: 'active' } })
  })

  test('finds a cancelled one when there is no other', async () => {
    const { flights } = airlineOf('19.2', LISTED('A'), remarked('FAREWIRE REF FWABC1', 'CANCELLED'))
    expect(await flights.find(order, call)).toMatchObject({ outcome: 'found', reservation: { status: 'cancelled' } })
  })

  test.each(['FAREWIRE REF FWABC12', 'FAREWIRE REF', 'FWABC1', 'FAREWIRE REF XFWABC1'])('does not take "%s" for ours', async (text) => {
    expect(await airlineOf('19.2', LISTED('A'), remarked(text)).flights.find(order, call)).toEqual({ outcome: 'absent' })
  })

  test('says absent only when the airline says that there is none', async () => {
    const none = '<IATA_OrderListRS xmlns="x"><Error><Code>129</Code></Error></IATA_OrderListRS>'
    expect(await airlineOf('19.2', none).flights.find(order, call)).toEqual({ outcome: 'absent' })
    expect(await airlineOf('19.2', LISTED()).flights.find(order, call)).toEqual({ outcome: 'absent' })
    await expect(airlineOf('19.2', none.replace('129', '911')).flights.find(order, call)).rejects.toMatchObject({ fault: 'refused' })
    await expect(airlineOf('19.2', LISTED('A'), ERROR).flights.find(order, call)).rejects.toMatchObject({ provider: 'ndc-xy' })
    const many = LISTED(...Array.from({ length: 21 }, (_, index) => `O${index}`))
    await expect(airlineOf('19.2', many).flights.find(order, call)).rejects.toMatchObject({ fault: 'refused' })
  })
})
