import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { call, startAmadeusHarness, type AmadeusHarness, type Sent } from '../../../fixtures/amadeus/harness.ts'
import { createStoppedClock, instant } from '../../kernel/time.ts'
import { AMADEUS_DEFAULT_LIMITS } from './config.ts'
import { passwordDigest, readMessage, writeEnvelope } from './soap.ts'

const CONFIG = {
  ...{
    url: 'https://nodeD1.test.webservices.amadeus.com/',
    wsap: '1ASIWTEST',
    username: 'WSTEST',
    password: 'AMADEUS',
    officeId: 'PARFW2100',
  },
  ...{ dutyCode: 'SU', market: 'FR', currency: null, sessionsMax: 1, limits: AMADEUS_DEFAULT_LIMITS },
}
const STAMP = { now: instant(Date.parse('2015-09-30T14:12:15Z')), nonce: Buffer.from('secretnonce10111'), id: 'a-b-c' }

describe('SOAP header 4', () => {
  test('proves the password by the digest of Amadeus’ own implementation guide', () => {
    expect(passwordDigest(Buffer.from('secretnonce10111'), '2015-09-30T14:12:15Z', 'AMADEUS')).toBe('+LzcaRc+ndGAcZIXmq/N7xGes+k=')
  })

  test('a message that is alone carries credentials and no session', () => {
    const envelope = writeEnvelope(CONFIG, 'PNR_Retrieve', '<x/>', { place: 'stateless' }, STAMP)
    expect(envelope).toContain('<wsa:Action>http://webservices.amadeus.com/PNRRET_16_1_1A</wsa:Action>')
    expect(envelope).toContain('<wsa:To>https://nodeD1.test.webservices.amadeus.com/1ASIWTEST</wsa:To>')
    expect(envelope).toContain('PseudoCityCode="PARFW2100"')
    expect(envelope).toContain('#PasswordDigest')
    expect(envelope).not.toContain('Session')
    // The password itself is nowhere.
    expect(envelope.replace('webservices.amadeus', '')).not.toContain('AMADEUS')
  })

  test('the first message of a conversation opens it; those within cite it, one higher each, and carry no credentials', () => {
    expect(writeEnvelope(CONFIG, 'PNR_Retrieve', '', { place: 'first' }, STAMP)).toContain('TransactionStatusCode="Start"')
    const session = { id: 'S&1', sequence: 4, token: 'T' }
    const within = writeEnvelope(CONFIG, 'PNR_Retrieve', '', { place: 'within', session }, STAMP)
    expect(within).toContain('TransactionStatusCode="InSeries"')
    expect(within).toContain('<awsse:SessionId>S&amp;1</awsse:SessionId><awsse:SequenceNumber>5</awsse:SequenceNumber>')
    expect(within).not.toContain('UsernameToken')
    expect(writeEnvelope(CONFIG, 'Security_SignOut', '', { place: 'last', session }, STAMP)).toContain('TransactionStatusCode="End"')
  })

  test('a reply is read with its envelope and without one', () => {
    expect(readMessage('<a:PNR_Reply xmlns:a="urn:x"/>')).toMatchObject({ session: null, body: { name: 'PNR_Reply' } })
    expect(readMessage('<E:Envelope xmlns:E="urn:e"><E:Body><PNR_Reply/></E:Body></E:Envelope>')).toMatchObject({
      session: null,
      body: { name: 'PNR_Reply' },
    })
  })
})

describe('conversations', () => {
  let harness: AmadeusHarness
  beforeEach(async () => {
    harness = await startAmadeusHarness()
  })
  afterEach(() => harness.close())

  const sessionsOf = (sent: readonly Sent[]): readonly [string, number][] =>
    sent.map((one) => [one.header.session?.status ?? 'none', one.header.session?.sequence ?? 0])

  test('shop, price, seat maps and voids are stateless', async () => {
    const [offer] = await harness.search()
    await harness.flights.price(offer!, call())
    await harness.flights.seatMaps!(offer!, call())
    await harness.flights.void!({ supplierRef: 'ABCDEF' } as never, '0571234567890', call())
    expect(new Set(sessionsOf(harness.sent).map(([status]) => status))).toEqual(new Set(['none']))
    expect(harness.mock.control.state().sessions).toEqual({ open: 0, opened: 0 })
  })

  test('a booking is one conversation, counted without a gap, and signed out of', async () => {
    const [offer] = await harness.search()
    harness.forget()
    const from = harness.sent.length
    expect(await harness.flights.book(harness.order(offer!), call())).toMatchObject({ outcome: 'ok' })
    expect(harness.messages()).toEqual([
      'Air_SellFromRecommendation',
      'PNR_AddMultiElements',
      'Fare_PricePNRWithBookingClass',
      'Ticket_CreateTSTFromPricing',
      'PNR_AddMultiElements',
      'Security_SignOut',
    ])
    const sent = harness.sent.slice(from)
    expect(sessionsOf(sent)).toEqual([
      ['Start', 0],
      ['InSeries', 2],
      ['InSeries', 3],
      ['InSeries', 4],
      ['InSeries', 5],
      ['End', 6],
    ])
    expect(new Set(sent.slice(1).map((one) => one.header.session!.id)).size).toBe(1)
    expect(sent.map((one) => one.header.user !== null)).toEqual([true, false, false, false, false, false])
    expect(harness.mock.control.state().sessions).toEqual({ open: 0, opened: 1 })
  })

  test.each(['fill', 'quote', 'store', 'book', 'retrieve', 'fares', 'find'] as const)(
    'is signed out of though the reply to a message is lost, whether the host has counted it or not: %s',
    async (operation) => {
      const [offer] = await harness.search()
      const order = harness.order(offer!)
      const held = await harness.flights.book(order, call())
      if (held.outcome !== 'ok') throw new Error(held.message)
      for (const kind of ['drop', 'garbage', 'server_error', 'html', 'unknown_code', 'drop_after_effect'] as const) {
        harness.mock.control.fault(operation, kind)
        await harness.flights.book(harness.order(offer!), call())
        await harness.flights.retrieve(held.value.supplierRef, call()).catch(() => null)
        await harness.flights.find(order, call()).catch(() => null)
        harness.mock.control.clear()
        // Whoever loses the reply to the first message does not learn which conversation it was.
        const isFirst = operation === 'retrieve' || operation === 'find'
        expect(harness.mock.control.state().sessions.open, kind).toBe(isFirst && kind === 'drop_after_effect' ? 1 : 0)
        if (isFirst && kind === 'drop_after_effect') break
      }
    },
  )

  test('what is not ended is thrown away before the conversation is', async () => {
    const [offer] = await harness.search()
    harness.forget()
    harness.mock.control.fault('book', 'price_up')
    expect(await harness.flights.book(harness.order(offer!), call())).toMatchObject({ outcome: 'rejected', reason: 'price_changed' })
    expect(harness.messages()).toEqual([
      'Air_SellFromRecommendation',
      'PNR_AddMultiElements',
      'Fare_PricePNRWithBookingClass',
      'PNR_Ignore',
      'Security_SignOut',
    ])
    expect(harness.mock.control.state().reservations).toEqual([])
  })

  test('is signed out of though the client has gone away in the middle', async () => {
    const [offer] = await harness.search()
    const client = new AbortController()
    harness.mock.control.fault('quote', 'timeout')
    const booking = harness.flights.book(harness.order(offer!), { signal: client.signal })
    while (harness.messages().at(-1) !== 'Fare_PricePNRWithBookingClass') await new Promise((resolve) => setTimeout(resolve, 5))
    client.abort()
    expect(await booking).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
    expect(harness.mock.control.state().sessions.open).toBe(0)
  })

  test('nothing is left to sign out of when the first message gets no answer', async () => {
    const [offer] = await harness.search()
    harness.forget()
    harness.mock.control.fault('sell', 'drop')
    expect(await harness.flights.book(harness.order(offer!), call())).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
    expect(harness.messages()).toEqual(['Air_SellFromRecommendation'])
  })
})

describe('the cap on conversations', () => {
  test('never opens more at once than the contract grants, and the others take their turn', async () => {
    const harness = await startAmadeusHarness({ sessionsMax: 2, mock: { sessionsMax: 2 } })
    const offers = await harness.search()
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, harness.mock.control.state().sessions.open)), 1)
    harness.mock.control.fault('quote', 'slow', { count: 6, delayMs: 30 })
    const outcomes = await Promise.all(offers.slice(0, 6).map((offer) => harness.flights.book(harness.order(offer), call())))
    clearInterval(watch)
    expect(outcomes.map((one) => one.outcome)).toEqual(Array.from({ length: 6 }, () => 'ok'))
    expect(most).toBe(2)
    expect(harness.mock.control.state().sessions).toEqual({ open: 0, opened: 6 })
    await harness.close()
  })

  test('whoever finds no place within its time gives up without having sent anything, and its turn is not lost to others', async () => {
    const harness = await startAmadeusHarness({
      sessionsMax: 1,
      config: { limits: { ...AMADEUS_DEFAULT_LIMITS, shopTimeoutMs: 20_000, readTimeoutMs: 300, writeTimeoutMs: 20_000 } },
    })
    const [offer] = await harness.search()
    harness.mock.control.fault('quote', 'slow', { delayMs: 1_500 })
    const first = harness.order(offer!)
    const booking = harness.flights.book(first, call())
    await expect(harness.flights.retrieve('ABCDEF', call())).rejects.toMatchObject({
      fault: 'throttled',
      message: 'no session was free in time',
    })
    const client = AbortSignal.timeout(50)
    await expect(harness.flights.retrieve('ABCDEF', { signal: client })).rejects.toMatchObject({ fault: 'throttled' })
    const held = await booking
    if (held.outcome !== 'ok') throw new Error(held.message)
    expect(harness.messages()).not.toContain('PNR_Retrieve')
    expect(await harness.flights.retrieve(held.value.supplierRef, call())).toMatchObject({ pnr: held.value.pnr })
    await harness.close()
  })

  test('a host that grants no more is a throttled read, and a booking that may be made again', async () => {
    const harness = await startAmadeusHarness({ sessionsMax: 5, mock: { sessionsMax: 0 } })
    const [offer] = await harness.search()
    await expect(harness.flights.retrieve('ABCDEF', call())).rejects.toMatchObject({ fault: 'throttled' })
    expect(await harness.flights.book(harness.order(offer!), call())).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
    await harness.close()
  })

  test('wrong credentials are told as such', async () => {
    const harness = await startAmadeusHarness({ config: { password: 'wrong' } })
    await expect(harness.search()).rejects.toMatchObject({ fault: 'unauthorised' })
    await harness.close()
  })

  test('a clock that stands still makes no two messages alike', async () => {
    const harness = await startAmadeusHarness({ clock: createStoppedClock('2026-11-25T12:00:00Z') })
    const [offer] = await harness.search()
    await harness.flights.price(offer!, call())
    const users = harness.sent.map((one) => one.header.user!)
    expect(new Set(users.map((user) => user.created)).size).toBe(1)
    expect(new Set(users.map((user) => user.nonce.toString('hex'))).size).toBe(users.length)
    await harness.close()
  })
})
