import { describe, expect, test } from 'vitest'
import { faresIn, flightsIn, offersIn, readSample, segmentsIn, textOf } from '../../../test/support/ndc-samples.ts'
import { translate } from './translate.ts'

describe('a search reply of 19.2', () => {
  const offers = offersIn('shop-19.2-item-totals')
  const whole = offers[0]!

  test('is read where only the item states a total, with twenty decimals', () => {
    expect([whole.total, whole.base, whole.taxes].map(textOf)).toEqual(['EUR 957.32', 'EUR 735.00', 'EUR 222.32'])
    expect(faresIn(whole)).toEqual([
      ['adult', 2, 'EUR 900.00'],
      ['infant', 1, 'EUR 57.32'],
    ])
  })

  test('gives no offer whose total may be the price of one of three passengers', () => {
    expect(offers.map((offer) => offer.id)).toEqual(['offer-whole'])
    expect(translate('shop', readSample('shop-19.2-item-totals'))).toMatchObject({ solutions: 2 })
  })

  test('buys what is mandatory, and not the bag beside it', () => {
    expect(JSON.parse(whole.supplierToken)).toMatchObject({
      response: 'resp-19',
      items: [{ id: 'item-whole', pax: ['PAX1', 'PAX2', 'PAX3'] }],
      segments: ['SEG1', 'SEG2'],
    })
  })

  test('tells no bag from an unknown one, and what an infant carries from what others do', () => {
    const none = { kind: 'checked', pieces: 0, weightKg: null }
    expect(segmentsIn(whole).map((one) => one.baggage)).toEqual([
      [none, { kind: 'carry_on', pieces: 1, weightKg: 12 }],
      [none, { kind: 'carry_on', pieces: 1, weightKg: 12 }],
    ])
    expect(whole.passengers[1]).toMatchObject({ type: 'infant', baggage: [[none], [none]] })
    expect('baggage' in whole.passengers[0]!).toBe(false)
  })

  test('takes a fee of all of the fare for no refund', () => {
    expect(whole.penalties).toEqual([
      { kind: 'refund', allowed: false, amount: null, percent: 10_000 },
      { kind: 'change', allowed: true, amount: { amount: 7_500, currency: 'EUR' }, when: 'before_departure' },
    ])
    expect([whole.refundable, whole.changeable]).toEqual([false, true])
  })

  test('says until when it holds and by when it must be paid', () => {
    expect([whole.expiresAt, whole.lastTicketingAt]).toEqual([Date.UTC(2026, 9, 1, 10), '2026-10-03T23:59:00Z'])
  })
})

test('a reply of 20.1 includes bags as services of the offer, and only those of the offer', () => {
  const [offer] = offersIn('shop-20.1-services')
  expect(segmentsIn(offer!)[0]).toMatchObject({
    brand: 'FREE BAGGAGE',
    bookingClass: 'T',
    cabin: 'economy',
    departure: { local: '2027-01-31T16:00', offset: '+05:00' },
    baggage: [{ kind: 'checked', pieces: null, weightKg: 20 }],
  })
  expect(offer!.penalties).toEqual([
    { kind: 'refund', allowed: true, amount: { amount: 350_000, currency: 'PKR' }, until: '2027-01-31T12:00:00.000+05:00' },
    { kind: 'change', allowed: true, amount: { amount: 300_000, currency: 'PKR' } },
  ])
})

describe('a search reply of 21.3', () => {
  const [common] = offersIn('shop-21.3-common-types')
  const [loose] = offersIn('shop-21.3-segments')

  test('gathers a flight from the four lists that tell of it, in whatever namespace', () => {
    expect(segmentsIn(common!)).toEqual([
      {
        carrier: 'VS',
        flightNumber: '3',
        operatingCarrier: 'DL',
        origin: 'LHR',
        originTerminal: '3',
        destination: 'JFK',
        destinationTerminal: '4',
        departure: { local: '2026-11-15T12:00', offset: '+00:00' },
        arrival: { local: '2026-11-15T15:10', offset: '-05:00' },
        durationMinutes: 490,
        equipment: '351',
        cabin: 'business',
        bookingClass: 'J',
        fareBasis: 'JFLEX',
        brand: 'Upper Class Flex',
        baggage: [{ kind: 'checked', pieces: 1, weightKg: 23 }],
      },
    ])
  })

  test('has items that state what one passenger pays, and an offer that states the whole', () => {
    expect(textOf(common!.total)).toBe('GBP 2750.00')
    expect(faresIn(common!)).toEqual([
      ['adult', 2, 'GBP 2000.00'],
      ['child', 1, 'GBP 750.00'],
    ])
    const items = readSample('shop-21.3-common-types').replace(/<cns:TotalPrice>.*<\/cns:TotalPrice>/, '')
    expect(translate('shop', items)).toMatchObject({ offers: [] })
  })

  test('allows a change free of charge, and no refund', () => {
    expect([common!.refundable, common!.changeable]).toEqual([false, true])
    expect(common!.penalties[1]).toEqual({
      kind: 'change',
      allowed: true,
      amount: { amount: 0, currency: 'GBP' },
      when: 'before_departure',
    })
  })

  test('keeps apart until when the price, the payment and the offer hold', () => {
    expect([common!.priceGuaranteedUntil, common!.lastTicketingAt, common!.expiresAt]).toEqual([
      Date.UTC(2026, 9, 1, 18, 20),
      '2026-10-02T10:20:00.000Z',
      Date.UTC(2026, 9, 1, 10, 20),
    ])
  })

  test('is put into slices where it has no journeys: a stay of days begins another', () => {
    expect(flightsIn(loose!)).toEqual([['6E2183 DEL-COK'], ['6E412 COK-BOM', '6E5044 BOM-DEL']])
    expect(loose!.slices.map((slice) => slice.durationMinutes)).toEqual([200, 345])
    expect(segmentsIn(loose!).map((one) => one.fareBasis)).toEqual(['C0IP', 'R0IP', 'R0IP'])
  })

  test('is priced where the fare stands inside the price', () => {
    const [offer] = offersIn('price-21.3-fares-in-price')
    expect(segmentsIn(offer!)[0]).toMatchObject({ fareBasis: 'VCLASSIC', brand: 'Classic' })
    expect([offer!.total, offer!.base, offer!.taxes].map(textOf)).toEqual(['USD 450.00', 'USD 400.00', null])
    expect(offer!.refundable).toBe(true)
  })
})
