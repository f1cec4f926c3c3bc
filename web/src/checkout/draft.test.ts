import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sampleFare, sampleOffer } from '../test/samples.ts'
import { findDraftFaults, toFaults } from './draft-faults.ts'
import { loadDraft, normalPhone, saveDraft, ticketName, toDate, toOrder, type Draft } from './draft.ts'

const stored = new Map<string, string>()

beforeEach(() => {
  stored.clear()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  })
})
afterEach(() => void vi.unstubAllGlobals())

const family = sampleOffer({
  passengers: [sampleFare('infant'), sampleFare('adult', { count: 2 })],
})

function filled(): Draft {
  const draft = loadDraft(sampleOffer())
  Object.assign(draft.passengers[0]!, {
    givenName: ' Budi ',
    familyName: 'Santoso',
    born: { day: '18', month: '4', year: '1990' },
    gender: 'male',
    hasPassport: true,
    passportNumber: 'c123 4567',
    issuingCountry: 'ID',
    nationality: 'ID',
    passportEnds: { day: '1', month: '1', year: '2031' },
  })
  return { ...draft, email: 'budi@example.com', phone: '0062 812-345 678' }
}

test('asks for one traveller of each seat sold, adults first', () => {
  expect(loadDraft(family).passengers.map((passenger) => passenger.type)).toEqual(['adult', 'adult', 'infant'])
})

test('keeps what was typed for the next fare, but never a passport number', () => {
  saveDraft(filled())
  expect([...stored.values()].join()).not.toContain('4567')
  const next = loadDraft(family)
  expect(next.passengers.map((passenger) => passenger.familyName)).toEqual(['Santoso', '', ''])
  expect(next.passengers[0]?.passportNumber).toBe('')
})

test('sends what the API wants: trimmed names, dates, an E.164 number, a passport in capitals', () => {
  const draft = filled()
  expect(findDraftFaults(draft, sampleOffer().slices)).toEqual({})
  expect(toOrder(draft, 'off_1', { amount: '100.00', currency: 'USD' })).toEqual({
    offer_id: 'off_1',
    expected_total: { amount: '100.00', currency: 'USD' },
    passengers: [
      {
        type: 'adult',
        title: null,
        given_name: 'Budi',
        family_name: 'Santoso',
        born_on: '1990-04-18',
        gender: 'male',
        document: { kind: 'passport', number: 'C1234567', issuing_country: 'ID', nationality: 'ID', expires_on: '2031-01-01' },
      },
    ],
    contact: { email: 'budi@example.com', phone: '+62812345678' },
  })
})

test('takes only days of the calendar', () => {
  expect(toDate({ day: '29', month: '2', year: '2028' })).toBe('2028-02-29')
  expect(toDate({ day: '29', month: '2', year: '2027' })).toBeNull()
  expect(toDate({ day: '31', month: '4', year: '1990' })).toBeNull()
  expect(toDate({ day: '1', month: '', year: '1990' })).toBeNull()
  expect(toDate({ day: '1', month: '1', year: '90' })).toBeNull()
})

test('holds a traveller to the age the fare is for on every day of travel', () => {
  const draft = filled()
  draft.passengers[0]!.born = { day: '21', month: '1', year: '2015' }
  expect(findDraftFaults(draft, sampleOffer().slices)['/passengers/0/born_on']).toContain('12 or older')
})

test('puts a fault of the server at its field, and keeps the others to be read', () => {
  const { faults, rest } = toFaults(
    [
      { pointer: '/passengers/0/born_on', code: 'age', message: 'is not an adult' },
      { pointer: '/passengers', code: 'count', message: 'The offer is priced for 2.' },
    ],
    filled(),
  )
  expect(faults).toEqual({ '/passengers/0/born_on': 'Is not an adult' })
  expect(rest.map((fault) => fault.code)).toEqual(['count'])
})

test('prints the name as airlines do', () => {
  expect(ticketName({ givenName: 'María-José', familyName: "O'Neil", title: 'ms' })).toBe('ONEIL/MARIAJOSE MS')
  expect(normalPhone('(+62) 812 345.678')).toBe('+62812345678')
})
