import type { FieldFault } from '../api/problem.ts'
import type { PassengerType, Slice } from '../api/types.ts'
import { normalPhone, toDate, type Draft, type PassengerDraft } from './draft.ts'

/** What is wrong with a field, by the pointer the API would use: "/passengers/0/given_name". */
export type Faults = Readonly<Record<string, string>>

const ages: Record<PassengerType, { from: number; below: number; words: string }> = {
  adult: { from: 12, below: 130, words: '12 or older' },
  child: { from: 2, below: 12, words: '2 to 11' },
  infant: { from: 0, below: 2, words: 'under 2' },
}

/** What can be seen to be wrong before asking the server, in the order of the form. */
export function findDraftFaults(draft: Draft, slices: readonly Slice[]): Faults {
  const faults: Record<string, string> = {}
  for (const [i, passenger] of draft.passengers.entries()) Object.assign(faults, passengerFaults(passenger, `/passengers/${i}`, slices))
  return { ...faults, ...contactFaults(draft) }
}

/** What is wrong with where news are to go. */
export function contactFaults(draft: Pick<Draft, 'email' | 'phone'>): Faults {
  const faults: Record<string, string> = {}
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(draft.email.trim())) faults['/contact/email'] = 'Write an e-mail address, like budi@example.com'
  if (!/^\+[1-9]\d{6,14}$/.test(normalPhone(draft.phone)))
    faults['/contact/phone'] = 'Write the number with its country code, like +62 812 345 678'
  return faults
}

/** The server's faults by field, and those that belong to no field of the form. */
export function toFaults(errors: readonly FieldFault[], draft: Draft): { faults: Faults; rest: FieldFault[] } {
  const known = new Set([
    '/contact/email',
    '/contact/phone',
    ...draft.passengers.flatMap((_, i) => passengerFields.map((field) => `/passengers/${i}/${field}`)),
  ])
  const faults: Record<string, string> = {}
  const rest: FieldFault[] = []
  for (const error of errors) {
    const pointer = error.pointer.replace(/^#/, '').replace(/^\/body/, '')
    if (known.has(pointer)) faults[pointer] ??= error.message.charAt(0).toUpperCase() + error.message.slice(1)
    else rest.push(error)
  }
  return { faults, rest }
}

/** The element that edits a field. */
export function fieldId(pointer: string): string {
  return `field${pointer.replaceAll('/', '-')}`
}

const passengerFields = [
  'title',
  'given_name',
  'family_name',
  'born_on',
  'gender',
  'document/number',
  'document/issuing_country',
  'document/nationality',
  'document/expires_on',
]

function passengerFaults(passenger: PassengerDraft, pointer: string, slices: readonly Slice[]): Record<string, string> {
  const faults: Record<string, string> = {}
  if (passenger.givenName.trim() === '') faults[`${pointer}/given_name`] = 'Write the given name as in the passport'
  if (passenger.familyName.trim() === '') faults[`${pointer}/family_name`] = 'Write the family name as in the passport'
  const born = toDate(passenger.born)
  if (born === null) faults[`${pointer}/born_on`] = 'Write day, month and year, like 18 4 1990'
  else if (!isOfAge(born, passenger.type, slices))
    faults[`${pointer}/born_on`] = `The fare is for a traveller ${ages[passenger.type].words} on every day of travel`
  if (passenger.gender === '') faults[`${pointer}/gender`] = 'Choose what the passport says'
  if (passenger.hasPassport) Object.assign(faults, passportFaults(passenger, `${pointer}/document`))
  return faults
}

function passportFaults(passenger: PassengerDraft, pointer: string): Record<string, string> {
  const faults: Record<string, string> = {}
  if (!/^[A-Z0-9]{5,20}$/.test(passenger.passportNumber.replace(/\s/g, '').toUpperCase()))
    faults[`${pointer}/number`] = 'Write 5 to 20 letters and digits'
  if (passenger.issuingCountry === '') faults[`${pointer}/issuing_country`] = 'Choose a country'
  if (passenger.nationality === '') faults[`${pointer}/nationality`] = 'Choose a country'
  if (toDate(passenger.passportEnds) === null) faults[`${pointer}/expires_on`] = 'Write day, month and year'
  return faults
}

function isOfAge(born: string, type: PassengerType, slices: readonly Slice[]): boolean {
  const days = slices.flatMap((slice) => slice.segments.map((segment) => segment.departure.local.slice(0, 10))).sort()
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return true
  return ageOn(born, first) >= ages[type].from && ageOn(born, last) < ages[type].below
}

function ageOn(born: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4))
  return day.slice(5) < born.slice(5) ? years - 1 : years
}
