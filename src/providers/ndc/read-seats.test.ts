import { expect, test } from 'vitest'
import { readMessage } from './message.ts'
import { readSeatMaps } from './read-seats.ts'
import { readSample } from '../../../test/support/ndc-samples.ts'

const OLD = readSample('seats-17.2')
const mapOf = (text: string, journey?: readonly string[]) => readSeatMaps(readMessage(text), journey)

test('a map of 17.2 is of the flight that it refers to, with letters and aisles from either way to write them', () => {
  const turned = OLD.replace(/<Columns Position="(\w)">(\w)<\/Columns>/g, '<Columns Position="$2">$1</Columns>').replace(
    '<Columns Position="B"/>',
    '<Columns>B</Columns>',
  )
  for (const text of [OLD, turned]) {
    const [map] = mapOf(text)
    expect(map).toMatchObject({ segmentIndex: 1, equipment: '789' })
    expect(map!.cabins[0]).toMatchObject({ cabin: 'economy', deck: 'main', columns: ['A', 'B', 'C', null, 'D'] })
  }
})

test('a seat has a state, features, what it costs and the item to buy it by; a place without a seat is none', () => {
  const [map] = mapOf(OLD)
  expect(map!.cabins[0]!.seats).toEqual([
    {
      number: '10A',
      row: 10,
      column: 'A',
      state: 'free',
      features: ['window', 'exit'],
      price: { amount: 2_000, currency: 'EUR' },
      supplierToken: 'SEAT20',
    },
    { number: '10B', row: 10, column: 'B', state: 'taken', features: [], price: null, supplierToken: null },
    { number: '10C', row: 10, column: 'C', state: 'blocked', features: ['aisle'], price: null, supplierToken: null },
  ])
})

test('a map of 19.2 is read with words instead of codes, on the upper deck', () => {
  const [map] = mapOf(readSample('seats-19.2-words'))
  expect(map!.cabins[0]).toMatchObject({ deck: 'upper', columns: ['A', 'B'] })
  expect(map!.cabins[0]!.seats.map((seat) => [seat.number, seat.state, seat.features, seat.price?.amount ?? null])).toEqual([
    ['12A', 'free', ['window'], 2_277],
    ['12B', 'taken', [], null],
  ])
})

test('a map is counted by the offer’s flights, and one of another flight is left out', () => {
  expect(mapOf(OLD, ['SEG2', 'SEG9']).map((map) => map.segmentIndex)).toEqual([0])
  expect(mapOf(OLD, ['SEG1'])).toEqual([])
})

test('a status that nobody knows is unknown', () => {
  expect(mapOf(OLD.replace('<SeatStatus>F<', '<SeatStatus>?<'))[0]!.cabins[0]!.seats[0]!.state).toBe('unknown')
})
