import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatAmount, parseMoney } from '../../kernel/money.ts'
import { descendants } from '../../platform/xml.ts'
import type { FlightOffer, Segment } from '../../travel/flight.ts'
import { MESSAGE_KINDS, type MessageKind, type Translation } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { readPnr } from './read-pnr.ts'
import { readMessage } from './soap.ts'
import { translate } from './translate.ts'

/** Real messages beside the repository, and facts about them that an independent script found. */
const RECORDINGS = new URL('../../../../shared/recordings/', import.meta.url)
const FOLDER = 'amadeus-soap'
const present = existsSync(new URL(`${FOLDER}/`, RECORDINGS))

/** The folders of the recordings as the kinds of message they hold. */
const KINDS: Readonly<Record<string, MessageKind>> = {
  shop: 'shop',
  price: 'price',
  'ndc-travel': 'price',
  book: 'book',
  retrieve: 'retrieve',
  ticket: 'ticket',
  cancel: 'cancel',
  refund: 'refund',
  seatmap: 'seat-map',
  'fare-rules': 'fare-rules',
}

type Leg = { carrier: string; operating: string; number: string; from: string; to: string; dep: string; arr: string; equipment: string }
type Cheapest = {
  number: string
  total: string
  tax: string[]
  legs: Leg[][]
  elapsed: string[][]
  flight_combinations: number
  pax: Record<string, number>
  per_pax_total: string[]
  validating: string[]
  rbd: string[][]
  fare_basis: string[][]
  penalty_text: string[]
  non_refundable: boolean
  baggage: null
}
type Facts = Record<string, unknown> & { message: string }

const facts: Record<string, Facts> = present
  ? (JSON.parse(readFileSync(new URL('facts.json', RECORDINGS), 'utf8')) as Record<string, Facts>)
  : {}
const read = (path: string): string => readFileSync(new URL(`${FOLDER}/${path}`, RECORDINGS), 'utf8')
const about = (path: string): Facts => facts[`${FOLDER}/${path}`] ?? { message: 'no facts' }
const paths = present
  ? readdirSync(new URL(`${FOLDER}/`, RECORDINGS)).flatMap((step) =>
      readdirSync(new URL(`${FOLDER}/${step}/`, RECORDINGS)).map((file) => `${step}/${file}`),
    )
  : []
const of = (step: string): string[] => paths.filter((path) => path.startsWith(`${step}/`))
const understand = (path: string): Translation => translate(KINDS[path.split('/')[0]!]!, read(path))
const offersIn = (translation: Translation): Extract<Translation, { kind: 'offers' }> => {
  if (translation.kind !== 'offers') throw new Error(`expected offers, understood ${translation.kind}`)
  return translation
}
const segmentsOf = (offer: FlightOffer): readonly Segment[] => offer.slices.flatMap((slice) => slice.segments)
/** "2017-01-15T07:40" as the facts write it: "150117 0740". */
const wireTime = (local: string): string =>
  `${local.slice(8, 10)}${local.slice(5, 7)}${local.slice(2, 4)} ${local.slice(11, 13)}${local.slice(14, 16)}`
const asLeg = (segment: Segment): Leg => ({
  carrier: segment.carrier,
  operating: segment.operatingCarrier ?? '',
  number: segment.flightNumber,
  from: segment.origin,
  to: segment.destination,
  dep: wireTime(segment.departure.local),
  arr: wireTime(segment.arrival.local),
  equipment: segment.equipment ?? '',
})

describe.skipIf(!present)('recorded messages of Amadeus’ (skipped where ../shared/recordings is absent)', () => {
  test('every recording has facts and is of a step that is read', () => {
    expect(paths.length).toBeGreaterThan(15)
    expect(paths.filter((path) => !(`${FOLDER}/${path}` in facts))).toEqual([])
    for (const path of paths) expect([...Object.keys(KINDS), 'errors']).toContain(path.split('/')[0])
  })

  test.each(of('shop'))('%s: every recommendation, every itinerary, the cheapest to the last detail', (path) => {
    const fact = about(path)
    const cheapest = fact['cheapest'] as Cheapest
    const { solutions, offers } = offersIn(understand(path))
    expect(solutions).toBe(fact['offer_count'])
    expect(new Set(offers.map((offer) => offer.solution)).size).toBe(fact['offer_count'])
    expect(offers).toHaveLength(fact['itinerary_count'] as number)
    expect(new Set(offers.map((offer) => offer.id)).size).toBe(offers.length)
    expect(new Set(offers.map((offer) => offer.total.currency))).toEqual(new Set([fact['currency']]))

    const sorted = offers.toSorted((a, b) => a.total.amount - b.total.amount || a.solution - b.solution)
    const first = sorted[0]!
    expect(formatAmount(first.total)).toBe(cheapest.total)
    expect(formatAmount(sorted[sorted.length - 1]!.total)).toBe(fact['max_total'])
    expect(formatAmount(first.taxes!)).toBe(cheapest.tax[0])
    expect(first.id).toBe(`${cheapest.number}.0`)
    expect(offers.filter((offer) => offer.solution === first.solution)).toHaveLength(cheapest.flight_combinations)
    expect(first.slices.map((slice) => slice.segments.map(asLeg))).toEqual(cheapest.legs)
    expect(first.slices.map((slice) => [slice.durationMinutes])).toEqual(
      cheapest.elapsed.map(([text]) => [Number(text!.slice(0, 2)) * 60 + Number(text!.slice(2))]),
    )
    expect(first.passengers.map((fare) => [fare.type, fare.count, formatAmount(fare.total!)])).toEqual([
      ['adult', cheapest.pax['ADT'], cheapest.per_pax_total[0]],
    ])
    expect(first.validatingCarrier).toBe(cheapest.validating[0])
    expect(first.slices.map((slice) => slice.segments.map((segment) => segment.bookingClass))).toEqual(cheapest.rbd)
    expect(first.slices.map((slice) => slice.segments.map((segment) => segment.fareBasis))).toEqual(cheapest.fare_basis)
    expect(first.refundable).toBe(cheapest.non_refundable ? false : null)
    expect(first.penalties).toEqual([{ kind: 'refund', allowed: false, amount: null, when: null }])
    // The messages have no serviceFeesGrp: nothing is said of bags, which is not "none".
    expect(segmentsOf(first).every((segment) => segment.baggage.length === 0)).toBe(true)
  })

  test('shop: offsets come from the airports and agree with the elapsed times of the message', () => {
    const { offers } = offersIn(understand('shop/fareMasterPricerTravelBoardSearchReply-12.4.xml'))
    const direct = offers.filter((offer) => offer.slices[0]!.segments.length === 1)
    expect(direct.length).toBeGreaterThan(5)
    for (const offer of direct) expect(offer.slices[0]!.segments[0]!.durationMinutes).toBe(offer.slices[0]!.durationMinutes)
    expect(direct[0]!.slices[0]!.segments[0]!.departure).toEqual({ local: '2017-01-15T07:40', offset: '+01:00' })
    // A railway station is no airport that we know: no offset is made up.
    const train = offers.flatMap(segmentsOf).find((segment) => segment.origin === 'ZYR')
    expect(train).toMatchObject({ departure: { offset: null }, durationMinutes: null, technicalStops: ['ZWE'] })
  })

  test('shop: a penalty without an amount proves nothing, one with an amount is told', () => {
    const { offers } = offersIn(understand('shop/fareMasterPricerTravelBoardSearchReply-12.4.xml'))
    const refundable = new Set(offers.map((offer) => offer.refundable))
    expect(refundable).toEqual(new Set([false, null]))
    const amounts = offers.flatMap((offer) => offer.penalties).flatMap((penalty) => (penalty.amount ? [formatAmount(penalty.amount)] : []))
    expect(amounts).toContain('224.00')
  })

  test('shop: the same recommendations under another root are the same offers', () => {
    const board = offersIn(understand('shop/fareMasterPricerTravelBoardSearchReply-12.4.xml')).offers
    const expert = offersIn(understand('shop/fareMasterPricerExpertSearchReply-12.4.xml')).offers
    expect(expert).toEqual(board)
  })

  test.each(of('price'))('%s: the price of one traveller, times two', (path) => {
    const amounts = about(path)['amounts'] as [string, string, string][]
    const { solutions, offers } = offersIn(understand(path))
    const [offer] = offers
    expect(solutions).toBe(1)
    const stated = (qualifier: string): number => parseMoney(amounts.find((one) => one[0] === qualifier)![1], 'EUR').amount
    expect(offer!.passengers).toMatchObject([{ type: 'adult', count: 2, total: { amount: 2 * stated('712'), currency: 'EUR' } }])
    expect(offer!.base!.amount).toBe(2 * stated('B'))
    const taxes = amounts.filter((one) => one[0] === 'POS').reduce((sum, one) => sum + parseMoney(one[1], 'EUR').amount, 0)
    expect(offer!.taxes!.amount).toBe(2 * taxes)
    expect(offer!.total.amount).toBe(2 * stated('712'))
    expect(offer!.validatingCarrier).toBe('6X')
    expect(offer!.slices.map((slice) => [slice.origin, slice.destination])).toEqual([
      ['CDG', 'ITM'],
      ['KIX', 'CDG'],
    ])
    expect(segmentsOf(offer!)[0]).toMatchObject({
      carrier: '6X',
      flightNumber: '744',
      bookingClass: 'G',
      cabin: 'economy',
      fareBasis: 'YK6X',
      baggage: [{ kind: 'checked', pieces: 2, weightKg: null }],
      // The message tells the day and no time.
      departure: { local: '2015-04-15', offset: null },
    })
  })

  test.each([...of('book'), ...of('retrieve')])('%s: the record', (path) => {
    const fact = about(path)
    const translation = understand(path)
    if (translation.kind !== 'reservation' || translation.result.outcome !== 'ok') throw new Error(JSON.stringify(translation))
    const reservation = translation.result.value
    expect(reservation.pnr).toBe((fact['locators'] as string[])[0])
    expect(reservation.supplierRef).toBe(reservation.pnr)
    expect(reservation.status).toBe('active')
    // What has no flight number is a rail, car or memo element and no flight.
    const itinerary = (fact['itinerary'] as { carrier: string; number: string | null; status: string }[]).filter(
      (one) => one.number !== null,
    )
    expect(reservation.segments).toEqual(
      itinerary.map((one) => ({ carrier: one.carrier, flightNumber: one.number, status: one.status === 'HK' ? 'confirmed' : 'unknown' })),
    )
    expect(reservation.tickets).toEqual([])
    const view = readPnr(readMessage(read(path)).body)!
    // The facts count every surname twice: the record repeats it in its enhanced form.
    expect(view.travellers.map((one) => one.surname)).toEqual((fact['surnames'] as string[]).filter((_, index) => index % 2 === 0))
    expect(view.flights.map((flight) => `${flight.origin}-${flight.destination}`)).toEqual(
      (fact['itinerary'] as { from: string; to: string | null }[]).filter((one) => one.to !== null).map((one) => `${one.from}-${one.to}`),
    )
  })

  test('retrieve: the envelope names the conversation, and that it is over', () => {
    const { session } = readMessage(read('retrieve/PNR_Reply-soapheader4-full-envelope.xml'))
    expect(session).toEqual({ id: '01ZURPO74G', sequence: 1, token: 'KYRVVDZ1MEZ72HY9QE46ZODRD' })
  })

  test('retrieve: remarks and the day on which the host cancels are read', () => {
    const view = readPnr(readMessage(read('retrieve/dummyPnrRetrieveReply.xml')).body)!
    expect(view.remarks).toEqual(['TID:123456', '*ACECRM/PP-TEST'])
    expect(view.reservation.ticketBy).toBe('2016-08-10T21:33')
  })

  test('ticket: "OK ETICKET" issues, and names no ticket', () => {
    expect(about('ticket/dummyDocIssuanceIssueTicketReplyOk.xml')['status_codes']).toEqual(['O'])
    expect(understand('ticket/dummyDocIssuanceIssueTicketReplyOk.xml')).toEqual({
      kind: 'tickets',
      total: null,
      pnr: null,
      result: { outcome: 'ok', value: [] },
    })
  })

  test('refund: what comes back, of what was paid', () => {
    const money = about('refund/dummyTicketInitRefundResponse.xml')['money'] as [string, string, string, string][]
    const stated = (qualifier: string): number => Number(money.find((one) => one[0] === qualifier)![1])
    const translation = understand('refund/dummyTicketInitRefundResponse.xml')
    if (translation.kind !== 'refund-quote') throw new Error(translation.kind)
    expect(translation.quote).toMatchObject({
      // The won has no decimals, and the message says so.
      refund: { amount: stated('RFT'), currency: 'KRW' },
      paid: { amount: stated('FRF') + stated('TXT') + stated('RFU'), currency: 'KRW' },
      penalty: { amount: stated('FRF') + stated('TXT') - stated('RFT'), currency: 'KRW' },
    })
  })

  test('cancel: 118 is a void that was not made', () => {
    const fact = about('cancel/dummyTicketCancelDocumentErrorResponse.xml')
    expect(fact['error_codes']).toContain('118')
    expect(understand('cancel/dummyTicketCancelDocumentErrorResponse.xml')).toMatchObject({
      kind: 'cancellation',
      result: { outcome: 'rejected', reason: 'not_allowed', code: '118' },
    })
  })

  test('seatmap: every place, free but for those that are no seat', () => {
    const fact = about('seatmap/airRetrieveSeatMapReply142.xml')
    const translation = understand('seatmap/airRetrieveSeatMapReply142.xml')
    if (translation.kind !== 'seat-maps') throw new Error(translation.kind)
    expect(translation.maps).toHaveLength((fact['flight'] as unknown[]).length)
    const [map] = translation.maps
    expect(map).toMatchObject({ segmentIndex: 0, equipment: '320' })
    expect(map!.cabins).toHaveLength(fact['cabins'] as number)
    const [cabin] = map!.cabins
    expect(cabin).toMatchObject({ cabin: 'economy', deck: 'main', columns: ['A', 'B', 'C', null, 'D', 'E', 'F'] })
    expect(cabin!.seats).toHaveLength(fact['explicit_seats'] as number)
    const blocked = cabin!.seats.filter((seat) => seat.state !== 'free').map((seat) => seat.number)
    // Two closets and a place without a seat.
    expect(blocked).toEqual(['1A', '1B', '1C'])
    expect(cabin!.seats.find((seat) => seat.number === '12A')!.features).toEqual(['exit', 'window'])
    expect(cabin!.seats.find((seat) => seat.number === '12C')!.features).toEqual(['exit', 'extra_legroom', 'aisle'])
    expect(cabin!.seats.some((seat) => seat.row === 13)).toBe(false)
    expect(descendants(readMessage(read('seatmap/airRetrieveSeatMapReply142.xml')).body, 'row')).toHaveLength(fact['rows'] as number)
  })

  test('fare rules: the components of both messages, and what may be changed at which price', () => {
    const letters = understand('fare-rules/fareCheckRulesReply71.xml')
    expect(letters).toMatchObject({
      kind: 'fare-rules',
      rules: [
        { fareBasis: 'C', carrier: 'YY', origin: 'PAR', destination: 'LON' },
        { fareBasis: 'C', carrier: 'YY', origin: 'LON', destination: 'PAR' },
      ],
    })
    const figures = understand('fare-rules/miniRuleGetFromPricing11Reply.xml')
    if (figures.kind !== 'fare-rules') throw new Error(figures.kind)
    expect(figures.rules.map((rules) => [rules.fareBasis, rules.origin, rules.destination])).toEqual([
      ['YD', 'BCN', 'MAD'],
      ['YDRT', 'MAD', 'BCN'],
      ['YD', 'BCN', 'MAD'],
      ['YD', 'MAD', 'BCN'],
    ])
    const stated = about('fare-rules/miniRuleGetFromPricing11Reply.xml')['amounts'] as [string, string, string][]
    expect(stated.find((one) => one[0] === 'BDT')).toEqual(['BDT', '0.00', 'EUR'])
    expect(figures.rules[0]!.penalties[0]).toEqual({
      kind: 'change',
      allowed: true,
      amount: { amount: 0, currency: 'EUR' },
      when: 'before_departure',
    })
  })

  test('ndc-travel: the offer of an airline that Amadeus passes on', () => {
    const path = 'ndc-travel/TravelOfferPriceReply.xml'
    const [currency, minor] = (about(path)['totals'] as [string, string][])[0]!
    const { offers } = offersIn(understand(path))
    expect(offers).toHaveLength(1)
    expect(offers[0]).toMatchObject({
      id: (about(path)['offer_ids'] as string[])[0],
      total: { amount: Number(minor), currency },
      passengers: [{ type: 'adult', count: 2, total: { amount: Number(minor) } }],
      refundable: false,
      changeable: true,
      slices: [{ origin: 'JFK', destination: 'LHR', durationMinutes: 735 }],
    })
    expect(segmentsOf(offers[0]!)).toMatchObject([
      { carrier: 'AA', flightNumber: '8330', operatingCarrier: 'EI', departure: { local: '2025-02-11T17:00', offset: '-05:00' } },
      { carrier: 'AA', flightNumber: '6767', brand: 'Main Cabin', bookingClass: 'N', cabin: 'economy', fareBasis: 'NLN8A4M5' },
    ])
    expect(segmentsOf(offers[0]!)[0]!.baggage).toEqual([{ kind: 'checked', pieces: 1, weightKg: null }])
  })

  test('errors: each says what it is', () => {
    const file = (name: string): string => read(`errors/${name}.xml`)
    expect(translate('book', file('dummyAirSellFromRecommendationErrorResponse'))).toMatchObject({
      kind: 'reservation',
      result: { outcome: 'rejected', code: '390' },
    })
    expect(translate('ticket', file('dummyDocIssuanceIssueTicketReplyError'))).toMatchObject({
      kind: 'tickets',
      result: { outcome: 'unknown' },
    })
    expect(() => translate('shop', file('dummyFareMasterPricerTravelBoardSearchErrorResponse'))).toThrow(
      expect.objectContaining({ fault: 'refused', code: '920', message: 'Past date/time not allowed' }),
    )
    expect(() => translate('shop', file('dummySecurityAuthenticateReplyError'))).toThrow(
      expect.objectContaining({ fault: 'unauthorised', code: '16199' }),
    )
  })

  test.each(of('errors'))('%s is recognised whatever it is taken for, and never as a success', (path) => {
    for (const kind of MESSAGE_KINDS) {
      let translation: Translation
      try {
        translation = translate(kind, read(path))
      } catch (error) {
        expect(error).toBeInstanceOf(ProviderError)
        expect(['refused', 'unauthorised']).toContain((error as ProviderError).fault)
        continue
      }
      expect('result' in translation && translation.result.outcome).not.toBe('ok')
    }
  })

  test.each(paths)('%s: release, prefix and envelope make no difference', (path) => {
    const kind = KINDS[path.split('/')[0]!] ?? 'shop'
    const outcome = (text: string): unknown => {
      try {
        return translate(kind, text)
      } catch (error) {
        return { fault: (error as ProviderError).fault, code: (error as ProviderError).code, message: (error as ProviderError).message }
      }
    }
    const text = read(path)
    const usual = outcome(text)
    expect(outcome(text.replace(/_1\d_\d_1A"/g, '_25_1_1A"'))).toEqual(usual)
    expect(outcome(text.replace(/ xmlns="[^"]*"/g, ''))).toEqual(usual)
    if (path.startsWith('retrieve/PNR_Reply')) return
    const body = text.replace(/^<\?xml[^>]*\?>/, '')
    expect(
      outcome(`<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Header/><S:Body>${body}</S:Body></S:Envelope>`),
    ).toEqual(usual)
    // Every element under a prefix instead of a default namespace.
    if (body.includes('ns2:')) return
    expect(outcome(body.replace(/<(\/?)(?:\w+:)?(\w)/g, '<$1q:$2').replace(/^<q:(\w+)/, '<q:$1 xmlns:q="urn:q"'))).toEqual(usual)
  })
})
