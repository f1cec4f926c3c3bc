import type { CabinClass, PassengerType } from '../api/types.ts'

const cabinWordsByClass: Record<CabinClass, string> = {
  economy: 'Economy',
  premium_economy: 'Premium economy',
  business: 'Business',
  first: 'First',
}

export function cabinWords(cabin: CabinClass | string | null): string {
  if (cabin === null) return 'Cabin not stated'
  return cabinWordsByClass[cabin as CabinClass] ?? cabin
}

/** One and many of a type. */
export const passengerWordsByType: Record<PassengerType, [one: string, many: string]> = {
  adult: ['adult', 'adults'],
  child: ['child', 'children'],
  infant: ['infant', 'infants'],
}

/** "2 adults", "1 child". */
export function passengerWords(type: PassengerType, count: number): string {
  return `${count} ${passengerWordsByType[type][count === 1 ? 0 : 1]}`
}

/** "2 adults, 1 child"; types nobody is of are left out. */
export function travellersWords(counts: { adults: number; children: number; infants: number }): string {
  const parts: [PassengerType, number][] = [
    ['adult', counts.adults],
    ['child', counts.children],
    ['infant', counts.infants],
  ]
  return parts
    .filter(([, count]) => count > 0)
    .map(([type, count]) => passengerWords(type, count))
    .join(', ')
}
