import { mostAdults, mostChildren, mostNights, mostRooms, readRooms, writeRooms } from '../api/stay-rooms.ts'
import { type StaySearch } from '../api/stay-search.ts'
import { daysBetween } from '../ui/time-words.ts'
import type { PlaceValue } from './form-state.ts'

/** One room. `id` tells it from the others while they come and go; an age is '' until it is chosen. */
export type RoomValue = { id: number; adults: number; childAges: readonly string[] }

export type StayFormState = { place: PlaceValue; checkIn: string; checkOut: string; rooms: readonly RoomValue[] }

/** Faults by field: "place", "checkIn", "checkOut"; of a child's age "rooms.0.childAges.1". */
export type StayFormFaults = Record<string, string>

/** The form as an address describes it; an address without a search gives one room for two. */
export function toStayFormState(search: StaySearch): StayFormState {
  return {
    place: { code: search.place ?? null, text: '' },
    checkIn: search.check_in ?? '',
    checkOut: search.check_out ?? '',
    rooms: readRooms(search.rooms)
      .slice(0, mostRooms)
      .map(({ adults, childAges }, id) => ({
        id,
        adults: Math.min(Math.max(adults, 1), mostAdults),
        childAges: childAges.slice(0, mostChildren).map(String),
      })),
  }
}

/** The form with one room changed. */
export function withRoom(form: StayFormState, id: number, change: Partial<Omit<RoomValue, 'id'>>): StayFormState {
  return { ...form, rooms: form.rooms.map((room) => (room.id === id ? { ...room, ...change } : room)) }
}

/** The form with one more room for two; the same when there are as many as can be. */
export function withRoomAdded(form: StayFormState): StayFormState {
  if (form.rooms.length >= mostRooms) return form
  return { ...form, rooms: [...form.rooms, { id: Math.max(-1, ...form.rooms.map(({ id }) => id)) + 1, adults: 2, childAges: [] }] }
}

/** The form without this room; one always stays. */
export function withRoomRemoved(form: StayFormState, id: number): StayFormState {
  return form.rooms.length === 1 ? form : { ...form, rooms: form.rooms.filter((room) => room.id !== id) }
}

/** The rooms as the address holds them; a child whose age is not chosen is left out. */
export function roomsText(form: StayFormState): string {
  return writeRooms(form.rooms.map(({ adults, childAges }) => ({ adults, childAges: childAges.filter((age) => age !== '').map(Number) })))
}

/** The search the form asks for; call only when {@link findStayFaults} finds none. */
export function toStaySearch(form: StayFormState): StaySearch {
  return { place: form.place.code ?? '', check_in: form.checkIn, check_out: form.checkOut, rooms: roomsText(form) }
}

/** What must be corrected before searching, in the order of the form. */
export function findStayFaults(form: StayFormState, today: string): StayFormFaults {
  const faults: StayFormFaults = {}
  const { place, checkIn, checkOut } = form
  if (place.code === null) faults['place'] = place.text.trim() === '' ? 'Say where you stay' : 'Choose a place from the list'
  if (checkIn === '') faults['checkIn'] = 'Choose a day'
  else if (checkIn < today) faults['checkIn'] = 'This day has passed'
  if (checkOut === '') faults['checkOut'] = 'Choose a day'
  else if (checkIn !== '' && checkOut <= checkIn) faults['checkOut'] = 'Check-out is after check-in'
  else if (checkIn !== '' && daysBetween(checkIn, checkOut) > mostNights) faults['checkOut'] = `At most ${mostNights} nights`
  for (const [i, room] of form.rooms.entries())
    for (const [child, age] of room.childAges.entries()) if (age === '') faults[`rooms.${i}.childAges.${child}`] = 'Choose the age'
  return faults
}
