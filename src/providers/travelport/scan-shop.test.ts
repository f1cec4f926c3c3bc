import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTravelportMock, type TravelportMock } from '../../../fixtures/travelport/index.ts'
import { parseLocalDate, systemClock } from '../../kernel/time.ts'
import { createPartner, type Partner } from '../../platform/partner.ts'
import { scanXml, wantedNames } from '../../platform/scan-xml.ts'
import { parseXml, XmlError } from '../../platform/xml.ts'
import type { UnreadShop } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { bodyOf } from './exchange.ts'
import { createTravelport, TRAVELPORT_DEFAULT_LIMITS } from './index.ts'
import { readShop, SHOP_ELEMENTS } from './read-shop.ts'

const WANTED = wantedNames(SHOP_ELEMENTS)
const RECORDINGS = new URL('../../../../shared/recordings/travelport-uapi/', import.meta.url)
const recordings = existsSync(RECORDINGS)
  ? readdirSync(RECORDINGS).flatMap((step) => readdirSync(new URL(`${step}/`, RECORDINGS)).map((file) => `${step}/${file}`))
  : []

/** What readShop makes of a tree, or of its being refused. A message of another kind is read too: it has none of the lists. */
function outcomeOf(read: () => ReturnType<typeof parseXml>): unknown {
  try {
    return readShop(bodyOf(read()))
  } catch (error) {
    if (error instanceof XmlError) return 'not XML'
    if (error instanceof ProviderError) return { fault: error.fault, code: error.code, message: error.message }
    return String(error)
  }
}

const strict = (text: string): unknown => outcomeOf(() => parseXml(text))

/** The scanner's outcome, or undefined where it leaves the message to the strict reader. */
function scanned(text: string): unknown {
  const root = scanXml(Buffer.from(text), WANTED)
  return root === null ? undefined : outcomeOf(() => root)
}

/** Everything that the reader looks for at least once: alternatives, journeys, brands by list, penalties, allowances, several passengers. */
const EVERYTHING = `<?xml version="1.0" encoding="UTF-8"?>
<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><air:LowFareSearchRsp TraceId="t" xmlns:air="http://www.travelport.com/schema/air_v52_0" xmlns:common_v52_0="urn:c">
<common_v52_0:ResponseMessage Code="1" Type="Warning">Some &amp; none</common_v52_0:ResponseMessage>
<air:FlightDetailsList><air:FlightDetails Key="d1" OriginTerminal="2" DestinationTerminal="A" Equipment="320"/><air:FlightDetails Key="d2" DestinationTerminal="é"/></air:FlightDetailsList>
<air:AirSegmentList>
<air:AirSegment Key="s1" Group="0" Carrier="GA" FlightNumber="836" Origin="CGK" Destination="SIN" DepartureTime="2026-12-01T08:00:00.000+07:00" ArrivalTime="2026-12-01T10:50:00.000+08:00" FlightTime="110"><air:AirAvailInfo ProviderCode="1G"><air:BookingCodeInfo BookingCounts="Y9|B9"/></air:AirAvailInfo><air:CodeshareInfo OperatingCarrier="QG">Citilink</air:CodeshareInfo><air:FlightDetailsRef Key="d1"/><air:FlightDetailsRef Key="d2"/></air:AirSegment>
<air:AirSegment Key="s2" Group="0" Carrier="SQ" FlightNumber="953" Origin="CGK" Destination="SIN" DepartureTime="2026-12-01T09:00:00.000+07:00" ArrivalTime="2026-12-01T11:50:00.000+08:00" Equipment="359"/>
<air:AirSegment Key="s3" Group="1" Carrier="GA" FlightNumber="831" Origin="SIN" Destination="CGK" DepartureTime="2026-12-09T12:00:00.000+08:00" ArrivalTime="2026-12-09T12:50:00.000+07:00" FlightTime="110"/>
</air:AirSegmentList>
<air:FareInfoList>
<air:FareInfo Key="f1" FareBasis="Y&lt;1&gt;"><air:FareRuleKey FareInfoRef="f1">gws-eJxNTs</air:FareRuleKey><air:BaggageAllowance><air:NumberOfPieces>1</air:NumberOfPieces><air:MaxWeight Value="50" Unit="Pounds"/></air:BaggageAllowance><air:Brand BrandID="7"/></air:FareInfo>
<air:FareInfo Key="f2" FareBasis="YCH"><air:BaggageAllowance><air:MaxWeight/></air:BaggageAllowance><air:Brand BrandID="8"/></air:FareInfo>
<air:FareInfo Key="f3" FareBasis="YRT"><air:Brand Name="Flex"/></air:FareInfo>
</air:FareInfoList>
<air:RouteList><air:Route Key="r"><air:Leg Key="l0" Group="0"/><air:Leg Key="l1" Group="1"/></air:Route></air:RouteList>
<air:AirPricePointList>
<air:AirPricePoint Key="p1" TotalPrice="EUR370.00" BasePrice="IDR4000000" EquivalentBasePrice="EUR300.00" Taxes="EUR60.00" Fees="EUR10.00">
<air:AirPricingInfo Key="i1" TotalPrice="EUR250.00" BasePrice="EUR200.00" Taxes="EUR50.00" Refundable="true" PlatingCarrier="GA" LatestTicketingTime="2026-11-30T23:59:00.000+07:00"><air:FlightOptionsList>
<air:FlightOption LegRef="l1"><air:Option Key="o3" TravelTime="P0DT1H50M0S"><air:BookingInfo BookingCode="Y" CabinClass="Business" FareInfoRef="f3" SegmentRef="s3"/><air:Connection SegmentIndex="0"/></air:Option></air:FlightOption>
<air:FlightOption LegRef="l0"><air:Option Key="o1" TravelTime="P0DT1H50M0S"><air:BookingInfo BookingCode="Y" CabinClass="Economy" FareInfoRef="f1" SegmentRef="s1"/></air:Option><air:Option Key="o2"><air:BookingInfo BookingCode="B" CabinClass="PremiumEconomy" FareInfoRef="f1" SegmentRef="s2"/></air:Option></air:FlightOption>
</air:FlightOptionsList><air:TaxInfo Category="YQ" Amount="EUR5.00"/><air:FareCalc>CGK GA SIN 100.00 NUC100.00END</air:FareCalc><air:PassengerType Code="ADT"/>
<air:ChangePenalty PenaltyApplies="After Departure"><air:Amount>EUR99.00</air:Amount></air:ChangePenalty><air:ChangePenalty PenaltyApplies="Before Departure"><air:Amount> EUR50.00 </air:Amount></air:ChangePenalty><air:CancelPenalty NoShow="true"><air:Percentage>100.00</air:Percentage></air:CancelPenalty><air:CancelPenalty><air:Percentage>25.00</air:Percentage></air:CancelPenalty></air:AirPricingInfo>
<air:AirPricingInfo Key="i2" TotalPrice="EUR120.00" Exchangeable="false"><air:FlightOptionsList><air:FlightOption LegRef="l0"><air:Option Key="o4"><air:BookingInfo BookingCode="Y" FareInfoRef="f2" SegmentRef="s1"/></air:Option></air:FlightOption></air:FlightOptionsList><air:PassengerType Code="CNN" Age="8"/></air:AirPricingInfo>
</air:AirPricePoint>
<air:AirPricePoint Key="p2" TotalPrice="nothing"/>
</air:AirPricePointList>
<air:AirPricingSolution Key="a1" TotalPrice="EUR100.00"><air:Journey TravelTime="P0DT1H50M0S"><air:AirSegmentRef Key="s1"/></air:Journey><air:Journey><air:AirSegmentRef Key="s3"/></air:Journey><air:AirPricingInfo Key="i3" TotalPrice="EUR100.00"><air:BookingInfo BookingCode="Y" CabinClass="First" FareInfoRef="f2" SegmentRef="s1"/><air:BookingInfo BookingCode="Y" SegmentRef="s3"/><air:PassengerType Code="ADT"/></air:AirPricingInfo></air:AirPricingSolution>
<air:BrandList><air:Brand BrandID="7"><air:Title Type="Short">Eco</air:Title><air:Title Type="External">Economy &amp; more</air:Title></air:Brand><air:Brand BrandID="8"><air:Title Type="Short"> Lite </air:Title><air:Text Type="Upsell">never read</air:Text></air:Brand></air:BrandList>
</air:LowFareSearchRsp></SOAP:Body></SOAP:Envelope>`

describe('a search reply that is scanned', () => {
  let mock: TravelportMock
  let partner: Partner

  beforeAll(async () => {
    mock = await startTravelportMock({ seed: 7 })
    partner = createPartner({ name: 'Travelport', concurrentMax: 4 })
  })
  afterAll(async () => {
    await partner.close()
    await mock.close()
  })

  test('says all that the strict reader finds in it', () => {
    expect(scanned(EVERYTHING)).toEqual(strict(EVERYTHING))
    const { offers, solutions } = strict(EVERYTHING) as ReturnType<typeof readShop>
    expect([solutions, offers.length]).toEqual([3, 3])
    expect(offers[0]).toMatchObject({
      changeable: false,
      penalties: [
        { kind: 'change', amount: { amount: 9_900 }, when: 'after_departure' },
        { kind: 'change', amount: { amount: 5_000 }, when: 'before_departure' },
        { kind: 'refund', allowed: false, when: 'no_show', percent: null },
        { kind: 'refund', allowed: true, when: null, percent: 2_500 },
      ],
      passengers: [
        { type: 'adult', fees: null, baggage: null },
        { type: 'child', baggage: [[], []] },
      ],
      taxes: { amount: 7_000 },
    })
    expect(offers[0]!.slices[0]!.segments[0]).toMatchObject({
      brand: 'Economy & more',
      fareBasis: 'Y<1>',
      destinationTerminal: 'é',
      operatingCarrier: 'QG',
    })
    expect(JSON.parse(offers[0]!.supplierToken)).toEqual({ v: 1, fareBasis: [null, 'YRT'] })
  })

  test.each(SHOP_ELEMENTS)('would lose something without %s', (name) => {
    const root = scanXml(Buffer.from(EVERYTHING), wantedNames(SHOP_ELEMENTS.filter((one) => one !== name)))!
    expect(outcomeOf(() => root)).not.toEqual(strict(EVERYTHING))
  })

  test.skipIf(recordings.length === 0)('is read the same in every recording, of whatever message', () => {
    for (const path of recordings) {
      const text = readFileSync(new URL(path, RECORDINGS), 'utf8')
      const outcome = scanned(text)
      if (path.startsWith('shop/')) expect(outcome, path).toBeDefined()
      if (outcome !== undefined) expect(outcome, path).toEqual(strict(text))
    }
  })

  test.each([
    ['there and back for a family', { adults: 2, children: 1, infants: 1 }, true],
    ['one way for one', { adults: 1, children: 0, infants: 0 }, false],
  ])('is read the same from the mock: %s', async (_, passengers, isReturn) => {
    const config = {
      on: true,
      baseUrl: mock.url,
      username: 'u',
      password: 'p',
      targetBranch: 'P',
      providerCode: '1G',
      pseudoCityCode: null,
      currency: null,
      limits: TRAVELPORT_DEFAULT_LIMITS,
    } as const
    const { flights } = createTravelport({ config, send: partner.send, clock: systemClock })
    const slices = [
      { origin: 'CGK', destination: 'NRT', departureDate: parseLocalDate('2027-03-01') },
      { origin: 'NRT', destination: 'CGK', departureDate: parseLocalDate('2027-03-09') },
    ]
    const query = { slices: isReturn ? slices : slices.slice(0, 1), passengers, cabin: 'economy' } as const
    const reply = (await flights!.shop(query, { signal: new AbortController().signal })) as UnreadShop
    const text = Buffer.from(reply.unread).toString('utf8')
    expect(scanned(text)).toEqual(strict(text))
    expect((scanned(text) as { offers: unknown[] }).offers.length).toBeGreaterThan(50)
  })

  describe('after it was changed', () => {
    /** Where the tags are that have attributes, found without either reader. */
    const tagsIn = (text: string): RegExpExecArray[] => [...text.matchAll(/<([\w.]+:)?(\w+)((?:\s+[\w:.]+="[^"]*")+)\s*(\/?)>/g)]
    const leavesIn = (text: string): RegExpExecArray[] => [...text.matchAll(/<([\w:.]+)(?:\s[^<>]*)?(?:\/>|>[^<]*<\/\1>)/g)]
    const atTag = (text: string, n: number, change: (attributes: string[]) => string): string => {
      const tags = tagsIn(text)
      const tag = tags[n % tags.length]
      if (!tag) return text
      const attributes = tag[3]!.trim().split(/(?<=")\s+/)
      return `${text.slice(0, tag.index)}<${tag[1] ?? ''}${tag[2]}${change(attributes)}${tag[4]}>${text.slice(tag.index + tag[0].length)}`
    }
    const atLeaf = (text: string, n: number, change: (leaf: string) => string): string => {
      const leaves = leavesIn(text)
      const leaf = leaves[n % leaves.length]
      return leaf ? text.slice(0, leaf.index) + change(leaf[0]) + text.slice(leaf.index + leaf[0].length) : text
    }
    type Change = (text: string, n: number) => string
    /** Ways to write the same, or a little less or more: all of them plain enough for the scanner. */
    const PLAIN: Readonly<Record<string, Change>> = {
      'attributes in another order': (text, n) =>
        atTag(text, n, (all) => ` ${[...all.slice(n % all.length), ...all.slice(0, n % all.length)].join(' ')}`),
      'other blanks': (text, n) => atTag(text, n, (all) => `\n${all.join('\t \r\n').replace('=', ' = ')} `),
      'other quotes': (text, n) => atTag(text, n, (all) => ` ${all.join(' ').replaceAll('"', "'")}`),
      'an attribute less': (text, n) =>
        atTag(text, n, (all) =>
          all
            .filter((_, i) => i !== n % all.length)
            .map((one) => ` ${one}`)
            .join(''),
        ),
      'letters as entities': (text, n) =>
        atTag(text, n, (all) => ` ${all.join(' ').replace(/="(\w)/, (_, letter: string) => `="&#x${letter.charCodeAt(0).toString(16)};`)}`),
      'letters that are not ASCII': (text, n) => atTag(text, n, (all) => ` ${all.join(' ').replace(/="(\w)/, '="日本')}`),
      'another prefix': (text, n) => text.replaceAll('air:', `n${n}:`).replaceAll('xmlns:air', `xmlns:n${n}`),
      'no prefix': (text) => text.replaceAll('<air:', '<').replaceAll('</air:', '</').replaceAll('xmlns:air', 'xmlns'),
      'a comment': (text, n) => atLeaf(text, n, (leaf) => `<!-- <${n}> & -->${leaf}<!---->`),
      'a comment in a text': (text, n) => text.replace(/>(\d+)</g, (_, digits: string) => `>${digits}<!-- ${n} --><`),
      'an element less': (text, n) => atLeaf(text, n, () => ''),
      'an element twice': (text, n) => atLeaf(text, n, (leaf) => leaf + leaf),
      'an element inside another': (text, n) => atLeaf(text, n, (leaf) => `<air:Whatever a="1">${leaf}</air:Whatever>`),
      'blanks between elements': (text) => text.replaceAll('><', '>\r\n  <'),
    }
    /** Damage, and what is unusual. */
    const ODD: Readonly<Record<string, Change>> = {
      'cut off': (text, n) => text.slice(0, (n * 7919) % text.length),
      'a letter lost': (text, n) => text.slice(0, (n * 7919) % text.length) + text.slice(((n * 7919) % text.length) + 1),
      'a letter more': (text, n) =>
        `${text.slice(0, (n * 7919) % text.length)}${'<>"\'&/= !?]\0é\t'[n % 15] ?? ''}${text.slice((n * 7919) % text.length)}`,
      'an attribute twice': (text, n) => atTag(text, n, (all) => ` ${[...all, all[n % all.length]].join(' ')}`),
      CDATA: (text, n) => atLeaf(text, n, (leaf) => leaf.replace(/>([^<]+)</, '><![CDATA[$1]]><')),
      'an instruction': (text, n) => atLeaf(text, n, (leaf) => `<?go ${n}?>${leaf}`),
    }
    const changes = (of: Readonly<Record<string, Change>>) =>
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(of)), fc.nat(10_000)), { minLength: 1, maxLength: 5 })
    const apply = (steps: readonly (readonly [string, number])[]): string =>
      steps.reduce((text, [name, n]) => ({ ...PLAIN, ...ODD })[name]!(text, n), EVERYTHING)

    test('into something as plain is read the same, and is never left to the strict reader', () => {
      fc.assert(
        fc.property(changes(PLAIN), (steps) => {
          const text = apply(steps)
          expect(scanned(text)).toEqual(strict(text))
        }),
        { numRuns: 400 },
      )
    })

    test('into something broken is read the same, refused by both, or left to the strict reader', () => {
      let left = 0
      fc.assert(
        fc.property(changes({ ...PLAIN, ...ODD }), (steps) => {
          const text = apply(steps)
          const outcome = scanned(text)
          if (outcome === undefined) left += 1
          else expect(outcome).toEqual(strict(text))
        }),
        { numRuns: 600 },
      )
      expect(left).toBeGreaterThan(50)
    })
  })
})
