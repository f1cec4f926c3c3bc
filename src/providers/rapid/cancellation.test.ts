import { describe, expect, test } from 'vitest'
import { formatMoney, parseMoney } from '../../kernel/money.ts'
import { parseLocalDate, toIso } from '../../kernel/time.ts'
import type { StayPrice } from './amounts.ts'
import { toCancellation, type CancellationTerms } from './cancellation.ts'

const PRICE: StayPrice = {
  total: parseMoney('300.00', 'EUR'),
  billable: parseMoney('330.00', 'USD'),
  charges: [],
  nights: ['132.00', '99.00', '99.00'].map((night) => parseMoney(night, 'USD')),
}
const STAY = { checkIn: parseLocalDate('2027-05-10'), checkOut: parseLocalDate('2027-05-13'), rooms: 1 }
const START = '2027-05-07T18:00:00.000+08:00'

function timeline(terms: Partial<CancellationTerms>, price = PRICE, stay: typeof STAY | null = STAY): unknown {
  const { refundable, cancellation } = toCancellation({ refundable: true, penalties: [], nonrefundable: [], ...terms }, price, stay)
  return [refundable, cancellation?.map(({ from, penalty }) => [from && toIso(from), penalty && formatMoney(penalty)]) ?? null]
}
const from = '2027-05-07T10:00:00.000Z'

describe('the timeline of cancelling', () => {
  test('is not said where nothing is', () => {
    expect(timeline({ refundable: null })).toEqual([null, null])
  })

  test('begins free where the rate is refundable, and with all of it where it is not', () => {
    expect(timeline({})).toEqual([true, [[null, 'EUR 0.00']]])
    expect(timeline({ refundable: false })).toEqual([false, [[null, 'EUR 300.00']]])
  })

  test.each([
    [{ percent: '30%' }, 'EUR 90.00'],
    [{ percent: '33.33%' }, 'EUR 99.99'],
    [{ percent: '100%' }, 'EUR 300.00'],
    [{ nights: '1' }, 'EUR 120.00'],
    [{ nights: '2' }, 'EUR 210.00'],
    [{ nights: '7' }, 'EUR 300.00'],
    [{ amount: '25.00', currency: 'EUR' }, 'EUR 25.00'],
    [{ amount: '33.00', currency: 'USD' }, 'EUR 30.00'],
    [{ amount: '900.00', currency: 'EUR' }, 'EUR 300.00'],
    [{ amount: '33.00', currency: 'JPY' }, null],
    [{ percent: 'some' }, null],
    [{ nights: 'one' }, null],
    [{}, null],
  ])('%j costs %s', (penalty, cost) => {
    expect(timeline({ penalties: [{ start: START, ...penalty }] })).toEqual([
      true,
      [
        [null, 'EUR 0.00'],
        [from, cost],
      ],
    ])
  })

  test('an amount is for each room, a percentage of all', () => {
    const stay = { ...STAY, rooms: 2 }
    expect(timeline({ penalties: [{ start: START, amount: '25.00', currency: 'EUR' }] }, PRICE, stay)).toMatchObject([
      true,
      [
        [null, 'EUR 0.00'],
        [from, 'EUR 50.00'],
      ],
    ])
    expect(timeline({ penalties: [{ start: START, percent: '10%' }] }, PRICE, stay)).toMatchObject([
      true,
      [
        [null, 'EUR 0.00'],
        [from, 'EUR 30.00'],
      ],
    ])
  })

  test('a share of a cent is rounded up', () => {
    const price = { ...PRICE, total: parseMoney('100.01', 'EUR') }
    expect(timeline({ penalties: [{ start: START, percent: '50%' }] }, price)).toMatchObject([
      true,
      [
        [null, 'EUR 0.00'],
        [from, 'EUR 50.01'],
      ],
    ])
    expect(timeline({ penalties: [{ start: START, nights: '1' }] }, { ...price, nights: [] })).toMatchObject([
      true,
      [
        [null, 'EUR 0.00'],
        [from, 'EUR 33.34'],
      ],
    ])
  })

  test('ascends, whatever the order of the message, and of two that begin together the dearer counts', () => {
    const penalties = [
      { start: '2027-05-09T18:00:00.000+08:00', percent: '100%' },
      { start: START, percent: '10%' },
      { start: START, nights: '1' },
    ]
    expect(timeline({ penalties })).toEqual([
      true,
      [
        [null, 'EUR 0.00'],
        [from, 'EUR 120.00'],
        ['2027-05-09T10:00:00.000Z', 'EUR 300.00'],
      ],
    ])
  })

  test('a step that changes nothing is none', () => {
    expect(timeline({ refundable: false, penalties: [{ start: START, percent: '100%' }] })).toEqual([false, [[null, 'EUR 300.00']]])
  })

  test('penalties of a rate that does not say whether it is refundable begin with an unknown', () => {
    expect(timeline({ refundable: null, penalties: [{ start: START, percent: '10%' }] })).toEqual([
      null,
      [
        [null, null],
        [from, 'EUR 30.00'],
      ],
    ])
  })

  test('a window without a beginning makes nothing free', () => {
    expect(timeline({ penalties: [{ percent: '10%' }] })).toEqual([null, [[null, null]]])
  })

  test('nights that are never refunded make nothing free, and only those of this stay', () => {
    const penalties = [{ start: START, percent: '100%' }]
    expect(timeline({ penalties, nonrefundable: [{ start: '2027-05-12', end: '2027-05-12' }] })).toEqual([
      false,
      [
        [null, null],
        [from, 'EUR 300.00'],
      ],
    ])
    for (const range of [
      { start: '2027-05-13', end: '2027-05-20' },
      { start: '2022-02-02', end: '2022-02-02' },
    ])
      expect(timeline({ nonrefundable: [range] })).toEqual([true, [[null, 'EUR 0.00']]])
    expect(timeline({ nonrefundable: [{ start: 'soon', end: 'later' }] })).toEqual([false, [[null, null]]])
  })
})
