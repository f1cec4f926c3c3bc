import { expect, test } from 'vitest'
import { sampleStay } from '../test/samples.ts'
import {
  allGuestsWords,
  boardWords,
  cancellationWords,
  distanceWords,
  dueWords,
  freeCancellationWords,
  payAtWords,
  perNightWords,
  roomGuestsWords,
  roomNames,
} from './stay-words.ts'

const usd = (amount: string) => ({ amount, currency: 'USD' })
const before = Date.parse('2027-01-01T00:00:00Z')
const after = Date.parse('2027-01-19T00:00:00Z')

test('what nobody states is said to be not stated, never a no and never a yes', () => {
  const silent = sampleStay({ board: null, refundable: null, cancellation: null, pay_at: null })
  expect(boardWords(silent)).toBe('Meals: not stated')
  expect(freeCancellationWords(silent, before)).toBe('Cancelling: not stated')
  expect(payAtWords(silent.pay_at)).toBe('When you pay: not stated')
  expect(cancellationWords(silent, before)).toEqual(['The hotel has not told us what cancelling costs. Ask before you rely on it.'])
})

test('free cancellation says until when, as long as that is ahead', () => {
  const stay = sampleStay()
  expect(freeCancellationWords(stay, before)).toMatch(/^Free cancellation until Mon 18 Jan$/)
  expect(cancellationWords(stay, before)).toEqual([
    expect.stringMatching(/^Until Mon 18 Jan, \d\d:\d\d: free\.$/),
    expect.stringMatching(/^From Mon 18 Jan, \d\d:\d\d: the hotel keeps \$100\.00\.$/),
  ])
})

test('a step that has passed is not promised: what is in force now comes first', () => {
  const stay = sampleStay({ refundable: false })
  expect(cancellationWords(stay, after)).toEqual(['From now on: the hotel keeps $100.00.'])
  expect(freeCancellationWords(stay, after)).toBe('No free cancellation')
})

test('steps between two others say from when until when, and who is not paid yet is charged', () => {
  const steps = [
    { from: null, penalty: usd('10.00') },
    { from: '2027-01-10T10:00:00Z', penalty: null },
    { from: '2027-01-18T10:00:00Z', penalty: usd('300.00') },
  ]
  const words = cancellationWords(sampleStay({ pay_at: 'property', cancellation: steps }), before)
  expect(words[0]).toMatch(/^Until Sun 10 Jan, .*: the hotel charges \$10\.00\.$/)
  expect(words[1]).toMatch(/^From Sun 10 Jan, .* until Mon 18 Jan, .*: the hotel charges a part it has not told us\.$/)
})

test('an amount due at the hotel that is not stated is not nothing', () => {
  const due = [
    { kind: 'city_tax' as const, name: 'City Tax', amount: { amount: '12.00', currency: 'EUR' } },
    { kind: 'resort_fee' as const, name: 'RESORT FEE', amount: null },
  ]
  expect(dueWords({ due_at_property: due })).toEqual(['City Tax: €12.00', 'Resort fee: amount not stated'])
})

test('rooms alike are counted, and capitals are not shouted', () => {
  expect(roomNames([{ name: 'DOUBLE ROOM' }, { name: 'DOUBLE ROOM' }, { name: 'Suite, sea view' }])).toBe(
    '2 × Double room, Suite, sea view',
  )
})

test('guests are told with the ages that the price depends on', () => {
  expect(roomGuestsWords(1, [])).toBe('1 adult')
  expect(roomGuestsWords(2, [8])).toBe('2 adults, a child of 8')
  expect(roomGuestsWords(2, [3, 5, 8])).toBe('2 adults, children of 3, 5 and 8')
  expect(
    allGuestsWords([
      { adults: 2, childAges: [5] },
      { adults: 1, childAges: [] },
    ]),
  ).toBe('2 rooms, 3 adults, 1 child')
})

test('a price a night that does not divide is about', () => {
  expect(perNightWords(usd('300.00'), 3)).toBe('$100.00 a night')
  expect(perNightWords(usd('100.00'), 3)).toBe('about $33.34 a night')
})

test('distances are read in metres near by and kilometres further off', () => {
  expect([distanceWords(850), distanceWords(2_363)]).toEqual(['850 m', '2.4 km'])
})
