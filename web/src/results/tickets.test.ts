import { expect, test } from 'vitest'
import { sampleOffer, sampleSegment, sampleSlice } from '../test/samples.ts'
import { ticketsOf, transferIndex, transferWords } from './tickets.ts'

const segment = (origin: string, destination: string, departure: string, arrival: string) =>
  sampleSegment({ origin, destination, departure: { local: departure, offset: null }, arrival: { local: arrival, offset: null } })
const transfer = (arrival: string, departure: string, minutes: number) => ({
  offer_ids: ['off_1', 'off_2'],
  connection: { arrival_airport: arrival, departure_airport: departure, minutes, minimum_minutes: 120, risk: 'medium' as const },
})

test('each ticket ends or begins at the connection nobody answers for, and is booked as its own offer', () => {
  const offer = sampleOffer({
    slices: [
      sampleSlice([
        segment('CGK', 'KUL', '2027-01-20T06:00', '2027-01-20T09:00'),
        segment('KUL', 'SIN', '2027-01-20T10:00', '2027-01-20T11:00'),
        segment('SIN', 'NRT', '2027-01-20T14:00', '2027-01-20T22:00'),
      ]),
    ],
  })
  expect(ticketsOf(offer, transfer('SIN', 'SIN', 180))).toEqual([
    { offerId: 'off_1', origin: 'CGK', destination: 'SIN' },
    { offerId: 'off_2', origin: 'SIN', destination: 'NRT' },
  ])
})

test('where the same airport is passed twice, the wait tells which connection is meant', () => {
  const offer = sampleOffer({
    slices: [
      sampleSlice([
        segment('CGK', 'SIN', '2027-01-20T06:00', '2027-01-20T09:00'),
        segment('SIN', 'SIN', '2027-01-20T10:00', '2027-01-20T11:00'),
        segment('SIN', 'NRT', '2027-01-20T15:00', '2027-01-20T22:00'),
      ]),
    ],
  })
  expect(transferIndex(offer, transfer('SIN', 'SIN', 240))).toBe(1)
  expect(transferIndex(offer, transfer('KUL', 'KUL', 240))).toBeNull()
})

test('says what must be done, and where when the airport changes', () => {
  expect(transferWords(transfer('SIN', 'SIN', 180))).toBe(
    "Two separate tickets. You collect bags and check in again at SIN. If flight 1 is late, flight 2 isn't protected.",
  )
  expect(transferWords(transfer('NRT', 'HND', 300))).toContain('You collect bags at NRT and check in again at another airport, HND.')
})
