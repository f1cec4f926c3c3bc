import { describe, expect, test } from 'vitest'
import { parseLocalDate } from '../../kernel/time.ts'
import { money } from '../../kernel/money.ts'
import { descendants, parseXml, type XmlElement } from '../../platform/xml.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import type { Passenger, PassengerType } from '../../travel/passenger.ts'
import type { FlightOrder } from '../contract.ts'
import { NDC_LIMITS, type NdcConfig } from './config.ts'
import { offersIn } from '../../../test/support/ndc-samples.ts'
import { writeCancel17, writeVoid17 } from './to-wire-17.ts'
import { writeAcceptCancelled, writeCancel19, writeReshop } from './to-wire-21.ts'
import { writerOf } from './to-wire.ts'
import { VERSIONS, type OfferToken, type Request, type Version } from './wire.ts'
import { toHostName } from '../host-text.ts'
import { nameTravellers } from './write-values.ts'

const configOf = (version: Version): NdcConfig => ({
  airline: 'XX',
  version,
  url: 'https://ndc.example',
  apiKey: 'secret',
  agencyId: '35200001',
  agencyName: 'Farewire & Sons',
  currency: 'EUR',
  limits: NDC_LIMITS,
})
const query: FlightQuery = {
  slices: [
    { origin: 'CGK', destination: 'SIN', departureDate: parseLocalDate('2026-11-05') },
    { origin: 'SIN', destination: 'CGK', departureDate: parseLocalDate('2026-11-12') },
  ],
  passengers: { adults: 2, children: 1, infants: 1 },
  cabin: 'premium_economy',
}
const token: OfferToken = {
  v: 1,
  owner: 'XX',
  response: 'resp',
  offer: 'OF1',
  items: [
    { id: 'I1', pax: ['A', 'B'] },
    { id: 'I2', pax: ['C', 'D'] },
  ],
  pax: [
    ['A', 'ADT'],
    ['B', 'ADT'],
    ['C', 'CHD'],
    ['D', 'INF'],
  ],
  segments: ['S1', 'S2'],
}
const person = (type: PassengerType, givenName: string, familyName: string): Passenger => ({
  type,
  title: type === 'adult' ? 'mrs' : null,
  givenName,
  familyName,
  bornOn: parseLocalDate('1990-01-15'),
  gender: 'female',
  document:
    type === 'adult'
      ? { kind: 'passport', number: 'c1234567', issuingCountry: 'ID', nationality: 'ID', expiresOn: parseLocalDate('2031-01-01') }
      : null,
})
const order: FlightOrder = {
  reference: 'FWREF1',
  offer: { ...offersIn('shop-17.2-run-together')[0]!, total: money(123_456, 'EUR') },
  passengers: [
    person('adult', 'Zoë', 'Müller-Łuk'),
    person('infant', 'Ben', 'Müller'),
    person('adult', 'Ida', "O'Neil"),
    person('child', 'Max', 'Müller'),
  ],
  contact: { email: 'a&b@example.com', phone: '+62 812-3456' },
}
const ref = { order: 'ORD1', owner: 'XX', pnr: 'ABC123', pax: ['A', 'B'] }
const payment = { amount: money(123_456, 'EUR'), reference: 'FWREF1' }
const travellers = nameTravellers(order, token)!

/** Every request of a version, by its name. */
function requestsOf(version: Version): readonly (readonly [Request, string])[] {
  const config = configOf(version)
  const writer = writerOf(version)
  const own: readonly (readonly [Request, string])[] =
    version === '17.2'
      ? [
          ['AirDocIssue', writer.ticket(config, ref, payment)],
          ['OrderCancel', writeCancel17(config, ref)],
          ['AirDocVoid', writeVoid17(config, '1261234567890')],
        ]
      : version === '19.2'
        ? [
            ['OrderChange', writer.ticket(config, ref, payment)],
            ['OrderCancel', writeCancel19(config, ref)],
          ]
        : [
            ['OrderChange', writer.ticket(config, ref, payment)],
            ['OrderReshop', writeReshop(config, ref)],
            ['OrderChange', writeAcceptCancelled(config, ref, 'CXL1')],
          ]
  return [
    ['AirShopping', writer.shop(config, query)],
    ['OfferPrice', writer.price(config, token)],
    ['OrderCreate', writer.create(config, order, token, travellers)],
    ['OrderRetrieve', writer.retrieve(config, ref)],
    ['OrderList', writer.list(config, order)],
    ['SeatAvailability', writer.seats(config, token)],
    ...own,
  ]
}
const textsOf = (root: XmlElement, name: string): readonly string[] => descendants(root, name).map((one) => one.text.trim())
const rootOf = (version: Version, request: Request): XmlElement => parseXml(requestsOf(version).find(([name]) => name === request)![1])

describe.each(VERSIONS)('requests of %s', (version) => {
  test('are in the namespace of their version, every element, and say who asks', () => {
    for (const [name, text] of requestsOf(version)) {
      const root = parseXml(text)
      const expected =
        version === '17.2'
          ? { name: `${name}RQ`, namespace: 'http://www.iata.org/IATA/EDIST/2017.2' }
          : { name: `IATA_${name}RQ`, namespace: `http://www.iata.org/IATA/2015/00/20${version}/IATA_${name}RQ` }
      expect({ name: root.name, namespace: root.namespace }).toEqual(expected)
      const all: XmlElement[] = []
      const visit = (one: XmlElement): void => {
        all.push(one)
        one.children.forEach(visit)
      }
      visit(root)
      expect(new Set(all.map((one) => one.namespace))).toEqual(new Set([expected.namespace]))
      expect(text.startsWith('<?xml version="1.0" encoding="UTF-8"?>')).toBe(true)
      expect(textsOf(root, version === '21.3' ? 'OrgID' : 'AgencyID')[0]).toBe('35200001')
      expect(textsOf(root, 'Name')).toContain('Farewire & Sons')
      // The key travels in a header only.
      expect(text).not.toContain('secret')
    }
  })

  test('ask for every passenger and both directions, in the cabin and currency', () => {
    const root = rootOf(version, 'AirShopping')
    expect(textsOf(root, 'PTC')).toEqual(['ADT', 'ADT', 'CHD', 'INF'])
    expect(textsOf(root, 'Date')).toEqual(['2026-11-05', '2026-11-12'])
    expect(textsOf(root, version === '17.2' ? 'AirportCode' : 'IATA_LocationCode').toSorted()).toEqual(['CGK', 'CGK', 'SIN', 'SIN'])
    const cabins = descendants(root, 'CabinType').map((one) => one.children[0]!.text)
    expect(new Set(cabins)).toEqual(new Set(['4']))
    expect(textsOf(root, { '17.2': 'CurrCode', '19.2': 'RequestedCurCode', '21.3': 'CurCode' }[version])).toEqual(['EUR'])
  })

  test('leave the currency to the airline when there is none', () => {
    const text = writerOf(version).shop({ ...configOf(version), currency: null }, query)
    expect(text).not.toMatch(/Cur(r|Param)/)
  })

  test.each(['OfferPrice', 'OrderCreate'] as const)(
    '%s names the offer, its items and who each is for, in the airline’s own keys',
    (name) => {
      const root = rootOf(version, name)
      if (version === '17.2') {
        const offer = descendants(root, 'Offer')[0]!
        expect(Object.fromEntries(offer.attributes)).toEqual({ OfferID: 'OF1', Owner: 'XX', ResponseID: 'resp' })
        expect(offer.children.map((item) => [item.attributes.get('OfferItemID'), item.children[0]!.text])).toEqual([
          ['I1', 'A B'],
          ['I2', 'C D'],
        ])
      } else {
        expect([textsOf(root, 'OfferRefID'), textsOf(root, 'OwnerCode'), textsOf(root, 'ShoppingResponseRefID')]).toEqual([
          ['OF1'],
          ['XX'],
          ['resp'],
        ])
        expect(
          descendants(root, 'SelectedOfferItem').map((item) => [textsOf(item, 'OfferItemRefID')[0], textsOf(item, 'PaxRefID').join(' ')]),
        ).toEqual([
          ['I1', 'A B'],
          ['I2', 'C D'],
        ])
      }
    },
  )

  test('order with names as hosts store them, the infant with its adult, and our reference in a remark', () => {
    const root = rootOf(version, 'OrderCreate')
    expect(textsOf(root, version === '17.2' ? 'Remark' : 'RemarkText')).toEqual(['FAREWIRE REF FWREF1'])
    const people = descendants(root, version === '17.2' ? 'Passenger' : 'Pax').map((one) => ({
      key: version === '17.2' ? one.attributes.get('PassengerID') : textsOf(one, 'PaxID')[0],
      code: textsOf(one, 'PTC')[0],
      name: [...textsOf(descendants(one, 'Individual')[0]!, 'GivenName'), ...textsOf(descendants(one, 'Individual')[0]!, 'Surname')].join(
        ' ',
      ),
      infant: textsOf(one, version === '17.2' ? 'InfantRef' : 'PaxRefID')[0],
    }))
    expect(people).toEqual([
      { key: 'A', code: 'ADT', name: 'ZOE MUELLER LUK', infant: 'D' },
      { key: 'D', code: 'INF', name: 'BEN MUELLER', infant: undefined },
      { key: 'B', code: 'ADT', name: 'IDA ONEIL', infant: undefined },
      { key: 'C', code: 'CHD', name: 'MAX MUELLER', infant: undefined },
    ])
    expect(textsOf(root, version === '17.2' ? 'EmailAddressValue' : 'EmailAddressText')).toEqual(['a&b@example.com'])
    expect(textsOf(root, 'PhoneNumber')).toEqual(['628123456'])
    expect(textsOf(root, version === '17.2' ? 'IdentityDocumentNumber' : 'IdentityDocID')).toEqual(['C1234567', 'C1234567'])
    expect(textsOf(root, 'TotalOfferPriceAmount')).toEqual(version === '21.3' ? ['1234.56'] : [])
  })

  test('pay exactly what is due, from the account', () => {
    const root = rootOf(version, version === '17.2' ? 'AirDocIssue' : 'OrderChange')
    const [amount] = descendants(root, 'Amount')
    expect([amount!.text, amount!.attributes.get(version === '17.2' ? 'Code' : 'CurCode')]).toEqual(['1234.56', 'EUR'])
    expect(textsOf(root, version === '21.3' ? 'PaymentTypeCode' : version === '19.2' ? 'TypeCode' : 'Type')).toContain('CA')
    if (version === '17.2') {
      expect(textsOf(root, 'PassengerReference')).toEqual(['A', 'B'])
      expect(descendants(root, 'Payment')).toHaveLength(1)
    } else expect(textsOf(root, 'OrderID')).toEqual(['ORD1'])
  })

  test('name the order that is retrieved, and the traveller and day of those that are looked for', () => {
    expect(textsOf(rootOf(version, 'OrderRetrieve'), 'OrderID')).toEqual(['ORD1'])
    const list = rootOf(version, 'OrderList')
    expect(textsOf(list, 'Surname')).toEqual(['MUELLER LUK'])
    expect(textsOf(list, version === '17.2' ? 'Given' : 'GivenName')).toEqual(['ZOE'])
    expect(textsOf(list, version === '17.2' ? 'Date' : 'EffectiveDate')).toEqual(['2026-11-05'])
  })
})

test('a cancellation is one message in 17.2 and 19.2, and an offer that is accepted in 21.3', () => {
  expect(descendants(rootOf('17.2', 'OrderCancel'), 'Order')[0]!.attributes.get('OrderID')).toBe('ORD1')
  expect(textsOf(rootOf('19.2', 'OrderCancel'), 'OrderID')).toEqual(['ORD1'])
  expect(textsOf(descendants(rootOf('21.3', 'OrderReshop'), 'CancelOrderRef')[0]!, 'OrderRefID')).toEqual(['ORD1'])
  const accepted = parseXml(writeAcceptCancelled(configOf('21.3'), ref, 'CXL1'))
  expect(textsOf(descendants(accepted, 'AcceptCancelledOffer')[0]!, 'OfferID')).toEqual(['CXL1'])
})

test('a void names its ticket', () => {
  expect(textsOf(rootOf('17.2', 'AirDocVoid'), 'TicketDocNbr')).toEqual(['1261234567890'])
})

test('passengers that the offer is not for have no keys in it', () => {
  expect(nameTravellers({ ...order, passengers: order.passengers.slice(1) }, token)).toBeUndefined()
  expect(nameTravellers({ ...order, passengers: [...order.passengers, person('adult', 'X', 'Y')] }, token)).toBeUndefined()
  expect(travellers.map((one) => one.id)).toEqual(['A', 'D', 'B', 'C'])
})

test.each([
  ['Søren Ærø', 'SOEREN AEROE'],
  ['Nguyễn Văn', 'NGUYEN VAN'],
  ['Strauß', 'STRAUSS'],
  ["D'Angelo-Smith", 'DANGELO SMITH'],
  ['李', 'X'],
])('%s is %s to a host', (name, host) => {
  expect(toHostName(name)).toBe(host)
})
