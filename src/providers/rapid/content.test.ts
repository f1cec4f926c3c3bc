import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHotelWorld } from '../../../fixtures/hotels/index.ts'
import { propertyIdOf } from '../../../fixtures/rapid/catalogue.ts'
import { startRapidMock, type RapidMock } from '../../../fixtures/rapid/index.ts'
import { createStoppedClock } from '../../kernel/time.ts'
import { createPartner, toPartnerReply, type Partner } from '../../platform/partner.ts'
import type { ContentPage, StaySupplier } from '../contract.ts'
import { toAmenities } from './amenities.ts'
import { findNextLink } from './content.ts'
import { toProperties } from './from-wire-content.ts'
import { createRapid } from './index.ts'
import { settingsFor } from './testing.ts'

const CALL = { signal: new AbortController().signal }
const DAY_MS = 86_400_000

describe('static content', () => {
  const clock = createStoppedClock('2027-01-01T00:00:00Z')
  let mock: RapidMock
  let partner: Partner
  let stays: StaySupplier

  beforeAll(async () => {
    mock = await startRapidMock({ clock })
    partner = createPartner({ name: 'Expedia Rapid', concurrentMax: 10, breakAfter: 1_000 })
    stays = createRapid({ settings: settingsFor(mock), send: partner.send, clock }).stays!
  })
  afterAll(async () => {
    await partner.close()
    await mock.close()
  })

  const codesOf = ({ properties }: ContentPage) => properties.map(({ code }) => code)

  test('is every house of the world once, as the world has them', async () => {
    const found: string[] = []
    for (let cursor: string | null = null; ;) {
      const page: ContentPage = await stays.content(cursor, CALL)
      found.push(...codesOf(page))
      if (page.next === null) break
      cursor = page.next
    }
    const { hotels } = createHotelWorld()
    expect(found.toSorted()).toEqual(hotels.map(propertyIdOf).toSorted())
  })

  test('goes on from a cursor days later, when the supplier’s link has long run out', async () => {
    const cursor = JSON.stringify({ country: 'JP', link: null, after: null })
    const first = await stays.content(cursor, CALL)
    const second = await stays.content(first.next, CALL)
    const third = await stays.content(second.next, CALL)
    clock.advance(3 * DAY_MS)
    expect(codesOf(await stays.content(first.next, CALL))).toEqual(codesOf(second))
    clock.advance(3 * DAY_MS)
    const resumed = await stays.content(second.next, CALL)
    expect(codesOf(resumed)).toEqual(codesOf(third))
    expect(resumed.next).toBe(third.next)
    expect(new Set([first, second, third].flatMap(codesOf)).size).toBe(48)
  })

  test('begins the country anew when the property it stood at is not there any more', async () => {
    const first = await stays.content(JSON.stringify({ country: 'JP', link: null, after: null }), CALL)
    const cursor = JSON.stringify({ country: 'JP', link: '/v3/properties/content?token=long-gone', after: '1' })
    expect(codesOf(await stays.content(cursor, CALL))).toEqual(codesOf(first))
  })

  test('a cursor that is none of ours is refused', async () => {
    for (const cursor of ['', 'nonsense', '{}', 'null', '{"country":"Atlantis"}'])
      await expect(stays.content(cursor, CALL)).rejects.toMatchObject({ fault: 'refused' })
  })
})

test('a page that is cut in another place than it was goes on behind the last property', async () => {
  const pageOf = (...codes: string[]) => Object.fromEntries(codes.map((code) => [code, property(code)]))
  const pages: Record<string, { status: number; body: object; next?: string }> = {
    dead: { status: 410, body: { type: 'link.expired', message: 'expired' } },
    two: { status: 200, body: pageOf('3', '4', '5') },
  }
  const { stays } = createRapid({
    settings: settingsFor({ url: 'https://test.ean.com', account: { apiKey: 'k', sharedSecret: 's' } }),
    clock: createStoppedClock('2027-01-01T00:00:00Z'),
    send: ({ url }) => {
      const token = new URL(url).searchParams.get('token')
      const { status, body } = token ? pages[token]! : { status: 200, body: pageOf('1', '2') }
      const headers: Record<string, string> = token ? {} : { link: '<https://api.ean.com/v3/properties/content?token=two>; rel="next"' }
      return Promise.resolve(toPartnerReply(status, headers, Buffer.from(JSON.stringify(body))))
    },
  })
  const after = async (code: string) =>
    (await stays!.content(JSON.stringify({ country: 'ZW', link: '/v3/properties/content?token=dead', after: code }), CALL)).properties.map(
      (one) => one.code,
    )
  expect(await after('1')).toEqual(['2'])
  expect(await after('2')).toEqual(['3', '4', '5'])
  expect(await after('4')).toEqual(['5'])
  expect(await after('5')).toEqual([])
})

test.each([
  [
    '<https://api.ean.com/v3/properties/content?token=a>; rel="next"; expires="2027-01-01T00:00:00Z"',
    'https://api.ean.com/v3/properties/content?token=a',
  ],
  ['</v3/properties/content?token=a>; expires=2027-01-01T00:00:00Z; rel=next', '/v3/properties/content?token=a'],
  ['<https://x/first>; rel="prev", <https://x/second>; rel="next"', 'https://x/second'],
  ['<https://x/first>; rel="prev"', null],
  ['nonsense', null],
  [undefined, null],
])('the next page in %j is %s', (header, next) => {
  expect(findNextLink(header)).toBe(next)
})

function property(code: string, more: object = {}): Record<string, unknown> {
  return {
    property_id: code,
    name: 'Test House',
    address: { line_1: '1 Main St', line_2: 'Apt A', city: 'Springfield', postal_code: '65804', country_code: 'us' },
    location: { coordinates: { latitude: 37.15, longitude: -93.26 } },
    ...more,
  }
}
const only = (more: object) => toProperties({ '1': property('1', more) })[0]

describe('a property', () => {
  test('is told as far as it is stated', () => {
    expect(only({})).toEqual({
      provider: 'rapid',
      code: '1',
      name: 'Test House',
      stars: null,
      latitude: 37.15,
      longitude: -93.26,
      address: '1 Main St, Apt A, 65804',
      city: 'Springfield',
      country: 'US',
      district: null,
      type: 'other',
      amenities: [],
      rating: null,
      images: [],
      description: null,
      checkInFrom: null,
      checkOutUntil: null,
    })
  })

  test('is rated out of ten, and zero or nothing is no rating', () => {
    expect(only({ ratings: { property: { rating: '3.5' }, guest: { overall: '4.3' } } })).toMatchObject({ stars: 3.5, rating: 8.6 })
    expect(only({ ratings: { property: { rating: '0.0' }, guest: { overall: '' } } })).toMatchObject({ stars: null, rating: null })
  })

  test('is only shown as exactly as it wants to be', () => {
    const location = {
      obfuscation_required: true,
      coordinates: { latitude: 1, longitude: 2 },
      obfuscated_coordinates: { latitude: 1.1, longitude: 2.1 },
    }
    expect(only({ location })).toMatchObject({ latitude: 1.1, longitude: 2.1 })
    const address = { line_1: '1 Main St', city: 'Springfield', country_code: 'US', obfuscation_required: true }
    expect(only({ address })).toMatchObject({ address: null, city: 'Springfield' })
    expect(
      toProperties({ '1': property('1', { location: { obfuscation_required: true, coordinates: { latitude: 1, longitude: 2 } } }) }),
    ).toEqual([])
  })

  test('shows the largest size of each picture, the hero first, and none that is not https', () => {
    const link = (href: string) => ({ method: 'GET', href })
    const images = [
      {
        hero_image: false,
        links: { '70px': link('https://i/a_t.jpg'), '1000px': link('https://i/a_z.jpg'), '350px': link('https://i/a_b.jpg') },
      },
      { hero_image: true, links: { '350px': link('https://i/h_b.jpg') } },
      { links: { '350px': link('http://i/plain.jpg') } },
    ]
    expect(only({ images })?.images).toEqual(['https://i/h_b.jpg', 'https://i/a_z.jpg'])
  })

  test.each([
    ['3:00 PM', '15:00'],
    ['12:00 AM', '00:00'],
    ['12:30 PM', '12:30'],
    ['11 AM', '11:00'],
    ['noon', 'noon'],
  ])('opens at %s, which is %s', (begin_time, clock) => {
    expect(only({ checkin: { begin_time } })?.checkInFrom).toBe(clock)
  })

  test('is described without markup', () => {
    expect(only({ descriptions: { headline: 'Near it', location: '<p>By the <b>sea</b> &amp; sand</p>' } })?.description).toBe(
      'By the sea & sand',
    )
    expect(only({ descriptions: { headline: 'Near it' } })?.description).toBe('Near it')
  })

  test.each([
    ['Hotel', 'hotel'],
    ['Hotel resort', 'resort'],
    ['Aparthotel', 'apartment'],
    ['Hostel/Backpacker accommodation', 'hostel'],
    ['Bed & breakfast', 'guest_house'],
    ['Houseboat', 'other'],
  ])('a %s is of type %s', (name, type) => {
    expect(only({ category: { id: '1', name } })?.type).toBe(type)
  })

  test('amenities are words of ours, each once, and what is not there is not', () => {
    const names = [
      'Free WiFi',
      'WiFi (surcharge)',
      'Number of outdoor pools - 2',
      'Pets allowed',
      'Wheelchair accessible – no',
      'No airport shuttle',
      'Number of indoor pools - 0',
      'Fitness facilities',
    ]
    expect(toAmenities(names)).toEqual(['wifi', 'pool', 'gym', 'pets'])
    expect(toAmenities(['Number of indoor pools - 0', 'Pets not allowed'])).toEqual([])
    expect(toAmenities(['Number of indoor pools - 10'])).toEqual(['pool'])
    const stated = {
      amenities: { '9': { id: '9', name: 'Fitness facilities' } },
      attributes: { pets: { '51': { id: '51', name: 'Pets allowed' } } },
      checkin: { '24_hour': '24-hour check-in' },
    }
    expect(only(stated)?.amenities).toEqual(['gym', 'pets', 'reception_24h'])
  })
})
