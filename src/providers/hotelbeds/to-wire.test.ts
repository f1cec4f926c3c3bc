import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import Schema from 'typebox/schema'
import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { instant, parseLocalDate } from '../../kernel/time.ts'
import type { Guest, RoomOccupancy, StayOffer, StayQuery } from '../../travel/stay.ts'
import type { StayOrder } from '../contract.ts'
import { signatureOf } from './exchange.ts'
import { writeToken, type TokenRate } from './offer-token.ts'
import { isUnsendable, toAvailability, toBooking, toBookingSearch, toContentSearch, toRateCheck } from './to-wire.ts'

const PAIR: RoomOccupancy = { adults: 2, childAges: [] }
const FAMILY: RoomOccupancy = { adults: 1, childAges: [9, 5] }
const query: StayQuery = {
  properties: ['77', '168', 'not-theirs'],
  checkIn: parseLocalDate('2027-03-01'),
  checkOut: parseLocalDate('2027-03-03'),
  rooms: [PAIR, FAMILY, PAIR],
  guestCountry: 'ID',
  currency: 'EUR',
}
const RATES: readonly TokenRate[] = [
  { key: 'pair|key', room: 'DBL.ST', board: 'BB', needsCheck: false, rooms: [0, 2] },
  { key: 'family|key', room: 'FAM.ST', board: 'BB', needsCheck: false, rooms: [1] },
]
const offerOf = (rates = RATES): StayOffer => ({
  id: 'hb_1',
  provider: 'hotelbeds',
  property: '77',
  propertyName: 'Grand Palma',
  checkIn: query.checkIn,
  checkOut: query.checkOut,
  rooms: query.rooms.map((occupancy) => ({ name: 'Room', code: null, occupancy })),
  board: 'BB',
  boardText: null,
  ratePlan: null,
  total: money(22_000, 'EUR'),
  charges: [],
  payAt: 'booking',
  refundable: null,
  cancellation: null,
  roomsLeft: null,
  isPackageOnly: false,
  remarks: [],
  expiresAt: null,
  supplierToken: writeToken({ rates }),
})
const guest = (room: number, givenName: string, overrides: Partial<Guest> = {}): Guest => ({
  room,
  isLead: false,
  title: null,
  givenName,
  familyName: 'SANTOSO',
  age: null,
  ...overrides,
})
const GUESTS = [guest(0, 'EKO'), guest(1, 'SARI', { isLead: true }), guest(1, 'ADI', { age: 9 }), guest(2, 'BUDI')]
const order = (overrides: Partial<StayOrder> = {}): StayOrder => ({
  reference: 'FW2K7QXA-1',
  offer: offerOf(),
  guests: GUESTS,
  contact: { email: 'budi@example.com', phone: '+6281234567890' },
  ...overrides,
})

test('rooms occupied alike are asked for together, children with their ages, hotels by number', () => {
  expect(toAvailability(query)).toEqual({
    stay: { checkIn: '2027-03-01', checkOut: '2027-03-03' },
    occupancies: [
      { rooms: 2, adults: 2, children: 0 },
      {
        rooms: 1,
        adults: 1,
        children: 2,
        paxes: [
          { type: 'CH', age: 9 },
          { type: 'CH', age: 5 },
        ],
      },
    ],
    hotels: { hotel: [77, 168] },
    sourceMarket: 'ID',
    language: 'ENG',
  })
})

test('a rate key goes back as it came', () => {
  expect(toRateCheck({ rates: RATES })).toMatchObject({ rooms: [{ rateKey: 'pair|key' }, { rateKey: 'family|key' }] })
})

test('a booking carries our reference, the lead as holder, each guest in the room of the rate, and no tolerance', () => {
  expect(toBooking(order())).toEqual({
    holder: { name: 'SARI', surname: 'SANTOSO' },
    clientReference: 'FW2K7QXA-1',
    tolerance: '0.00',
    language: 'ENG',
    rooms: [
      {
        rateKey: 'pair|key',
        paxes: [
          { roomId: 1, type: 'AD', name: 'EKO', surname: 'SANTOSO' },
          { roomId: 2, type: 'AD', name: 'BUDI', surname: 'SANTOSO' },
        ],
      },
      {
        rateKey: 'family|key',
        paxes: [
          { roomId: 1, type: 'AD', name: 'SARI', surname: 'SANTOSO' },
          { roomId: 1, type: 'CH', age: 9, name: 'ADI', surname: 'SANTOSO' },
        ],
      },
    ],
  })
})

test.each([
  ['a reference that is too long', { reference: 'FW2K7QXA-1-AND-MORE-OF-IT' }, 'not_allowed'],
  ['a rate that was not checked', { offer: offerOf([{ ...RATES[0]!, needsCheck: true }]) }, 'not_allowed'],
  ['a room without a guest', { guests: GUESTS.filter(({ room }) => room !== 1) }, 'invalid_passenger'],
  ['nobody', { guests: [] }, 'invalid_passenger'],
  ['a name that is too long', { guests: [...GUESTS, guest(0, 'X'.repeat(51))] }, 'invalid_passenger'],
  ['a name that is none', { guests: [...GUESTS, guest(0, ' ')] }, 'invalid_passenger'],
])('%s is not sent at all', (_, overrides, reason) => {
  const booking = toBooking(order(overrides))
  expect(isUnsendable(booking)).toBe(true)
  expect(booking).toMatchObject({ reason })
})

test('bookings are looked for by our reference on the day of check-in', () => {
  expect(Object.fromEntries(new URLSearchParams(toBookingSearch(order(), 26)))).toEqual({
    clientReference: 'FW2K7QXA-1',
    filterType: 'CHECKIN',
    status: 'ALL',
    start: '2027-03-01',
    end: '2027-03-01',
    from: '26',
    to: '50',
  })
})

test('content is asked for in pages that follow each other', () => {
  const range = (from: number) => Object.fromEntries(new URLSearchParams(toContentSearch(from)))
  expect(range(1)).toMatchObject({ from: '1', to: '200' })
  expect(range(201)).toMatchObject({ from: '201', to: '400' })
})

test('a call is signed with key, secret and the second', () => {
  // printf keysecret1700000000 | sha256sum
  expect(signatureOf({ apiKey: 'key', secret: 'secret' }, instant(1_700_000_000_999))).toBe(
    '278d74471a3b5267e27221967122169ad26fac349e0fb6a94779cdf050a0d038',
  )
})

const OPENAPI = new URL('../../../../shared/schemas/hotelbeds-openapi/booking-openapi.yaml', import.meta.url)

describe.skipIf(!existsSync(OPENAPI))('the OpenAPI of the vendor in ../shared/schemas (skipped where it is absent)', () => {
  test.each([
    ['/hotels', toAvailability(query)],
    ['/checkrates', toRateCheck({ rates: RATES })],
    ['/bookings', toBooking(order())],
  ])('allows what is sent to POST %s', (path, body) => {
    expect(errorsOf(path, body)).toEqual([])
  })

  test('would not allow something else', () => {
    expect(errorsOf('/hotels', { ...toAvailability(query), occupancies: [{ rooms: '2' }] })).not.toEqual([])
    expect(errorsOf('/bookings', { ...toBooking(order()), clientReference: 'FW2K7QXA-1-AND-MORE-OF-IT' })).not.toEqual([])
  })

  test('knows every parameter of the reads', () => {
    const { paths } = loadApi()
    const parameters = (path: string): string[] =>
      (paths[path]!['get'] as { parameters: { name?: string }[] }).parameters.flatMap(({ name }) => name ?? [])
    expect(parameters('/bookings')).toEqual(expect.arrayContaining([...new URLSearchParams(toBookingSearch(order(), 1)).keys()]))
  })
})

type Api = { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> }

/** YAML is read with the parser that Fastify's documentation plugin brings; a dependency for this alone is not worth it. */
function loadApi(): Api {
  const here = createRequire(import.meta.url)
  const { parse } = createRequire(here.resolve('@fastify/swagger'))('yaml') as { parse: (text: string) => Api }
  return parse(readFileSync(OPENAPI, 'utf8'))
}

function errorsOf(path: string, body: object): string[] {
  const api = loadApi()
  const { requestBody } = api.paths[path]!['post'] as { requestBody: { content: Record<string, { schema: object }> } }
  const schema = plain(requestBody.content['application/json']!.schema, api) as object
  const [isValid, errors] = Schema.Errors(schema, body)
  return isValid ? [] : errors.map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/**
 * A schema of theirs without references and without `format`, which they use for examples too. It requires "room", the name that the
 * list "rooms" has in XML.
 */
function plain(node: unknown, api: object): unknown {
  if (Array.isArray(node)) return node.map((one) => (one === 'room' ? 'rooms' : plain(one, api)))
  if (typeof node !== 'object' || node === null) return node
  const { $ref } = node as { $ref?: string }
  if ($ref) {
    const target = $ref
      .split('/')
      .slice(1)
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], api)
    return plain(target, api)
  }
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => !['format', 'example', 'xml', 'default'].includes(name))
      .map(([name, value]) => [name, plain(value, api)]),
  )
}
