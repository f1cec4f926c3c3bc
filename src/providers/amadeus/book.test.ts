import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, startAmadeusHarness, type AmadeusHarness } from '../../../fixtures/amadeus/harness.ts'
import { addMoney, isSameMoney, money, subtractMoney } from '../../kernel/money.ts'
import type { PartnerReply } from '../../platform/partner.ts'
import { toPartnerReply } from '../../platform/partner.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { outcomeOfEnd, outcomeOfFilling, outcomeOfSell } from './book.ts'
import { readMessage } from './soap.ts'

const bodyOf = (text: string) => readMessage(text).body

/** A sell reply whose flights have these statuses. */
const sellReply = (...statuses: string[]): string =>
  `<Air_SellFromRecommendationReply><itineraryDetails>${statuses
    .map(
      (status) =>
        `<segmentInformation><actionDetails><quantity>1</quantity><statusCode>${status}</statusCode></actionDetails></segmentInformation>`,
    )
    .join('')}</itineraryDetails></Air_SellFromRecommendationReply>`

describe('a sell reply', () => {
  test('sells only when every flight is OK', () => {
    expect(outcomeOfSell(bodyOf(sellReply('OK', 'OK')))).toBeNull()
    expect(outcomeOfSell(bodyOf(sellReply('HK')))).toBeNull()
  })

  test.each([
    ['OK and UNS', ['OK', 'UNS']],
    ['OK, UNS and the flight that fell with it', ['OK', 'OK', 'UNS', 'X']],
    ['a waitlist', ['LL']],
    ['a status nobody knows', ['OK', 'QQ']],
  ])('is sold out with %s', (_, statuses) => {
    expect(outcomeOfSell(bodyOf(sellReply(...statuses)))).toMatchObject({ outcome: 'rejected', reason: 'sold_out' })
  })

  test('without flights rejects as what it says', () => {
    const error = (code: string): string =>
      `<R><errorAtMessageLevel><errorSegment><errorDetails><errorCode>${code}</errorCode><errorCategory>EC</errorCategory></errorDetails></errorSegment></errorAtMessageLevel></R>`
    expect(outcomeOfSell(bodyOf(error('288')))).toMatchObject({ reason: 'sold_out', code: '288' })
    expect(outcomeOfSell(bodyOf(error('390')))).toMatchObject({ reason: 'declined', code: '390' })
    expect(outcomeOfSell(bodyOf('<R/>'))).toMatchObject({ outcome: 'rejected', reason: 'declined' })
  })
})

describe('the end of a transaction', () => {
  const record = (locator: string, statuses: string[], more = ''): string =>
    `<PNR_Reply><pnrHeader><reservationInfo><reservation><companyId>1A</companyId><controlNumber>${locator}</controlNumber></reservation></reservationInfo></pnrHeader>${more}<originDestinationDetails>${statuses
      .map(
        (status) =>
          `<itineraryInfo><elementManagementItinerary><segmentName>AIR</segmentName></elementManagementItinerary><travelProduct><companyDetail><identification>AF</identification></companyDetail><productDetails><identification>256</identification></productDetails></travelProduct><relatedProduct><status>${status}</status></relatedProduct></itineraryInfo>`,
      )
      .join('')}</originDestinationDetails></PNR_Reply>`
  const error =
    '<generalErrorInfo><errorOrWarningCodeDetails><errorDetails><errorCode>8111</errorCode><errorCategory>EC</errorCategory></errorDetails></errorOrWarningCodeDetails><errorWarningDescription><freeText>SIMULTANEOUS CHANGES TO PNR</freeText></errorWarningDescription></generalErrorInfo>'
  const end = (text: string, segments = 2) => outcomeOfEnd(bodyOf(text), segments, money(100, 'EUR'))

  test('is a booking with a locator and every flight confirmed', () => {
    expect(end(record('ABC123', ['HK', 'HK']))).toMatchObject({
      outcome: 'ok',
      value: { pnr: 'ABC123', total: { amount: 100 }, status: 'active' },
    })
  })

  test.each([
    ['a flight less than ordered', record('ABC123', ['HK'])],
    ['a flight that is waitlisted', record('ABC123', ['HK', 'HL'])],
    ['a flight that is only asked for', record('ABC123', ['HK', 'HN'])],
    ['a status nobody knows', record('ABC123', ['HK', 'QQ'])],
    ['an error beside the record', record('ABC123', ['HK', 'HK'], error)],
    ['a record that is not ended', record('XXXXXX', ['HK', 'HK'])],
    [
      'a record that is shown as it would become',
      record(
        'ABC123',
        ['HK', 'HK'],
        '<technicalData><generalPNRInformation><statusDetails><isPNRModifDuringTrans>MOD</isPNRModifDuringTrans></statusDetails></generalPNRInformation></technicalData>',
      ),
    ],
    ['only an error', `<PNR_Reply>${error}</PNR_Reply>`],
    ['nothing', '<PNR_Reply/>'],
  ])('is unknown with %s', (_, text) => {
    expect(end(text)).toMatchObject({ outcome: 'unknown', cause: 'unrecognised' })
  })

  test('a flight that is taken back while the record is made is sold out', () => {
    expect(outcomeOfFilling(bodyOf(record('', ['HK', 'UC'])))).toMatchObject({ outcome: 'rejected', reason: 'sold_out', code: 'UC' })
    expect(outcomeOfFilling(bodyOf(record('', ['HK', 'HK'])))).toBeNull()
  })
})

describe('booking', () => {
  let harness: AmadeusHarness
  let offer: FlightOffer
  beforeEach(async () => {
    harness = await startAmadeusHarness()
    offer = (await harness.search())[0]!
    harness.forget()
  })
  afterEach(() => harness.close())

  const held = () => harness.mock.control.state().reservations

  test('puts names, documents, contact and our reference into the record, and infants on laps', async () => {
    const order = harness.order(offer, 'Đurić-Ñandú')
    const booked = await harness.flights.book(order, call())
    if (booked.outcome !== 'ok') throw new Error(booked.message)
    expect(isSameMoney(booked.value.total!, offer.total)).toBe(true)
    expect(booked.value.segments.every((segment) => segment.status === 'confirmed')).toBe(true)
    expect(held()).toMatchObject([
      {
        locator: booked.value.pnr,
        reference: order.reference,
        status: 'active',
        passengers: ['ANA AA MS DURIC NANDU', 'ANA AI DURIC NANDU', 'ANA BA MS DURIC NANDU', 'ANA AC DURIC NANDU'],
        tickets: [],
      },
    ])
    const filled = harness.sent.find((one) => one.message.name === 'PNR_AddMultiElements')!.text
    expect(filled).toContain('<freetext>P-FR-C123450-FR-18APR90-F-01JAN31-DURIC NANDU-ANA AA</freetext>')
    expect(filled).toContain('<date>09082026</date>')
    expect(filled).toContain('<freetext>03FEB19</freetext>')
    expect(filled).toContain('ANA@EXAMPLE.COM')
  })

  test.each(['sell', 'fill', 'quote', 'store'] as const)(
    'a reply lost before the end of the transaction is without effect, and the same attempt may be made again: %s',
    async (operation) => {
      for (const kind of ['drop', 'drop_after_effect', 'garbage', 'html', 'server_error', 'throttled', 'unknown_code', 'bomb'] as const) {
        harness.mock.control.fault(operation, kind)
        const order = harness.order(offer)
        expect(await harness.flights.book(order, call()), kind).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
        expect(held(), kind).toEqual([])
        harness.mock.control.clear()
        expect(await harness.flights.find(order, call()), kind).toEqual({ outcome: 'absent' })
      }
      const order = harness.order(offer)
      harness.mock.control.fault(operation, 'drop_after_effect')
      await harness.flights.book(order, call())
      expect(await harness.flights.book(order, call())).toMatchObject({ outcome: 'ok' })
      expect(held()).toHaveLength(1)
    },
  )

  test.each(['drop', 'drop_after_effect', 'garbage', 'html', 'server_error', 'throttled', 'unknown_code', 'bomb'] as const)(
    'from the moment the end of the transaction is sent a lost reply is unknown: %s',
    async (kind) => {
      harness.mock.control.fault('book', kind)
      const order = harness.order(offer)
      expect(await harness.flights.book(order, call())).toMatchObject({ outcome: 'unknown' })
      expect(held()).toHaveLength(kind === 'drop_after_effect' ? 1 : 0)
      // What may have been ended is not thrown away.
      expect(harness.messages()).not.toContain('PNR_Ignore')
      const found = await harness.flights.find(order, call())
      expect(found.outcome).toBe(kind === 'drop_after_effect' ? 'found' : 'absent')
    },
  )

  test('a mixed sell reply is sold out, and what was sold is thrown away', async () => {
    harness.mock.control.fault('book', 'sold_out')
    expect(await harness.flights.book(harness.order(offer), call())).toMatchObject({ outcome: 'rejected', reason: 'sold_out', code: '288' })
    expect(harness.messages()).toEqual(['Air_SellFromRecommendation', 'PNR_Ignore', 'Security_SignOut'])
    expect(held()).toEqual([])
  })

  test('a dearer price is rejected with both amounts, and nothing is kept', async () => {
    const order = harness.order({ ...offer, total: subtractMoney(offer.total, money(1, offer.total.currency)) })
    const outcome = await harness.flights.book(order, call())
    expect(outcome).toMatchObject({ outcome: 'rejected', reason: 'price_changed', code: 'repriced' })
    expect(held()).toEqual([])
    expect(harness.messages()).toContain('PNR_Ignore')
    expect(harness.messages()).not.toContain('Ticket_CreateTSTFromPricing')
  })

  test('a cheaper price is taken, and told', async () => {
    const dearer = { ...offer, total: addMoney(offer.total, money(500, offer.total.currency)) }
    const booked = await harness.flights.book(harness.order(dearer), call())
    expect(booked).toMatchObject({ outcome: 'ok', value: { total: { amount: offer.total.amount } } })
  })

  test('a price in another currency is no agreement', async () => {
    const order = harness.order({ ...offer, total: money(offer.total.amount * 2, 'USD') })
    expect(await harness.flights.book(order, call())).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
  })

  test('flights that are not sold at this fare any more are a changed price', async () => {
    const order = harness.order({
      ...offer,
      supplierToken: JSON.stringify({ v: 1, fareBasis: offer.slices.flatMap((s) => s.segments.map(() => 'GONE')) }),
    })
    expect(await harness.flights.book(order, call())).toMatchObject({ outcome: 'rejected', reason: 'price_changed', code: '00837' })
    expect(held()).toEqual([])
  })

  test.each([
    ['SOLDOUT', { outcome: 'rejected', reason: 'sold_out' }],
    ['PRICEUP', { outcome: 'rejected', reason: 'price_changed' }],
  ])('the traveller %s is refused and leaves nothing behind', async (name, expected) => {
    expect(await harness.flights.book(harness.order(offer, name), call())).toMatchObject(expected)
    expect(held()).toEqual([])
    expect(harness.mock.control.state().sessions.open).toBe(0)
  })

  test('more infants than adults are refused before a single name is sent', async () => {
    const order = harness.order(offer)
    const infant = order.passengers.find((one) => one.type === 'infant')!
    const crowded = { ...order, passengers: [...order.passengers, infant, infant] }
    expect(await harness.flights.book(crowded, call())).toMatchObject({ outcome: 'rejected', reason: 'invalid_passenger' })
    expect(harness.messages()).not.toContain('PNR_AddMultiElements')
  })

  test('no connection at all is not sent', async () => {
    const lonely = await startAmadeusHarness({ config: { url: 'http://127.0.0.1:9' } })
    expect(await lonely.flights.book(harness.order(offer), call())).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
    await lonely.close()
  })

  test('a deadline that is over before the end of the transaction leaves nothing, one that is over after it is unknown', async () => {
    const hasty = await startAmadeusHarness({
      config: { limits: { ...harness.provider.limits, writeTimeoutMs: 2_000 } },
    })
    const [own] = await hasty.search()
    hasty.mock.control.fault('store', 'slow', { delayMs: 1_700 })
    expect(await hasty.flights.book(hasty.order(own!), call())).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
    hasty.mock.control.clear()
    hasty.mock.control.fault('book', 'hang_after_effect')
    expect(await hasty.flights.book(hasty.order(own!), call())).toMatchObject({ outcome: 'unknown', cause: 'timeout' })
    expect(hasty.mock.control.state().reservations).toHaveLength(1)
    expect(hasty.mock.control.state().sessions.open).toBe(0)
    await hasty.close()
  })

  test('a reply of another kind at the end proves nothing', async () => {
    const swapped = await startAmadeusHarness({
      tamper:
        (send) =>
        async (request, signal): Promise<PartnerReply> => {
          const reply = await send(request, signal)
          const isEnd = request.body!.includes('<optionCode>11</optionCode>')
          return isEnd ? toPartnerReply(200, {}, Buffer.from(reply.body.replaceAll('PNR_Reply', 'PNR_List'))) : reply
        },
    })
    const [own] = await swapped.search()
    expect(await swapped.flights.book(swapped.order(own!), call())).toMatchObject({ outcome: 'unknown', cause: 'malformed' })
    expect(swapped.mock.control.state().reservations).toHaveLength(1)
    await swapped.close()
  })
})
