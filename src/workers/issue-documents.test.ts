import { expect, test } from 'vitest'
import { ticket } from '../../test/support/offers.ts'
import { ticketsByPassenger } from './issue-documents.ts'

const passenger = (givenName: string, familyName: string) => ({ type: 'adult' as const, title: null, givenName, familyName })
const numbersOf = (...parameters: Parameters<typeof ticketsByPassenger>) =>
  ticketsByPassenger(...parameters).map((one) => one.ticketNumbers)

test('each passenger gets the tickets with the own name, however the supplier prints it', () => {
  const passengers = [passenger('Nguyễn', 'Thị Minh'), passenger('Budi', 'Santoso')]
  const tickets = [ticket({ number: '2', passengerName: 'SANTOSO/BUDI MR' }), ticket({ number: '1', passengerName: 'NGUYEN THI MINH' })]
  expect(numbersOf({ passengers, tickets })).toEqual([['1'], ['2']])
})

test('without names on the tickets they are given out in order, and nobody gets two while another has none', () => {
  const passengers = [passenger('A', 'One'), passenger('B', 'Two')]
  const tickets = [ticket({ number: '1', passengerName: null }), ticket({ number: '2', passengerName: null })]
  expect(numbersOf({ passengers, tickets })).toEqual([['1'], ['2']])
})

test('two people of one name do not share a ticket', () => {
  const passengers = [passenger('Son', 'One'), passenger('Son', 'Two')]
  const tickets = [ticket({ number: '2', passengerName: 'TWO/SON' }), ticket({ number: '1', passengerName: 'ONE/SON' })]
  expect(numbersOf({ passengers, tickets })).toEqual([['1'], ['2']])
})
