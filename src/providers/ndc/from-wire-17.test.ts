import { describe, expect, test } from 'vitest'
import { faresIn, flightsIn, offersIn, readSample, segmentsIn, textOf } from '../../../test/support/ndc-samples.ts'
import { translate } from './translate.ts'

describe('a search reply of 17.2', () => {
  const [together] = offersIn('shop-17.2-run-together')
  const [implied] = offersIn('shop-17.2-implied-decimals')

  test('is read where several references are written without a blank between them', () => {
    expect(flightsIn(together!)).toEqual([['TK1772 PRG-IST'], ['TK1771 IST-PRG']])
    expect(segmentsIn(together!).map((one) => one.brand)).toEqual(['Light', 'Smart'])
  })

  test('has items that state what all their passengers pay', () => {
    expect(textOf(together!.total)).toBe('EUR 550.00')
    expect(faresIn(together!)).toEqual([
      ['adult', 2, 'EUR 400.00'],
      ['child', 1, 'EUR 150.00'],
    ])
  })

  test('does not say what it does not say: baggage, penalties, cabin and taxes are not known', () => {
    expect(segmentsIn(together!).map((one) => [one.baggage, one.cabin, one.fareBasis])).toEqual([
      [[], null, null],
      [[], null, null],
    ])
    expect([together!.taxes, together!.refundable, together!.changeable, together!.penalties]).toEqual([null, null, null, []])
  })

  test('is read where amounts have no decimal point, because the message says how many decimals they have', () => {
    expect([implied!.total, implied!.base, implied!.taxes].map(textOf)).toEqual(['BHD 132.500', 'BHD 120.000', 'BHD 12.500'])
    expect(implied!.penalties.map((one) => textOf(one.amount))).toEqual(['BHD 30.000', 'BHD 40.000'])
  })

  test('is not believed about its decimals when one of its amounts has a point', () => {
    const text = readSample('shop-17.2-implied-decimals').replace('>120000<', '>120.000<').replaceAll('132500', '132.500')
    const translation = translate('shop', text)
    expect(translation.kind === 'offers' && textOf(translation.offers[0]!.total)).toBe('BHD 132.500')
  })

  test('gives the fare with its class, basis, brand and allowance, and numbers without a host’s zeros', () => {
    expect(flightsIn(implied!)).toEqual([['GF2 LHR-BAH', 'GF150 BAH-BKK']])
    expect(segmentsIn(implied!)[0]).toMatchObject({
      originTerminal: '4',
      equipment: '789',
      durationMinutes: 395,
      cabin: 'economy',
      bookingClass: 'N',
      fareBasis: 'NLUR',
      brand: 'SMART',
      baggage: [{ kind: 'checked', pieces: 2, weightKg: null }],
    })
    expect(implied!.slices[0]!.durationMinutes).toBe(895)
    expect([implied!.refundable, implied!.changeable]).toEqual([true, true])
  })

  test('has times without an offset, which the airport’s zone gives', () => {
    expect(segmentsIn(implied!).map((one) => [one.departure, one.arrival])).toEqual([
      [
        { local: '2026-11-05T09:50', offset: '+00:00' },
        { local: '2026-11-05T19:25', offset: '+03:00' },
      ],
      [
        { local: '2026-11-05T21:10', offset: '+03:00' },
        { local: '2026-11-06T07:45', offset: '+07:00' },
      ],
    ])
  })

  test('keeps the airline’s own words for what is to be priced and ordered', () => {
    expect(JSON.parse(together!.supplierToken)).toEqual({
      v: 1,
      owner: 'KW',
      response: 'resp-1',
      offer: 'OF1',
      items: [
        { id: 'OI-ADT', pax: ['PAX1', 'PAX2'] },
        { id: 'OI-CHD', pax: ['PAX3'] },
      ],
      pax: [
        ['PAX1', 'ADT'],
        ['PAX2', 'ADT'],
        ['PAX3', 'CHD'],
      ],
      segments: ['SEGa', 'SEGb'],
    })
  })

  test.each([
    ['a flight that is not listed', (text: string) => text.replaceAll('SegmentKey="SEGb"', 'SegmentKey="SEGx"')],
    ['a time that is none', (text: string) => text.replace('<ns2:Time>08:00<', '<ns2:Time>25:61<')],
    ['a total that is no amount', (text: string) => text.replaceAll('Code="EUR">550<', 'Code="EUR">5.5.0<').replaceAll('>400<', '>x<')],
    ['no passenger', (text: string) => text.replace(/<ns2:PassengerList>.*<\/ns2:PassengerList>/, '')],
  ])('drops an offer with %s, and still counts it', (_, change) => {
    const translation = translate('shop', change(readSample('shop-17.2-run-together')))
    expect(translation).toMatchObject({ kind: 'offers', solutions: 1, offers: [] })
  })

  test('survives a date of centuries ago', () => {
    const translation = translate('shop', readSample('shop-17.2-run-together').replaceAll('2026-11-05', '0026-11-05'))
    expect(translation).toMatchObject({ kind: 'offers', solutions: 1 })
  })

  test('adds up to a total only where an item is not another choice of the same flight', () => {
    const twice = readSample('shop-17.2-run-together')
      .replace(/<ns2:TotalPrice>.*<\/ns2:TotalPrice>/, '')
      .replace('<ns2:PassengerRefs>PAX3<', '<ns2:PassengerRefs>PAX1<')
    expect(translate('shop', twice)).toMatchObject({ offers: [] })
    const whole = readSample('shop-17.2-run-together').replace(/<ns2:TotalPrice>.*<\/ns2:TotalPrice>/, '')
    expect(translate('shop', whole)).toMatchObject({ offers: [{ total: { amount: 55_000 } }] })
  })

  test('prices an offer whose flights are told as an origin and a destination', () => {
    const [priced] = offersIn('price-17.2-penalties')
    expect(flightsIn(priced!)).toEqual([['GF2 LHR-BAH', 'GF150 BAH-BKK']])
    expect([priced!.total, priced!.base, priced!.taxes].map(textOf)).toEqual(['EUR 331.25', 'EUR 300.00', 'EUR 31.25'])
    expect(priced!.refundable).toBe(false)
  })
})

test('a message of 17.2 with keys and codes as children instead of attributes is read the same', () => {
  const [offer] = offersIn('shop-18.1-children')
  expect(flightsIn(offer!)).toEqual([['AX1 LHR-JFK']])
  expect(faresIn(offer!)).toEqual([['adult', 2, 'GBP 1084.00']])
  expect([offer!.base, offer!.taxes].map(textOf)).toEqual(['GBP 960.00', 'GBP 124.00'])
  expect(segmentsIn(offer!)[0]).toMatchObject({ cabin: 'economy', bookingClass: 'Y', fareBasis: 'YFLEX', equipment: '351', baggage: [] })
})
