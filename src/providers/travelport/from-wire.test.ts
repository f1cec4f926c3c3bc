import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAmount, money } from '../../kernel/money.ts'
import { parseXml } from '../../platform/xml.ts'
import { ProviderError } from '../errors.ts'
import { outcomeOfBooking } from './book.ts'
import { outcomeOfCancellation, outcomeOfVoid } from './cancel.ts'
import { outcomeOfFault, readFault } from './faults.ts'
import { readRecord } from './read-reservation.ts'
import { readShop } from './read-shop.ts'
import { readTechnicalStops } from './read-stops.ts'
import { outcomeOfTicketing } from './read-tickets.ts'
import { readAllowance, readAllowanceText, readDurationMinutes, readMoney } from './read-values.ts'
import { translate } from './translate.ts'

type Point = { total?: string; infos?: string; legs?: number }

/** A search reply of our own: one flight out, one flight back, and these price points. */
function shopReply(points: readonly Point[]): ReturnType<typeof parseXml> {
  return parseXml(writeXmlOf(...points))
}

function writeXmlOf(...points: readonly Point[]): string {
  const segment = (key: string, group: number, from: string, to: string, day: string): string =>
    `<AirSegment Key="${key}" Group="${group}" Carrier="GA" FlightNumber="83${group}" Origin="${from}" Destination="${to}" DepartureTime="2026-12-${day}T08:00:00.000+07:00" ArrivalTime="2026-12-${day}T10:50:00.000+08:00" FlightTime="110"/>`
  return `<LowFareSearchRsp><AirSegmentList>${segment('s0', 0, 'CGK', 'SIN', '01')}${segment('s1', 1, 'SIN', 'CGK', '09')}</AirSegmentList>
    <FareInfoList><FareInfo Key="f" FareBasis="YOW"/><FareInfo Key="g" FareBasis="YCH"/></FareInfoList>
    <RouteList><Route Key="r"><Leg Key="l0" Group="0"/><Leg Key="l1" Group="1"/></Route></RouteList>
    <AirPricePointList>${points.map((point, index) => `<AirPricePoint Key="p${index}" ${point.total === undefined ? '' : `TotalPrice="${point.total}"`}>${point.infos ?? info('ADT', 1, 'EUR100.00')}</AirPricePoint>`).join('')}</AirPricePointList></LowFareSearchRsp>`
}

function info(
  code: string,
  count: number,
  total: string,
  options: { fare?: string; attributes?: string; legs?: number; alternatives?: number } = {},
): string {
  const { fare = 'f', attributes = '', legs = 2, alternatives = 1 } = options
  const option = (leg: number): string =>
    `<Option Key="o${leg}" TravelTime="P0DT1H50M0S"><BookingInfo BookingCode="Y" CabinClass="Economy" FareInfoRef="${fare}" SegmentRef="s${leg}"/></Option>`
  const flights = Array.from(
    { length: legs },
    (_, leg) => `<FlightOption LegRef="l${leg}">${option(leg).repeat(alternatives)}</FlightOption>`,
  ).join('')
  return `<AirPricingInfo Key="i" TotalPrice="${total}" PricingMethod="Guaranteed" ${attributes}>${`<PassengerType Code="${code}"/>`.repeat(count)}<FlightOptionsList>${flights}</FlightOptionsList></AirPricingInfo>`
}

const offersOf = (...points: Point[]) => readShop(shopReply(points)).offers

describe('offers', () => {
  test('INS and CNN are children, INF is an infant; the fare of one passenger counts for each of them', () => {
    const [offer] = offersOf({
      total: 'EUR370.00',
      infos: info('ADT', 2, 'EUR120.00') + info('CNN', 1, 'EUR60.00') + info('INS', 1, 'EUR50.00') + info('INF', 1, 'EUR20.00'),
    })
    expect(offer!.passengers.map((fare) => [fare.type, fare.count, fare.total && formatAmount(fare.total)])).toEqual([
      ['adult', 2, '240.00'],
      ['child', 2, '110.00'],
      ['infant', 1, '20.00'],
    ])
  })

  test('a group’s price is taken as such when that is what adds up, and left out when nothing does', () => {
    const [together, neither] = offersOf(
      { total: 'EUR240.00', infos: info('ADT', 2, 'EUR240.00') },
      { total: 'EUR999.00', infos: info('ADT', 2, 'EUR240.00') },
    )
    expect(together!.passengers[0]!.total).toEqual(money(24_000, 'EUR'))
    expect(neither!.passengers[0]!.total).toBeNull()
    expect(neither!.total).toEqual(money(99_900, 'EUR'))
  })

  test('refundable is what the message says: yes, no, or nothing', () => {
    const of = (attributes: string) => offersOf({ total: 'EUR100.00', infos: info('ADT', 1, 'EUR100.00', { attributes }) })[0]!.refundable
    expect([of('Refundable="true"'), of('Refundable="false"'), of('')]).toEqual([true, false, null])
    const mixed = offersOf({
      total: 'EUR200.00',
      infos: info('ADT', 1, 'EUR100.00', { attributes: 'Refundable="true"' }) + info('CNN', 1, 'EUR100.00'),
    })
    expect(mixed[0]!.refundable).toBeNull()
  })

  test('a fare basis is asked for again only where all passenger types share it', () => {
    const [same, apart] = offersOf(
      { total: 'EUR200.00', infos: info('ADT', 1, 'EUR100.00') + info('CNN', 1, 'EUR100.00') },
      { total: 'EUR200.00', infos: info('ADT', 1, 'EUR100.00') + info('CNN', 1, 'EUR100.00', { fare: 'g' }) },
    )
    expect(JSON.parse(same!.supplierToken)).toEqual({ v: 1, fareBasis: ['YOW', 'YOW'] })
    expect(JSON.parse(apart!.supplierToken)).toEqual({ v: 1, fareBasis: [null, null] })
  })

  test('a type with other bags has them told for each segment; two codes of one type that disagree have none stated', () => {
    const fare = (key: string, pieces: number): string =>
      `<FareInfo Key="${key}" FareBasis="Y${key}"><BaggageAllowance><NumberOfPieces>${pieces}</NumberOfPieces></BaggageAllowance></FareInfo>`
    const reply = (infos: string) =>
      readShop(
        parseXml(
          writeXmlOf({ total: 'EUR300.00', infos }).replace(
            '<FareInfoList>',
            `<FareInfoList>${fare('two', 2)}${fare('one', 1)}${fare('none', 0)}`,
          ),
        ),
      ).offers[0]!.passengers
    const piecesOf = (infos: string) =>
      reply(infos).map((one) => [one.type, one.baggage?.map((bags) => bags.map((bag) => bag.pieces)) ?? null])
    const each = (code: string, key: string) => info(code, 1, 'EUR100.00', { fare: key })
    expect(piecesOf(each('ADT', 'two') + each('CNN', 'two') + each('INF', 'none'))).toEqual([
      ['adult', null],
      ['child', null],
      ['infant', [[0], [0]]],
    ])
    expect(piecesOf(each('ADT', 'two') + each('CNN', 'two') + each('INS', 'one'))).toEqual([
      ['adult', null],
      ['child', [[], []]],
    ])
    expect(piecesOf(each('ADT', 'two') + each('CNN', 'f'))).toEqual([
      ['adult', null],
      ['child', [[], []]],
    ])
  })

  test('fees stand beside a passenger’s taxes and inside the offer’s', () => {
    const [offer] = offersOf({
      total: 'EUR200.00" BasePrice="EUR150.00" Taxes="EUR40.00" Fees="EUR10.00',
      infos: info('ADT', 2, 'EUR100.00', { attributes: 'BasePrice="EUR75.00" Taxes="EUR20.00" Fees="EUR5.00"' }),
    })
    expect(offer!.taxes).toEqual(money(5_000, 'EUR'))
    expect(offer!.passengers[0]).toMatchObject({ base: money(15_000, 'EUR'), taxes: money(4_000, 'EUR'), fees: money(1_000, 'EUR') })
  })

  test('one solution that makes no sense costs itself; when none does, the message is malformed', () => {
    const reply = readShop(shopReply([{ total: 'EUR100.00' }, { total: 'nothing' }, {}]))
    expect([reply.solutions, reply.offers.length]).toEqual([3, 1])
    expect(() => readShop(shopReply([{ total: 'XXX1.00' }]))).toThrow(ProviderError)
  })

  test('a solution without its return flight is no offer', () => {
    expect(offersOf({ total: 'EUR100.00', infos: info('ADT', 1, 'EUR100.00', { legs: 1 }) })).toEqual([])
  })

  test('alternatives multiply up to a hundred for a solution and five thousand for a reply', () => {
    const wide = { total: 'EUR100.00', infos: info('ADT', 1, 'EUR100.00', { alternatives: 30 }) }
    expect(offersOf(wide)).toHaveLength(100)
    expect(offersOf(...Array.from({ length: 60 }, () => wide)).length).toBeLessThanOrEqual(5_100)
  })
})

describe('stops on the way', () => {
  const stopsOf = (attributes: string, ...landings: (string | null)[]) => {
    const details = landings.map((place) => parseXml(`<FlightDetails ${place === null ? '' : `Destination="${place}"`}/>`))
    return readTechnicalStops(parseXml(`<AirSegment Origin="CGK" Destination="NRT" ${attributes}/>`), details)
  }

  test('are where a flight of several legs lands before its destination', () => {
    expect(stopsOf('', 'DPS', 'NRT')).toEqual(['DPS'])
    expect(stopsOf('NumberOfStops="2"', 'DPS', 'MNL', 'NRT')).toEqual(['DPS', 'MNL'])
    expect([stopsOf('', 'NRT'), stopsOf('NumberOfStops="0"', 'NRT'), stopsOf('NumberOfStops="0"')]).toEqual([[], [], []])
  })

  test('are not known where the message counts them without naming places, or names a place that does not lead there', () => {
    expect([stopsOf('NumberOfStops="1"'), stopsOf('NumberOfStops="1"', 'NRT')]).toEqual([null, null])
    expect([stopsOf(''), stopsOf('', null, 'NRT'), stopsOf('', 'DPS', null), stopsOf('', 'DPS')]).toEqual([null, null, null, null])
  })

  test('are none where the traveller must change planes', () => {
    expect(stopsOf('ChangeOfPlane="true"', 'DPS', 'NRT')).toBeNull()
  })
})

describe('values', () => {
  test('amounts are read in the currency’s own decimals, whatever the message leaves out', () => {
    expect([readMoney('KRW60200'), readMoney('UAH2538.0'), readMoney('KWD1.234'), readMoney('EUR178.74')]).toEqual([
      money(60_200, 'KRW'),
      money(253_800, 'UAH'),
      money(1_234, 'KWD'),
      money(17_874, 'EUR'),
    ])
    for (const text of ['', 'EUR', '178.74', 'KRW1.5', 'EUR1,5', 'eur5', 'EUR1e3']) expect(() => readMoney(text)).toThrow(ProviderError)
  })

  test('no allowance is not an allowance of nothing', () => {
    const of = (inner: string) => readAllowance(parseXml(`<FareInfo>${inner}</FareInfo>`))
    expect(of('')).toEqual([])
    expect(of('<BaggageAllowance><MaxWeight/></BaggageAllowance>')).toEqual([])
    expect(of('<BaggageAllowance><NumberOfPieces>0</NumberOfPieces><MaxWeight/></BaggageAllowance>')).toEqual([
      { kind: 'checked', pieces: 0, weightKg: null },
    ])
    expect(of('<BaggageAllowance><MaxWeight Value="50" Unit="Pounds"/></BaggageAllowance>')).toEqual([
      { kind: 'checked', pieces: null, weightKg: 23 },
    ])
    expect([readAllowanceText('2P'), readAllowanceText('20K'), readAllowanceText('NO FREE BAGGAGE')]).toEqual([
      [{ kind: 'checked', pieces: 2, weightKg: null }],
      [{ kind: 'checked', pieces: null, weightKg: 20 }],
      [],
    ])
  })

  test('durations', () =>
    expect([
      readDurationMinutes('P1DT1H10M0S'),
      readDurationMinutes('PT45M'),
      readDurationMinutes('soon'),
      readDurationMinutes(undefined),
    ]).toEqual([1510, 45, null, null]))
})

/** A universal record of our own with these segment statuses and fares. */
function record(
  options: { status?: string; segments?: readonly string[]; fares?: string; extra?: string } = {},
): ReturnType<typeof parseXml> {
  const {
    status = 'Active',
    segments = ['HK'],
    fares = '<AirPricingInfo Key="i" TotalPrice="EUR50.00"><PassengerType Code="ADT"/><PassengerType Code="ADT"/></AirPricingInfo>',
    extra = '',
  } = options
  const flights = segments
    .map((one, index) => `<AirSegment Key="s${index}" Carrier="GA" FlightNumber="83${index}" Status="${one}"/>`)
    .join('')
  return parseXml(`<AirCreateReservationRsp><UniversalRecord LocatorCode="RECORD" Version="2" Status="${status}"><ProviderReservationInfo LocatorCode="PNR123"/>
    <AirReservation LocatorCode="AIR123">${flights}${fares}</AirReservation><GeneralRemark><RemarkData>FAREWIRE REF att_1</RemarkData></GeneralRemark></UniversalRecord>${extra}</AirCreateReservationRsp>`)
}

describe('reservations', () => {
  test('the total counts the fare of each passenger', () => {
    expect(readRecord(record())?.reservation.total).toEqual(money(10_000, 'EUR'))
  })

  test.each(['HL', 'LL', 'UC', 'NN', ''])('a segment with status "%s" is not confirmed, so the booking is not ok', (status) => {
    expect(outcomeOfBooking(record({ segments: ['HK', status] }), null).outcome).toBe('unknown')
  })

  test('a record without a stored fare is not ok, however active it is', () => {
    expect(
      outcomeOfBooking(record({ fares: '', extra: '<ResponseMessage Code="1">NO VALID FARE FOR INPUT CRITERIA</ResponseMessage>' }), null),
    ).toMatchObject({ outcome: 'unknown', message: expect.stringContaining('NO VALID FARE') })
  })

  test('a record whose flights are all cancelled is cancelled, and an unknown status is unknown', () => {
    const statusOf = (options: Parameters<typeof record>[0]) => readRecord(record(options))?.reservation.status
    expect([
      statusOf({}),
      statusOf({ status: 'Cancelled' }),
      statusOf({ status: 'Canceled' }),
      statusOf({ segments: ['XX', 'HX'] }),
      statusOf({ status: 'Past' }),
    ]).toEqual(['active', 'cancelled', 'cancelled', 'cancelled', 'unknown'])
  })

  test('a change of price without a record is a rejection, with one it is not', () => {
    const change = '<AirSolutionChangedInfo ReasonCode="Price"><AirPricingSolution Key="k" TotalPrice="EUR60.00"/></AirSolutionChangedInfo>'
    expect(outcomeOfBooking(parseXml(`<AirCreateReservationRsp>${change}</AirCreateReservationRsp>`), null)).toMatchObject({
      outcome: 'rejected',
      reason: 'price_changed',
    })
    expect(outcomeOfBooking(record({ extra: change }), null).outcome).toBe('unknown')
  })
})

describe('tickets, voids, cancellations and faults', () => {
  const ticketing = (inner: string) => outcomeOfTicketing(parseXml(`<AirTicketingRsp>${inner}</AirTicketingRsp>`))
  const etr = '<ETR TotalPrice="EUR1.00"><Ticket TicketNumber="0745460246213"/></ETR>'
  const issued = '<ResponseMessage>OK:Ticket issued</ResponseMessage>'

  test('a ticket is a ticket only when the host says so, numbers it, and reports no failure', () => {
    expect(ticketing(issued + etr).outcome).toBe('ok')
    expect(ticketing(etr).outcome).toBe('unknown')
    expect(ticketing(issued).outcome).toBe('unknown')
    expect(ticketing(`${issued}<ETR TotalPrice="EUR1.00"><Ticket TicketNumber="74546"/></ETR>`).outcome).toBe('unknown')
    expect(ticketing(`${issued}${etr}<TicketFailureInfo Code="12008" Message="REFUSE CREDIT"/>`).outcome).toBe('unknown')
  })

  test('only a refused payment for every ticket proves that there is none', () => {
    expect(ticketing('<TicketFailureInfo Code="12008" Message="Host error during ticket issue. REFUSE CREDIT"/>')).toMatchObject({
      outcome: 'rejected',
      reason: 'declined',
    })
    expect(ticketing('<TicketFailureInfo Code="12008" Message="Host error during ticket issue."/>').outcome).toBe('unknown')
    expect(ticketing('<TicketFailureInfo Code="3979" Message="being modified externally"/>').outcome).toBe('unknown')
  })

  test('"Complete" is not a void, and one refusal among successes is neither', () => {
    const voids = (...types: string[]) =>
      outcomeOfVoid(
        parseXml(
          `<AirVoidDocumentRsp>${types.map((type, n) => `<VoidResultInfo DocumentNumber="${n}" ResultType="${type}"/>`).join('')}</AirVoidDocumentRsp>`,
        ),
        types.map((_, n) => String(n)),
      ).outcome
    expect([voids('Success'), voids('Complete'), voids('Failed'), voids('Success', 'Failed'), voids()]).toEqual([
      'ok',
      'unknown',
      'rejected',
      'unknown',
      'unknown',
    ])
  })

  test('a cancellation is one only when it says "Itinerary Cancelled"', () => {
    const cancel = (text: string) =>
      outcomeOfCancellation(parseXml(`<AirCancelRsp><ResponseMessage>${text}</ResponseMessage></AirCancelRsp>`)).outcome
    expect([cancel('Itinerary Cancelled'), cancel('Itinerary not Cancelled')]).toEqual(['ok', 'unknown'])
    expect(outcomeOfCancellation(parseXml('<UniversalRecordCancelRsp/>')).outcome).toBe('unknown')
  })

  test('a fault with any code that is not on the allow-list is unknown, for every write', () => {
    const known = new Set(['3000', '12009'])
    fc.assert(
      fc.property(
        fc.oneof(fc.nat(99_999).map(String), fc.string()),
        fc.string(),
        fc.constantFrom('book', 'ticket', 'cancel', 'void'),
        (code, message, operation) => {
          fc.pre(!known.has(code))
          expect(outcomeOfFault(operation as 'book', { code, message, segmentErrors: ['*0 AVAIL/WL OPEN*'] }).outcome).toBe('unknown')
        },
      ),
    )
    expect(outcomeOfFault('book', { code: '3000', message: '', segmentErrors: [] }).outcome).toBe('unknown')
    expect(outcomeOfFault('book', { code: '3000', message: '', segmentErrors: ['*0 AVAIL/WL OPEN*', '*INVALID CLASS*'] }).outcome).toBe(
      'unknown',
    )
    expect(outcomeOfFault('ticket', { code: '3000', message: '', segmentErrors: ['*0 AVAIL/WL OPEN*'] }).outcome).toBe('unknown')
    expect(readFault(parseXml('<Fault/>')).code).toBe('unknown')
  })

  test('whatever a message holds, reading it throws nothing but ProviderError', () => {
    const names = [
      'LowFareSearchRsp',
      'AirPriceRsp',
      'AirCreateReservationRsp',
      'UniversalRecordRetrieveRsp',
      'AirTicketingRsp',
      'AirRetrieveDocumentRsp',
      'AirCancelRsp',
      'AirVoidDocumentRsp',
      'Fault',
      'AirPricePointList',
      'AirPricePoint',
      'AirPricingInfo',
      'FlightOptionsList',
      'FlightOption',
      'Option',
      'BookingInfo',
      'UniversalRecord',
      'AirReservation',
      'AirItinerary',
      'AirSegment',
      'AirPriceResult',
      'AirPricingSolution',
      'ETR',
      'Ticket',
      'detail',
    ]
    const tree: fc.Memo<string> = fc.memo((depth) => {
      const attributes = fc.dictionary(
        fc.constantFrom(
          'Key',
          'TotalPrice',
          'LocatorCode',
          'Status',
          'SegmentRef',
          'Code',
          'Group',
          'DepartureTime',
          'ArrivalTime',
          'Carrier',
          'FlightNumber',
          'Origin',
          'Destination',
        ),
        fc.constantFrom('', 'x', 'EUR1.00', 'Active', '2026-12-01T08:00:00.000+07:00', '__proto__'),
      )
      const inner = depth <= 1 ? fc.constant('') : fc.array(tree(depth - 1), { maxLength: 3 }).map((parts) => parts.join(''))
      return fc.tuple(fc.constantFrom(...names), attributes, inner).map(
        ([name, given, content]) =>
          `<${name}${Object.entries(given)
            .map(([key, value]) => ` ${key}="${value}"`)
            .join('')}>${content}</${name}>`,
      )
    })
    fc.assert(
      fc.property(tree(5), fc.constantFrom('shop', 'price', 'book', 'ticket', 'retrieve', 'cancel', 'void'), (body, kind) => {
        try {
          translate(kind as 'shop', `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`)
        } catch (error) {
          expect(error).toBeInstanceOf(ProviderError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
