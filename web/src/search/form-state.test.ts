import { expect, test } from 'vitest'
import { parseFlightSearch } from '../api/flight-search.ts'
import { findFaults, toFormState, toSearch, travellersFault } from './form-state.ts'

const search = {
  origin: 'CGK',
  destination: 'NRT',
  departure_date: '2027-01-20',
  return_date: '2027-02-03',
  adults: '2',
  infants: '1',
  cabin: 'business',
}

test('a form filled from an address asks for the same search', () => {
  expect(parseFlightSearch(toSearch(toFormState(search)))).toEqual(search)
  expect(findFaults(toFormState(search), '2027-01-20')).toEqual({})
})

test('no infant travels without a lap, nobody without an adult, and nine at most', () => {
  expect(travellersFault({ adults: 1, children: 0, infants: 2 })).toMatch(/infants/)
  expect(travellersFault({ adults: 0, children: 1, infants: 0 })).toMatch(/adult/)
  expect(travellersFault({ adults: 5, children: 5, infants: 0 })).toMatch(/9/)
  expect(travellersFault({ adults: 2, children: 5, infants: 2 })).toBeNull()
})

test('a day that has passed, a return before the departure and a place left open are each named at their field', () => {
  const form = { ...toFormState(search), origin: { code: null, text: 'Jak' }, returnDate: '2027-01-19' }
  expect(findFaults(form, '2027-01-21')).toEqual({
    origin: expect.any(String),
    departureDate: expect.any(String),
    returnDate: expect.any(String),
  })
})
