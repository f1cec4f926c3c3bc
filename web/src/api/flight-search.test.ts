import { expect, test } from 'vitest'
import {
  isComplete,
  parseFlightSearch,
  readAddress,
  searchIdentity,
  slicesOf,
  timeFiltersOf,
  toQueryString,
  withoutFilters,
  writeAddress,
} from './flight-search.ts'

const fromAddress = (query: string) => parseFlightSearch(readAddress(query))

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
  expect(fromAddress(writeAddress(search))).toEqual(search)
})

test('every filter the API has survives an address', () => {
  const filters = {
    exclude_airlines: 'JT',
    alliances: 'star,oneworld',
    max_duration: '900',
    connections: 'SIN',
    exclude_connections: 'KUL',
    min_connection: '60',
    max_connection: '240',
    cabins: 'economy,mixed',
    bags: '1,2',
    refundable: 'yes,unknown',
    changeable: 'yes',
    suppliers: 'duffel',
    overnight: 'no',
    origin_airports: 'CGK',
    destination_airports: 'HND',
    max_emissions: '500',
    self_transfer: 'only',
    nearby_km: '100',
    slice_3_departure_after: '06:00',
    slice_6_arrival_before: '22:00',
  }
  expect(fromAddress(writeAddress(filters))).toEqual(filters)
})

test('a multi-city journey is one slice after the other, in an address and for the API alike', () => {
  const search = fromAddress('?slice=cgk.nrt.2027-01-20&slice=NRT.SIN.2027-01-25&origin=LHR')
  expect(search).toEqual({ slice: 'CGK.NRT.2027-01-20,NRT.SIN.2027-01-25' })
  expect(isComplete(search)).toBe(true)
  expect(slicesOf(search)[1]).toEqual({ origin: 'NRT', destination: 'SIN', date: '2027-01-25' })
  expect(writeAddress(search)).toBe('?slice=CGK.NRT.2027-01-20&slice=NRT.SIN.2027-01-25')
  expect(new URLSearchParams(toQueryString(search)).getAll('slice')).toEqual(['CGK.NRT.2027-01-20', 'NRT.SIN.2027-01-25'])
  expect(isComplete({ slice: 'CGK.NRT.2027-01-20,NRT..' })).toBe(false)
})

test('the API is asked for the best order where the address says none, and for the cheapest where it says so', () => {
  expect(new URLSearchParams(toQueryString({ origin: 'CGK' })).get('sort')).toBe('best')
  expect(fromAddress('sort=best')).toEqual({})
  expect(new URLSearchParams(toQueryString(fromAddress('sort=price'))).get('sort')).toBe('price')
})

test('a return is two flights, and each flight has its own time filters', () => {
  const search = { origin: 'CGK', destination: 'NRT', departure_date: '2027-01-20', return_date: '2027-02-03' }
  expect(slicesOf(search)).toEqual([
    { origin: 'CGK', destination: 'NRT', date: '2027-01-20' },
    { origin: 'NRT', destination: 'CGK', date: '2027-02-03' },
  ])
  expect([0, 1, 2].map((slice) => timeFiltersOf(slice).departure.after)).toEqual([
    'departure_after',
    'return_departure_after',
    'slice_3_departure_after',
  ])
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
  expect(searchIdentity({ ...search, nearby_km: '100' })).not.toBe(searchIdentity(search))
})

test('whether tickets are combined is part of what is searched; leaving them out is a filter', () => {
  const search = { origin: 'CGK', destination: 'NRT', departure_date: '2027-01-20' }
  expect(searchIdentity({ ...search, self_transfer: 'only' })).toBe(searchIdentity({ ...search, self_transfer: 'include' }))
  expect(searchIdentity({ ...search, self_transfer: 'include' })).not.toBe(searchIdentity(search))
  expect(searchIdentity({ ...search, self_transfer: 'exclude' })).toBe(searchIdentity(search))
})

test('survives an address that is not a search', () => {
  expect(parseFlightSearch({ origin: 3, departure_date: null, colour: 'red' })).toEqual({})
})
