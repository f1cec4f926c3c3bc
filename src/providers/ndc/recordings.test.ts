import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatAmount, parseMoney } from '../../kernel/money.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { MessageKind, Translation } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { readMessage, versionOf } from './message.ts'
import { translate } from './translate.ts'
import { toPassengerType } from './wire.ts'

/** Real messages beside the repository, and facts about them that an independent script found. */
const RECORDINGS = new URL('../../../../shared/recordings/', import.meta.url)
const FOLDERS = existsSync(RECORDINGS) ? readdirSync(RECORDINGS).filter((name) => name.startsWith('ndc-')) : []
const ALL_KINDS: readonly MessageKind[] = ['shop', 'price', 'book', 'ticket', 'retrieve', 'cancel', 'void', 'seat-map', 'fare-rules']

type Leg = { carrier: string; number: string; operating: string; from: string; to: string; dep: string; arr: string }
type ShopFacts = {
  version: string
  offer_count: number
  segment_count: number
  pax: Record<string, number>
  baggage_allowances: number
  cheapest: { offer_id: string; owner: string; total: string; currency: string; legs: Leg[][]; baggage: unknown[]; offer_items: number }
}
type ErrorFacts = { version: string; errors: { code: string; short: string }[] }

const facts = (FOLDERS.length > 0 ? JSON.parse(readFileSync(new URL('facts.json', RECORDINGS), 'utf8')) : {}) as Record<string, object>
const read = (path: string): string => readFileSync(new URL(path, RECORDINGS), 'utf8')
const paths = FOLDERS.flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, RECORDINGS)).flatMap((step) =>
    readdirSync(new URL(`${folder}/${step}/`, RECORDINGS)).map((file) => ({ step, path: `${folder}/${step}/${file}` })),
  ),
)
const pathsOf = (step: string): readonly string[] => paths.filter((one) => one.step === step).map((one) => one.path)

const offersIn = (translation: Translation): Extract<Translation, { kind: 'offers' }> => {
  if (translation.kind !== 'offers') throw new Error(`expected offers, understood ${translation.kind}`)
  return translation
}
const countsOf = (pax: Record<string, number>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const [code, count] of Object.entries(pax)) counts[toPassengerType(code)] = (counts[toPassengerType(code)] ?? 0) + count
  return counts
}
const passengersIn = (offer: FlightOffer): Record<string, number> =>
  Object.fromEntries(offer.passengers.map((fare) => [fare.type, fare.count]))

describe.skipIf(paths.length === 0)('recorded NDC messages (skipped where ../shared/recordings is absent)', () => {
  test('every recording is compared with its facts', () => {
    expect(paths.filter(({ step }) => step !== 'shop' && step !== 'errors')).toEqual([])
    expect(paths.filter(({ path }) => !(path in facts))).toEqual([])
  })

  test.each(pathsOf('shop'))('%s: every offer, and the cheapest to the last detail', (path) => {
    const fact = facts[path] as ShopFacts
    expect(versionOf(readMessage(read(path)))).toBe(fact.version)
    const { solutions, offers } = offersIn(translate('shop', read(path)))
    expect(solutions).toBe(fact.offer_count)
    expect(offers).toHaveLength(fact.offer_count)
    const segments = offers.flatMap((offer) => offer.slices.flatMap((slice) => slice.segments))
    expect(new Set(segments.map((one) => `${one.carrier}${one.flightNumber}.${one.departure.local}`)).size).toBe(fact.segment_count)

    const cheapest = [...offers].sort((a, b) => a.total.amount - b.total.amount)[0]!
    expect(cheapest.id).toBe(fact.cheapest.offer_id)
    expect(cheapest.total).toEqual(parseMoney(fact.cheapest.total, fact.cheapest.currency))
    expect(passengersIn(cheapest)).toEqual(countsOf(fact.pax))
    const legs = cheapest.slices.map((slice) =>
      slice.segments.map((one) => ({
        carrier: one.carrier,
        number: one.flightNumber,
        operating: one.operatingCarrier,
        from: one.origin,
        to: one.destination,
        dep: one.departure.local,
        arr: one.arrival.local,
      })),
    )
    expect(legs).toEqual(fact.cheapest.legs)
    if (fact.baggage_allowances === 0) expect(cheapest.slices.flatMap((slice) => slice.segments.flatMap((one) => one.baggage))).toEqual([])
    const token = JSON.parse(cheapest.supplierToken) as { owner: string; items: unknown[] }
    expect([token.owner, token.items.length]).toEqual([fact.cheapest.owner, fact.cheapest.offer_items])
  })

  test('the parts of a price are told only where they add up: KW states 737 for items of 737.01', () => {
    const { offers } = offersIn(translate('shop', read('ndc-17.2/shop/KW-AirShoppingRS.xml')))
    expect(formatAmount(offers[0]!.total)).toBe('737.00')
    expect(offers[0]!.passengers.map((fare) => fare.total)).toEqual([null, null, null])
  })

  test.each(pathsOf('errors'))('%s: says what the airline says, and is never a success', (path) => {
    const fact = facts[path] as ErrorFacts
    const { errors } = readMessage(read(path))
    expect(errors.map((error) => [error.code, error.text])).toEqual(fact.errors.map((error) => [error.code, error.short]))
    for (const kind of ALL_KINDS) {
      let thrown: unknown
      try {
        translate(kind, read(path))
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(ProviderError)
      expect(thrown).toMatchObject({ fault: 'refused', code: fact.errors[0]!.code })
    }
  })
})
