import type { FieldFault } from '../kernel/problems.ts'
import type { Guest, StayOffer } from '../travel/stay.ts'
import { isName } from './names.ts'

/**
 * Everything that is wrong with these guests for this stay, by field. Each room needs one adult by name; more may be named,
 * up to who the room is priced for, and children only at the ages it is priced for.
 */
export function checkGuests(offer: StayOffer, guests: readonly Guest[]): FieldFault[] {
  return [
    ...guests.flatMap((guest, i) => checkGuest(offer, guest, `/guests/${i}`)),
    ...offer.rooms.flatMap((room, index) => {
      const here = guests.filter((guest) => guest.room === index)
      const adults = here.filter((guest) => guest.age === null).length
      const faults: FieldFault[] = []
      const fault = (code: string, message: string) => faults.push({ pointer: '/guests', code, message })
      if (adults === 0) fault('lead', `Room ${index + 1} needs the name of one adult.`)
      if (adults > room.occupancy.adults)
        fault('count', `Room ${index + 1} is priced for ${room.occupancy.adults} adults; ${adults} are given.`)
      const ages = [...room.occupancy.childAges]
      for (const { age } of here) {
        if (age === null) continue
        const place = ages.indexOf(age)
        if (place < 0) fault('age', `Room ${index + 1} is not priced for ${here.length > 1 ? 'another' : 'a'} child of ${age}.`)
        else ages.splice(place, 1)
      }
      return faults
    }),
  ]
}

function checkGuest(offer: StayOffer, guest: Guest, pointer: string): FieldFault[] {
  const faults: FieldFault[] = []
  const fault = (field: string, code: string, message: string) => faults.push({ pointer: `${pointer}/${field}`, code, message })
  if (!isName(guest.givenName)) fault('given_name', 'name', 'Write the given name in letters, spaces, hyphens and apostrophes, at most 59.')
  if (!isName(guest.familyName))
    fault('family_name', 'name', 'Write the family name in letters, spaces, hyphens and apostrophes, at most 59.')
  if (guest.room >= offer.rooms.length)
    fault('room', 'range', `The stay has ${offer.rooms.length === 1 ? 'one room' : `${offer.rooms.length} rooms`}, counted from 0.`)
  return faults
}
