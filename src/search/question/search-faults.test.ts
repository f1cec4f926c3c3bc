import { describe, expect, test } from 'vitest'
import { parseCurrency } from '../../kernel/currency.ts'
import { Problem, type FieldFault } from '../../kernel/problems.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import { createCursorCodec } from './cursor.ts'
import { parseSearch, SEARCH_PARAMETERS } from './parse-search.ts'
import { createBroadReader } from './read-broad-search.ts'

const readBroad = createBroadReader(createStoppedClock('2026-11-30T16:30:00Z'))
const ROUTE = 'origin=CGK&destination=NRT&departure_date=2026-12-01'

function faultsOf(query: string, currency = 'USD'): FieldFault[] {
  try {
    parseSearch({ readBroad, cursors: createCursorCodec('secret'), displayCurrency: parseCurrency(currency) }, query)
  } catch (error) {
    if (error instanceof Problem && error.status === 400) return error.facts.errors ?? []
    throw error
  }
  return []
}
const told = (faults: readonly FieldFault[]) => faults.map((fault) => `${fault.pointer} ${fault.code}`)

/** [what is sent instead of or beside the route, what is told, a word of the message] */
type Row = [query: string, fault: string, says: string]

const BROAD: Row[] = [
  ['origin=XQX&destination=NRT&departure_date=2026-12-01', 'origin unknown-airport', '"XQX" is not'],
  ['destination=NRT&departure_date=2026-12-01', 'origin required', 'required'],
  ['origin=CGK&destination=Tokyo&departure_date=2026-12-01', 'destination unknown-airport', 'GET /v1/places'],
  ['origin=CGK&destination=CGK&departure_date=2026-12-01', 'destination same-place', 'CGK is where the journey begins'],
  ['origin=JKT&destination=CGK&departure_date=2026-12-01', 'destination same-place', 'CGK'],
  ['origin=NRT&destination=TYO&departure_date=2026-12-01', 'destination same-place', 'TYO'],
  ['origin=CGK&destination=NRT', 'departure_date required', 'required'],
  ['origin=CGK&destination=NRT&departure_date=2027-02-29', 'departure_date invalid-date', 'such as 2026-12-01'],
  ['origin=CGK&destination=NRT&departure_date=tomorrow', 'departure_date invalid-date', '"tomorrow"'],
  [`${ROUTE}&return_date=2026-11-30`, 'return_date return-before-departure', 'before the departure on 2026-12-01'],
  [`${ROUTE}&return_date=`, 'return_date empty', 'leave it out'],
  ['slice=', 'slice empty', 'leave it out'],
  ['slice=%', 'slice malformed-encoding', '%25'],
  ['slice=CGK.NRT', 'slice invalid-slice', 'CGK.NRT.2026-12-01'],
  ['slice=CGK.NRT.2026-12-01.X', 'slice invalid-slice', 'CGK.NRT.2026-12-01'],
  ['slice=CGK.XQX.2026-12-01', 'slice unknown-airport', '"XQX"'],
  ['slice=TYO.HND.2026-12-01', 'slice same-place', 'HND'],
  ['slice=CGK.NRT.2026-11-29', 'slice past-date', 'it is 2026-11-30 there'],
  ['slice=CGK.NRT.2028-01-01', 'slice too-far-ahead', '361'],
  ['slice=CGK.NRT.2026-12-31&slice=NRT.SIN.2026-12-30', 'slice dates-not-in-order', 'number 2: 2026-12-30'],
  [Array.from({ length: 7 }, () => 'slice=CGK.NRT.2026-12-01').join('&'), 'slice too-many-slices', 'at most 6'],
  ['slice=CGK.NRT.2026-12-01&origin=CGK', 'origin not-with-slice', 'one or the other'],
  ['slice=CGK.NRT.2026-12-01&destination=NRT', 'destination not-with-slice', 'one or the other'],
  ['slice=CGK.NRT.2026-12-01&departure_date=2026-12-01', 'departure_date not-with-slice', 'one or the other'],
  ['slice=CGK.NRT.2026-12-01&return_date=2026-12-01', 'return_date not-with-slice', 'one or the other'],
  [`${ROUTE}&adults=0`, 'adults no-adult', 'at least one adult'],
  [`${ROUTE}&adults=-1`, 'adults out-of-range', 'from 0 to 99'],
  [`${ROUTE}&adults=1.5`, 'adults out-of-range', '"1.5"'],
  [`${ROUTE}&adults=1e1`, 'adults out-of-range', '"1e1"'],
  [`${ROUTE}&adults=10`, 'adults too-many-travellers', 'one booking holds 9'],
  [`${ROUTE}&adults=1&adults=1`, 'adults duplicate-parameter', 'more than once'],
  [`${ROUTE}&adults=5&children=5`, 'children too-many-travellers', '10 travel'],
  [`${ROUTE}&adults=1&infants=2`, 'infants too-many-infants', 'laps of 1 adults'],
  [`${ROUTE}&cabin=Economy`, 'cabin unknown-value', 'none of economy, premium_economy, business, first'],
  [`${ROUTE}&nearby_km=201`, 'nearby_km out-of-range', 'from 0 to 200'],
  ['slice=CGK.NRT.2026-12-01&slice=KIX.SIN.2026-12-05&nearby_km=20', 'nearby_km not-for-this-journey', 'one way and for there and back'],
  [`${ROUTE}&self_transfer=yes`, 'self_transfer unknown-value', 'include, exclude, only'],
  [`${ROUTE}&return_date=2026-12-10&self_transfer=include`, 'self_transfer not-for-this-journey', 'one way only'],
  ['slice=CGK.NRT.2026-12-01&slice=NRT.CGK.2026-12-01&self_transfer=only', 'self_transfer not-for-this-journey', 'one way only'],
]

const SELECTION: Row[] = [
  ['max_stops=none', 'max_stops out-of-range', 'from 0 to 9'],
  ['max_stops=10', 'max_stops out-of-range', '"10"'],
  ['airlines=GA,SIA', 'airlines invalid-airline', '"SIA" is not a two-character airline code'],
  ['airlines=GA,', 'airlines invalid-airline', '""'],
  ['airlines=GA,%20SQ', 'airlines invalid-airline', '" SQ"'],
  ['airlines=12', 'airlines invalid-airline', '"12"'],
  [
    `airlines=${Array.from({ length: 51 }, (_, index) => `${index % 10}${'ABCDEF'[Math.floor(index / 10)]}`).join(',')}`,
    'airlines too-many-airlines',
    'at most 50',
  ],
  ['exclude_airlines=G', 'exclude_airlines invalid-airline', 'two-character'],
  ['alliances=Star', 'alliances unknown-value', 'star, oneworld, skyteam'],
  ['min_price=1e3', 'min_price invalid-amount', 'USD such as 178 or 178.50'],
  ['min_price=200&max_price=199.99', 'min_price min-above-max', 'min_price is above max_price'],
  ['max_price=10.005', 'max_price invalid-amount', '"10.005"'],
  ['max_price=-1', 'max_price invalid-amount', '"-1"'],
  ['max_price=1234567890123', 'max_price invalid-amount', 'USD'],
  ['max_duration=10081', 'max_duration out-of-range', 'from 0 to 10080'],
  ['connections=SI', 'connections invalid-airport', 'three-letter'],
  ['exclude_connections=S1N', 'exclude_connections invalid-airport', '"S1N"'],
  ['min_connection=1h', 'min_connection out-of-range', '"1h"'],
  ['min_connection=90&max_connection=89', 'min_connection min-above-max', 'above max_connection'],
  ['max_connection=-5', 'max_connection out-of-range', 'from 0'],
  ['cabins=coach', 'cabins unknown-value', 'business, first, mixed, unknown'],
  ['bags=3', 'bags unknown-value', '0, 1, 2, unknown'],
  ['refundable=true', 'refundable unknown-value', 'yes, no, unknown'],
  ['changeable=maybe', 'changeable unknown-value', 'yes, no, unknown'],
  ['suppliers=Travel+Port', 'suppliers invalid-supplier', 'id of a supplier'],
  ['overnight=unknown', 'overnight unknown-value', 'yes, no'],
  ['origin_airports=JAKARTA', 'origin_airports invalid-airport', 'three-letter'],
  ['destination_airports=,', 'destination_airports invalid-airport', 'three-letter'],
  ['max_emissions=1000000', 'max_emissions out-of-range', 'from 0 to 999999'],
  ['sort=cheapest', 'sort unknown-value', 'best, price, duration, departure, arrival, price_with_bag'],
  ['limit=0', 'limit out-of-range', 'from 1 to 100'],
  ['limit=101', 'limit out-of-range', 'from 1 to 100'],
  ['view=lean', 'view unknown-value', 'full, summary'],
  ['after=nonsense', 'after invalid-cursor', 'not a cursor of this search'],
  ['departure_after=24:00', 'departure_after invalid-time', 'such as 06:30'],
  ['departure_before=6:30', 'departure_before invalid-time', '"6:30"'],
  ['arrival_after=06:60', 'arrival_after invalid-time', '"06:60"'],
  ['arrival_before=noon', 'arrival_before invalid-time', '"noon"'],
  ['slice_1_departure_after=x', 'slice_1_departure_after invalid-time', '"x"'],
  ['departure_after=06:00&slice_1_departure_after=06:00', 'slice_1_departure_after duplicate-parameter', 'the same as departure_after'],
  ...['departure_after', 'departure_before', 'arrival_after', 'arrival_before'].flatMap((window): Row[] => [
    [`return_${window}=10:00`, `return_${window} no-return`, 'needs a return_date'],
    ...[2, 3, 4, 5, 6].map((n): Row => [`slice_${n}_${window}=10:00`, `slice_${n}_${window} no-slice`, `slice ${n} of a journey of 1`]),
  ]),
  ['maxstops=0', 'maxstops unknown-parameter', 'not a parameter'],
  ['Origin=CGK', 'Origin unknown-parameter', 'not a parameter'],
  ['__proto__=1', '__proto__ unknown-parameter', 'not a parameter'],
  ['limit=5&limit=5', 'limit duplicate-parameter', 'more than once'],
  ['limit=', 'limit empty', 'leave it out'],
  ['limit', 'limit empty', 'leave it out'],
  ['airlines=+', 'airlines empty', 'leave it out'],
  ['airlines=%', 'airlines malformed-encoding', '%25'],
  ['max_price=%E0%A4', 'max_price malformed-encoding', 'UTF-8'],
]

describe('what is refused, by the parameter at fault, saying what is allowed', () => {
  test.each([...BROAD, ...SELECTION.map(([query, ...rest]): Row => [`${ROUTE}&${query}`, ...rest])])('%s', (query, fault, says) => {
    const faults = faultsOf(query)
    expect(told(faults)).toEqual([fault])
    expect(faults[0]!.message).toContain(says)
  })

  test('every parameter has such a case', () => {
    const covered = new Set([...BROAD, ...SELECTION].map(([, fault]) => fault.split(' ')[0]))
    const windows = /^slice_1_/
    expect(SEARCH_PARAMETERS.filter((name) => !covered.has(name) && !windows.test(name))).toEqual([])
  })

  test('malformed encoding of a broad parameter and of a name', () => {
    expect(told(faultsOf('origin=%zz&destination=NRT&departure_date=2026-12-01'))).toEqual(['origin malformed-encoding'])
    expect(told(faultsOf(`${ROUTE}&ori%zzgin=1`))).toEqual(['ori%zzgin unknown-parameter'])
  })

  test('all of it at once', () => {
    const query =
      'destination=XQX&departure_date=2020-01-01&adults=0&infants=1&limit=x&colour=red&sort=&max_stops=1&max_stops=2&max_stops=3'
    expect(told(faultsOf(query))).toEqual([
      ...['colour unknown-parameter', 'sort empty', 'max_stops duplicate-parameter'],
      ...['origin required', 'destination unknown-airport', 'departure_date past-date'],
      ...['adults no-adult', 'infants too-many-infants', 'limit out-of-range'],
    ])
    expect(told(faultsOf('slice=XQX.NRT.2026-12-01&slice=NRT.CGK.yesterday&slice=nonsense'))).toEqual([
      ...['slice unknown-airport', 'slice invalid-date', 'slice invalid-slice'],
    ])
  })

  test('amounts by the currency that is shown', () => {
    expect(faultsOf(`${ROUTE}&max_price=100.5`, 'JPY')[0]?.message).toBe('"100.5" is not an amount of JPY such as 178')
    expect(faultsOf(`${ROUTE}&max_price=100.0`, 'JPY')).toEqual([])
    expect(faultsOf(`${ROUTE}&max_price=1.0005`, 'KWD')[0]?.message).toContain('178.500')
  })

  test('in an answer not much longer than the question', () => {
    const strangers = Array.from({ length: 3_000 }, (_, index) => `x${index}=1`)
    expect(faultsOf([ROUTE, ...strangers].join('&'))).toHaveLength(50)
    expect(faultsOf([ROUTE, ...strangers.map(() => 'limit=1')].join('&'))).toHaveLength(1)
    expect(faultsOf([ROUTE, ...strangers.map(() => 'adults=1')].join('&'))).toHaveLength(1)
  })
})
