import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatAmount, type Money } from '../../kernel/money.ts'
import type { StayOffer } from '../../travel/stay.ts'
import type { MessageKind, Translation } from '../contract.ts'
import { readMessage } from './exchange.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import { readAvail } from './read-avail.ts'
import { readProperties } from './read-content.ts'
import { translate } from './translate.ts'

/** Real messages beside the repository, and facts about them that an independent script found. */
const RECORDINGS = new URL('../../../../shared/recordings/', import.meta.url)
const FOLDERS = ['opentravel-hotel', 'opentravel-air']
const present = FOLDERS.every((folder) => existsSync(new URL(`${folder}/`, RECORDINGS)))

/** The kinds as which the translate command reads a folder. */
const KINDS: Readonly<Record<string, MessageKind>> = {
  shop: 'shop',
  rates: 'availability',
  price: 'price',
  book: 'book',
  cancel: 'cancel',
  requests: 'shop',
}

type Facts = {
  readonly message: string
  readonly version: string
  readonly property_count?: number
  readonly room_stays?: number
  readonly room_rates?: number
  readonly rate_plans?: number
  readonly min_total?: readonly [amount: string, currency: string, which: string]
  readonly first_total?: readonly [amount: string, currency: string, which: string]
  readonly timespan?: readonly [{ readonly Start: string; readonly End: string }]
  readonly basic_property?: readonly [readonly [code: string, name: string | null]]
  readonly cancel_penalties?: number
  readonly unique_ids?: readonly (readonly [type: string, id: string])[]
  readonly res_response_type?: string
  readonly status?: string
  readonly priced_itineraries?: number
  readonly air_totals?: readonly (readonly [amount: string, currency: string])[]
  readonly segments?: readonly (readonly [carrier: string, number: string, departure: string])[]
}

const facts = present ? (JSON.parse(readFileSync(new URL('facts.json', RECORDINGS), 'utf8')) as Record<string, Facts>) : {}
const read = (path: string): string => readFileSync(new URL(path, RECORDINGS), 'utf8')
const paths = present
  ? FOLDERS.flatMap((folder) =>
      readdirSync(new URL(`${folder}/`, RECORDINGS)).flatMap((step) =>
        readdirSync(new URL(`${folder}/${step}/`, RECORDINGS)).map((file) => `${folder}/${step}/${file}`),
      ),
    )
  : []
const of = (pattern: RegExp): string[] => paths.filter((path) => pattern.test(path))
const stepOf = (path: string): string => path.split('/')[1]!
const understand = (path: string): Translation => translate(KINDS[stepOf(path)]!, read(path))
const moneyText = (value: Money): [string, string] => [formatAmount(value), value.currency]
const cheapest = (offers: readonly StayOffer[]): StayOffer => offers.toSorted((a, b) => a.total.amount - b.total.amount)[0]!

describe.skipIf(!present)('recorded messages of OpenTravel’s (skipped where ../shared/recordings is absent)', () => {
  test('every recording has facts, and a folder that is an operation', () => {
    expect(paths.length).toBeGreaterThanOrEqual(12)
    for (const path of paths) expect([Object.keys(KINDS).includes(stepOf(path)), path in facts], path).toEqual([true, true])
  })

  test.each(of(/^opentravel-hotel\/(rates|price)\//))('%s: every rate, or how many there are and why none is an offer', (path) => {
    const fact = facts[path]!
    const translation = understand(path)
    const told = readAvail(readMessage(read(path)), { query: null, now: null })
    expect([told.roomStays, told.roomRates, told.ratePlans]).toEqual([fact.room_stays, fact.room_rates, fact.rate_plans])
    if (!fact.min_total) {
      expect(translation).toMatchObject({
        kind: 'note',
        facts: {
          message: fact.message,
          version: fact.version,
          roomStays: fact.room_stays,
          roomRates: fact.room_rates,
          ratePlans: fact.rate_plans,
        },
      })
      return
    }
    if (translation.kind !== 'stays') throw new Error(translation.kind)
    const { offers, solutions } = translation
    expect([solutions, offers.length]).toEqual([1, fact.room_rates])
    expect(moneyText(cheapest(offers).total)).toEqual(fact.min_total.slice(0, 2))
    expect(moneyText(offers[0]!.total)).toEqual(fact.first_total!.slice(0, 2))
    const [[code]] = fact.basic_property!
    for (const offer of offers) {
      const [span] = fact.timespan!
      expect(offer).toMatchObject({
        property: code,
        checkIn: span.Start,
        checkOut: span.End,
        rooms: [{ occupancy: { adults: 1, childAges: [] } }],
      })
    }
    expect(offers.filter((offer) => offer.cancellation !== null)).toHaveLength(fact.cancel_penalties!)
  })

  test('a non-refundable rate gives nothing back; a deadline without an amount is free until then and unknown after', () => {
    const translation = understand('opentravel-hotel/rates/concur-avail-rs-single.xml')
    if (translation.kind !== 'stays') throw new Error(translation.kind)
    const [lost, kept] = translation.offers
    expect(lost).toMatchObject({ refundable: false, payAt: null, cancellation: [{ from: null, penalty: { amount: 112_418 } }] })
    expect(kept).toMatchObject({ refundable: true, payAt: 'property' })
    // No zone is told: the deadline is taken for the earliest that midnight of 27 September can be anywhere.
    const [free, after] = kept!.cancellation!
    expect([free, after!.penalty]).toEqual([{ from: null, penalty: { amount: 0, currency: 'USD' } }, null])
    expect(after!.from).toBe(createStoppedClock('2021-09-26T10:00:00Z').now())
    expect(kept!.remarks.join(' ')).toContain('Cancel at least 1 day prior to arrival')
  })

  test('taxes that the amount after tax holds are told as part of the price', () => {
    const translation = understand('opentravel-hotel/price/concur-ratedetails-rs.xml')
    if (translation.kind !== 'stays') throw new Error(translation.kind)
    expect(translation.offers[0]!.charges.map(({ kind, name, amount, due }) => [kind, name, amount!.amount, due])).toEqual([
      ['city_tax', 'CITY TAX', 750, 'booking'],
      ['tax', 'SALES TAX', 2_319, 'booking'],
      ['tax', 'OCCUPANCY TAX', 3_099, 'booking'],
    ])
  })

  test.each(of(/^opentravel-hotel\/shop\//))('%s: as many hotels as are told, no offers, and each can be shown', (path) => {
    const count = facts[path]!.property_count
    expect(understand(path)).toEqual({ kind: 'stays', solutions: count, offers: [] })
    const properties = readProperties(readMessage(read(path)))
    expect(properties).toHaveLength(count!)
    expect(properties.find(({ property }) => property.code === 'HT030025')).toMatchObject({
      chain: 'TL',
      property: {
        name: 'Travelodge Seattle by The Space Needle',
        stars: 2,
        latitude: 47.620142,
        longitude: -122.344649,
        address: '200 6th Avenue North, 98109',
        city: 'Seattle',
        country: 'US',
        amenities: ['pool', 'parking', 'air_conditioning'],
      },
    })
  })

  test.each(of(/^opentravel-hotel\/book\//))('%s: the reservation under the number that cancels it', (path) => {
    const fact = facts[path]!
    const translation = understand(path)
    if (translation.kind !== 'reservation' || translation.result.outcome !== 'ok') throw new Error(JSON.stringify(translation))
    const { pnr, supplierRef, status, total } = translation.result.value
    const number = fact.unique_ids!.find(([type]) => type === '14')![1]
    expect([pnr, supplierRef, status, fact.res_response_type]).toEqual([number, number, 'active', 'Reserved'])
    expect(moneyText(total!)).toEqual(fact.first_total!.slice(0, 2))
  })

  test.each(of(/^opentravel-hotel\/cancel\//))('%s: cancelled, and what comes back is not said', (path) => {
    const fact = facts[path]!
    expect(fact.status).toBe('Cancelled')
    expect(understand(path)).toEqual({
      kind: 'cancellation',
      pnr: fact.unique_ids!.find(([type]) => type === '14')![1],
      result: { outcome: 'ok', value: { refund: null } },
    })
  })

  test.each(of(/^opentravel-hotel\/requests\//))('%s: is recognised as a request, whatever it is taken for', (path) => {
    for (const kind of ['shop', 'price', 'book', 'cancel'] as const)
      expect(translate(kind, read(path))).toMatchObject({ kind: 'note', message: expect.stringContaining('request') })
  })

  test.each(of(/^opentravel-air\/shop\//))('%s: each priced itinerary and its total', (path) => {
    const fact = facts[path]!
    const translation = understand(path)
    if (translation.kind !== 'offers') throw new Error(translation.kind)
    expect([translation.solutions, translation.offers.map((offer) => moneyText(offer.total))]).toEqual([
      fact.priced_itineraries,
      fact.air_totals,
    ])
    // 100 % for a change is no change, 50 % is one, and a flag alone says that it may be.
    expect(translation.offers.map((offer) => [offer.changeable, offer.penalties[0]!.percent])).toEqual([
      [false, 10_000],
      [true, 5_000],
      [true, null],
    ])
  })

  test.each(of(/^opentravel-air\/book\//))('%s: the flights, under a number that the message leaves out', (path) => {
    const translation = understand(path)
    if (translation.kind !== 'reservation' || translation.result.outcome !== 'ok') throw new Error(JSON.stringify(translation))
    const { segments, pnr, status } = translation.result.value
    expect(segments.map((segment) => [segment.carrier, segment.flightNumber])).toEqual(facts[path]!.segments!.map((one) => one.slice(0, 2)))
    expect([pnr, status]).toEqual(['', 'unknown'])
  })
})
