import { expect, test } from 'vitest'
import { sampleOffer, sampleSegment, sampleSlice } from '../test/samples.ts'
import { baggageWords, changeWords, connectionPlaces, refundWords, segmentBaggageWords, stopsWords, emissionsWords } from './fare-words.ts'

test('calls what the supplier does not state "not stated", never "no"', () => {
  expect(baggageWords([sampleSlice()])).toBe('Bags: not stated')
  expect(segmentBaggageWords({ baggage: [{ kind: 'carry_on', pieces: 1, weight_kg: 7 }] })).toBe(
    '1 cabin bag (7 kg), checked bag not stated',
  )
  expect(refundWords(sampleOffer())).toBe('Refund: not stated')
  expect(changeWords(sampleOffer())).toBe('Changes: not stated')
})

test('calls no bag "no bag"', () => {
  expect(segmentBaggageWords({ baggage: [{ kind: 'checked', pieces: 0, weight_kg: null }] })).toBe('No checked bag')
})

test('does not promise the better allowance where flights differ', () => {
  const segments = [
    sampleSegment({ baggage: [{ kind: 'checked', pieces: 2, weight_kg: 23 }] }),
    sampleSegment({ baggage: [{ kind: 'checked', pieces: 1, weight_kg: 23 }] }),
  ]
  expect(baggageWords([sampleSlice(segments)])).toBe('Bags differ by flight, see details')
})

test('says what a change or refund costs where the supplier does', () => {
  const fee = { kind: 'refund' as const, allowed: true, amount: { amount: '40.00', currency: 'USD' } }
  expect(refundWords(sampleOffer({ refundable: true, penalties: [fee] }))).toBe('Refundable, fee $40.00')
  expect(refundWords(sampleOffer({ refundable: true, penalties: [{ ...fee, amount: { amount: '0.00', currency: 'USD' } }] }))).toBe(
    'Refundable, no fee',
  )
  expect(refundWords(sampleOffer({ refundable: false, penalties: [fee] }))).toBe('Not refundable')
})

test('names where flights are changed, and both airports where the airport changes', () => {
  const segments = [sampleSegment({ destination: 'HND' }), sampleSegment({ origin: 'NRT', destination: 'SFO' })]
  expect(connectionPlaces(sampleSlice(segments))).toEqual(['HND → NRT'])
  expect(stopsWords(sampleSlice(segments))).toBe('1 stop: HND → NRT')
  expect(stopsWords(sampleSlice())).toBe('Direct')
})

test('emissions are those of everyone together, and left out where nobody states them', () => {
  const adults = (count: number) => [{ type: 'adult' as const, count, total: null, base: null, taxes: null }]
  expect(emissionsWords({ emissions_kg: 118, passengers: adults(1) })).toBe('118 kg CO2e')
  expect(emissionsWords({ emissions_kg: 236, passengers: adults(2) })).toBe('236 kg CO2e for everyone')
  expect(emissionsWords({ emissions_kg: null, passengers: adults(1) })).toBeNull()
})
