import { expect, test } from 'vitest'
import { readAddress, writeAddress } from './flight-search.ts'
import { readRooms, writeRooms } from './stay-rooms.ts'
import { isWholeStay, parseStaySearch, stayIdentity, toStayQuery, withoutStayFilters } from './stay-search.ts'

const whole = { place: 'BCN', check_in: '2027-01-20', check_out: '2027-01-23' }

test('takes what it knows from an address and leaves defaults out', () => {
  expect(parseStaySearch({ ...whole, place: 'bcn', rooms: '2', sort: 'best', stars: '', utm: 'x', boards: 'BB' })).toEqual({
    ...whole,
    boards: 'BB',
  })
})

test('asks the API with the order it would not have by itself', () => {
  expect(toStayQuery(whole)).toBe('place=BCN&check_in=2027-01-20&check_out=2027-01-23&sort=best')
  expect(toStayQuery({ ...whole, sort: 'price', stars: '' }, { limit: '25' })).toContain('sort=price&limit=25')
})

test('filters and order are not part of what suppliers are asked; place, days and rooms are', () => {
  const filtered = { ...whole, rooms: '1', stars: '5', max_price: '900', sort: 'rating' }
  expect(withoutStayFilters(filtered)).toEqual({ ...whole, rooms: '1' })
  expect(stayIdentity(filtered)).toBe(stayIdentity({ ...whole, rooms: '1' }))
  expect(stayIdentity(filtered)).not.toBe(stayIdentity(whole))
})

test('needs a place and both days', () => {
  expect(isWholeStay(whole)).toBe(true)
  for (const key of Object.keys(whole)) expect(isWholeStay({ ...whole, [key]: undefined })).toBe(false)
})

test('rooms survive the address, joined or repeated', () => {
  const rooms = [
    { adults: 2, childAges: [8, 5] },
    { adults: 1, childAges: [] },
  ]
  expect(writeRooms(rooms)).toBe('2.8,5_1')
  expect(readRooms(writeRooms(rooms))).toEqual(rooms)
  expect(readAddress(writeAddress({ ...whole, rooms: '2.8,5_1' }))['rooms']).toBe('2.8,5_1')
  expect(readAddress('?rooms=2.8,5&rooms=1')['rooms']).toBe('2.8,5_1')
})

test('a room that cannot be read is one for two', () => {
  expect(readRooms('x_1')).toEqual([
    { adults: 2, childAges: [] },
    { adults: 1, childAges: [] },
  ])
  expect(readRooms(undefined)).toEqual([{ adults: 2, childAges: [] }])
})
