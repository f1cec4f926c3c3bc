import { expect, test } from 'vitest'
import { adult, flightOffer } from '../../test/support/offers.ts'
import type { LocalDate } from '../kernel/time.ts'
import type { Passenger } from '../travel/passenger.ts'
import { ageOn } from '../travel/passenger.ts'
import { checkPassengers } from './check-passengers.ts'

const today = '2026-11-21' as LocalDate
const bornOn = (date: string) => date as LocalDate
const faultsOf = (passengers: readonly Passenger[], offer = flightOffer()) =>
  checkPassengers(offer, passengers, today).map((fault) => `${fault.pointer} ${fault.code}`)

test('passengers that fit the offer have no faults', () => {
  expect(faultsOf([adult()])).toEqual([])
  expect(faultsOf([adult({ givenName: 'Nguyễn Thị', familyName: "O'Brien-Müller", document: null })])).toEqual([])
})

test('age is whole years on the day, to the day', () => {
  expect(ageOn(bornOn('2015-03-02'), bornOn('2027-03-01'))).toBe(11)
  expect(ageOn(bornOn('2015-03-01'), bornOn('2027-03-01'))).toBe(12)
})

test('the numbers must be those the offer is priced for', () => {
  expect(faultsOf([adult(), adult()])).toEqual(['/passengers count'])
  expect(faultsOf([adult({ type: 'child', bornOn: bornOn('2020-01-01') })])).toEqual(['/passengers count', '/passengers count'])
})

test('an infant who turns two before the way home is not an infant', () => {
  const offer = flightOffer({ passengers: [{ type: 'infant', count: 1, total: null, base: null, taxes: null }] })
  expect(faultsOf([adult({ type: 'infant', bornOn: bornOn('2025-03-02') })], offer)).toEqual([])
  expect(faultsOf([adult({ type: 'infant', bornOn: bornOn('2025-03-01') })], offer)).toEqual(['/passengers/0/born_on age'])
})

test('every fault is named by its field', () => {
  const passenger = adult({
    givenName: 'B0B',
    familyName: 'x\r\nBcc: y',
    bornOn: bornOn('2027-01-01'),
    document: { ...adult().document!, expiresOn: bornOn('2027-02-28') },
  })
  expect(faultsOf([passenger])).toEqual([
    '/passengers/0/given_name name',
    '/passengers/0/family_name name',
    '/passengers/0/born_on future',
    '/passengers/0/document/expires_on expired',
  ])
})
