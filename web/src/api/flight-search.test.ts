import { expect, test } from 'vitest'
import { isComplete, parseFlightSearch, searchIdentity, toQueryString, withoutFilters } from './flight-search.ts'

const fromAddress = (query: string) => parseFlightSearch(Object.fromEntries(new URLSearchParams(query)))

test('reads back from an address the search it wrote into one, filters and order included', () => {
  const search = {
    origin: 'CGK',
    destination: 'NRT',
    departure_date: '2027-01-20',
    return_date: '2027-02-03',
    adults: '2',
    infants: '1',
    cabin: 'business',
    max_stops: '0',
    airlines: 'GA,SQ',
    min_price: '100',
    departure_after: '06:00',
    return_arrival_before: '22:30',
    sort: 'duration',
  }
  expect(fromAddress(toQueryString(search))).toEqual(search)
})

test('takes what a plain form without script sends', () => {
  const search = fromAddress(
    'trip=one_way&origin=cgk&destination=nrt&departure_date=2027-01-20&return_date=&adults=1&children=0&infants=0&cabin=economy',
  )
  expect(search).toEqual({ origin: 'CGK', destination: 'NRT', departure_date: '2027-01-20' })
  expect(isComplete(search)).toBe(true)
})

test('asks the sources anew only when what is searched changes, not how it is filtered', () => {
  const search = { origin: 'CGK', destination: 'NRT', departure_date: '2027-01-20' }
  expect(searchIdentity({ ...search, max_stops: '0', sort: 'duration' })).toBe(searchIdentity(search))
  expect(searchIdentity({ ...search, adults: '2' })).not.toBe(searchIdentity(search))
  expect(withoutFilters({ ...search, airlines: 'GA' })).toEqual(search)
})

test('survives an address that is not a search', () => {
  expect(parseFlightSearch({ origin: 3, departure_date: null, colour: 'red' })).toEqual({})
})
