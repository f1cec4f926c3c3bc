import { expect, test } from 'vitest'
import { sampleFare, sampleOffer, sampleSegment, sampleSlice } from '../test/samples.ts'
import {
  baggageWords,
  connectionPlaces,
  emissionsWords,
  otherBaggageWords,
  routePoints,
  segmentBaggageWords,
  segmentOtherBaggageWords,
  stopsWords,
  technicalStopsWords,
} from './fare-words.ts'

test('calls what the supplier does not state "not stated", never "no"', () => {
  expect(baggageWords([sampleSlice()])).toBe('Bags: not stated')
  expect(segmentBaggageWords({ baggage: [{ kind: 'carry_on', pieces: 1, weight_kg: 7 }] })).toBe(
    '1 cabin bag (7 kg), checked bag not stated',
  )
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

test('names where flights are changed, and both airports where the airport changes', () => {
  const segments = [sampleSegment({ destination: 'HND' }), sampleSegment({ origin: 'NRT', destination: 'SFO' })]
  expect(connectionPlaces(sampleSlice(segments))).toEqual(['HND → NRT'])
  expect(stopsWords(sampleSlice(segments))).toBe('1 stop: HND → NRT')
  expect(stopsWords(sampleSlice())).toBe('Direct')
})

test('emissions are those of everyone together, and left out where nobody states them', () => {
  const adults = (count: number) => [sampleFare('adult', { count })]
  expect(emissionsWords({ emissions_kg: 118, passengers: adults(1) })).toBe('118 kg CO2e')
  expect(emissionsWords({ emissions_kg: 236, passengers: adults(2) })).toBe('236 kg CO2e for everyone')
  expect(emissionsWords({ emissions_kg: null, passengers: adults(1) })).toBeNull()
})

test('a stop without change of plane is told as such, and never as a connection', () => {
  const landing = sampleSegment({ technical_stops: ['DPS', 'SUB'] })
  expect(stopsWords(sampleSlice([landing]))).toBe('Direct, stops in DPS and SUB')
  expect(technicalStopsWords(landing, (code) => (code === 'SUB' ? 'Juanda' : undefined))).toBe(
    'Stops in DPS and SUB Juanda without change of plane',
  )
  const slice = sampleSlice([landing, sampleSegment({ origin: 'NRT', destination: 'SFO' })])
  expect(stopsWords(slice)).toBe('1 stop: NRT, stops in DPS and SUB')
  expect(routePoints(slice)).toEqual([
    { place: 'DPS', isChange: false },
    { place: 'SUB', isChange: false },
    { place: 'NRT', isChange: true },
  ])
  for (const technical_stops of [[], null]) {
    expect(stopsWords(sampleSlice([sampleSegment({ technical_stops })]))).toBe('Direct')
    expect(technicalStopsWords({ technical_stops })).toBeNull()
  }
})

test('tells whose bags are other than the first passenger’s, on which flight, and that they may not be stated', () => {
  const [one, none] = [1, 0].map((pieces) => [{ kind: 'checked' as const, pieces, weight_kg: null }]) as [Bags, Bags]
  const segments = [sampleSegment({ baggage: one }), sampleSegment({ baggage: one })]
  const offer = sampleOffer({
    slices: segments.map((segment) => sampleSlice([segment])),
    passengers: [sampleFare('adult'), sampleFare('child', { baggage: [one, none] }), sampleFare('infant', { baggage: [[], []] })],
  })
  expect(otherBaggageWords(offer)).toEqual(['Children: bags differ by flight, see details', 'Infants: bags not stated'])
  expect(segmentOtherBaggageWords(offer, 0, 0)).toEqual(['Infants: bags not stated'])
  expect(segmentOtherBaggageWords(offer, 1, 0)).toEqual(['Children: no checked bag', 'Infants: bags not stated'])
  expect(otherBaggageWords(sampleOffer())).toEqual([])
})

type Bags = { kind: 'checked'; pieces: number; weight_kg: null }[]
