import { expect, test } from 'vitest'
import { findStayFaults, roomsText, toStayFormState, toStaySearch, withRoom, withRoomAdded, withRoomRemoved } from './stay-form-state.ts'

const search = { place: 'BCN', check_in: '2027-01-20', check_out: '2027-01-23', rooms: '2.8,5_1' }
const today = '2026-11-25'

test('an address fills the form, and the form asks for the same again', () => {
  const form = toStayFormState(search)
  expect(findStayFaults(form, today)).toEqual({})
  expect(toStaySearch(form)).toEqual(search)
})

test('an empty address is one room for two, and says what is missing', () => {
  const form = toStayFormState({})
  expect(roomsText(form)).toBe('2')
  expect(Object.keys(findStayFaults(form, today))).toEqual(['place', 'checkIn', 'checkOut'])
})

test('each child needs an age, because the price depends on it', () => {
  const form = withRoom(toStayFormState(search), 1, { childAges: ['', '3'] })
  expect(findStayFaults(form, today)).toEqual({ 'rooms.1.childAges.0': 'Choose the age' })
})

test('days must lie ahead, in order, and thirty nights apart at most', () => {
  const faults = (checkIn: string, checkOut: string) => findStayFaults({ ...toStayFormState(search), checkIn, checkOut }, today)
  expect(faults('2026-11-24', '2026-11-26')).toHaveProperty('checkIn')
  expect(faults('2027-01-20', '2027-01-20')).toHaveProperty('checkOut')
  expect(faults('2027-01-20', '2027-02-20')).toHaveProperty('checkOut')
  expect(faults('2027-01-20', '2027-02-19')).toEqual({})
})

test('rooms come and go between one and nine, each told from the others', () => {
  let form = toStayFormState(search)
  for (let i = 0; i < 12; i += 1) form = withRoomAdded(form)
  expect(form.rooms).toHaveLength(9)
  expect(new Set(form.rooms.map(({ id }) => id)).size).toBe(9)
  for (const { id } of form.rooms) form = withRoomRemoved(form, id)
  expect(form.rooms).toHaveLength(1)
})
