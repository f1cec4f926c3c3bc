import type { FieldFault } from '../kernel/problems.ts'
import type { LocalDate } from '../kernel/time.ts'
import type { FlightOffer } from '../travel/flight.ts'
import { isName } from './names.ts'
import { ageOn, PASSENGER_TYPES, type Passenger, type PassengerType } from '../travel/passenger.ts'

/** IATA's limits: an infant is under 2, a child under 12, an adult 12 or older — on the day of each departure. */
const AGE_LIMITS: Record<PassengerType, { from: number; below: number; words: string }> = {
  infant: { from: 0, below: 2, words: 'under 2 years old' },
  child: { from: 2, below: 12, words: '2 to 11 years old' },
  adult: { from: 12, below: 130, words: '12 years or older' },
}

/**
 * Everything that is wrong with these passengers for this offer, by field. Ages are those on the first day and the
 * last day of travel; passports must not end before the last.
 */
export function checkPassengers(offer: FlightOffer, passengers: readonly Passenger[], today: LocalDate): FieldFault[] {
  const departures = offer.slices.flatMap((slice) => slice.segments.map((segment) => segment.departure.local.slice(0, 10) as LocalDate))
  const firstDay = departures.reduce((a, b) => (b < a ? b : a))
  const lastDay = departures.reduce((a, b) => (b > a ? b : a))
  return [
    ...checkCounts(offer, passengers),
    ...passengers.flatMap((passenger, i) => checkPassenger(passenger, `/passengers/${i}`, { firstDay, lastDay, today })),
  ]
}

function checkCounts(offer: FlightOffer, passengers: readonly Passenger[]): FieldFault[] {
  return PASSENGER_TYPES.flatMap((type) => {
    const priced = offer.passengers.filter((fare) => fare.type === type).reduce((sum, fare) => sum + fare.count, 0)
    const given = passengers.filter((passenger) => passenger.type === type).length
    if (priced === given) return []
    return [
      {
        pointer: '/passengers',
        code: 'count',
        message: `The offer is priced for ${priced} passengers of type ${type}; ${given} are given.`,
      },
    ]
  })
}

type Days = { readonly firstDay: LocalDate; readonly lastDay: LocalDate; readonly today: LocalDate }

function checkPassenger(passenger: Passenger, pointer: string, days: Days): FieldFault[] {
  const faults: FieldFault[] = []
  const fault = (field: string, code: string, message: string) => faults.push({ pointer: `${pointer}/${field}`, code, message })
  if (!isName(passenger.givenName))
    fault('given_name', 'name', 'Write the given name as in the passport: letters, spaces, hyphens and apostrophes, at most 59.')
  if (!isName(passenger.familyName))
    fault('family_name', 'name', 'Write the family name as in the passport: letters, spaces, hyphens and apostrophes, at most 59.')
  const limits = AGE_LIMITS[passenger.type]
  if (passenger.bornOn > days.today) fault('born_on', 'future', 'The date of birth lies in the future.')
  else if (ageOn(passenger.bornOn, days.firstDay) < limits.from || ageOn(passenger.bornOn, days.lastDay) >= limits.below) {
    fault('born_on', 'age', `Travelling as ${passenger.type} means being ${limits.words} on every day of travel.`)
  }
  if (passenger.document && passenger.document.expiresOn < days.lastDay)
    fault('document/expires_on', 'expired', `The passport ends before the journey does, on ${days.lastDay}.`)
  return faults
}
