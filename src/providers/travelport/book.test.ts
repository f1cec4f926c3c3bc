import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { createStoppedClock, parseLocalDate } from '../../kernel/time.ts'
import { PartnerError, toPartnerReply, type PartnerReply, type PartnerRequest } from '../../platform/partner.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { FlightOrder } from '../contract.ts'
import { createTravelport, TRAVELPORT_DEFAULT_LIMITS } from './index.ts'
import { readBody } from './exchange.ts'
import { readPrice } from './read-price.ts'

const clock = createStoppedClock('2026-07-01T09:00:00Z')
const call = { signal: new AbortController().signal }

/** A host that answers each request element with what the test says, and notes what it was asked. */
function createHost(answers: Readonly<Record<string, string | PartnerError>>) {
  const asked: string[] = []
  const send = (request: PartnerRequest): Promise<PartnerReply> => {
    const name = readBody(request.body ?? '').name
    asked.push(name)
    const answer = answers[name] ?? new PartnerError('cut_off', 'nothing was prepared for this', { neverSent: false })
    return answer instanceof PartnerError
      ? Promise.reject(answer)
      : Promise.resolve(toPartnerReply(answer.includes('<Fault>') ? 500 : 200, {}, Buffer.from(soap(answer))))
  }
  const config = {
    on: true,
    baseUrl: 'http://host/uAPI/',
    username: 'u',
    password: 'p',
    targetBranch: 'P1',
    providerCode: '1G',
    pseudoCityCode: null,
    currency: null,
    limits: TRAVELPORT_DEFAULT_LIMITS,
  } as const
  return { asked, flights: createTravelport({ config, send, clock }).flights! }
}

const soap = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body.replace('<Fault>', '<s:Fault>').replace('</Fault>', '</s:Fault>')}</s:Body></s:Envelope>`

function priceOf(total: string, departure = '08:00'): string {
  return `<AirPriceRsp><AirItinerary><AirSegment Key="s" Group="0" Carrier="GA" FlightNumber="836" Origin="CGK" Destination="SIN" DepartureTime="2026-12-01T${departure}:00.000+07:00" ArrivalTime="2026-12-01T10:50:00.000+08:00"/></AirItinerary>
    <AirPriceResult><AirPricingSolution Key="p" TotalPrice="${total}"><AirPricingInfo Key="i" TotalPrice="${total}" PricingMethod="Guaranteed"><FareInfo Key="f" FareBasis="YOW"/><BookingInfo BookingCode="Y" FareInfoRef="f" SegmentRef="s"/><PassengerType Code="ADT"/></AirPricingInfo></AirPricingSolution></AirPriceResult></AirPriceRsp>`
}

function created(options: { status?: string; fare?: string; extra?: string } = {}): string {
  const { status = 'HK', fare = 'EUR100.00', extra = '' } = options
  const stored = fare === '' ? '' : `<AirPricingInfo Key="i" TotalPrice="${fare}"><PassengerType Code="ADT"/></AirPricingInfo>`
  return `<AirCreateReservationRsp><UniversalRecord LocatorCode="RECORD" Version="0" Status="Active"><ProviderReservationInfo LocatorCode="PNR123"/><AirReservation LocatorCode="AIR123"><AirSegment Key="s" Carrier="GA" FlightNumber="836" Status="${status}"/>${stored}</AirReservation></UniversalRecord>${extra}</AirCreateReservationRsp>`
}

const CANCELLED = '<UniversalRecordCancelRsp><ProviderReservationStatus LocatorCode="PNR123" Cancelled="true"/></UniversalRecordCancelRsp>'
const STILL_THERE =
  '<UniversalRecordCancelRsp><ProviderReservationStatus LocatorCode="PNR123" Cancelled="false"/></UniversalRecordCancelRsp>'

const offer: FlightOffer = readPrice(readBody(soap(priceOf('EUR100.00'))))[0]!.offer
const order: FlightOrder = {
  reference: 'att_1',
  offer,
  contact: { email: 'budi@example.com', phone: '+628123456' },
  passengers: [
    {
      type: 'adult',
      title: 'mr',
      givenName: 'Budi',
      familyName: 'Santoso',
      bornOn: parseLocalDate('1990-04-18'),
      gender: 'male',
      document: null,
    },
  ],
}
const whole = { AirPriceReq: priceOf('EUR100.00'), AirCreateReservationReq: created() }

describe('booking', () => {
  test('prices once more, then creates the reservation', async () => {
    const host = createHost(whole)
    expect(await host.flights.book(order, call)).toMatchObject({
      outcome: 'ok',
      value: { pnr: 'PNR123', supplierRef: 'RECORD:AIR123:PNR123', total: money(10_000, 'EUR') },
    })
    expect(host.asked).toEqual(['AirPriceReq', 'AirCreateReservationReq'])
  })

  test.each([
    ['dearer', { AirPriceReq: priceOf('EUR100.01') }, 'price_changed', 'repriced'],
    ['in another currency', { AirPriceReq: priceOf('USD90.00') }, 'price_changed', 'repriced'],
    ['at another time', { AirPriceReq: priceOf('EUR100.00', '09:00') }, 'offer_expired', 'schedule_changed'],
    [
      'gone',
      {
        AirPriceReq:
          '<Fault><faultcode>Server.Business</faultcode><faultstring>UNABLE TO FARE QUOTE</faultstring><detail><ErrorInfo><Code>3037</Code></ErrorInfo></detail></Fault>',
      },
      'sold_out',
      '3037',
    ],
    ['not to be had', { AirPriceReq: new PartnerError('timeout', 'no answer', { neverSent: false }) }, 'not_sent', 'not_priced'],
  ])('sends no booking when the price is %s', async (_name, answers, reason, code) => {
    const host = createHost(answers)
    expect(await host.flights.book(order, call)).toMatchObject({ outcome: 'rejected', reason, code })
    expect(host.asked).toEqual(['AirPriceReq'])
  })

  test('takes a cheaper fare', async () => {
    const host = createHost({ AirPriceReq: priceOf('EUR90.00'), AirCreateReservationReq: created({ fare: 'EUR90.00' }) })
    expect((await host.flights.book(order, call)).outcome).toBe('ok')
  })

  test.each([
    ['a waitlisted segment', created({ status: 'HL' }), 'sold_out'],
    [
      'a segment that was not sold',
      created({
        extra:
          '<AirSegmentSellFailureInfo><AirSegmentError><ErrorMessage>*0 AVAIL/WL CLOSED*</ErrorMessage></AirSegmentError></AirSegmentSellFailureInfo>',
      }),
      'sold_out',
    ],
    ['no stored fare', created({ fare: '' }), 'price_changed'],
    ['a dearer stored fare', created({ fare: 'EUR120.00' }), 'price_changed'],
  ])('gives a reservation with %s back at once, and says what was wrong', async (_name, reply, reason) => {
    const host = createHost({ ...whole, AirCreateReservationReq: reply, UniversalRecordCancelReq: CANCELLED })
    expect(await host.flights.book(order, call)).toMatchObject({ outcome: 'rejected', reason, code: 'incomplete_cancelled' })
    expect(host.asked).toEqual(['AirPriceReq', 'AirCreateReservationReq', 'UniversalRecordCancelReq'])
  })

  test.each([
    ['is refused', STILL_THERE],
    ['is not answered', new PartnerError('timeout', 'no answer', { neverSent: false })],
    ['cannot be sent', new PartnerError('unreachable', 'no way', { neverSent: true })],
  ])('is unknown while giving it back %s', async (_name, cancellation) => {
    const host = createHost({ ...whole, AirCreateReservationReq: created({ status: 'HL' }), UniversalRecordCancelReq: cancellation })
    expect(await host.flights.book(order, call)).toMatchObject({ outcome: 'unknown', message: expect.stringContaining('RECORD') })
  })

  test('is certain to have had no effect only when no byte was sent', async () => {
    const unsent = createHost({ ...whole, AirCreateReservationReq: new PartnerError('unreachable', 'refused', { neverSent: true }) })
    expect(await unsent.flights.book(order, call)).toMatchObject({ outcome: 'rejected', reason: 'not_sent' })
    const cut = createHost({ ...whole, AirCreateReservationReq: new PartnerError('cut_off', 'reset', { neverSent: false }) })
    expect(await cut.flights.book(order, call)).toMatchObject({ outcome: 'unknown', cause: 'unreachable' })
  })
})

describe('finding a reservation whose reply was lost', () => {
  const results = (...records: string[]): string =>
    `<UniversalRecordSearchRsp MoreResults="false">${records.map((one) => `<UniversalRecordSearchResult UniversalRecordLocatorCode="${one}"/>`).join('')}</UniversalRecordSearchRsp>`
  const retrieved = (remark: string, options: { status?: string; fare?: string } = {}): string =>
    `<UniversalRecordRetrieveRsp>${/<UniversalRecord .*<\/UniversalRecord>/s.exec(created(options))![0].replace('</UniversalRecord>', `<GeneralRemark><RemarkData>${remark}</RemarkData></GeneralRemark></UniversalRecord>`)}</UniversalRecordRetrieveRsp>`
  const NO_TICKETS =
    '<Fault><faultstring>Air reservation AIR123 has no tickets.</faultstring><detail><ErrorInfo><Code>3000</Code></ErrorInfo></detail></Fault>'

  test('knows ours by the remark, however the host spells it', async () => {
    const host = createHost({
      UniversalRecordSearchReq: results('RECORD'),
      UniversalRecordRetrieveReq: retrieved('FAREWIRE REF ATT-1'),
      AirRetrieveDocumentReq: NO_TICKETS,
    })
    expect(await host.flights.find(order, call)).toMatchObject({
      outcome: 'found',
      reservation: { pnr: 'PNR123', status: 'active', tickets: [] },
    })
  })

  test('does not take a namesake’s for ours', async () => {
    const host = createHost({ UniversalRecordSearchReq: results('RECORD'), UniversalRecordRetrieveReq: retrieved('FAREWIRE REF att_12') })
    expect(await host.flights.find(order, call)).toEqual({ outcome: 'absent' })
  })

  test('shows one without a stored fare or with a waitlisted segment as unknown, not as a booking that worked', async () => {
    for (const options of [{ fare: '' }, { status: 'HL' }]) {
      const host = createHost({
        UniversalRecordSearchReq: results('RECORD'),
        UniversalRecordRetrieveReq: retrieved('FAREWIRE REF att_1', options),
        AirRetrieveDocumentReq: NO_TICKETS,
      })
      expect(await host.flights.find(order, call)).toMatchObject({ outcome: 'found', reservation: { status: 'unknown' } })
    }
  })

  test('rules nothing out when a candidate cannot be read, or there are too many', async () => {
    const unreadable = createHost({ UniversalRecordSearchReq: results('RECORD') })
    await expect(unreadable.flights.find(order, call)).rejects.toMatchObject({ fault: 'unreachable' })
    const endless = createHost({ UniversalRecordSearchReq: '<UniversalRecordSearchRsp MoreResults="true"/>' })
    await expect(endless.flights.find(order, call)).rejects.toMatchObject({ fault: 'refused' })
    expect(endless.asked).toHaveLength(5)
  })
})

test('a ticket is not asked for when the stored fare is dearer than agreed', async () => {
  const host = createHost({})
  const reservation: Reservation = {
    pnr: 'PNR123',
    supplierRef: 'RECORD:AIR123:PNR123',
    status: 'active',
    segments: [],
    total: money(10_001, 'EUR'),
    tickets: [],
    ticketBy: null,
  }
  expect(await host.flights.ticket!({ reference: 'att_1', reservation, total: money(10_000, 'EUR') }, call)).toMatchObject({
    outcome: 'rejected',
    reason: 'price_changed',
    code: 'stored_fare',
  })
  expect(host.asked).toEqual([])
})
