import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseMoney } from '../../kernel/money.ts'
import { createStoppedClock, parseLocalDate } from '../../kernel/time.ts'
import { toPartnerReply, type PartnerRequest } from '../../platform/partner.ts'
import type { Guest, StayOffer } from '../../travel/stay.ts'
import type { StayOrder } from '../contract.ts'
import { toAuthorization } from './call.ts'
import { createRapid } from './index.ts'
import { splitPhone } from './split-phone.ts'
import { settingsFor } from './testing.ts'
import { isUnsendable, toAvailabilityPath, toBooking, toItinerarySearchPath } from './to-wire.ts'
import type { OfferToken } from './token.ts'

const TOKEN: OfferToken = {
  priceCheck: '/v3/check?token=c',
  book: '/v3/itineraries?token=b',
  session: 'session-1',
  country: 'SG',
  terms: { refundable: null, penalties: [], nonrefundable: [] },
}
const OFFER: StayOffer = {
  id: 'rapid_1',
  provider: 'rapid',
  property: '9',
  propertyName: 'Property 9',
  checkIn: parseLocalDate('2027-05-10'),
  checkOut: parseLocalDate('2027-05-12'),
  rooms: [
    { name: 'Room', code: '1', occupancy: { adults: 2, childAges: [] } },
    { name: 'Room', code: '1', occupancy: { adults: 1, childAges: [4] } },
  ],
  board: null,
  boardText: null,
  ratePlan: null,
  total: parseMoney('10.00', 'EUR'),
  charges: [],
  payAt: 'booking',
  refundable: null,
  cancellation: null,
  roomsLeft: null,
  isPackageOnly: false,
  remarks: [],
  expiresAt: null,
  supplierToken: JSON.stringify(TOKEN),
}
const guest = (more: Partial<Guest>): Guest => ({
  room: 0,
  isLead: false,
  title: null,
  givenName: 'Budi',
  familyName: 'Santoso',
  age: null,
  ...more,
})
const ORDER: StayOrder = {
  reference: 'FW7K2M-1',
  offer: OFFER,
  guests: [
    guest({ isLead: true }),
    guest({ givenName: 'Rini', room: 0 }),
    guest({ givenName: 'Adi', room: 1, age: 4 }),
    guest({ givenName: 'Sari', room: 1 }),
  ],
  contact: { email: 'budi+trip@example.com', phone: '+6281234567890' },
}
const BILLING = { line: null, city: null, state: null, postalCode: null, country: null }

describe('a search', () => {
  const path = toAvailabilityPath(
    {
      properties: ['11', '12'],
      checkIn: parseLocalDate('2027-05-10'),
      checkOut: parseLocalDate('2027-05-12'),
      rooms: [
        { adults: 2, childAges: [9, 4] },
        { adults: 2, childAges: [] },
      ],
      guestCountry: 'ID',
      currency: 'IDR',
    },
    { partner_point_of_sale: 'POS-1' },
  )
  const query = new URL(path, 'http://x').searchParams

  test('names every property and every room, the market, the currency and the environment', () => {
    expect(path.startsWith('/v3/properties/availability?')).toBe(true)
    expect(query.getAll('property_id')).toEqual(['11', '12'])
    expect(query.getAll('occupancy')).toEqual(['2-9,4', '2'])
    expect(Object.fromEntries(query)).toMatchObject({
      checkin: '2027-05-10',
      checkout: '2027-05-12',
      currency: 'IDR',
      country_code: 'ID',
      language: 'en-US',
      sales_channel: 'website',
      sales_environment: 'hotel_only',
      partner_point_of_sale: 'POS-1',
    })
    expect(Number(query.get('rate_plan_count'))).toBeGreaterThan(0)
  })
})

describe('a booking', () => {
  test('is not held, carries our reference, and has one adult for each room in the order of the rooms', () => {
    expect(toBooking(ORDER, BILLING)).toEqual({
      affiliate_reference_id: 'FW7K2M-1',
      hold: false,
      email: 'budi+trip@example.com',
      phone: { country_code: '62', number: '81234567890' },
      rooms: [
        { given_name: 'Budi', family_name: 'Santoso', smoking: false },
        { given_name: 'Sari', family_name: 'Santoso', smoking: false },
      ],
      payments: [
        {
          type: 'affiliate_collect',
          billing_contact: { given_name: 'Budi', family_name: 'Santoso', address: { country_code: 'SG' } },
        },
      ],
    })
  })

  test('states our billing address where it is configured, and the lead for a room of which nobody is named', () => {
    const settings = settingsFor({ url: 'https://api.ean.com/v3/', account: { apiKey: 'k', sharedSecret: 's' } }, undefined, {
      RAPID_BILLING_LINE: '1 Main St',
      RAPID_BILLING_STATE: 'WA',
      RAPID_BILLING_POSTAL_CODE: '98121',
      RAPID_BILLING_COUNTRY: 'US',
    })
    expect(settings.url).toBe('https://api.ean.com')
    expect(toBooking({ ...ORDER, guests: ORDER.guests.slice(0, 1) }, settings.billing)).toMatchObject({
      rooms: [{ given_name: 'Budi' }, { given_name: 'Budi' }],
      payments: [
        { billing_contact: { address: { line_1: '1 Main St', state_province_code: 'WA', postal_code: '98121', country_code: 'US' } } },
      ],
    })
  })

  test('states no payment where the property takes the money itself', () => {
    expect(toBooking({ ...ORDER, offer: { ...OFFER, payAt: 'property' } }, BILLING)).not.toHaveProperty('payments')
  })

  test.each([
    ['a reference that is too long', { reference: 'F'.repeat(29) }, 'not_allowed'],
    ['a reference that is too short', { reference: 'FW' }, 'not_allowed'],
    ['a reference with a bracket', { reference: 'FW<1>' }, 'not_allowed'],
    ['no guest', { guests: [] }, 'invalid_passenger'],
    ['an empty name', { guests: [guest({ familyName: ' ' })] }, 'invalid_passenger'],
    ['a name of 61 letters', { guests: [guest({ givenName: 'A'.repeat(61) })] }, 'invalid_passenger'],
    ['a telephone number without its country', { contact: { email: 'a@example.com', phone: '081234567' } }, 'invalid_passenger'],
  ])('is not sent with %s', (_, change, reason) => {
    const body = toBooking({ ...ORDER, ...change }, BILLING)
    expect(isUnsendable(body) && body.reason).toBe(reason)
  })

  test('is looked for by reference and address, both escaped', () => {
    expect(toItinerarySearchPath(ORDER)).toBe('/v3/itineraries?affiliate_reference_id=FW7K2M-1&email=budi%2Btrip%40example.com')
  })
})

test.each([
  ['+14875550077', '1', '4875550077'],
  ['+79261234567', '7', '9261234567'],
  ['+44 20 7946 0958', '44', '2079460958'],
  ['+62-812-3456', '62', '8123456'],
  ['+3581234567', '358', '1234567'],
  ['+6591234567', '65', '91234567'],
  ['+6731234567', '673', '1234567'],
])('%s is %s and %s', (phone, country_code, number) => {
  expect(splitPhone(phone)).toEqual({ country_code, number })
})

test('a request is signed for its second, says who asks, and goes nowhere but to the configured host', async () => {
  const sent: PartnerRequest[] = []
  const clock = createStoppedClock('2027-01-01T00:00:00.900Z')
  const { stays } = createRapid({
    settings: settingsFor({ url: 'https://test.ean.com', account: { apiKey: 'KEY', sharedSecret: 'SECRET' } }, undefined, {
      RAPID_CUSTOMER_IP: '203.0.113.7',
    }),
    send: (request) => {
      sent.push(request)
      return Promise.resolve(toPartnerReply(200, {}, Buffer.from('{"status":"sold_out"}')))
    },
    clock,
  })
  const offer = { ...OFFER, supplierToken: JSON.stringify({ ...TOKEN, priceCheck: 'https://evil.example/v3/check?token=c' }) }
  expect(await stays!.price(offer, { signal: new AbortController().signal })).toMatchObject({ outcome: 'gone', code: 'sold_out' })
  const seconds = 1_798_761_600
  const signature = createHash('sha512').update(`KEYSECRET${seconds}`).digest('hex')
  expect(signature).toHaveLength(128)
  expect(sent[0]).toMatchObject({
    method: 'GET',
    url: 'https://test.ean.com/v3/check?token=c',
    headers: {
      authorization: `EAN apikey=KEY,signature=${signature},timestamp=${seconds}`,
      accept: 'application/json',
      'customer-ip': '203.0.113.7',
      'customer-session-id': 'session-1',
    },
  })
  expect(sent[0]!.headers['user-agent']).toMatch(/^[\w]+\/[\d.]+$/)
  expect(toAuthorization({ apiKey: 'KEY', sharedSecret: 'SECRET' }, seconds)).toBe(sent[0]!.headers['authorization'])
})
