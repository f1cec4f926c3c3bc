import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatAmount, parseMoney, type Money } from '../../kernel/money.ts'
import type { FlightOffer, Segment } from '../../travel/flight.ts'
import { MESSAGE_KINDS, type MessageKind, type Translation } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import type { readAvailability } from './read-availability.ts'
import { translate } from './translate.ts'

/** Real messages beside the repository, and facts about them that an independent script found. */
const RECORDINGS = new URL('../../../../shared/recordings/', import.meta.url)
const FOLDER = 'travelport-uapi'
const present = existsSync(new URL(`${FOLDER}/`, RECORDINGS))

const KINDS: Readonly<Record<string, MessageKind>> = {
  shop: 'shop',
  price: 'price',
  'fare-rules': 'price',
  book: 'book',
  retrieve: 'retrieve',
  ticket: 'ticket',
  cancel: 'cancel',
  availability: 'availability',
  exchange: 'exchange',
  'hotel-shop': 'stay-shop',
}
const ALL_KINDS: readonly MessageKind[] = MESSAGE_KINDS

type Leg = { carrier: string; number: string; from: string; to: string; dep: string; arr: string; rbd?: string; cabin?: string }
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

const moneyText = (money: Money | null): string | null => (money ? money.currency + formatAmount(money) : null)
/** A fact's amount with the currency's own number of decimals: the messages leave zeros out. */
const factMoney = (text: string): string => moneyText(parseMoney(text.slice(3), text.slice(0, 3)))!
const timeText = (time: Segment['departure']): string => `${time.local}:00.000${time.offset}`
const segmentsOf = (offer: FlightOffer): readonly Segment[] => offer.slices.flatMap((slice) => slice.segments)
const asLeg = (segment: Segment): Leg => ({
  carrier: segment.carrier,
  number: segment.flightNumber,
  from: segment.origin,
  to: segment.destination,
  dep: timeText(segment.departure),
  arr: timeText(segment.arrival),
})
const offersIn = (translation: Translation): Extract<Translation, { kind: 'offers' }> => {
  if (translation.kind !== 'offers') throw new Error(`expected offers, understood ${translation.kind}`)
  return translation
}

describe.skipIf(!present)('recorded messages of Travelport’s (skipped where ../shared/recordings is absent)', () => {
  test('every recording is compared with its facts', () => {
    const steps = new Set(paths.map((path) => path.split('/')[0]!))
    for (const step of steps) expect([...Object.keys(KINDS), 'errors']).toContain(step)
    expect(paths.length).toBeGreaterThan(10)
    expect(paths.filter((path) => !(`${FOLDER}/${path}` in facts))).toEqual([])
  })

  test.each(paths.filter((path) => path.startsWith('shop/')))('%s: every solution, the cheapest to the last detail', (path) => {
    const fact = about(path)
    const { solutions, offers } = offersIn(translate('shop', read(path)))
    expect(solutions).toBe(fact['offer_count'])
    const perSolution = new Map<number, FlightOffer[]>()
    for (const offer of offers) perSolution.set(offer.solution, [...(perSolution.get(offer.solution) ?? []), offer])
    expect(perSolution.size).toBe(fact['offer_count'])
    const firsts = [...perSolution.values()].map((group) => group[0]!)
    expect(firsts.filter((offer) => offer.validatingCarrier !== null)).toHaveLength(fact['offers_with_plating_carrier'] as number)
    expect(new Set(offers.map((offer) => offer.total.currency))).toEqual(new Set([fact['currency']]))
    expect(
      new Set(offers.flatMap(segmentsOf).map((segment) => `${segment.carrier}${segment.flightNumber}.${segment.departure.local}`)).size,
    ).toBe(fact['segment_count'])

    const sorted = [...firsts].sort((a, b) => a.total.amount - b.total.amount)
    const cheapest = sorted[0]!
    expect(formatAmount(cheapest.total)).toBe(fact['cheapest_total'])
    expect(formatAmount(sorted[sorted.length - 1]!.total)).toBe(fact['max_total'])
    expect(moneyText(firsts[0]!.total)).toBe(fact['first_offer_total'])
    expect(cheapest.passengers.map((fare) => [fare.type, fare.count, moneyText(fare.total)])).toEqual([
      ['adult', 1, (fact['cheapest_per_pax_total'] as { ADT: string }).ADT],
    ])
    expect(cheapest.refundable).toBe(fact['cheapest_refundable_attr'] === null ? null : fact['cheapest_refundable_attr'] === 'true')
    expect(cheapest.validatingCarrier).toBe(fact['cheapest_plating_carrier'])
    expect(cheapest.lastTicketingAt).toBe(fact['cheapest_latest_ticketing'])

    const legs = fact['cheapest_first_option_legs'] as Leg[][]
    expect(
      cheapest.slices.map((slice) =>
        slice.segments.map((segment) => ({ ...asLeg(segment), rbd: segment.bookingClass, cabin: segment.cabin })),
      ),
    ).toEqual(legs.map((leg) => leg.map((one) => ({ ...one, cabin: one.cabin?.toLowerCase() }))))
    const combinations = (fact['cheapest_options_per_leg'] as number[]).reduce((product, count) => product * count, 1)
    expect(perSolution.get(cheapest.solution)).toHaveLength(combinations)
    const baggage = fact['cheapest_baggage'] as { pieces: string | null; weight: string | null }[]
    const distinct = [...new Map(segmentsOf(cheapest).map((segment) => [`${segment.fareBasis}`, segment.baggage])).values()]
    expect(distinct).toEqual(
      baggage.map((bag) => [
        {
          kind: 'checked',
          pieces: bag.pieces === null ? null : Number(bag.pieces),
          weightKg: bag.weight === null ? null : Number(bag.weight),
        },
      ]),
    )
  })

  test('shop: every flight recorded takes off once, and says so', () => {
    for (const path of paths.filter((one) => one.startsWith('shop/'))) {
      const { offers } = offersIn(translate('shop', read(path)))
      expect(new Set(offers.flatMap(segmentsOf).map((segment) => segment.technicalStops?.join()))).toEqual(new Set(['']))
    }
  })

  test('shop: penalties before departure, at any time and for not showing up stay apart, with the shares the message gives', () => {
    const { offers } = offersIn(translate('shop', read('shop/LowFaresSearchAsync.1ADTICNKKJ.xml')))
    const texts = offers.flatMap((offer) =>
      offer.penalties.map((rule) => `${rule.kind} ${rule.when} ${rule.allowed} ${moneyText(rule.amount) ?? rule.percent}`),
    )
    // All of them, counted by kind in the message.
    expect(new Set(texts)).toEqual(
      new Set([
        'change null false null',
        'change null true 0',
        ...['KRW70000', 'KRW50000', 'KRW40000'].map((amount) => `change null true ${amount}`),
        'refund null false null',
        'refund null true 0',
        'refund null true KRW60000',
        'refund before_departure true KRW30000',
        'refund before_departure true KRW110000',
        'refund no_show true KRW30000',
      ]),
    )
  })

  test('shop: no combination of alternatives is lost to the cap', () => {
    const { offers } = offersIn(translate('shop', read('shop/LowFaresSearch.1ADTIEVPAR.xml')))
    // Counted in the message: the product of the alternatives of both legs, summed over the 45 price points.
    expect(offers).toHaveLength(194)
  })

  test.each(paths.filter((path) => /^(price|fare-rules)\//.test(path)))('%s: every priced solution', (path) => {
    const fact = about(path)
    const { solutions, offers } = offersIn(translate('price', read(path)))
    expect(solutions).toBe(fact['solution_count'])
    expect(offers.map((offer) => moneyText(offer.total))).toEqual((fact['totals'] as string[]).map(factMoney))
    expect(offers.map((offer) => moneyText(offer.taxes))).toEqual((fact['taxes'] as string[]).map(factMoney))
    expect(segmentsOf(offers[0]!).map(asLeg)).toEqual(fact['segments'])
    expect(offers.map((offer) => [offer.refundable])).toEqual(fact['refundable'])
    expect(
      offers.map((offer) =>
        Object.fromEntries(offer.passengers.map((fare) => [{ adult: 'ADT', child: 'CNN', infant: 'INF' }[fare.type], fare.count])),
      ),
    ).toEqual(fact['pax_per_solution'])
    expect(offers.map((offer) => segmentsOf(offer)[0]!.fareBasis)).toEqual(fact['fare_basis'])
    const change = (fact['penalties'] as { type: string; amount: string }[])[0]!
    const penalty = offers[0]!.penalties.find((one) => one.kind === 'change')
    expect(moneyText(penalty?.amount ?? null)).toBe(factMoney(change.amount))
  })

  test.each(paths.filter((path) => path.startsWith('fare-rules/')))('%s: the rules beside the price', (path) => {
    const fact = about(path)
    const { rules } = offersIn(translate('fare-rules', read(path)))
    expect(rules).toHaveLength(fact['fare_rule_count'] as number)
    expect(rules!.flatMap((rule) => rule.texts)).toHaveLength(fact['fare_rule_long_count'] as number)
    expect(rules!.map((rule) => rule.fareBasis)).toEqual(fact['fare_basis'])
    const [first] = rules!
    expect(first).toMatchObject({ carrier: 'KL', origin: 'KBP', destination: 'CDG' })
    expect(first!.texts.find((text) => text.category === '16')).toMatchObject({ title: 'PENALTIES' })
    for (const text of first!.texts) expect(text.text.length).toBeGreaterThan(10)
    const change = (fact['penalties'] as { amount: string }[])[0]!
    expect(first!.penalties.map((penalty) => [penalty.kind, moneyText(penalty.amount)])).toEqual([['change', factMoney(change.amount)]])
  })

  test.each(paths.filter((path) => path.startsWith('price/')))('%s: no rules are told where the message has none', (path) => {
    expect(translate('price', read(path))).not.toHaveProperty('rules')
  })

  test.each(paths.filter((path) => path.startsWith('availability/')))('%s: flights, in order, and how they connect', (path) => {
    const fact = about(path)
    const translation = translate('availability', read(path))
    if (translation.kind !== 'note') throw new Error(translation.kind)
    const told = translation.facts as ReturnType<typeof readAvailability>
    expect(told).toMatchObject({ segmentCount: fact['segments'], itineraries: fact['itineraries'], connections: fact['connections'] })
    const firsts = fact['first_segments'] as Leg[]
    expect(
      told.segments.slice(0, firsts.length).map((one) => ({
        carrier: one.carrier,
        number: one.flightNumber,
        from: one.origin,
        to: one.destination,
        dep: one.departure.replace('+', ':00.000+'),
        arr: one.arrival.replace('+', ':00.000+'),
      })),
    ).toEqual(firsts)
    expect(told.segments).toHaveLength(told.segmentCount)
    expect(told.journeys.flat()).toEqual(told.segments.map((_, index) => index))
    // Each connection joins two flights, so there are as many journeys fewer than flights.
    expect(told.journeys).toHaveLength(told.segmentCount - told.connections)
    for (const journey of told.journeys)
      expect([told.segments[journey[0]!]!.origin, told.segments[journey.at(-1)!]!.destination]).toEqual(['KBP', 'CDG'])
  })

  test.each(paths.filter((path) => path.startsWith('exchange/')))('%s: the ways to change', (path) => {
    const fact = about(path)
    const translation = translate('exchange', read(path))
    if (translation.kind !== 'exchange-quotes') throw new Error(translation.kind)
    const { quotes } = translation
    expect(quotes.map((quote) => moneyText(quote.newTotal))).toEqual(
      (fact['pricing_infos'] as { total: string }[]).map(({ total }) => factMoney(total)),
    )
    expect(
      quotes[0]!.slices.flatMap((slice) => slice.segments).map((one) => ({ ...asLeg(one), status: null, rbd: one.bookingClass })),
    ).toEqual(fact['segments'])
    // Nothing is added and nothing given back: what is paid is the fee, CZK 2102.
    expect(quotes.map((quote) => [moneyText(quote.difference), moneyText(quote.penalty)])).toEqual([['CZK2102.00', 'CZK2102.00']])
  })

  test.each(paths.filter((path) => path.startsWith('hotel-shop/')))('%s: every property with every price', (path) => {
    const fact = about(path)
    const translation = translate('stay-shop', read(path))
    if (translation.kind !== 'stays') throw new Error(translation.kind)
    const { solutions, offers, hasMore } = translation
    expect(solutions).toBe(fact['hotel_count'])
    expect(hasMore).toBe(fact['next_ref'])
    const properties = [...new Set(offers.map((offer) => offer.property))]
    expect(properties.map((code) => offers.filter((offer) => offer.property === code).map((offer) => moneyText(offer.total)))).toEqual(
      fact['min_stay_amounts'],
    )
    expect(properties[0]).toBe('00GBLON@_000143')
    expect(offers[0]).toMatchObject({ propertyName: 'Central Park Hotel', payAt: 'booking', isPackageOnly: false, refundable: null })
    // PackageOffer means several rooms at one price: such a price may be shown alone.
    expect(offers.filter((offer) => offer.isPackageOnly)).toEqual([])
    expect(offers.filter((offer) => offer.ratePlan?.code === 'TO').map((offer) => offer.rooms.length)).toEqual([2, 2, 2, 2, 2])
  })

  test.each(paths.filter((path) => /^(book|retrieve)\//.test(path)))('%s: the reservation', (path) => {
    const fact = about(path)
    const translation = translate(KINDS[path.split('/')[0]!]!, read(path))
    if (translation.kind !== 'reservation' || translation.result.outcome !== 'ok') throw new Error(JSON.stringify(translation))
    const reservation = translation.result.value
    const [[, pnr]] = fact['provider_locators'] as [[string, string]]
    expect(reservation.pnr).toBe(pnr)
    expect(reservation.supplierRef).toBe(`${(fact['ur_locator'] as string[])[0]}:${(fact['air_reservation'] as string[])[0]}:${pnr}`)
    expect(reservation.status).toBe('active')
    expect(reservation.segments).toEqual(
      (fact['segments'] as (Leg & { status: string })[]).map((leg) => ({
        carrier: leg.carrier,
        flightNumber: leg.number,
        status: leg.status === 'HK' ? 'confirmed' : 'unknown',
      })),
    )
    const prices = fact['pricing_infos'] as { total: string }[]
    expect(reservation.total === null ? [] : [moneyText(reservation.total)]).toEqual(prices.map((info) => factMoney(info.total)))
    expect(reservation.tickets.map((ticket) => ticket.number)).toEqual(fact['ticket_numbers'])
  })

  test.each(paths.filter((path) => path.startsWith('ticket/')))('%s: the tickets', (path) => {
    const fact = about(path)
    const translation = translate('ticket', read(path))
    if (translation.kind !== 'tickets' || translation.result.outcome !== 'ok') throw new Error(JSON.stringify(translation))
    const tickets = fact['tickets'] as { number: string; coupons: { n: string; flight: string; from: string; to: string }[] }[]
    expect(translation.result.value.map((ticket) => ({ number: ticket.number, coupons: ticket.coupons }))).toEqual(
      tickets.map((ticket) => ({
        number: ticket.number,
        coupons: ticket.coupons.map((coupon) => ({
          number: Number(coupon.n),
          status: 'open',
          carrier: coupon.flight.slice(0, 2),
          flightNumber: coupon.flight.slice(2),
          origin: coupon.from,
          destination: coupon.to,
        })),
      })),
    )
    expect(moneyText(translation.total)).toBe(factMoney((fact['totals'] as string[])[0]!))
    expect(translation.pnr).toMatch(/^[A-Z0-9]{6}$/)
  })

  test.each(paths.filter((path) => path.startsWith('cancel/')))('%s: the cancellation', (path) => {
    const [status] = about(path)['statuses'] as [{ locator: string; cancelled: string }]
    expect(status.cancelled).toBe('true')
    expect(translate('cancel', read(path))).toEqual({
      kind: 'cancellation',
      pnr: status.locator,
      result: { outcome: 'ok', value: { refund: null } },
    })
  })

  test('a reservation that lacks a segment and its fare is neither a booking nor a rejection', () => {
    const translation = translate('book', read('errors/AirCreateReservation.SegmentFailure.xml'))
    expect(translation).toMatchObject({ kind: 'reservation', result: { outcome: 'unknown' } })
    expect(JSON.stringify(translation)).toMatch(/4W5UGL.*0 AVAIL/)
  })

  test('no seat, not even with a waitlist open, is a rejection: sold out', () => {
    expect(translate('book', read('errors/AirCreateReservation.Waitlist.xml'))).toMatchObject({
      kind: 'reservation',
      result: { outcome: 'rejected', reason: 'sold_out', code: '3000' },
    })
  })

  test('a ticket number without "OK:Ticket issued" is not a ticket', () => {
    const translation = translate('ticket', read('errors/AirTicketing.NOT-OK.xml'))
    expect(translation).toMatchObject({ kind: 'tickets', pnr: 'SP31BW', result: { outcome: 'unknown' } })
    expect(JSON.stringify(translation)).toContain('0745460246213')
  })

  test('fault 3037 answers a search with nothing, and proves nothing about a booking', () => {
    const message = read('errors/UnableToFareQuoteError.xml')
    expect(translate('shop', message)).toEqual({ kind: 'offers', solutions: 0, offers: [] })
    expect(translate('ticket', message)).toMatchObject({ result: { outcome: 'unknown' } })
  })

  test.each(paths.filter((path) => path.startsWith('errors/')))(
    '%s is recognised whatever it is taken for, and never as a success',
    (path) => {
      for (const kind of ALL_KINDS) {
        let translation: Translation
        try {
          translation = translate(kind, read(path))
        } catch (error) {
          expect(error).toBeInstanceOf(ProviderError)
          expect((error as ProviderError).fault).toBe('refused')
          continue
        }
        if (translation.kind === 'offers' || translation.kind === 'stays') expect(translation.offers).toEqual([])
        else expect('result' in translation && translation.result.outcome).not.toBe('ok')
      }
    },
  )
})
