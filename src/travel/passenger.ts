import type { LocalDate } from '../kernel/time.ts'

/** Who travels, in the words of the trade. An infant sits on an adult's lap; ages are at the date of travel. */
export type PassengerType = 'adult' | 'child' | 'infant'

export const PASSENGER_TYPES = ['adult', 'child', 'infant'] as const satisfies readonly PassengerType[]

/** How many of each type a search or an offer is for. */
export type PassengerCounts = { readonly adults: number; readonly children: number; readonly infants: number }

export type Gender = 'female' | 'male' | 'unspecified'

/** A person who travels. Date of birth and document are sealed at rest and never logged. */
export type Passenger = {
  readonly type: PassengerType
  readonly title: 'mr' | 'ms' | 'mrs' | 'miss' | 'dr' | null
  readonly givenName: string
  readonly familyName: string
  readonly bornOn: LocalDate
  readonly gender: Gender
  readonly document: TravelDocument | null
}

/** A passport, as printed in it. Countries are ISO 3166-1 alpha-2. */
export type TravelDocument = {
  readonly kind: 'passport'
  readonly number: string
  readonly issuingCountry: string
  readonly nationality: string
  readonly expiresOn: LocalDate
}

/** Where tickets and bad news are sent. `phone` is E.164, "+6281234567". */
export type Contact = { readonly email: string; readonly phone: string }

/** The counts as the compact form "2a1c0i" that cache keys use. */
export function passengerCode(counts: PassengerCounts): string {
  return `${counts.adults}a${counts.children}c${counts.infants}i`
}

/** Whole years old on a day; of a local time, its day counts. */
export function ageOn(bornOn: LocalDate, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return day.slice(5, 10) < bornOn.slice(5, 10) ? years - 1 : years
}
