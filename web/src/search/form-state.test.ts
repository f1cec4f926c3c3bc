import { expect, test } from 'vitest'
import { parseFlightSearch } from '../api/flight-search.ts'
import { findFaults, toFormState, toSearch, travellersFault, withSlice, withSliceAdded, withSliceRemoved, withTrip } from './form-state.ts'

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

const multi = { slice: 'CGK.NRT.2027-01-20,NRT.SIN.2027-01-25,SIN.CGK.2027-02-01' }

test('a multi-city form filled from an address asks for the same search', () => {
  const form = toFormState(multi)
  expect(form.trip).toBe('multi_city')
  expect(parseFlightSearch(toSearch(form))).toEqual(multi)
  expect(findFaults(form, '2027-01-20')).toEqual({})
})

test('flights of a multi-city journey are named with what they lack, and follow each other in time', () => {
  const form = withSlice(toFormState(multi), 1, { destination: { code: null, text: '' }, date: '2027-01-19' })
  expect(findFaults(form, '2027-01-01')).toEqual({ 'slices.1.destination': expect.any(String), 'slices.1.date': expect.any(String) })
})

test('there are never fewer than two flights nor more than six', () => {
  let form = withTrip(toFormState({}), 'multi_city')
  expect(withSliceRemoved(form, form.slices[0]!.id).slices).toHaveLength(2)
  for (let i = 0; i < 9; i += 1) form = withSliceAdded(form)
  expect(form.slices).toHaveLength(6)
  expect(new Set(form.slices.map((slice) => slice.id)).size).toBe(6)
})

test('the next flight begins where the one before ends, unless something else was chosen there', () => {
  const sin = { code: 'SIN', text: 'Singapore (SIN)' }
  const form = withSlice(withTrip(toFormState({ origin: 'CGK' }), 'multi_city'), 0, { destination: sin })
  expect(form.slices[1]?.origin).toEqual(sin)
  const chosen = withSlice(form, 0, { destination: { code: 'KUL', text: '' } })
  expect(chosen.slices[1]?.origin).toEqual(sin)
})

test('changing the kind of trip keeps what was filled in', () => {
  const form = withTrip(toFormState(search), 'multi_city')
  expect(form.slices.map((slice) => [slice.origin.code, slice.destination.code, slice.date])).toEqual([
    ['CGK', 'NRT', '2027-01-20'],
    ['NRT', 'CGK', '2027-02-03'],
  ])
  expect(toSearch(withTrip(form, 'one_way'))).toMatchObject({ origin: 'CGK', destination: 'NRT', departure_date: '2027-01-20' })
})

test('nearby airports and separate tickets are asked for only where they can be', () => {
  const widely = { origin: 'CGK', destination: 'NRT', departure_date: '2027-01-20', nearby_km: '50', self_transfer: 'include' }
  const form = toFormState(widely)
  expect(parseFlightSearch(toSearch(form))).toEqual(widely)
  expect(toSearch({ ...form, trip: 'return', returnDate: '2027-02-03' })).not.toHaveProperty('self_transfer')
  expect(toSearch(withTrip(form, 'multi_city'))).not.toHaveProperty('nearby_km')
})
